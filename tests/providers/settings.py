"""Settings that make a provider known to the site."""

from __future__ import annotations

from typing import Any

from matchmaker.providers import DISCOVERY_PATH


def settings_for(key: str, issuer: str, client_id: str, secret: str, **more: str) -> dict[str, Any]:
    """Return settings by name without prefix, as `make_settings` takes them."""
    values = {"name": key.title(), "url": issuer + DISCOVERY_PATH, "client_id": client_id, **more}
    return {f"openid_{key}_{part}": value for part, value in {**values, "client_secret": secret}.items()}

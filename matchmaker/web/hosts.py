"""Under which names the site answers: a foreign ``Host`` header gets no page and reaches no mail."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import BadRequest

from matchmaker.config import Settings


class UnknownHost(BadRequest):
    """The request names a host that is not ours."""


def check_host() -> None:
    """Run before everything else: refuse a name that the operator did not set."""
    if request.endpoint == "static":
        return
    settings: Settings = current_app.config["SETTINGS"]
    if find_host_name(request.host) not in settings.host_names:
        raise UnknownHost


def find_host_name(host: str) -> str | None:
    """Return the name in ``name:port`` in lower case, or None when there is none to find."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None

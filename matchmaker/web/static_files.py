"""Addresses of static files that change with their content, and a clear word when assets are missing."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

MISSING = (
    "The front-end files are missing from static/vendor/.\n"
    "Run `make setup`, or `npm ci --ignore-scripts` and then `python scripts/assets.py`.\n"
)


def register_static_files(app: Flask) -> None:
    """Version the addresses of static files and check once that the vendor files are there."""
    folder = Path(str(app.static_folder))

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values and "v" not in values:
            version = _version(folder / values["filename"])
            if version:
                values["v"] = version

    @app.before_request
    def require_assets() -> Response | None:
        if request.endpoint == "static" or _is_complete(folder):
            return None
        return Response(MISSING, 503, mimetype="text/plain")


def _version(path: Path) -> str | None:
    try:
        return _digest(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=8)
def _found(marker: Path) -> bool:
    if marker.exists():
        return True
    raise FileNotFoundError(marker)


def _is_complete(folder: Path) -> bool:
    try:
        return _found(folder / "vendor" / "complete")
    except FileNotFoundError:
        return False

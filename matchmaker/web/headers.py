"""The headers of every answer: what a browser may load, keep and tell others."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

from matchmaker.config import Settings
from matchmaker.web.identity import find_visitor

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'"
)
# A mail's own page inside a frame: it may look as designed, but runs, loads and sends nothing.
MAIL_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "frame-ancestors 'self'; base-uri 'none'; sandbox"
)
STANDING_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A page behind a secret in its address: the address goes to no other site, log, search engine or cache.
SECRET_HEADERS = {
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def register_headers(app: Flask) -> None:
    """Add the headers to every answer."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Set the standing headers and what browsers may keep."""
    for name, value in STANDING_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    settings: Settings = current_app.config["SETTINGS"]
    if settings.base_url.startswith("https:"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static":
        _set_caching(response)
        _hide_secret(response)
    elif "v" in request.args and response.status_code in {200, 304}:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _set_caching(response: Response) -> None:
    response.vary.add("Cookie")
    signed_in = request.endpoint is not None and response.status_code != 500 and find_visitor() is not None
    if signed_in:
        response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Cache-Control", "private, no-cache")


def _hide_secret(response: Response) -> None:
    """Every parameter of a path whose name ends in ``token`` is a secret."""
    if any(name.endswith("token") for name in request.view_args or {}):
        response.headers.update(SECRET_HEADERS)

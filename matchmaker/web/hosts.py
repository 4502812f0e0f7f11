"""Under which names the site answers, and from which pages it takes forms.

A foreign ``Host`` header gets no page and reaches no mail; a form of a foreign page changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import BadRequest

from matchmaker.config import Settings
from matchmaker.extensions import csrf

F = TypeVar("F", bound=Callable[..., Any])

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class UnknownHost(BadRequest):
    """The request names a host that is not ours."""


class ForeignPage(BadRequest):
    """The form was sent by a page of another site."""


def check_host() -> None:
    """Run before everything else: refuse a name that the operator did not set."""
    if request.endpoint != "static" and not is_own_host():
        raise UnknownHost


def check_origin() -> None:
    """Run before every view: refuse a form that a page of another site sent, whatever token it has."""
    if request.method not in READING and is_sent_elsewhere() and not is_open_to_programs(request.endpoint):
        raise ForeignPage


def open_to_programs(view: F) -> F:
    """Let mail programs send this form, from wherever, without a page of ours and without cookies.

    Only where a secret in the address is all that it takes, and where doing it again changes nothing.
    """
    view.open_to_programs = True  # type: ignore[attr-defined]
    csrf.exempt(view)
    return view


def is_open_to_programs(endpoint: str | None) -> bool:
    """Tell whether an address takes forms that none of our pages sent."""
    view = current_app.view_functions.get(endpoint) if endpoint else None
    return getattr(view, "open_to_programs", False)


def is_sent_elsewhere() -> bool:
    """Tell whether the browser says that a page of another site sent the request."""
    return "Origin" in request.headers and not is_own_page()


def is_own_host() -> bool:
    """Tell whether the request names the site by one of its own names."""
    settings: Settings = current_app.config["SETTINGS"]
    return find_host_name(request.host) in settings.host_names


def is_own_page() -> bool:
    """Tell whether the browser says that a page of this site sent the request; some say nothing."""
    settings: Settings = current_app.config["SETTINGS"]
    names = {request.host.lower(), urlsplit(settings.base_url).netloc.lower()}
    own = {f"{scheme}://{name}" for scheme in ("http", "https") for name in names}
    return is_own_host() and request.headers.get("Origin", "").lower() in own


def find_host_name(host: str) -> str | None:
    """Return the name in ``name:port`` in lower case, or None when there is none to find."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None

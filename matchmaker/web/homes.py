"""Which of somebody's places this browser showed last; the cookie opens nothing, it only orders."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, request
from werkzeug.wrappers import Response

from matchmaker.config import Settings
from matchmaker.web.account.limits import KNOWN_FOR
from matchmaker.web.identity import Home, Visitor, find_visitor

_MOST = 12
_BETWEEN = "|"
# The blueprints whose pages belong to a place.
_PLACES = frozenset({"school", "host", "board", "organiser"})


def read_recent() -> list[str]:
    """Return the addresses of the places that this browser showed, last one first; anybody can write them."""
    text = request.cookies.get(_cookie_name()[0], "")
    return text.split(_BETWEEN)[:_MOST] if text else []


def find_last_home(visitor: Visitor) -> str | None:
    """Return the address of the own place that this browser showed last, or None."""
    own = {home.url for home in visitor.homes()}
    return next((url for url in read_recent() if url in own), None)


def order_by_use(homes: Sequence[Home], recent: Sequence[str]) -> list[Home]:
    """Return the places that were used last first, the others after them by name."""
    ranks = {url: rank for rank, url in enumerate(recent)}
    return sorted(homes, key=lambda home: (ranks.get(home.url, _MOST), home.name, home.url))


def remember_home(response: Response) -> Response:
    """Run after every view: note which place was shown, for people who have more than one."""
    if request.method != "GET" or response.status_code != 200 or request.blueprint not in _PLACES:
        return response
    visitor = find_visitor()
    home = visitor.find_home(request.path) if visitor and len(visitor.homes()) > 1 else None
    recent = read_recent()
    if home is None or recent[:1] == [home.url]:
        return response
    name, secure = _cookie_name()
    kept = [home.url, *(url for url in recent if url != home.url)][:_MOST]
    response.set_cookie(
        name, _BETWEEN.join(kept), max_age=KNOWN_FOR, secure=secure, httponly=True, samesite="Lax"
    )
    return response


def _cookie_name() -> tuple[str, bool]:
    settings: Settings = current_app.config["SETTINGS"]
    secure = settings.base_url.startswith("https:")
    return ("__Host-homes" if secure else "homes"), secure

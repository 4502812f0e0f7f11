"""What this browser's session keeps while somebody signs in elsewhere, and just after."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from flask import session

from matchmaker import clock
from matchmaker.domain.outside_identities import ABSENCE, Departure, OutsideIdentity

_DEPARTURE = "departure"
_LINKS = "departure_links"
_ARRIVAL = "arrival"


def keep_departure(departure: Departure, *, links: bool) -> None:
    """Keep what the return will be compared with; an earlier departure no longer counts."""
    session.pop(_ARRIVAL, None)
    session[_DEPARTURE] = {**asdict(departure), "left_at": departure.left_at.timestamp()}
    session[_LINKS] = links


def find_departure() -> Departure | None:
    """Return the departure that this browser waits for, or None."""
    kept = session.get(_DEPARTURE)
    if kept is None:
        return None
    return Departure(**{**kept, "left_at": datetime.fromtimestamp(kept["left_at"], tz=UTC)})


def is_linking() -> bool:
    """Tell whether the person left to link an account, and not to sign in."""
    return bool(session.get(_LINKS))


def forget_departure() -> None:
    """Let a departure serve once."""
    session.pop(_DEPARTURE, None)


def keep_arrival(identity: OutsideIdentity, provider: str, *, links: bool) -> None:
    """Keep who came back, and what for, until they press the button."""
    session[_ARRIVAL] = {
        "identity": asdict(identity),
        "provider": provider,
        "links": links,
        "at": clock.now().timestamp(),
    }


def find_arrival(*, links: bool) -> tuple[OutsideIdentity, str] | None:
    """Return who came back for this a moment ago, and the key of the provider that says so, or None."""
    kept = session.get(_ARRIVAL)
    if kept is None or kept["links"] != links:
        return None
    if clock.now().timestamp() >= kept["at"] + ABSENCE.total_seconds():
        return None
    return OutsideIdentity(**kept["identity"]), kept["provider"]


def forget_arrival() -> None:
    """Let an arrival serve once."""
    session.pop(_ARRIVAL, None)

"""The only reader of the time. Everything else asks here, so that tests can set it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """Return the present moment, aware, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """Return today's date as people in the region read it."""
    return now().astimezone(AMSTERDAM).date()


def local(moment: datetime) -> datetime:
    """Return an aware moment as wall-clock time in Europe/Amsterdam."""
    return moment.astimezone(AMSTERDAM)


def from_local(wall: datetime) -> datetime:
    """Return the UTC moment of a naive wall-clock time in Europe/Amsterdam.

    Raises
    ------
    ValueError
        When the clock skips this time in the night summer time begins. A time that occurs twice
        means its first occurrence.
    """
    moment = wall.replace(tzinfo=AMSTERDAM).astimezone(UTC)
    if moment.astimezone(AMSTERDAM).replace(tzinfo=None) != wall:
        raise ValueError(f"{wall:%d-%m-%Y %H.%M} does not exist: the clock goes forward that night")
    return moment

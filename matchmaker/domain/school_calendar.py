"""When a school or group cannot come: days off and blocked times as stretches of wall-clock time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_MIDDAY = time(12, 0)


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Wall-clock time from `start` up to but not including `end`."""

    start: datetime
    end: datetime


def day_off(first_day: date, last_day: date, half_day: str | None = None) -> list[Stretch]:
    """Return the stretches of one period of days off, both days included.

    Parameters
    ----------
    half_day
        ``morning`` or ``afternoon``: only that part of each day, split at noon; None: whole days.
    """
    if half_day is None:
        return [Stretch(_midnight(first_day), _midnight(last_day + timedelta(days=1)))]
    days = (first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1))
    return [_half(day, half_day) for day in days]


def merge(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return the same time as few stretches in order, none of which touch."""
    merged: list[Stretch] = []
    for stretch in sorted(stretches):
        if merged and stretch.start <= merged[-1].end:
            merged[-1] = Stretch(merged[-1].start, max(merged[-1].end, stretch.end))
        else:
            merged.append(stretch)
    return merged


def _half(day: date, half_day: str) -> Stretch:
    noon = datetime.combine(day, _MIDDAY)
    if half_day == "morning":
        return Stretch(_midnight(day), noon)
    return Stretch(noon, _midnight(day + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())

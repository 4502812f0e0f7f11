"""What a slot may run into at another time: groups that are elsewhere or not free, and the host's own limit.

A group is never in two places, whoever asks for it. All else is for people to talk about: they are told
whom it concerns and may go on all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from matchmaker.domain.eligibility import is_free
from matchmaker.domain.school_calendar import Stretch


class ClashKind(StrEnum):
    """Which rule the new time does not keep."""

    # The group is somewhere else then, or could not be there in time.
    TWO_PLACES = "two_places"
    # It has a visit that day already.
    SAME_DAY = "same_day"
    # Its school is closed, or the group said that it cannot come then.
    NOT_FREE = "not_free"
    # The host takes fewer slots a day.
    HOST_DAY = "host_day"


FINAL = frozenset({ClashKind.TWO_PLACES})
"""What nobody can wave through."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """Another visit of a group, in wall-clock time; stops of one multi-stop day share its label."""

    when: Stretch
    multi_stop_day: str | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """When a group cannot come, and where else it goes."""

    unavailable: Sequence[Stretch] = ()
    engagements: Sequence[Engagement] = ()


def find_clash(target: Engagement, agenda: Agenda, least_gap: timedelta) -> ClashKind | None:
    """Return the first rule that a group does not keep at the new time, the gravest first, or None.

    Parameters
    ----------
    target
        The new time of the slot.
    least_gap
        What must lie between two visits of one day.
    """
    if any(_overlaps(target.when, other.when, least_gap) for other in agenda.engagements):
        return ClashKind.TWO_PLACES
    if not is_free(agenda.unavailable, target.when):
        return ClashKind.NOT_FREE
    if any(_is_second_of_day(target, other) for other in agenda.engagements):
        return ClashKind.SAME_DAY
    return None


def exceeds_host_day(target: date, days: Iterable[date], most: int | None) -> bool:
    """Tell whether one more slot on that day is more than the host takes.

    Parameters
    ----------
    days
        The days of the host's other slots that somebody comes to.
    most
        Slots a day; None for no limit.
    """
    return most is not None and sum(day == target for day in days) + 1 > most


def _overlaps(one: Stretch, other: Stretch, least_gap: timedelta) -> bool:
    first, second = sorted((one, other))
    pause = second.start - first.end
    same_day = first.end.date() == second.start.date()
    return pause < timedelta() or (same_day and pause < least_gap)


def _is_second_of_day(target: Engagement, other: Engagement) -> bool:
    together = target.multi_stop_day is not None and target.multi_stop_day == other.multi_stop_day
    return target.when.start.date() == other.when.start.date() and not together

"""When a group cannot come: its school's days off and what its wishes rule out, in wall-clock time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from matchmaker import clock
from matchmaker.domain.school_calendar import Stretch, day_off
from matchmaker.models import ClosedDay, School, WishList


def list_days_off(school: School, closed_days: Iterable[ClosedDay]) -> list[Stretch]:
    """Return the days off that hold for a school: of all, of its holiday region, or its own."""
    return [
        stretch
        for day in closed_days
        if day.organisation_id in {None, school.id} and day.holiday_region in {None, school.holiday_region}
        for stretch in day_off(day.first_day, day.last_day, day.half_day)
    ]


def list_blocked(wish_list: WishList) -> list[Stretch]:
    """Return the times that a wish list rules out."""
    return [Stretch(wall_of(b.starts_at), wall_of(b.ends_at)) for b in wish_list.blocked_times]


def wall_of(moment: datetime) -> datetime:
    """Return a moment as the clock on the wall shows it."""
    return clock.local(moment).replace(tzinfo=None)

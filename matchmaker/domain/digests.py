"""On which mornings organisers get an overview: weekly, and daily in the week before a last day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from matchmaker.domain.deadlines import is_working_day

# Written in these hours; what a pause of the worker missed is not made up for in the afternoon.
WRITTEN_FROM, WRITTEN_UNTIL = time(8, 0), time(10, 0)
# In so many days before a last day to answer there is an overview every working day.
DAILY_BEFORE = timedelta(days=7)
# Dates that lie so near are told.
DATES_WITHIN = timedelta(days=14)
# What came in counts from the overview before, at most this long ago.
LONGEST_PERIOD = timedelta(days=7)


def is_digest_hour(wall: datetime) -> bool:
    """Tell whether overviews are written at this wall-clock time."""
    return WRITTEN_FROM <= wall.time() < WRITTEN_UNTIL


def is_digest_day(today: date, days_off: Collection[date], last_days: Iterable[date]) -> bool:
    """Tell whether organisers get an overview on a day.

    Parameters
    ----------
    days_off
        Days on which the whole region is closed.
    last_days
        Last days to answer in the rounds that wait for answers now.
    """
    if not is_working_day(today, days_off):
        return False
    week = (today - timedelta(days=n) for n in range(1, today.weekday() + 1))
    is_first_of_week = not any(is_working_day(day, days_off) for day in week)
    return is_first_of_week or any(today <= last <= today + DAILY_BEFORE for last in last_days)

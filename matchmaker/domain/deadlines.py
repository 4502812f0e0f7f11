"""When people are reminded of the last day to answer: on a working day, in office hours, once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

# So long before the last day, or on the last working day before that.
REMIND_DAYS_BEFORE = 3
# Nobody is reminded sooner after the letter that asked.
LEAST_REST = timedelta(days=2)
OPENS_AT, CLOSES_AT = time(9, 0), time(17, 0)
_SATURDAY = 5


def is_working_day(day: date, days_off: Collection[date]) -> bool:
    """Tell whether people are at work: neither weekend nor one of their days off."""
    return day.weekday() < _SATURDAY and day not in days_off


def find_reminder_day(last_day: date, days_off: Collection[date]) -> date:
    """Return the day on which a place is reminded of `last_day`.

    Parameters
    ----------
    days_off
        Days on which nobody is there; a holiday moves the reminder to the last working day before it.
    """
    day = last_day - timedelta(days=REMIND_DAYS_BEFORE)
    while not is_working_day(day, days_off):
        day -= timedelta(days=1)
    return day


def is_reminder_due(wall: datetime, last_day: date, days_off: Collection[date]) -> bool:
    """Tell whether a place that has not answered may be reminded at this wall-clock time.

    What could not be written on the day itself is made up for on the working days that are left.
    """
    today = wall.date()
    in_time = find_reminder_day(last_day, days_off) <= today <= last_day
    return in_time and is_working_day(today, days_off) and OPENS_AT <= wall.time() < CLOSES_AT

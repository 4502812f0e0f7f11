"""When letters about a visit leave: on days on which people work, at an hour at which they read.

All rules speak of wall-clock time in the region; aware moments come in and go out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from matchmaker import clock

MORNING = time(9, 0)
AFTERNOON = time(15, 30)
# Nobody wants a letter after this hour; what is late waits for the next morning.
EVENING = time(18, 0)
WAKING, BEDTIME = time(6, 0), time(22, 0)
REMINDER_LEAD = timedelta(days=7)
# Earlier than this it is no reminder any more: after a long holiday it comes when school begins again.
MOST_EARLY = timedelta(days=28)
# Who booked a visit, or had it moved, less than this ago knows about it.
FRESH = timedelta(days=3)
# Farther than this from a visit, a letter about its day says nothing to people.
MOST_LATE = timedelta(days=5)
FEEDBACK_WAIT = timedelta(days=7)
# Two letters about one visit are at least so far apart.
LEAST_APART = timedelta(days=3)
THANKS_WITHIN = timedelta(days=14)
# So long after its moment a letter is still on time; later it waits for working hours.
PUNCTUAL = timedelta(hours=2)
_DAY = timedelta(days=1)
_FURTHEST = 70
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday, except days off; half a day off is a working day.

    Parameters
    ----------
    closed
        Days off, of whatever sort.
    """

    closed: Collection[date] = field(default_factory=frozenset)

    def has(self, day: date) -> bool:
        """Tell whether people work on a day."""
        return day.weekday() < _SATURDAY and day not in self.closed

    def last_until(self, day: date) -> date:
        """Return the day itself, or the last working day before it; the day itself when there is none."""
        return next((d for n in range(_FURTHEST) if self.has(d := day - n * _DAY)), day)

    def first_from(self, day: date) -> date:
        """Return the day itself, or the first working day after it; the day itself when there is none."""
        return next((d for n in range(_FURTHEST) if self.has(d := day + n * _DAY)), day)


def find_reminder_time(starts_at: datetime, settled_at: datetime, days: WorkingDays) -> datetime | None:
    """Return when a school is reminded of a visit, or None when there is no good moment before it.

    A week before, at nine; on the last school day before that when it is none. Who has just heard of the
    visit is reminded three days later, on a school day before the visit.

    Parameters
    ----------
    starts_at
        Start of the visit.
    settled_at
        When it was booked, or moved to this time.
    days
        The working days of the school.
    """
    visit_day = clock.local(starts_at).date()
    day = days.last_until(visit_day - REMINDER_LEAD)
    if day < visit_day - MOST_EARLY:
        day = days.first_from(visit_day - REMINDER_LEAD)
    moment = _at(day, MORNING)
    if moment < settled_at + FRESH:
        moment = _next_morning(settled_at + FRESH, days)
    return moment if clock.local(moment).date() < visit_day else None


def find_day_sheet_time(starts_at: datetime, days: WorkingDays) -> datetime:
    """Return when a host gets the list of who comes: at nine on the working day before the visit.

    When that is long ago, because the host is closed, it is the day before the visit all the same.
    """
    eve = clock.local(starts_at).date() - _DAY
    day = days.last_until(eve)
    return _at(day if day >= eve - MOST_LATE else eve, MORNING)


def find_thanks_time(ends_at: datetime, days: WorkingDays) -> datetime:
    """Return when people are thanked for a visit: half past three on the working day after it.

    When a holiday follows, it is the day of the visit, once that is over.
    """
    visit_day = clock.local(ends_at).date()
    day = days.first_from(visit_day + _DAY)
    if day > visit_day + MOST_LATE:
        return max(_at(visit_day, AFTERNOON), ends_at)
    return _at(day, AFTERNOON)


def find_second_time(thanked_at: datetime, days: WorkingDays) -> datetime:
    """Return when who did not answer is asked once more: half past three, a week after the first time.

    On the last school day before that when it is none; after the holiday when that is too soon.
    """
    first = clock.local(thanked_at).date()
    day = days.last_until(first + FEEDBACK_WAIT)
    if day < first + LEAST_APART:
        day = days.first_from(first + FEEDBACK_WAIT)
    return _at(day, AFTERNOON)


def is_letter_hour(now: datetime, days: WorkingDays) -> bool:
    """Tell whether a letter that is late may leave now: on a working day between nine and six."""
    wall = clock.local(now)
    return days.has(wall.date()) and MORNING <= wall.time() < EVENING


def is_waking_hour(now: datetime) -> bool:
    """Tell whether what people must know today or tomorrow may leave, on whatever day."""
    return WAKING <= clock.local(now).time() < BEDTIME


def find_midnight(moment: datetime) -> datetime:
    """Return the beginning of the day of a moment."""
    return _at(clock.local(moment).date(), time())


def find_next_midnight(moment: datetime) -> datetime:
    """Return the end of the day of a moment."""
    return _at(clock.local(moment).date() + _DAY, time())


def _next_morning(moment: datetime, days: WorkingDays) -> datetime:
    """Return the first nine o'clock of a working day that is not before the moment."""
    wall = clock.local(moment)
    day = wall.date() if wall.time() <= MORNING else wall.date() + _DAY
    return _at(days.first_from(day), MORNING)


def _at(day: date, hour: time) -> datetime:
    return clock.from_local(datetime.combine(day, hour))

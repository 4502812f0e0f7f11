"""Dates of the example region: which weeks its visits fall in, whenever it is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from matchmaker.domain.kinds import HolidayRegion
from matchmaker.services.school_holidays import Holiday, list_public_holidays, list_school_holidays

# Both rounds of the example together take this many weeks.
WEEKS = 16
_REGIONS = (HolidayRegion.MIDDLE, HolidayRegion.SOUTH)
_SUMMER = "Zomervakantie"
_WEEK = timedelta(days=7)


def list_example_weeks(today: date) -> tuple[date, ...]:
    """Return the Mondays of the weeks in which the example's visits take place.

    They begin at least a week from today and lie in one school year, so that both rounds count for one
    guarantee: when too few weeks are left before the summer, the example plays in the coming year. Weeks in
    which all schools of the region are off are skipped; weeks in which only some are off are kept.
    """
    first = _monday(today + timedelta(days=13))
    year = first.year if first.month >= 8 else first.year - 1
    weeks = [week for week in _list_school_weeks(year) if week >= first]
    if len(weeks) < WEEKS:
        weeks = [week for week in _list_school_weeks(year + 1) if week >= first][1:]
    return tuple(weeks[:WEEKS])


def find_school_year(weeks: Sequence[date]) -> tuple[str, date, date]:
    """Return name, first and last day of the school year that the weeks belong to."""
    year = weeks[0].year if weeks[0].month >= 8 else weeks[0].year - 1
    return f"{year}-{year + 1}", date(year, 8, 1), date(year + 1, 7, 31)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _list_school_weeks(year: int) -> list[date]:
    """Return the Mondays of the weeks of a school year in which some schools of the region are open."""
    first, last = date(year, 8, 1), date(year + 1, 7, 31)
    off = [list_school_holidays(region, first, last) for region in _REGIONS]
    summer = [holiday for holidays in off for holiday in holidays if holiday.name == _SUMMER]
    weeks = []
    monday = _monday(first) + _WEEK
    while monday + timedelta(days=4) <= last:
        all_off = all(_touches(holidays, monday) for holidays in off)
        if not all_off and not _touches(summer, monday) and not _is_usually_off(monday):
            weeks.append(monday)
        monday += _WEEK
    return weeks


def _touches(holidays: Sequence[Holiday], monday: date) -> bool:
    friday = monday + timedelta(days=4)
    return any(h.first_day <= friday and h.last_day >= monday for h in holidays)


def _weekdays(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(5)]


def _is_in(holidays: Sequence[Holiday], day: date) -> bool:
    return any(holiday.first_day <= day <= holiday.last_day for holiday in holidays)


def _is_usually_off(monday: date) -> bool:
    """Return whether a week is off in any year, for years whose holidays are not known yet."""
    friday = monday + timedelta(days=4)
    return (friday.month, friday.day) >= (12, 28) or (7, 6) <= (monday.month, monday.day) <= (8, 31)


class ExampleCalendar:
    """Moves the dates of the example's workbook to where they belong today.

    Days of visits keep their weekday and the number of their week; other days move by whole weeks.
    """

    def __init__(self, anchor: date, today: date) -> None:
        self._from = list_example_weeks(anchor)
        self._to = list_example_weeks(today)
        self._shift = _monday(today) - _monday(anchor)
        first, last = self._to[0], self._to[-1] + timedelta(days=4)
        days_off = {holiday.first_day for holiday in list_public_holidays(first, last)}
        # The day after Ascension Day is off at schools and most companies.
        self._days_off = days_off | {day + timedelta(days=1) for day in days_off if day.weekday() == 3}
        holidays = [h for region in _REGIONS for h in list_school_holidays(region, first, last)]
        self._days_off_somewhere = self._days_off | {
            day for week in self._to for day in _weekdays(week) if _is_in(holidays, day)
        }
        self.school_year = find_school_year(self._to)

    def move_visit(self, day: date) -> date:
        """Return the day of a visit; a public holiday gives way to the same weekday of a week nearby."""
        return self._move_avoiding(day, self._days_off)

    def move_gathering(self, day: date) -> date:
        """Return the day on which the whole region meets, when no school has a holiday."""
        return self._move_avoiding(day, self._days_off_somewhere)

    def _move_avoiding(self, day: date, days_off: AbstractSet[date]) -> date:
        index = self._from.index(_monday(day))
        for step in (0, -1, 1, -2, 2):
            if 0 <= index + step < len(self._to):
                moved = self._to[index + step] + timedelta(days=day.weekday())
                if moved not in days_off:
                    return moved
        return self._to[index] + timedelta(days=day.weekday())

    def move_bound(self, day: date) -> date:
        """Return the first or last day of a period of visits."""
        return self._to[self._from.index(_monday(day))] + timedelta(days=day.weekday())

    def move(self, day: date) -> date:
        """Return any other day, such as the day on which wishes close."""
        return day + self._shift

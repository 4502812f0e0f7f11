"""School holidays and public holidays of the school years of a region, as days off to edit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask_sqlalchemy.session import Session
from holidays import country_holidays
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from matchmaker.domain.kinds import ClosedDayReason, HolidayRegion
from matchmaker.models import ClosedDay, SchoolYear

# Marks the rows that came from here, so that an export leaves them out and a repeat adds nothing.
SOURCE = "holidays"
# A public holiday by law on which schools and companies simply work.
_NO_DAY_OFF = "Goede vrijdag"


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days off with a name, both days included."""

    first_day: date
    last_day: date
    name: str


def seed_holidays(session: scoped_session[Session], region_id: int) -> int:
    """Add the holidays of every school year of the region that has none yet; return how many.

    Only whole school years without any seeded day of their own are filled, so that what an organiser
    changed or removed does not come back. A summer holiday belongs to both years that it touches: it tells
    about neither, and is added once. The caller's transaction commits. The school holidays are known up
    to 2030; later years get public holidays only.
    """
    years = list(session.scalars(select(SchoolYear).where(SchoolYear.region_id == region_id)))
    statement = select(ClosedDay).where(ClosedDay.region_id == region_id, ClosedDay.source == SOURCE)
    seeded = list(session.scalars(statement))
    before = len(seeded)
    for year in sorted(years, key=lambda year: year.starts_on):
        if not _has_own_day(year, years, seeded):
            rows = _rows(region_id, year.starts_on, year.ends_on)
            seeded += [row for row in rows if not any(_is_same(row, day) for day in seeded)]
    session.add_all(seeded[before:])
    return len(seeded) - before


def _has_own_day(year: SchoolYear, years: Iterable[SchoolYear], days: Iterable[ClosedDay]) -> bool:
    """Return whether any of the days lies in this school year and touches no other one."""
    return any([other for other in years if _touches(day, other)] == [year] for day in days)


def _touches(day: ClosedDay, year: SchoolYear) -> bool:
    return day.first_day <= year.ends_on and day.last_day >= year.starts_on


def _is_same(row: ClosedDay, day: ClosedDay) -> bool:
    """Return whether a holiday is there already, perhaps with other dates than it had by itself."""
    overlap = row.first_day <= day.last_day and row.last_day >= day.first_day
    return overlap and row.holiday_region == day.holiday_region


def _rows(region_id: int, first: date, last: date) -> list[ClosedDay]:
    rows = [
        _row(region_id, holiday, None, ClosedDayReason.PUBLIC_HOLIDAY)
        for holiday in list_public_holidays(first, last)
    ]
    for region in HolidayRegion:
        rows += [
            _row(region_id, holiday, region, ClosedDayReason.SCHOOL_HOLIDAY)
            for holiday in list_school_holidays(region, first, last)
        ]
    return rows


def _row(
    region_id: int, holiday: Holiday, region: HolidayRegion | None, reason: ClosedDayReason
) -> ClosedDay:
    return ClosedDay(
        region_id=region_id,
        holiday_region=region,
        first_day=holiday.first_day,
        last_day=holiday.last_day,
        reason=reason,
        name=holiday.name,
        source=SOURCE,
    )


def list_school_holidays(region: HolidayRegion, first: date, last: date) -> list[Holiday]:
    """Return the school holidays of a holiday region that touch the period, in order.

    A holiday that crosses the end of the year is one holiday.
    """
    years = range(first.year - 1, last.year + 2)
    days = country_holidays("NL", categories=("school",), subdiv=region.value, years=years, language="nl")
    return [h for h in _join(days.items()) if h.last_day >= first and h.first_day <= last]


def list_public_holidays(first: date, last: date) -> list[Holiday]:
    """Return the days of the period on which the whole country is off, in order."""
    days = country_holidays(
        "NL", categories=("public",), years=range(first.year, last.year + 1), language="nl"
    )
    return [
        Holiday(day, day, name)
        for day, name in sorted(days.items())
        if first <= day <= last and name != _NO_DAY_OFF
    ]


def _join(days: Iterable[tuple[date, str]]) -> list[Holiday]:
    """Join days of one name that follow each other."""
    joined: list[Holiday] = []
    for day, name in sorted(days):
        before = joined[-1] if joined else None
        if before and before.name == name and day - before.last_day == timedelta(days=1):
            joined[-1] = Holiday(before.first_day, day, name)
        else:
            joined.append(Holiday(day, day, name))
    return joined

"""On which days the people of schools and hosts work, as letters need to know."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from sqlalchemy import select

from matchmaker.domain.kinds import HolidayRegion
from matchmaker.domain.letter_days import WorkingDays
from matchmaker.extensions import db
from matchmaker.models import ClosedDay, School
from matchmaker.queries.demand import list_closed_days


def load_school_days(
    region_id: int, school_ids: Collection[int], first: date, last: date
) -> Mapping[int, WorkingDays]:
    """Return the working days of these schools: without their region's holidays and days off of their own."""
    closed = list_closed_days(region_id, first, last)
    statement = select(School.id, School.holiday_region).where(School.id.in_(school_ids))
    regions: dict[int, HolidayRegion | None] = {
        row.id: row.holiday_region for row in db.session.execute(statement)
    }
    return {id_: _without(_of(closed, id_, regions.get(id_))) for id_ in school_ids}


def load_host_days(
    region_id: int, host_ids: Collection[int], first: date, last: date
) -> Mapping[int, WorkingDays]:
    """Return the working days of these hosts; school holidays are none of theirs."""
    closed = list_closed_days(region_id, first, last)
    return {id_: _without(_of(closed, id_, None)) for id_ in host_ids}


def _of(closed: Collection[ClosedDay], organisation_id: int, region: HolidayRegion | None) -> list[ClosedDay]:
    return [
        row
        for row in closed
        if row.half_day is None
        and row.organisation_id in {None, organisation_id}
        and row.holiday_region in {None, region}
    ]


def _without(closed: Collection[ClosedDay]) -> WorkingDays:
    return WorkingDays(frozenset(day for row in closed for day in _days_of(row)))


def _days_of(row: ClosedDay) -> Iterator[date]:
    return (row.first_day + timedelta(days=n) for n in range((row.last_day - row.first_day).days + 1))

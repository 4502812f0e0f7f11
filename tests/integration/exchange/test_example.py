"""The example region looks right whenever it is loaded."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.kinds import ActivityKind, HolidayRegion, HostKind, Sector
from matchmaker.domain.phases import Phase
from matchmaker.exchange.workbook_reader import read_workbook
from matchmaker.exchange.workbook_writer import write_workbook
from matchmaker.extensions import db
from matchmaker.models import Booking, Group, Host, Message, Round, School, Slot, User
from matchmaker.queries.participations import count_participations
from matchmaker.services.example import WORKBOOK, load_example
from matchmaker.services.example_calendar import WEEKS, ExampleCalendar, list_example_weeks
from matchmaker.services.school_holidays import list_public_holidays, list_school_holidays
from scripts.build_example import ANCHOR, build

DAYS = [date(2026, 1, 1) + timedelta(days=11 * n) for n in range(170)]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The import itself is tried on both databases elsewhere."""
    return sqlite_url


def test_the_workbook_is_what_its_script_writes() -> None:
    again = read_workbook("again.xlsx", write_workbook(build()))
    kept = read_workbook(WORKBOOK.name, WORKBOOK.read_bytes())
    assert again == kept


@pytest.mark.parametrize("today", DAYS[::10])
def test_the_weeks_of_the_example_lie_ahead_in_one_school_year(today: date) -> None:
    weeks = list_example_weeks(today)
    assert len(weeks) == WEEKS
    assert sorted(set(weeks)) == list(weeks)
    assert {monday.weekday() for monday in weeks} == {0}
    assert weeks[0] >= today + timedelta(days=7)
    first = date(weeks[0].year - (weeks[0].month < 8), 8, 1)
    assert weeks[-1] + timedelta(days=4) < first.replace(year=first.year + 1)


@pytest.mark.parametrize("today", DAYS[::4])
def test_visits_keep_their_weekday_and_are_never_on_a_day_that_all_schools_are_off(today: date) -> None:
    calendar = ExampleCalendar(ANCHOR, today)
    days = [monday + timedelta(days=n) for monday in list_example_weeks(ANCHOR) for n in range(5)]
    moved = [calendar.move_visit(day) for day in days]
    first, last = min(moved), max(moved)
    public = {holiday.first_day for holiday in list_public_holidays(first, last)}
    middle, south = (
        {h.first_day + timedelta(days=n) for h in list_school_holidays(region, first, last) for n in range(60)
         if h.first_day + timedelta(days=n) <= h.last_day}
        for region in (HolidayRegion.MIDDLE, HolidayRegion.SOUTH)
    )  # fmt: skip
    assert [day.weekday() for day in moved] == [day.weekday() for day in days]
    assert not set(moved) & public
    assert not set(moved) & (middle & south)
    assert min(moved) > today


def test_days_on_which_the_whole_region_meets_are_days_on_which_every_school_is_open() -> None:
    workbook = build()
    kinds = {row.code: row.kind for row in workbook.activities}
    gatherings = {ActivityKind.TECHNIEKDAG, ActivityKind.COMPETITION}
    rows = [row for row in workbook.slots if kinds[row.activity] in gatherings]
    assert {kinds[row.activity] for row in rows} == gatherings
    rounds = {row.name: row for row in workbook.rounds}
    for today in DAYS[::4]:
        calendar = ExampleCalendar(ANCHOR, today)
        for row in {(row.round, row.date): row for row in rows}.values():
            day = calendar.move_gathering(row.date)
            assert not any(
                holiday.first_day <= day <= holiday.last_day
                for region in (HolidayRegion.MIDDLE, HolidayRegion.SOUTH)
                for holiday in list_school_holidays(region, day, day)
            )
            round_ = rounds[row.round or ""]
            assert (day.weekday(), today < day) == (row.date.weekday(), True)
            assert calendar.move_bound(round_.visits_from) <= day <= calendar.move_bound(round_.visits_until)


def test_bounds_of_rounds_keep_their_order_whenever_the_example_is_loaded() -> None:
    workbook = build()
    for today in DAYS:
        calendar = ExampleCalendar(ANCHOR, today)
        for row in workbook.rounds:
            assert calendar.move(row.result_on) <= calendar.move_bound(row.visits_from)
            assert calendar.move_bound(row.visits_from) < calendar.move_bound(row.visits_until)


def test_the_example_is_a_season_under_way(app: Flask) -> None:
    load_example()
    db.session.expire_all()
    _check_size()
    first, second = db.session.scalars(sa.select(Round).order_by(Round.visits_from)).all()
    assert (first.phase, second.phase) == (Phase.PUBLISHED, Phase.ALLOCATING)
    assert _count(Booking) > 50
    assert _count(Message) > _count(Booking)
    taken = count_participations(first.school_year_id)
    had = Counter(min(taken.get(school_id, 0), 2) for school_id in db.session.scalars(sa.select(School.id)))
    assert min(had[0], had[1], had[2]) >= 5
    assert all(slot.starts_at > clock.now() for slot in db.session.scalars(sa.select(Slot)))
    load_example()
    assert _count(Round) == 2


def _count(model: type) -> int:
    return db.session.scalars(sa.select(sa.func.count()).select_from(model)).one()


def _check_size() -> None:
    sectors = Counter(db.session.scalars(sa.select(School.sector)))
    assert set(sectors) == set(Sector)
    assert sum(sectors.values()) == 60
    assert {HolidayRegion.MIDDLE, HolidayRegion.SOUTH} == set(
        db.session.scalars(sa.select(School.holiday_region))
    )
    didam = db.session.scalars(sa.select(School.holiday_region).where(School.place == "Didam")).all()
    assert set(didam) == {HolidayRegion.SOUTH}
    kinds = Counter(db.session.scalars(sa.select(Host.kind)))
    assert sum(kinds.values()) == 45
    assert (kinds[HostKind.TECHNIEKLOKAAL], kinds[HostKind.SCIENCE_CENTRE]) == (8, 1)
    assert 190 <= _count(Group) <= 210
    assert 250 <= _count(Slot) <= 290
    assert any(len(levels) > 1 for levels in db.session.scalars(sa.select(Group.levels)))
    assert all(email.endswith(".example") for email in db.session.scalars(sa.select(User.email)))

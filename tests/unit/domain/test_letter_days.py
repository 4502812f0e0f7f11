"""When letters about a visit leave, by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker import clock
from matchmaker.domain.letter_days import (
    FRESH,
    WorkingDays,
    find_day_sheet_time,
    find_reminder_time,
    find_second_time,
    find_thanks_time,
    is_letter_hour,
    is_waking_hour,
)

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
EVERY_WEEK = WorkingDays()


def _wall(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.from_local(datetime.combine(day, time(hour, minute)))


starts = st.builds(_wall, st.dates(date(2026, 1, 1), date(2040, 12, 31)), st.integers(8, 19))
closed = st.frozensets(st.integers(-40, 40), max_size=30)


def _around(moment: datetime, offsets: frozenset[int]) -> WorkingDays:
    day = clock.local(moment).date()
    return WorkingDays(frozenset(day + timedelta(days=n) for n in offsets))


@given(starts, closed, st.integers(0, 60 * 24))
def test_a_reminder_is_at_nine_on_a_school_day_before_the_visit_and_not_too_fresh(
    starts_at: datetime, offsets: frozenset[int], hours_before: int
) -> None:
    school = _around(starts_at, offsets)
    settled_at = starts_at - timedelta(hours=hours_before)
    moment = find_reminder_time(starts_at, settled_at, school)
    if moment is not None:
        wall = clock.local(moment)
        assert wall.time() == time(9)
        assert wall.date() < clock.local(starts_at).date()
        assert school.has(wall.date())
        assert moment >= settled_at + FRESH


@given(starts)
def test_without_holidays_it_is_a_week_before_or_the_friday_before_that(starts_at: datetime) -> None:
    moment = find_reminder_time(starts_at, LONG_AGO, EVERY_WEEK)
    assert moment is not None
    early = clock.local(starts_at).date() - clock.local(moment).date()
    assert timedelta(days=7) <= early <= timedelta(days=9)


@given(starts, closed)
def test_the_list_of_a_day_comes_before_it_and_at_most_six_days(
    starts_at: datetime, offsets: frozenset[int]
) -> None:
    moment = find_day_sheet_time(starts_at, _around(starts_at, offsets))
    early = clock.local(starts_at).date() - clock.local(moment).date()
    assert clock.local(moment).time() == time(9)
    assert timedelta(days=1) <= early <= timedelta(days=6)


@given(starts, closed)
def test_thanks_come_after_the_visit_and_the_second_letter_after_them(
    starts_at: datetime, offsets: frozenset[int]
) -> None:
    ends_at, school = starts_at + timedelta(hours=2), _around(starts_at, offsets)
    first = find_thanks_time(ends_at, school)
    second = find_second_time(first, school)
    assert ends_at <= first <= ends_at + timedelta(days=6)
    assert second - first >= timedelta(days=2, hours=18)


@pytest.mark.parametrize(
    ("night", "visit"), [(date(2026, 10, 25), date(2026, 10, 26)), (date(2027, 3, 28), date(2027, 3, 30))]
)
def test_nine_is_nine_on_both_sides_of_a_change_of_the_clock(night: date, visit: date) -> None:
    before, after = (
        find_reminder_time(_wall(night + timedelta(days=n), 10), LONG_AGO, EVERY_WEEK) for n in (6, 8)
    )
    assert before is not None
    assert after is not None
    assert [clock.local(moment).hour for moment in (before, after)] == [9, 9]
    assert clock.local(find_day_sheet_time(_wall(visit, 10), EVERY_WEEK)).hour == 9


@pytest.mark.parametrize(("hour", "expected"), [(8, False), (9, True), (17, True), (18, False)])
def test_what_is_late_leaves_in_working_hours(hour: int, expected: bool) -> None:
    assert is_letter_hour(_wall(date(2027, 1, 12), hour), EVERY_WEEK) is expected
    assert not is_letter_hour(_wall(date(2027, 1, 16), hour), EVERY_WEEK)


@pytest.mark.parametrize(("hour", "expected"), [(5, False), (6, True), (21, True), (22, False)])
def test_what_must_be_known_tomorrow_leaves_on_a_sunday_too(hour: int, expected: bool) -> None:
    assert is_waking_hour(_wall(date(2027, 1, 17), hour)) is expected

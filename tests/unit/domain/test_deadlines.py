"""People are reminded on a working day, in office hours, some days before the last day to answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.deadlines import find_reminder_day, is_reminder_due, is_working_day

NONE: frozenset[date] = frozenset()
FRIDAY = date(2026, 12, 18)
TUESDAY = date(2026, 12, 15)
AUTUMN = {date(2026, 10, 17) + timedelta(days=n) for n in range(9)}


@pytest.mark.parametrize(
    ("last_day", "reminder"),
    [
        (FRIDAY, TUESDAY),
        (date(2026, 12, 16), date(2026, 12, 11)),
        (date(2026, 12, 14), date(2026, 12, 11)),
    ],
    ids=["three days before", "Sunday becomes Friday", "Friday stays"],
)
def test_the_reminder_comes_three_days_before_and_never_in_a_weekend(last_day: date, reminder: date) -> None:
    assert find_reminder_day(last_day, NONE) == reminder


def test_a_holiday_moves_the_reminder_to_the_last_working_day_before_it() -> None:
    assert find_reminder_day(date(2026, 10, 23), AUTUMN) == date(2026, 10, 16)


@given(
    last_day=st.dates(date(2026, 1, 1), date(2040, 12, 31)),
    before=st.sets(st.integers(0, 40)),
)
def test_the_reminder_is_always_on_a_working_day_before_the_last_day(
    last_day: date, before: set[int]
) -> None:
    off = {last_day - timedelta(days=n) for n in before}
    day = find_reminder_day(last_day, off)
    assert day < last_day
    assert is_working_day(day, off)


@pytest.mark.parametrize(
    ("wall", "due"),
    [
        ("2026-12-15 08:59", False),
        ("2026-12-15 09:00", True),
        ("2026-12-15 16:59", True),
        ("2026-12-15 17:00", False),
        ("2026-12-14 09:00", False),
        ("2026-12-17 09:00", True),
        ("2026-12-18 16:00", True),
        ("2026-12-19 09:00", False),
    ],
    ids=[
        "before nine",
        "at nine",
        "in the afternoon",
        "after hours",
        "the day before",
        "made up for later",
        "on the last day",
        "too late",
    ],
)
def test_a_reminder_is_due_in_office_hours_until_the_last_day(wall: str, due: bool) -> None:
    assert is_reminder_due(datetime.fromisoformat(wall), FRIDAY, NONE) is due


def test_what_was_missed_is_not_made_up_for_in_a_holiday() -> None:
    assert not is_reminder_due(datetime.fromisoformat("2026-12-16 10:00"), FRIDAY, {date(2026, 12, 16)})

"""Organisers get an overview on the first working day of the week, and daily before a last day."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from matchmaker.domain.digests import is_digest_day, is_digest_hour

MONDAY, TUESDAY, SATURDAY = date(2026, 12, 7), date(2026, 12, 8), date(2026, 12, 12)
FRIDAY, EASTER = date(2026, 12, 18), date(2027, 3, 29)


@pytest.mark.parametrize(
    ("today", "days_off", "last_days", "due"),
    [
        (MONDAY, [], [], True),
        (TUESDAY, [], [], False),
        (EASTER, [EASTER], [], False),
        (date(2027, 3, 30), [EASTER], [], True),
        (date(2026, 12, 10), [], [FRIDAY], False),
        (date(2026, 12, 11), [], [FRIDAY], True),
        (SATURDAY, [], [FRIDAY], False),
        (FRIDAY, [], [FRIDAY], True),
        (date(2026, 12, 22), [], [FRIDAY], False),
    ],
    ids=[
        "Monday",
        "Tuesday",
        "Easter Monday",
        "the day after Easter",
        "eight days before",
        "a week before",
        "in a weekend",
        "on the last day",
        "after it",
    ],
)
def test_a_day_has_an_overview(today: date, days_off: list[date], last_days: list[date], due: bool) -> None:
    assert is_digest_day(today, days_off, last_days) is due


@pytest.mark.parametrize(
    ("wall", "due"),
    [("2026-12-07 07:59", False), ("2026-12-07 08:00", True), ("2026-12-07 10:00", False)],
)
def test_overviews_are_written_in_the_morning(wall: str, due: bool) -> None:
    assert is_digest_hour(datetime.fromisoformat(wall)) is due

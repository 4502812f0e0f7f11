"""Periods, months and nights."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from matchmaker.domain.retention import PERIODS, Retention, months_before, night_of


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 29), 24, date(2024, 11, 29)),
        (date(2027, 1, 15), 1, date(2026, 12, 15)),
        (date(2027, 3, 31), 1, date(2027, 2, 28)),
        (date(2028, 3, 30), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 6, date(2026, 6, 30)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
    ],
)
def test_months_before_is_the_same_day_or_the_last_of_the_month(
    day: date, months: int, expected: date
) -> None:
    assert months_before(day, months) == expected


def test_a_night_begins_at_three_on_the_clock_on_the_wall() -> None:
    assert night_of(datetime(2026, 11, 29, 1, 59, tzinfo=UTC)) == date(2026, 11, 28)
    assert night_of(datetime(2026, 11, 29, 2, 0, tzinfo=UTC)) == date(2026, 11, 29)
    assert night_of(datetime(2026, 7, 1, 0, 59, tzinfo=UTC)) == date(2026, 6, 30)
    assert night_of(datetime(2026, 7, 1, 1, 0, tzinfo=UTC)) == date(2026, 7, 1)


@pytest.mark.parametrize("changing", [date(2027, 3, 28), date(2026, 10, 25)])
def test_every_night_comes_once_also_when_the_clock_changes(changing: date) -> None:
    start = datetime(changing.year, changing.month, changing.day, tzinfo=UTC) - timedelta(days=1)
    nights = [night_of(start + timedelta(minutes=minute)) for minute in range(3 * 24 * 60)]
    assert nights == sorted(nights)
    assert set(nights) == {changing + timedelta(days=n) for n in (-2, -1, 0, 1)}


def test_periods_are_those_that_were_promised() -> None:
    assert {name.value: period.days for name, period in PERIODS.items()} == {
        "mail_text": 30, "sign_in": 30, "invitation": 30, "import": 7, "question": 30,
    }  # fmt: skip
    assert set(Retention) - set(PERIODS) == {Retention.PROGRAMME, Retention.ACCOUNT}

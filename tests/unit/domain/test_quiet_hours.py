"""Mail that nobody waits for leaves by day, Monday to Saturday, as the clock on the wall has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker import clock
from matchmaker.domain.quiet_hours import find_departure, is_pressing


def wall(text: str) -> datetime:
    """Return the moment of a time in the region, such as ``2026-11-30 21:00``."""
    return clock.from_local(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("written", "leaves"),
    [
        # Monday
        ("2026-11-30 06:59", "2026-11-30 07:00"),
        ("2026-11-30 07:00", "2026-11-30 07:00"),
        ("2026-11-30 20:59", "2026-11-30 20:59"),
        ("2026-11-30 21:00", "2026-12-01 07:00"),
        ("2026-12-01 00:30", "2026-12-01 07:00"),
        # Saturday and Sunday
        ("2026-12-05 12:00", "2026-12-05 12:00"),
        ("2026-12-05 21:00", "2026-12-07 07:00"),
        ("2026-12-06 03:00", "2026-12-07 07:00"),
        ("2026-12-06 12:00", "2026-12-07 07:00"),
        ("2026-12-06 23:30", "2026-12-07 07:00"),
        # The nights in which the clock goes forward and back, and the days after them.
        ("2027-03-27 20:30", "2027-03-27 20:30"),
        ("2027-03-27 21:30", "2027-03-29 07:00"),
        ("2027-03-28 03:30", "2027-03-29 07:00"),
        ("2027-03-29 06:30", "2027-03-29 07:00"),
        ("2027-10-30 21:30", "2027-11-01 07:00"),
        ("2027-10-31 02:30", "2027-11-01 07:00"),
        ("2027-11-01 06:30", "2027-11-01 07:00"),
    ],
)
def test_mail_leaves_by_day(written: str, leaves: str) -> None:
    assert find_departure(wall(written)) == wall(leaves)


def test_seven_in_the_morning_is_another_moment_after_the_clock_changed() -> None:
    spring, autumn = datetime(2027, 3, 27, 22, 0, tzinfo=UTC), datetime(2027, 10, 30, 22, 0, tzinfo=UTC)
    assert find_departure(spring) == datetime(2027, 3, 29, 5, 0, tzinfo=UTC)
    assert find_departure(autumn) == datetime(2027, 11, 1, 6, 0, tzinfo=UTC)


def test_both_hours_that_the_clock_shows_twice_wait_for_the_same_morning() -> None:
    first = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert clock.local(first).time() == clock.local(first + timedelta(hours=1)).time()
    assert find_departure(first) == find_departure(first + timedelta(hours=1))


def test_mail_never_leaves_early_or_more_than_a_weekend_late() -> None:
    start = datetime(2026, 11, 30, tzinfo=UTC)
    for hours in range(24 * 370):
        moment = start + timedelta(hours=hours)
        leaves = find_departure(moment)
        assert moment <= leaves <= moment + timedelta(hours=36)
        assert find_departure(leaves) == leaves
        assert 7 <= clock.local(leaves).hour < 21


def test_news_about_a_visit_within_two_days_cannot_wait() -> None:
    starts = wall("2026-12-01 09:00")
    assert is_pressing(starts, starts - timedelta(hours=47))
    assert not is_pressing(starts, starts - timedelta(hours=48))

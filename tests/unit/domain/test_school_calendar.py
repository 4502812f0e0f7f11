"""Days off as stretches of time."""

from __future__ import annotations

from datetime import date, datetime

from matchmaker.domain.school_calendar import Stretch, day_off, merge


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2027, 3, day, hour)  # noqa: DTZ001 - wall-clock time


def test_a_period_off_lasts_until_the_midnight_after_its_last_day() -> None:
    assert day_off(date(2027, 3, 1), date(2027, 3, 5)) == [Stretch(at(1), at(6))]


def test_half_days_split_at_noon_on_each_day() -> None:
    assert day_off(date(2027, 3, 1), date(2027, 3, 2), "morning") == [
        Stretch(at(1), at(1, 12)),
        Stretch(at(2), at(2, 12)),
    ]
    assert day_off(date(2027, 3, 1), date(2027, 3, 1), "afternoon") == [Stretch(at(1, 12), at(2))]


def test_stretches_that_touch_or_overlap_become_one() -> None:
    stretches = [Stretch(at(3), at(4)), Stretch(at(1), at(2)), Stretch(at(2), at(3)), Stretch(at(6), at(7))]
    assert merge(stretches) == [Stretch(at(1), at(4)), Stretch(at(6), at(7))]


def test_a_stretch_inside_another_disappears() -> None:
    assert merge([Stretch(at(1), at(9)), Stretch(at(2), at(3))]) == [Stretch(at(1), at(9))]

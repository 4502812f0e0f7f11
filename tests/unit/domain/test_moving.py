"""What a slot runs into at another time: each rule once kept and once broken."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from matchmaker.domain.moving import FINAL, Agenda, ClashKind, Engagement, exceeds_host_day, find_clash
from matchmaker.domain.school_calendar import Stretch, day_off

GAP = timedelta(minutes=30)
TUESDAY = date(2027, 1, 12)


def at(hour: int, minute: int = 0, hours: int = 2, day: date = TUESDAY) -> Stretch:
    start = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - wall clock
    return Stretch(start, start + timedelta(hours=hours))


def clash(agenda: Agenda, target: Stretch = at(9), label: str | None = None) -> ClashKind | None:  # noqa: B008
    return find_clash(Engagement(target, label), agenda, GAP)


def test_a_free_group_can_come() -> None:
    assert clash(Agenda()) is None
    assert clash(Agenda(engagements=[Engagement(at(9, day=date(2027, 1, 13)))])) is None


@pytest.mark.parametrize("other", [at(9), at(10), at(8), at(9, 30, hours=1), at(11, 29), at(7, 0, hours=2)])
def test_a_group_is_never_in_two_places_nor_without_time_between(other: Stretch) -> None:
    assert clash(Agenda(engagements=[Engagement(other)])) is ClashKind.TWO_PLACES
    assert ClashKind.TWO_PLACES in FINAL


def test_with_time_between_it_is_still_the_second_of_that_day() -> None:
    later = Agenda(engagements=[Engagement(at(11, 30))])
    assert clash(later) is ClashKind.SAME_DAY
    assert ClashKind.SAME_DAY not in FINAL


def test_stops_of_one_day_go_together() -> None:
    stop = Agenda(engagements=[Engagement(at(13), "Techniekdag")])
    assert clash(stop, label="Techniekdag") is None
    assert clash(stop, label="Andere dag") is ClashKind.SAME_DAY


def test_a_day_off_or_a_blocked_hour_is_not_free() -> None:
    assert clash(Agenda(unavailable=day_off(TUESDAY, TUESDAY))) is ClashKind.NOT_FREE
    assert clash(Agenda(unavailable=day_off(TUESDAY, TUESDAY, "afternoon"))) is None
    assert clash(Agenda(unavailable=[at(10, 59, hours=1)])) is ClashKind.NOT_FREE
    assert clash(Agenda(unavailable=[at(11)])) is None


def test_the_gravest_is_told() -> None:
    agenda = Agenda(unavailable=day_off(TUESDAY, TUESDAY), engagements=[Engagement(at(10))])
    assert clash(agenda) is ClashKind.TWO_PLACES


def test_a_host_takes_so_many_slots_a_day() -> None:
    days = [TUESDAY, TUESDAY, date(2027, 1, 13)]
    assert not exceeds_host_day(TUESDAY, days, None)
    assert not exceeds_host_day(TUESDAY, days, 3)
    assert exceeds_host_day(TUESDAY, days, 2)

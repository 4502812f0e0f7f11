"""The allocation problem of a round holds what the rows say."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask

from matchmaker.allocation.formats import read_problem, write_problem
from matchmaker.allocation.problem import Interval, problem_sha256
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.kinds import ActivityKind, ApprovalState, ClosedDayReason, HolidayRegion, SlotState
from matchmaker.domain.phases import Phase
from matchmaker.extensions import db
from matchmaker.models import BlockedTime, ClosedDay, Region, WishList
from matchmaker.services.problems import HISTORY_SHARE, build_problem
from tests.factories import (
    ActivityFactory,
    AllocationRunFactory,
    BookingFactory,
    GroupFactory,
    RoundFactory,
    SchoolFactory,
    SlotFactory,
    WishFactory,
)


@pytest.fixture
def wish_list(app: Flask) -> WishList:
    """One group with one wish for an activity that has one slot."""
    wish = WishFactory()
    SlotFactory(activity=wish.activity)
    db.session.commit()
    found: WishList = wish.wish_list
    return found


def closed(region_id: int, first: date, last: date, **more: object) -> ClosedDay:
    return ClosedDay(
        region_id=region_id,
        first_day=first,
        last_day=last,
        reason=ClosedDayReason.CLOSED,
        source="",
        **more,
    )


def test_an_unknown_round_is_refused(app: Flask) -> None:
    with pytest.raises(NotFoundError):
        build_problem(17)


def test_a_problem_from_rows_reads_back_as_the_public_format(wish_list: WishList) -> None:
    problem = build_problem(wish_list.round_id)
    assert read_problem(write_problem(problem)) == problem


def test_times_are_wall_clock_times_of_the_region(wish_list: WishList) -> None:
    SlotFactory(
        starts_at=datetime(2027, 6, 1, 7, 30, tzinfo=UTC), ends_at=datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
    )
    db.session.commit()
    winter, summer = build_problem(wish_list.round_id).slots
    assert (winter.start.hour - 1, summer.start) == (8, datetime(2027, 6, 1, 9, 30))  # noqa: DTZ001


def test_the_same_rows_give_the_same_hash(wish_list: WishList) -> None:
    first = problem_sha256(build_problem(wish_list.round_id))
    db.session.expire_all()
    assert problem_sha256(build_problem(wish_list.round_id)) == first


def test_draft_wish_lists_take_no_part(wish_list: WishList) -> None:
    wish_list.submitted_at = None
    db.session.commit()
    problem = build_problem(wish_list.round_id)
    assert (problem.groups, len(problem.schools)) == ((), 1)


def test_wishes_keep_their_order_and_name_an_activity_or_a_kind(wish_list: WishList) -> None:
    WishFactory(wish_list=wish_list, rank=2, kind=ActivityKind.TECHNIEKLOKAAL)
    db.session.commit()
    (group,) = build_problem(wish_list.round_id).groups
    assert [(w.activity, w.kind) for w in group.wishes] == [
        (f"A{wish_list.wishes[0].activity_id}", None),
        (None, "technieklokaal"),
    ]


def test_a_wish_keeps_its_rank_when_its_activity_lost_its_slots(wish_list: WishList) -> None:
    gone = ActivityFactory()
    WishFactory(wish_list=wish_list, rank=2, activity=gone)
    db.session.commit()
    problem = build_problem(wish_list.round_id)
    assert f"A{gone.id}" in {activity.id for activity in problem.activities}
    assert len(problem.groups[0].wishes) == 2


@pytest.mark.parametrize(
    ("scope", "applies"),
    [
        ({}, True),
        ({"holiday_region": HolidayRegion.MIDDLE}, True),
        ({"holiday_region": HolidayRegion.SOUTH}, False),
    ],
    ids=["whole region", "own holiday region", "other holiday region"],
)
def test_days_off_block_the_groups_they_are_meant_for(
    wish_list: WishList, scope: dict[str, HolidayRegion], applies: bool
) -> None:
    db.session.add(closed(wish_list.region_id, date(2027, 2, 20), date(2027, 2, 28), **scope))
    db.session.commit()
    (group,) = build_problem(wish_list.round_id).groups
    expected = (Interval(datetime(2027, 2, 20), datetime(2027, 3, 1)),) if applies else ()  # noqa: DTZ001
    assert group.unavailable == expected


def test_a_schools_own_days_off_do_not_block_another_school(wish_list: WishList) -> None:
    other = SchoolFactory()
    db.session.add(closed(wish_list.region_id, date(2027, 3, 1), date(2027, 3, 1), organisation_id=other.id))
    db.session.commit()
    assert build_problem(wish_list.round_id).groups[0].unavailable == ()


def test_blocked_times_and_days_off_become_one_stretch(wish_list: WishList) -> None:
    db.session.add(closed(wish_list.region_id, date(2027, 3, 1), date(2027, 3, 1), half_day="morning"))
    db.session.add(
        BlockedTime(
            region_id=wish_list.region_id,
            wish_list_id=wish_list.id,
            starts_at=datetime(2027, 3, 1, 11, 0, tzinfo=UTC),
            ends_at=datetime(2027, 3, 1, 13, 0, tzinfo=UTC),
        )
    )
    db.session.commit()
    (group,) = build_problem(wish_list.round_id).groups
    assert group.unavailable == (
        Interval(datetime(2027, 3, 1, 0, 0), datetime(2027, 3, 1, 14, 0)),  # noqa: DTZ001
    )


def test_withdrawn_slots_and_unapproved_activities_are_not_offered(wish_list: WishList) -> None:
    SlotFactory(state=SlotState.WITHDRAWN)
    SlotFactory(activity=ActivityFactory(approval=ApprovalState.SUBMITTED))
    db.session.commit()
    assert len(build_problem(wish_list.round_id).slots) == 1


def test_places_that_are_taken_are_not_offered_again(wish_list: WishList) -> None:
    slot = SlotFactory(capacity_groups=3, capacity_pupils=80, min_groups=2)
    slot.taken_groups, slot.taken_pupils = 1, 30
    db.session.commit()
    found = build_problem(wish_list.round_id).slots[-1]
    assert (found.groups, found.pupils, found.min_groups) == (2, 50, 1)


def test_reserved_places_are_open_to_all_from_the_release_day(wish_list: WishList) -> None:
    slot = SlotFactory(capacity_groups=3, reserved_groups=2)
    slot.reserved_schools = [wish_list.group.school]
    wish_list.round.reserved_until = date(2026, 12, 1)
    db.session.commit()
    with time_machine.travel(datetime(2026, 11, 30, 12, 0, tzinfo=UTC)):
        reserved = build_problem(wish_list.round_id).slots[-1].reserved
    assert reserved is not None
    assert (reserved.groups, reserved.schools) == (2, (f"S{wish_list.group.school_id}",))
    with time_machine.travel(datetime(2026, 12, 1, 12, 0, tzinfo=UTC)):
        assert build_problem(wish_list.round_id).slots[-1].reserved is None


def test_participations_of_other_rounds_of_the_year_count_once_per_slot(wish_list: WishList) -> None:
    school = wish_list.group.school
    slot = SlotFactory(round=RoundFactory())
    BookingFactory(group=wish_list.group, slot=slot)
    BookingFactory(group=GroupFactory(school=school), slot=slot)
    BookingFactory(group=wish_list.group, slot=SlotFactory(round=slot.round), state=BookingState.CANCELLED)
    BookingFactory(group=wish_list.group, slot=SlotFactory(round=wish_list.round))
    db.session.commit()
    (found,) = build_problem(wish_list.round_id).schools
    assert found.already == 1


def test_luck_in_the_earlier_round_is_a_share_of_what_was_granted_above_the_worst_off(
    wish_list: WishList,
) -> None:
    lucky, unlucky = wish_list.group.school, SchoolFactory()
    earlier = RoundFactory(phase=Phase.PUBLISHED, visits_from=date(2027, 1, 4), result_on=date(2026, 12, 23))
    AllocationRunFactory(
        round=earlier,
        published_at=datetime(2026, 12, 23, tzinfo=UTC),
        satisfaction={str(lucky.id): 0.9, str(unlucky.id): 0.1},
    )
    db.session.commit()
    history = {school.id: school.history for school in build_problem(wish_list.round_id).schools}
    assert history == {f"S{lucky.id}": pytest.approx(HISTORY_SHARE * 0.8), f"S{unlucky.id}": 0.0}


def test_a_group_that_goes_somewhere_in_another_round_is_not_free_that_day(wish_list: WishList) -> None:
    slot = SlotFactory(round=RoundFactory(), starts_at=datetime(2027, 3, 2, 8, 0, tzinfo=UTC))
    BookingFactory(group=wish_list.group, slot=slot)
    db.session.commit()
    assert build_problem(wish_list.round_id).groups[0].unavailable == (
        Interval(datetime(2027, 3, 2), datetime(2027, 3, 3)),  # noqa: DTZ001
    )


def test_a_group_is_not_offered_an_activity_again_that_it_has_in_another_round(wish_list: WishList) -> None:
    activity = wish_list.wishes[0].activity
    BookingFactory(
        group=wish_list.group,
        slot=SlotFactory(
            activity=activity, round=RoundFactory(), starts_at=datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
        ),
    )
    db.session.commit()
    problem = build_problem(wish_list.round_id)
    (slot,) = problem.slots
    assert Interval(slot.start, slot.end) in problem.groups[0].unavailable


def test_days_off_count_for_slots_outside_the_visit_period_too(wish_list: WishList) -> None:
    SlotFactory(
        round=wish_list.round,
        starts_at=datetime(2027, 7, 20, 8, 0, tzinfo=UTC),
        ends_at=datetime(2027, 7, 20, 9, 0, tzinfo=UTC),
    )
    db.session.add(closed(wish_list.region_id, date(2027, 7, 17), date(2027, 8, 29)))
    db.session.commit()
    assert len(build_problem(wish_list.round_id).groups[0].unavailable) == 1


def test_the_lottery_follows_from_the_published_seed(wish_list: WishList) -> None:
    for _ in range(6):
        SchoolFactory()
    db.session.commit()
    first = [school.lottery for school in build_problem(wish_list.round_id).schools]
    wish_list.round.lottery_seed = "another seed"
    db.session.commit()
    second = [school.lottery for school in build_problem(wish_list.round_id).schools]
    assert sorted(first) == sorted(second) == list(range(1, 8))
    assert first != second


def test_each_school_keeps_the_guarantee_of_its_sector(wish_list: WishList) -> None:
    region = db.session.get_one(Region, wish_list.region_id)
    region.guarantee_primary = 3
    db.session.commit()
    assert build_problem(wish_list.round_id).schools[0].guarantee == 3

"""Build the allocation problem of a round from the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from matchmaker import clock
from matchmaker.allocation.problem import Activity as ProblemActivity
from matchmaker.allocation.problem import Group as ProblemGroup
from matchmaker.allocation.problem import Host as ProblemHost
from matchmaker.allocation.problem import Interval, Problem, Reserved
from matchmaker.allocation.problem import School as ProblemSchool
from matchmaker.allocation.problem import Slot as ProblemSlot
from matchmaker.allocation.problem import Wish as ProblemWish
from matchmaker.allocation.scenarios import Scenario, UnknownHostError, apply
from matchmaker.domain.errors import UnknownScenarioHostError
from matchmaker.domain.lottery import draw_numbers
from matchmaker.domain.run_settings import RunSettings
from matchmaker.domain.school_calendar import Stretch, day_off, merge
from matchmaker.extensions import db
from matchmaker.models import Activity, ClosedDay, Round, School, Slot, Wish, WishList
from matchmaker.queries.demand import list_closed_days, list_submitted_wish_lists
from matchmaker.queries.offer import list_allocatable_slots
from matchmaker.queries.participations import count_participations, list_other_bookings
from matchmaker.queries.rounds import get_round, list_earlier_published_rounds
from matchmaker.queries.runs import find_published_run
from matchmaker.services.availability import list_blocked, list_days_off, wall_of

# How much of the luck of earlier rounds counts: a school that got everything then, while another
# got nothing, starts a quarter up the fairness curve. A policy; see docs/allocation.md.
HISTORY_SHARE = 0.25


def build_problem(round_id: int) -> Problem:
    """Build the round's problem: every active school, the groups with submitted wishes, the open slots.

    Ids are those of the database with a letter before them: ``S`` school, ``G`` group, ``H`` host,
    ``A`` activity, ``T`` slot. All lists are in the order of these ids, so that the same rows give the
    same problem and the same hash.

    Raises
    ------
    NotFoundError
        When there is no such round.
    """
    round_ = get_round(round_id)
    schools = _list_schools(round_)
    wish_lists = [w for w in list_submitted_wish_lists(round_id) if w.group.school_id in schools]
    slots = [slot for slot in list_allocatable_slots(round_id) if slot.taken_groups < slot.capacity_groups]
    activities = _list_activities(slots, wish_lists)
    hosts = {activity.host.id: activity.host for activity in activities}
    return Problem(
        schools=_build_schools(round_, schools),
        groups=_build_groups(round_, schools, wish_lists, slots),
        hosts=tuple(ProblemHost(f"H{h.id}", h.max_slots_per_day) for _, h in sorted(hosts.items())),
        activities=tuple(_build_activity(activity) for activity in activities),
        slots=tuple(_build_slot(round_, slot) for slot in slots),
        guarantee=max(round_.region.guarantee_primary, 0),
        detour_factor=round_.region.detour_factor,
        min_gap_minutes=round_.min_gap_minutes,
        fairness_band=round_.fairness_band,
    )


def build_problem_with(round_id: int, settings: RunSettings) -> Problem:
    """Build the round's problem under the settings of a run; a slot that is only imagined ends in ``+2``.

    Raises
    ------
    NotFoundError
        When there is no such round.
    UnknownScenarioHostError
        When the settings name a host that takes no part in the round.
    """
    problem = build_problem(round_id)
    if settings.is_plain:
        return problem
    scenario = Scenario(
        name="",
        without_hosts=tuple(f"H{host_id}" for host_id in settings.without_hosts),
        doubled_hosts=tuple(f"H{host_id}" for host_id in settings.doubled_hosts),
        travel=settings.travel,
        fairness_band=settings.fairness_band,
    )
    try:
        return apply(problem, scenario)
    except UnknownHostError as error:
        raise UnknownScenarioHostError from error


def _list_schools(round_: Round) -> dict[int, School]:
    statement = select(School).where(School.region_id == round_.region_id, School.active).order_by(School.id)
    return {school.id: school for school in db.session.scalars(statement)}


def _list_activities(slots: Iterable[Slot], wish_lists: Iterable[WishList]) -> list[Activity]:
    """Return what is offered or wished, by id: a wish keeps its rank when its activity has no slot left."""
    found = {slot.activity.id: slot.activity for slot in slots}
    for wish_list in wish_lists:
        found.update({w.activity.id: w.activity for w in wish_list.wishes if w.activity is not None})
    return [found[key] for key in sorted(found)]


def _build_activity(activity: Activity) -> ProblemActivity:
    at_host = activity.lat is None
    return ProblemActivity(
        id=f"A{activity.id}",
        host=f"H{activity.host_id}",
        kind=activity.kind.value,
        levels=tuple(activity.levels),
        min_pupils=activity.min_pupils,
        max_pupils=activity.max_pupils,
        lat=activity.host.lat if at_host else activity.lat,
        lon=activity.host.lon if at_host else activity.lon,
        mobile=activity.mobile,
        range_km=activity.range_km if activity.mobile else None,
    )


def _build_schools(round_: Round, schools: Mapping[int, School]) -> tuple[ProblemSchool, ...]:
    already = count_participations(round_.school_year_id, except_round_id=round_.id)
    history = _history(round_, schools)
    lottery = draw_numbers(round_.lottery_seed, (school.code for school in schools.values()))
    return tuple(
        ProblemSchool(
            id=f"S{school.id}",
            lat=school.lat,
            lon=school.lon,
            already=already.get(school.id, 0),
            guarantee=round_.region.guarantee_for(school.sector),
            history=history.get(school.id, 0.0),
            lottery=lottery[school.code],
        )
        for school in schools.values()
    )


def _history(round_: Round, schools: Mapping[int, School]) -> dict[int, float]:
    """Luck of the latest earlier round of this year: a share of satisfaction above the worst off."""
    for earlier in reversed(list_earlier_published_rounds(round_)):
        run = find_published_run(earlier.id)
        satisfaction = {int(key): value for key, value in (run.satisfaction if run else {}).items()}
        known = {school_id: satisfaction[school_id] for school_id in schools if school_id in satisfaction}
        if known:
            worst = min(known.values())
            return {key: round(HISTORY_SHARE * (value - worst), 4) for key, value in known.items()}
    return {}


def _build_groups(
    round_: Round,
    schools: Mapping[int, School],
    wish_lists: Sequence[WishList],
    slots: Sequence[Slot],
) -> tuple[ProblemGroup, ...]:
    closed_days = _list_closed_days(round_, slots)
    elsewhere = list_other_bookings([w.group_id for w in wish_lists], except_round_id=round_.id)
    closed = {school.id: list_days_off(school, closed_days) for school in schools.values()}
    return tuple(
        ProblemGroup(
            id=f"G{wish_list.group_id}",
            school=f"S{wish_list.group.school_id}",
            levels=tuple(wish_list.group.levels),
            pupils=wish_list.group.pupils,
            wanted=wish_list.wanted,
            max_km=wish_list.max_km,
            open_to_other=wish_list.open_to_other,
            wishes=tuple(_build_wish(wish) for wish in wish_list.wishes),
            unavailable=_unavailable(
                closed[wish_list.group.school_id],
                wish_list,
                _away(elsewhere.get(wish_list.group_id, []), slots),
            ),
        )
        for wish_list in wish_lists
    )


def _build_wish(wish: Wish) -> ProblemWish:
    if wish.activity_id is not None:
        return ProblemWish(activity=f"A{wish.activity_id}")
    return ProblemWish(kind=wish.kind.value if wish.kind else None)


def _list_closed_days(round_: Round, slots: Iterable[Slot]) -> list[ClosedDay]:
    """Return the days off of the whole time in which something is offered, also outside the visit period."""
    days = [clock.local(slot.starts_at).date() for slot in slots]
    first, last = min([round_.visits_from, *days]), max([round_.visits_until, *days])
    return list_closed_days(round_.region_id, first, last)


def _unavailable(closed: list[Stretch], wish_list: WishList, away: list[Stretch]) -> tuple[Interval, ...]:
    stretches = merge([*closed, *list_blocked(wish_list), *away])
    return tuple(Interval(stretch.start, stretch.end) for stretch in stretches)


def _away(bookings: Iterable[tuple[datetime, int]], slots: Iterable[Slot]) -> list[Stretch]:
    """Return when a group cannot come because of what it does in other rounds of the year.

    It is away on those days; and since a group does an activity once, it is not there either when an
    activity that it has already is offered again.
    """
    booked = list(bookings)
    days = [clock.local(starts_at).date() for starts_at, _ in booked]
    done = {activity_id for _, activity_id in booked}
    again = [Stretch(wall_of(s.starts_at), wall_of(s.ends_at)) for s in slots if s.activity_id in done]
    return [*(stretch for day in days for stretch in day_off(day, day)), *again]


def _build_slot(round_: Round, slot: Slot) -> ProblemSlot:
    pupils = slot.capacity_pupils
    return ProblemSlot(
        id=f"T{slot.id}",
        activity=f"A{slot.activity_id}",
        start=wall_of(slot.starts_at),
        end=wall_of(slot.ends_at),
        groups=slot.capacity_groups - slot.taken_groups,
        pupils=None if pupils is None else max(pupils - slot.taken_pupils, 0),
        min_groups=max(slot.min_groups - slot.taken_groups, 0),
        multi_stop_day=slot.multi_stop_day,
        reserved=_build_reserved(round_, slot),
    )


def _build_reserved(round_: Round, slot: Slot) -> Reserved | None:
    released = round_.reserved_until is not None and clock.today() >= round_.reserved_until
    if released or not slot.reserved_groups:
        return None
    groups = min(slot.reserved_groups, slot.capacity_groups - slot.taken_groups)
    return Reserved(groups, tuple(f"S{school.id}" for school in slot.reserved_schools))

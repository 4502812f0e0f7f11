"""What must stay true of the best values when a problem changes in a way whose effect is known.

Every problem is solved to the proof, so the statements are about optima and not about luck.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from matchmaker.allocation.problem import Group, Interval, Pair, Problem, Result, School, Slot
from matchmaker.allocation.solve import solve
from tests.unit.allocation.random_problems import Size, random_problem

MIDDLE = Size(schools=7, groups=14, activities=6, slots=14, days=4, fullness=0.5)
Values = dict[str, float]


def problem_of(seed: int, *, first: bool = True) -> Problem:
    """A problem without locked pairs; the first allocation of its round unless a repair is wanted."""
    problem = random_problem(Random(seed), MIDDLE)
    return replace(problem, locked=(), published=None if first else problem.published or ())


def solved(problem: Problem) -> Result:
    result = solve(problem, seconds=60)
    assert result.status == "optimal"
    return result


def values(problem: Problem) -> Values:
    return {item.name: item.value for item in solved(problem).objectives}


def ahead(one: Values, other: Values, names: list[str] | None = None) -> bool:
    """Whether one is lexicographically at least as good as the other, level by level."""
    for name in names or list(other):
        gain = one[name] - other[name]
        if name not in ("fairness", "wish_points", "lottery"):
            gain = -gain
        if abs(gain) > (2e-3 if name == "kilometres" else 5e-6):
            return gain > 0
    return True


def guarantee_levels(found: Values) -> list[str]:
    return [name for name in found if name.startswith("schools_below")]


# ---- changes that change nothing


def shifted(problem: Problem, by: timedelta) -> Problem:
    return replace(
        problem,
        slots=tuple(replace(slot, start=slot.start + by, end=slot.end + by) for slot in problem.slots),
        groups=tuple(
            replace(
                group,
                unavailable=tuple(Interval(gap.start + by, gap.end + by) for gap in group.unavailable),
            )
            for group in problem.groups
        ),
    )


def stretched_wishes(problem: Problem) -> Problem:
    """Every wish once more at the end: a later rank of what has a better one."""
    return replace(
        problem,
        groups=tuple(replace(group, wishes=group.wishes + group.wishes) for group in problem.groups),
    )


def with_useless_parts(problem: Problem) -> Problem:
    """A slot without places and a group that suits nothing of a school that needs nothing."""
    first = problem.slots[0]
    full = replace(first, id="zz-full", groups=0, reserved=None)
    return replace(problem, slots=(*problem.slots, full))


def with_slack_capacity(problem: Problem) -> Problem:
    """Room for pupils that no number of groups can use up."""
    return replace(
        problem,
        slots=tuple(
            slot if slot.pupils is not None else replace(slot, pupils=28 * max(1, slot.groups))
            for slot in problem.slots
        ),
    )


def with_default_guarantees(problem: Problem) -> Problem:
    """The top value written out at every school."""
    return replace(
        problem,
        schools=tuple(
            replace(s, guarantee=problem.guarantee if s.guarantee is None else s.guarantee)
            for s in problem.schools
        ),
    )


def with_spread_lottery(problem: Problem) -> Problem:
    """Other numbers in the same order."""
    return replace(
        problem, schools=tuple(replace(s, lottery=7 * (s.lottery or 0) - 1000) for s in problem.schools)
    )


NEUTRAL: dict[str, Callable[[Problem], Problem]] = {
    "all dates three weeks later": lambda problem: shifted(problem, timedelta(weeks=3)),
    "all dates fifty-two weeks earlier": lambda problem: shifted(problem, -timedelta(weeks=52)),
    "every wish repeated at the end": stretched_wishes,
    "a slot without places": with_useless_parts,
    "places for pupils that cannot run out": with_slack_capacity,
    "guarantees written out": with_default_guarantees,
    "other lottery numbers in the same order": with_spread_lottery,
}


@pytest.mark.parametrize("name", NEUTRAL)
@pytest.mark.parametrize("seed", range(3))
def test_no_value_changes_with(name: str, seed: int) -> None:
    problem = problem_of(seed, first=seed % 2 == 0)
    assert values(NEUTRAL[name](problem)) == pytest.approx(values(problem), abs=2e-3)


@pytest.mark.parametrize("seed", range(4))
def test_the_placements_move_along_with_the_dates(seed: int) -> None:
    problem = problem_of(100 + seed)
    assert solved(shifted(problem, timedelta(weeks=2))).placements == solved(problem).placements


# ---- changes that only add possibilities


def more_places(problem: Problem) -> Problem:
    return replace(
        problem,
        slots=tuple(
            replace(
                slot,
                groups=slot.groups + 1,
                pupils=None if slot.pupils is None else slot.pupils + 30,
            )
            for slot in problem.slots
        ),
    )


def one_slot_twice(problem: Problem) -> Problem:
    first = problem.slots[0]
    return replace(problem, slots=(*problem.slots, replace(first, id="zz-again")))


def no_minimum(problem: Problem) -> Problem:
    return replace(problem, slots=tuple(replace(slot, min_groups=0) for slot in problem.slots))


def no_host_limits(problem: Problem) -> Problem:
    return replace(problem, hosts=tuple(replace(host, max_slots_per_day=None) for host in problem.hosts))


def always_free(problem: Problem) -> Problem:
    return replace(problem, groups=tuple(replace(group, unavailable=()) for group in problem.groups))


def any_distance(problem: Problem) -> Problem:
    return replace(
        problem,
        groups=tuple(replace(group, max_km=None) for group in problem.groups),
        activities=tuple(replace(item, range_km=None) for item in problem.activities),
    )


def released(problem: Problem) -> Problem:
    return replace(problem, slots=tuple(replace(slot, reserved=None) for slot in problem.slots))


def no_gap(problem: Problem) -> Problem:
    return replace(problem, min_gap_minutes=0)


def more_wanted(problem: Problem) -> Problem:
    return replace(problem, groups=tuple(replace(g, wanted=g.wanted + 1) for g in problem.groups))


WIDER: dict[str, Callable[[Problem], Problem]] = {
    "more places": more_places,
    "a slot more": one_slot_twice,
    "no minimum to run": no_minimum,
    "no limits of hosts": no_host_limits,
    "no blocked times": always_free,
    "any distance": any_distance,
    "reserved places released": released,
    "no gap between slots": no_gap,
    "a visit more for everybody": more_wanted,
}


@pytest.mark.parametrize("name", WIDER)
@pytest.mark.parametrize("seed", range(4))
def test_more_possibilities_never_give_worse_values(name: str, seed: int) -> None:
    problem = problem_of(200 + seed, first=seed % 2 == 0)
    assert ahead(values(WIDER[name](problem)), values(problem))


@pytest.mark.parametrize("seed", range(6))
def test_one_participation_already_never_leaves_more_schools_below(seed: int) -> None:
    problem = problem_of(300 + seed)
    helped = replace(problem, schools=tuple(replace(s, already=s.already + 1) for s in problem.schools))
    before, after = values(problem), values(helped)
    assert ahead(after, before, guarantee_levels(before))


def without_last_wish(group: Group) -> Group:
    return replace(group, wishes=group.wishes[:-1]) if len(group.wishes) > 1 else group


@pytest.mark.parametrize("seed", range(8))
def test_a_wish_dropped_never_improves_the_values(seed: int) -> None:
    """The last wish, of groups that keep one: what they can be granted at most stays the same.

    Groups that are open to other are left out: a wish of a ninth rank and an activity that was not wished
    differ in points, but fewer points for the same placement are never better either way.
    """
    problem = problem_of(400 + seed)
    fewer = replace(problem, groups=tuple(map(without_last_wish, problem.groups)))
    assert ahead(values(problem), values(fewer))


# ---- two problems side by side


def renamed(problem: Problem, prefix: str, by: timedelta) -> Problem:
    """The same problem with other names, at another time, so that nothing is shared."""
    moved = shifted(problem, by)
    return replace(
        moved,
        schools=tuple(replace(s, id=prefix + s.id) for s in moved.schools),
        groups=tuple(
            replace(
                g,
                id=prefix + g.id,
                school=prefix + g.school,
                wishes=tuple(
                    replace(
                        w,
                        activity=w.activity and prefix + w.activity,
                        kind=w.kind and prefix + w.kind,
                    )
                    for w in g.wishes
                ),
                levels=tuple(prefix + level for level in g.levels),
            )
            for g in moved.groups
        ),
        hosts=tuple(replace(h, id=prefix + h.id) for h in moved.hosts),
        activities=tuple(
            replace(
                a,
                id=prefix + a.id,
                host=prefix + a.host,
                kind=prefix + a.kind,
                levels=tuple(prefix + level for level in a.levels),
            )
            for a in moved.activities
        ),
        slots=tuple(_renamed_slot(slot, prefix) for slot in moved.slots),
        published=moved.published
        and tuple(Pair(prefix + pair.group, prefix + pair.slot) for pair in moved.published),
    )


def _renamed_slot(slot: Slot, prefix: str) -> Slot:
    kept = slot.reserved and replace(
        slot.reserved, schools=tuple(prefix + school for school in slot.reserved.schools)
    )
    return replace(slot, id=prefix + slot.id, activity=prefix + slot.activity, reserved=kept)


def side_by_side(one: Problem, other: Problem) -> Problem:
    """Both problems in one; settings of the first, lottery numbers by place."""
    left, right = renamed(one, "l-", timedelta(0)), renamed(other, "r-", timedelta(weeks=1))
    schools = [*with_default_guarantees(left).schools, *with_default_guarantees(right).schools]
    return replace(
        left,
        schools=tuple(replace(school, lottery=index) for index, school in enumerate(schools)),
        groups=left.groups + right.groups,
        hosts=left.hosts + right.hosts,
        activities=left.activities + right.activities,
        slots=left.slots + right.slots,
        published=None if left.published is None else left.published + (right.published or ()),
    )


def value_of(found: Values, name: str) -> float:
    """A level beyond the largest guarantee of a problem counts what its last level counts."""
    if name in found or not name.startswith("schools_below"):
        return found[name]
    return found[guarantee_levels(found)[-1]] if guarantee_levels(found) else 0.0


@pytest.mark.parametrize("seed", range(6))
def test_the_values_of_independent_problems_add_up(seed: int) -> None:
    first = seed % 2 == 0
    one = problem_of(500 + seed, first=first)
    other = replace(
        problem_of(600 + seed, first=first),
        min_gap_minutes=one.min_gap_minutes,
        detour_factor=one.detour_factor,
    )
    together = values(side_by_side(one, other))
    apart = [values(one), values(other)]
    del together["lottery"]
    assert together == pytest.approx(
        {name: sum(value_of(found, name) for found in apart) for name in together}, abs=2e-3
    )


# ---- what was found, handed back


def pairs_of(result: Result) -> tuple[Pair, ...]:
    return tuple(Pair(item.group, item.slot) for item in result.placements)


@pytest.mark.parametrize("seed", range(5))
def test_locking_the_best_allocation_changes_no_value(seed: int) -> None:
    problem = problem_of(700 + seed)
    result = solved(problem)
    locked = solved(replace(problem, locked=pairs_of(result)))
    assert {o.name: o.value for o in locked.objectives} == pytest.approx(
        {o.name: o.value for o in result.objectives}, abs=2e-3
    )


@pytest.mark.parametrize("seed", range(5))
def test_locking_half_of_the_best_allocation_changes_no_value_and_a_wrong_lock_never_helps(seed: int) -> None:
    problem = problem_of(800 + seed)
    result = solved(problem)
    found = {o.name: o.value for o in result.objectives}
    half = values(replace(problem, locked=pairs_of(result)[::2]))
    assert half == pytest.approx(found, abs=2e-3)
    others = [pair for pair in pairs_of(solved(more_places(problem))) if pair not in pairs_of(result)]
    for pair in others[:2]:
        forced = solve(replace(problem, locked=(pair,)), seconds=60)
        if forced.objectives:
            assert ahead(found, {o.name: o.value for o in forced.objectives})


@pytest.mark.parametrize("seed", range(5))
def test_publishing_the_best_allocation_keeps_all_of_it(seed: int) -> None:
    problem = problem_of(900 + seed)
    result = solved(problem)
    repaired = solved(replace(problem, published=pairs_of(result)))
    assert repaired.placements == result.placements
    assert next(o for o in repaired.objectives if o.name == "changed_placements").value == 0


# ---- the band


@pytest.mark.parametrize("seed", range(5))
def test_a_wider_band_gives_up_fairness_only_for_better_later_levels(seed: int) -> None:
    problem = problem_of(1000 + seed)
    strict, narrow, wide = (values(replace(problem, fairness_band=band)) for band in (0.0, 0.01, 0.05))
    assert [narrow[name] for name in guarantee_levels(strict)] == [
        strict[name] for name in guarantee_levels(strict)
    ]
    later = ["wish_points", "kilometres", "lottery"]
    assert ahead(narrow, strict, later)
    assert ahead(wide, narrow, later)
    assert strict["fairness"] * 0.95 - 1e-6 <= wide["fairness"] <= strict["fairness"] + 1e-6


# ---- policy, stated as comparisons


@pytest.mark.parametrize("seed", range(5))
def test_a_school_without_groups_adds_what_is_certain_and_nothing_else(seed: int) -> None:
    """It is satisfied (nothing to grant) and below its guarantee at every level."""
    problem = problem_of(1100 + seed)
    guarantee = max([problem.guarantee, *(s.guarantee or 0 for s in problem.schools)])
    last = max(s.lottery or 0 for s in problem.schools) + 1
    more = replace(problem, schools=(*problem.schools, School("zz", lottery=last, guarantee=guarantee)))
    before, after = values(problem), values(more)
    for name in guarantee_levels(before):
        assert after[name] == before[name] + 1
    assert after["fairness"] == pytest.approx(before["fairness"] + 1, abs=5e-6)
    assert after["wish_points"] == before["wish_points"]

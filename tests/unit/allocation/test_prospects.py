"""A look ahead: its bounds hold for every allocation, its chances rise with what really comes true."""

import json
from dataclasses import asdict, replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given as given_that
from hypothesis import settings
from hypothesis import strategies as st

from benchmarks.generate import Size, generate_problem
from benchmarks.yardsticks import solve_guarantee
from matchmaker.allocation.problem import Host, Problem, Reserved, School
from matchmaker.allocation.prospects import (
    Bottleneck,
    Prospects,
    SchoolProspect,
    find_prospects,
    find_step,
    format_bottleneck,
)
from matchmaker.allocation.solve import solve
from tests.unit.allocation.brute_force import BruteForce, TooLargeError
from tests.unit.allocation.random_problems import Size as SmallSize
from tests.unit.allocation.random_problems import random_problem
from tests.unit.allocation.small import activity, group, pairs, problem, slot
from tests.unit.allocation.strategies import problems


def school_of(prospects: Prospects, name: str) -> SchoolProspect:
    return next(item for item in prospects.schools if item.school == name)


def steps(prospects: Prospects, name: str) -> list[int]:
    return [item.step for item in prospects.wishes if item.group == name]


# ---- bounds hold


def test_no_allocation_has_fewer_schools_below_than_the_bound_says() -> None:
    compared = sharp = 0
    for seed in range(300):
        given = random_problem(Random(seed))
        try:
            best = BruteForce(given).solve()
        except TooLargeError:
            continue
        if best is None:
            continue
        bounds = find_prospects(given).least_below
        for k, bound in enumerate(bounds, start=1):
            assert bound <= best.values[f"schools_below_{k}"], f"seed {seed}, level {k}"
            compared += 1
            sharp += bound == best.values[f"schools_below_{k}"]
    assert compared > 250
    assert sharp > 0.8 * compared


def test_every_level_is_bounded_whatever_the_other_levels_give_up() -> None:
    for seed in range(120):
        given = random_problem(Random(7_000 + seed), SmallSize(schools=4, groups=5, slots=5))
        brute = BruteForce(given, most=4_000)
        try:
            seen = [brute.values(made) for made in brute.allocations()]
        except TooLargeError:
            continue
        if not seen:
            continue
        for k, bound in enumerate(find_prospects(given).least_below, start=1):
            assert bound <= min(values[f"schools_below_{k}"] for values in seen), f"seed {seed}, level {k}"


def test_no_school_has_more_participations_than_it_could_reach_alone() -> None:
    for seed in range(120):
        given = random_problem(Random(3_000 + seed), SmallSize(schools=3, groups=5, slots=6))
        brute = BruteForce(given, most=4_000)
        try:
            allocations = list(brute.allocations())
        except TooLargeError:
            continue
        reachable = {item.school: item.reachable for item in find_prospects(given).schools}
        for made in allocations:
            placed = dict(zip((item.id for item in given.groups), made, strict=True))
            for school in given.schools:
                assert brute.participations(school, placed) <= reachable[school.id], f"seed {seed}"


@settings(deadline=None, max_examples=40)
@given_that(given=problems(SmallSize(schools=6, groups=9, activities=5, slots=9)), seed=st.integers(0, 9))
def test_any_problem_has_prospects_that_fit_into_a_json_document(given: Problem, seed: int) -> None:
    prospects = find_prospects(given, seed=seed)
    assert json.loads(json.dumps(asdict(prospects)))
    assert [item.school for item in prospects.schools] == [school.id for school in given.schools]
    assert [(item.group, item.rank) for item in prospects.wishes] == [
        (item.id, rank) for item in given.groups for rank in range(1, len(item.wishes) + 1)
    ]
    assert all(item.lacking > 0 and format_bottleneck(item) for item in prospects.bottlenecks)
    assert prospects.guarantee_promised == (not any(prospects.least_below))


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_bound_of_a_tight_region_is_near_what_the_engine_proves(seed: int) -> None:
    given = generate_problem(Size(40, 120, 60, towns=6), seed)
    proven = [item.value for item in solve_guarantee(given, seconds=60).objectives[:2]]
    bounds = find_prospects(given).least_below
    assert all(bound <= value for bound, value in zip(bounds, proven, strict=True))
    assert sum(bounds) >= 0.75 * sum(proven)


def test_a_problem_of_nothing_promises_everything() -> None:
    assert find_prospects(Problem()) == Prospects(True, (), (), (), ())


# ---- which rule makes a school lack


def lacks(given: Problem) -> tuple[int, ...]:
    return find_prospects(given).least_below


def test_places_of_a_slot_bound_the_guarantee() -> None:
    three = [group(f"g{n}", f"s{n}") for n in range(3)]
    assert lacks(problem(three, [slot("t1", groups=2)], guarantee=1)) == (1,)
    assert lacks(problem(three, [slot("t1", groups=3)], guarantee=1)) == (0,)


def test_pupils_of_a_slot_bound_the_guarantee() -> None:
    three = [group(f"g{n}", f"s{n}", pupils=20) for n in range(3)]
    assert lacks(problem(three, [slot("t1", groups=3, pupils=45)], guarantee=1)) == (1,)


def test_places_kept_for_others_bound_the_guarantee() -> None:
    three = [group(f"g{n}", f"s{n}") for n in range(3)]
    kept = slot("t1", groups=3, reserved=Reserved(2, ("s0",)))
    assert lacks(problem(three, [kept], guarantee=1)) == (1,)


def test_slots_per_day_of_a_host_bound_the_guarantee() -> None:
    two = [group(f"g{n}", f"s{n}") for n in range(2)]
    slots = [slot("t1"), slot("t2", hour=11)]
    assert lacks(problem(two, slots, hosts=[Host("h1", 1)], guarantee=1)) == (1,)
    assert lacks(problem(two, slots, hosts=[Host("h1", 2)], guarantee=1)) == (0,)


def test_a_slot_that_can_never_reach_its_minimum_counts_for_nothing() -> None:
    given = problem([group("g1")], [slot("t1", groups=3, min_groups=2)], guarantee=1)
    assert lacks(given) == (1,)
    assert steps(find_prospects(given), "g1") == [1]


def test_a_school_whose_group_can_come_once_cannot_come_twice() -> None:
    slots = [slot("t1", "a1"), slot("t2", "a2", day=6)]
    once = problem([group("g1", wishes="a1 a2")], slots)
    twice = problem([group("g1", wishes="a1 a2", wanted=2)], slots)
    one_day = problem([group("g1", wishes="a1 a2", wanted=2)], [slots[0], slot("t2", "a2", hour=13)])
    one_activity = problem([group("g1", wishes="a1", wanted=2)], [slots[0], slot("t2", "a1", day=6)])
    assert [lacks(given) for given in (once, twice, one_day, one_activity)] == [
        (0, 1),
        (0, 0),
        (0, 1),
        (0, 1),
    ]
    assert school_of(find_prospects(once), "s1") == SchoolProspect("s1", reachable=1, guarantee=2, step=0)
    assert find_prospects(once).bottlenecks == ()


def test_rounds_of_one_multi_stop_day_count_apart() -> None:
    day = [slot(f"t{n}", f"a{n}", hour=8 + n, multi_stop_day="fair") for n in (1, 2)]
    assert lacks(problem([group("g1", wishes="a1 a2", wanted=2)], day)) == (0, 0)


def test_what_a_school_has_already_counts() -> None:
    has_one = [School("s1", already=1)]
    given = problem([group("g1")], [slot("t1")], schools=has_one)
    assert find_prospects(given).schools == (SchoolProspect("s1", reachable=2, guarantee=2, step=5),)


def test_locked_placements_take_their_place_and_count_for_their_school() -> None:
    given = problem([group("g1", "s1"), group("g2", "s2")], [slot("t1")], guarantee=1)
    locked = find_prospects(replace(given, locked=pairs("g2-t1")))
    assert steps(locked, "g2") == [5]
    assert school_of(locked, "s2").step == 5
    assert school_of(locked, "s1") == SchoolProspect("s1", reachable=0, guarantee=1, step=0)


def test_a_locked_slot_may_be_filled_up_by_the_school_that_is_there() -> None:
    given = problem(
        [group("g1", "s1"), group("g2", "s1"), group("g3", "s2")],
        [slot("t1", groups=3, min_groups=3)],
        guarantee=1,
        locked=pairs("g1-t1"),
    )
    assert lacks(given) == (0,)


# ---- bottlenecks


def test_schools_that_compete_for_too_few_places_are_named_together() -> None:
    crowd = [group(f"g{n}", f"s{n}", "a1", levels=("po7",)) for n in range(3)]
    others = [group("g8", "s8", "a2"), group("g9", "s9", "a2")]
    slots = [slot("t1", "a1", groups=2), slot("t2", "a2", day=12, groups=2)]
    prospects = find_prospects(problem(crowd + others, slots, guarantee=1))
    expected = Bottleneck(("s0", "s1", "s2"), 1, 3, 2, ("visit",), ("po7",), ("2026-W41",))
    assert prospects.bottlenecks == (expected,)
    assert expected.lacking == 1
    assert not prospects.guarantee_promised
    assert format_bottleneck(expected, {"s0": "De Linde", "s1": "De Es", "s2": "De Els"}.__getitem__) == (
        "Deze 3 scholen kunnen samen op hoogstens 2 plekken terecht; nodig zijn er 3. "
        "Er is te weinig aanbod voor groep 7, week 41. Het gaat om: De Linde, De Es, De Els."
    )


def test_bottlenecks_that_share_nothing_stand_apart() -> None:
    crowd = [group(f"g{n}", f"s{n}", f"a{1 + n // 3}") for n in range(6)]
    slots = [slot("t1", "a1", groups=2), slot("t2", "a2", day=12, groups=1)]
    found = find_prospects(problem(crowd, slots, guarantee=1)).bottlenecks
    assert [(item.schools, item.lacking) for item in found] == [
        (("s3", "s4", "s5"), 2),
        (("s0", "s1", "s2"), 1),
    ]


def test_many_schools_and_weeks_are_summed_up() -> None:
    schools = tuple(f"s{n:02}" for n in range(20))
    weeks = tuple(f"2026-W{n}" for n in range(40, 50))
    sentence = format_bottleneck(Bottleneck(schools, 1, 20, 9, ("visit",), ("po7", "po8"), weeks))
    assert "groep 7/8, week 40 t/m 49." in sentence
    assert sentence.endswith("s10, s11 en nog 8.")


# ---- chances


def test_a_wish_that_nobody_can_serve_is_impossible() -> None:
    given = problem(
        [group("g1", wishes="a1 a2 visit lab a3")],
        [slot("t1", "a1"), slot("t3", "a3", day=6)],
        [activity("a1"), activity("a2"), activity("a3", levels=("vo1",))],
    )
    # a2 has no slot, visit means a1 and a2, there is no lab, a3 is for others.
    assert steps(find_prospects(given), "g1") == [5, 0, 0, 0, 0]


def test_places_for_everybody_make_every_first_wish_almost_certain() -> None:
    given = problem([group(f"g{n}", f"s{n}") for n in range(4)], [slot("t1", groups=4)])
    assert [item.step for item in find_prospects(given).wishes] == [5] * 4


def test_one_place_for_many_is_a_small_chance_for_each() -> None:
    given = problem([group(f"g{n}", f"s{n}") for n in range(8)], [slot("t1")], guarantee=1)
    assert max(item.step for item in find_prospects(given).wishes) <= 3
    assert min(item.step for item in find_prospects(given).schools) >= 1


def test_a_school_in_need_stands_before_one_that_has_enough() -> None:
    schools = [School("s1", already=2), School("s2")]
    given = problem([group("g1", "s1"), group("g2", "s2")], [slot("t1")], schools=schools)
    assert steps(find_prospects(given), "g1") < steps(find_prospects(given), "g2")


def test_the_same_seed_gives_the_same_prospects_whatever_the_order_of_the_lists() -> None:
    given = generate_problem(Size(40, 120, 80, towns=6), seed=4)
    turned = replace(given, groups=given.groups[::-1], slots=given.slots[::-1], schools=given.schools[::-1])
    first, second = find_prospects(given), find_prospects(turned)
    assert {item.school: item for item in first.schools} == {item.school: item for item in second.schools}
    assert set(first.wishes) == set(second.wishes)
    assert first == find_prospects(given)


def test_steps_rise_with_the_chance() -> None:
    assert [find_step(share / 16) for share in (0, 1, 2, 5, 6, 10, 11, 15, 16)] == [1, 1, 2, 2, 3, 3, 4, 4, 5]


def test_wishes_of_a_higher_step_come_true_more_often() -> None:
    tried, granted = dict.fromkeys(range(6), 0), dict.fromkeys(range(6), 0)
    for seed in range(2, 10):
        given = generate_problem(Size(25, 75, 75, towns=5), seed)
        got = {(item.group, item.rank) for item in solve(given, seconds=60).placements}
        for item in find_prospects(given).wishes:
            tried[item.step] += 1
            granted[item.step] += (item.group, item.rank) in got
    shares = [granted[step] / max(1, tried[step]) for step in range(6)]
    assert shares[0] == 0
    assert shares[1] < 0.25
    assert shares[5] > 0.85
    assert all(higher > lower for lower, higher in pairwise(shares)), shares

"""Every hard rule, once kept and once broken, for the checker and for the engine."""

from dataclasses import dataclass, replace

import pytest

from matchmaker.allocation.checker import check
from matchmaker.allocation.problem import Host, Problem, Reserved, School
from matchmaker.allocation.solve import solve
from matchmaker.domain.distance import great_circle_km
from tests.unit.allocation.small import activity, blocked, group, pairs, placed, problem, result_of, slot

SCHOOL_PLACE, FAR_PLACE = (52.0, 6.2), (52.0763, 6.4229)
"""Places whose distance NumPy rounds above what math makes of it."""
TWO_SLOTS = [slot("t1", "a1"), slot("t2", "a2", hour=11)]


@dataclass(frozen=True)
class Case:
    """``kept`` is the best allocation; ``broken`` would be better still if the rule did not exist."""

    rule: str
    problem: Problem
    kept: str
    broken: str


CASES = {
    "a combined class needs all its levels": Case(
        "levels",
        problem([group("g1", levels=("po5", "po6"))], [slot("t1")], schools=[School("s1")]),
        "",
        "g1-t1",
    ),
    "a group can have too many pupils": Case(
        "pupils", problem([group("g1", pupils=31)], [slot("t1")], [activity(max_pupils=30)]), "", "g1-t1"
    ),
    "a group can have too few pupils": Case(
        "pupils", problem([group("g1", pupils=9)], [slot("t1")], [activity(min_pupils=10)]), "", "g1-t1"
    ),
    "a blocked time that only touches a slot does not matter": Case(
        "free",
        problem(
            [group("g1", wanted=2, wishes="a1 a2", unavailable=(blocked(5, 8, 9), blocked(6, 9.5, 12)))],
            [slot("t1", "a1", day=5), slot("t2", "a2", day=6)],
        ),
        "g1-t1",
        "g1-t1 g1-t2",
    ),
    "an activity can be too far": Case(
        "distance",
        problem(
            [group("g1", max_km=5.0)],
            [slot("t1")],
            [activity(lat=52.1, lon=6.2)],
            schools=[School("s1", 52.0, 6.2)],
        ),
        "",
        "g1-t1",
    ),
    "a mobile host has a range, whatever the group's own limit": Case(
        "distance",
        problem(
            [group("g1", wishes="a1 a2", max_km=1.0, wanted=2)],
            [slot("t1", "a1"), slot("t2", "a2", day=6)],
            [
                activity("a1", lat=52.1, lon=6.2, mobile=True, range_km=12.0),
                activity("a2", lat=52.1, lon=6.2, mobile=True, range_km=10.0),
            ],
            schools=[School("s1", 52.0, 6.2)],
        ),
        "g1-t1",
        "g1-t1 g1-t2",
    ),
    "a slot has places for groups": Case(
        "group_places", problem([group("g1"), group("g2", "s2")], [slot("t1")]), "g1-t1", "g1-t1 g2-t1"
    ),
    "a slot has places for pupils": Case(
        "pupil_places",
        problem([group("g1"), group("g2", "s2")], [slot("t1", groups=2, pupils=39)]),
        "g1-t1",
        "g1-t1 g2-t1",
    ),
    "a group is in one place at a time": Case(
        "one_place_at_a_time",
        problem(
            [group("g1", wishes="a1 a2", wanted=2)],
            [
                slot("t1", "a1", multi_stop_day="fair"),
                slot("t2", "a2", hour=9.5, multi_stop_day="fair"),
            ],
        ),
        "g1-t1",
        "g1-t1 g1-t2",
    ),
    "a group needs the least gap between two slots of a day": Case(
        "one_place_at_a_time",
        problem(
            [group("g1", wishes="a1 a2", wanted=2)],
            [
                slot("t1", "a1", multi_stop_day="fair"),
                slot("t2", "a2", hour=10.25, multi_stop_day="fair"),
            ],
            min_gap_minutes=20,
        ),
        "g1-t1",
        "g1-t1 g1-t2",
    ),
    "a group is in one place at a time over midnight": Case(
        "one_place_at_a_time",
        problem(
            [group("g1", wishes="a1 a2", wanted=2)],
            [replace(slot("t1", "a1", hour=22), end=blocked(6, 1).start), slot("t2", "a2", day=6, hour=0.5)],
        ),
        "g1-t1",
        "g1-t1 g1-t2",
    ),
    "a group has one activity a day": Case(
        "one_activity_a_day",
        problem([group("g1", wishes="a1 a2", wanted=2)], TWO_SLOTS),
        "g1-t1",
        "g1-t1 g1-t2",
    ),
    "a group takes an activity once": Case(
        "activity_once",
        problem([group("g1", wanted=2)], [slot("t1"), slot("t2", day=6)]),
        "g1-t1",
        "g1-t1 g1-t2",
    ),
    "a group has at most what it wants": Case(
        "wanted",
        problem([group("g1", wishes="a1 a2")], [slot("t1"), slot("t2", "a2", day=6)]),
        "g1-t1",
        "g1-t1 g1-t2",
    ),
    "a slot runs with its minimum or not at all": Case(
        "minimum", problem([group("g1")], [slot("t1", groups=2, min_groups=2)]), "", "g1-t1"
    ),
    "a host has a number of slots a day": Case(
        "host_day",
        problem(
            [group("g1"), group("g2", "s2", "a2")],
            [slot("t1", "a1"), slot("t2", "a2", hour=11)],
            [activity("a1"), activity("a2")],
            hosts=[Host("h1", 1)],
        ),
        "g1-t1",
        "g1-t1 g2-t2",
    ),
    "a group is placed in what it wished": Case(
        "wished",
        problem([group("g1", wishes="a2")], [slot("t1")], [activity("a1"), activity("a2")]),
        "",
        "g1-t1",
    ),
    "reserved places are held": Case(
        "reserved",
        problem(
            [group("g1"), group("g2", "s2")],
            [slot("t1", groups=2, reserved=Reserved(1, ("s3",)))],
            schools=[School("s1"), School("s2"), School("s3")],
        ),
        "g1-t1",
        "g1-t1 g2-t1",
    ),
    "locked placements stand": Case(
        "locked",
        problem([group("g1", wishes="a1 a2")], TWO_SLOTS, locked=pairs("g1-t2")),
        "g1-t2",
        "g1-t1",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_checker_accepts_a_rule_that_is_kept(case: Case) -> None:
    assert check(case.problem, result_of(case.problem, case.kept)).violations == ()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_checker_names_a_rule_that_is_broken(case: Case) -> None:
    verdict = check(case.problem, result_of(case.problem, case.broken))
    assert {violation.rule for violation in verdict.violations} == {case.rule}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_engine_keeps_the_rule_and_wins_nothing_by_it(case: Case) -> None:
    result = solve(case.problem)
    assert result.status == "optimal"
    assert placed(result) == case.kept


KEPT_IN_FULL = {
    "a combined class whose levels are all served": problem(
        [group("g1", levels=("po6", "po7"))], [slot("t1")]
    ),
    "pupils on both bounds": problem(
        [group("g1", pupils=20)], [slot("t1")], [activity(min_pupils=20, max_pupils=20)]
    ),
    "a place that is unknown is near": problem(
        [group("g1", max_km=0.0)], [slot("t1")], [activity(lat=1, lon=1)]
    ),
    "pupil places filled to the last one": problem(
        [group("g1"), group("g2", "s2")], [slot("t1", groups=2, pupils=40)]
    ),
    "exactly the least gap": problem(
        [group("g1", wishes="a1 a2", wanted=2)],
        [slot("t1", "a1", multi_stop_day="fair"), slot("t2", "a2", hour=10.5, multi_stop_day="fair")],
        min_gap_minutes=30,
    ),
    "one slot right after the other on a multi-stop day": problem(
        [group("g1", wishes="a1 a2", wanted=2)],
        [slot("t1", "a1", multi_stop_day="fair"), slot("t2", "a2", hour=10, multi_stop_day="fair")],
    ),
    "a slot with exactly its minimum": problem(
        [group("g1"), group("g2", "s2")], [slot("t1", groups=3, min_groups=2)]
    ),
    "a host on two days": problem(
        [group("g1"), group("g2", "s2")], [slot("t1"), slot("t2", day=6)], hosts=[Host("h1", 1)]
    ),
    "a group that is open to other activities": problem(
        [group("g1", wishes="", open_to_other=True)], [slot("t1")]
    ),
    "a wish for a kind": problem([group("g1", wishes="visit")], [slot("t1")]),
    "a reserved place for a school that may have it": problem(
        [group("g1"), group("g2", "s2")], [slot("t1", groups=2, reserved=Reserved(1, ("s2",)))]
    ),
}


@pytest.mark.parametrize("name", KEPT_IN_FULL)
def test_nothing_is_refused_that_the_rules_allow(name: str) -> None:
    given = KEPT_IN_FULL[name]
    result = solve(given)
    assert len(result.placements) == sum(item.wanted for item in given.groups)


def test_a_locked_pair_that_breaks_a_rule_makes_the_problem_invalid() -> None:
    given = problem([group("g1", pupils=31)], [slot("t1")], [activity(max_pupils=30)], locked=pairs("g1-t1"))
    result = solve(given)
    assert (result.status, result.placements, result.objectives) == ("invalid", (), ())
    assert check(given, result).holds


@pytest.mark.parametrize("mobile", [False, True], ids=["max_km", "range_km"])
def test_a_locked_pair_exactly_on_its_limit_stays(mobile: bool) -> None:
    limit = great_circle_km(*SCHOOL_PLACE, *FAR_PLACE)
    (lat, lon), (far_lat, far_lon) = SCHOOL_PLACE, FAR_PLACE
    given = problem(
        [group("g1", max_km=limit)],
        [slot("t1")],
        [activity(lat=far_lat, lon=far_lon, mobile=mobile, range_km=limit if mobile else None)],
        schools=[School("s1", lat=lat, lon=lon)],
        locked=pairs("g1-t1"),
    )
    assert placed(solve(given)) == "g1-t1"


def test_locked_pairs_that_exclude_each_other_make_the_problem_infeasible() -> None:
    given = problem([group("g1", wishes="a1 a2", wanted=2)], TWO_SLOTS, locked=pairs("g1-t1 g1-t2"))
    result = solve(given)
    assert (result.status, result.placements) == ("infeasible", ())
    assert check(given, result).holds


def test_a_locked_pair_brings_the_groups_that_its_slot_needs() -> None:
    given = problem(
        [group("g1"), group("g2", "s2", "a2 a1")],
        [slot("t1", groups=2, min_groups=2), slot("t2", "a2", day=6)],
        locked=pairs("g1-t1"),
    )
    assert placed(solve(given)) == "g1-t1 g2-t1"

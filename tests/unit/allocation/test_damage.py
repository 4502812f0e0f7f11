"""The checker catches every kind of damage, one at a time, and accepts what is sound."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from matchmaker.allocation.checker import check
from matchmaker.allocation.problem import Host, Objective, Pair, Placement, Problem, Reserved, Result, School
from matchmaker.allocation.solve import solve
from tests.unit.allocation.small import activity, blocked, group, pairs, problem, slot
from tests.unit.allocation.strategies import problems

SOUND = problem(
    [
        group("g1", "s1", "a1 a2 a3", wanted=2),
        group("g2", "s1", "a2 a1", unavailable=(blocked(7),)),
        group("g3", "s2", "a1 visit", max_km=20.0, pupils=15),
        group("g4", "s3", "a3", levels=("po8",)),
        group("g5", "s3", "lab", open_to_other=True),
    ],
    [
        slot("t1", "a1", day=5, groups=2, pupils=40),
        slot("t2", "a2", day=6, groups=2, min_groups=2),
        slot("t3", "a3", day=7, groups=2, reserved=Reserved(1, ("s3",))),
        slot("t4", "a3", day=7, hour=13),
        slot("t5", "a4", day=5, hour=11),
    ],
    [
        activity("a1", "h1", lat=52.0, lon=6.3),
        activity("a2", "h2", lat=52.05, lon=6.35),
        activity("a3", "h3", levels=("po7", "po8"), max_pupils=25),
        activity("a4", "h1", "lab", levels=("po6", "po7", "po8")),
    ],
    schools=[
        School("s1", 52.01, 6.3, lottery=5),
        School("s2", 52.1, 6.2, lottery=2),
        School("s3", lottery=9),
    ],
    hosts=[Host("h1", 2), Host("h2"), Host("h3", 1)],
    locked=pairs("g4-t3"),
    published=pairs("g1-t1 g3-t1"),
)
RESULT = solve(SOUND)


def with_placements(change: Callable[[list[Placement]], list[Placement]]) -> Result:
    return replace(RESULT, placements=tuple(change(list(RESULT.placements))))


def add(text: str) -> Result:
    def change(items: list[Placement]) -> list[Placement]:
        more = [*items, *(Placement(pair.group, pair.slot, None, 0.0) for pair in pairs(text))]
        start = {item.id: item.start for item in SOUND.slots}
        return sorted(more, key=lambda item: (item.group, start.get(item.slot, blocked(1).start), item.slot))

    return with_placements(change)


def with_objective(name: str, **fields: float | str | None) -> Result:
    objectives = [
        replace(item, **fields) if item.name == name else item  # type: ignore[arg-type]
        for item in RESULT.objectives
    ]
    return replace(RESULT, objectives=tuple(objectives))


def value(name: str) -> float:
    return next(item.value for item in RESULT.objectives if item.name == name)


def first(**fields: object) -> Result:
    return with_placements(lambda items: [replace(items[0], **fields), *items[1:]])  # type: ignore[arg-type]


DAMAGE: dict[str, tuple[str, Result]] = {
    "another problem's hash": ("problem", replace(RESULT, problem_sha256="0" * 64)),
    "a group that does not exist": ("known", add("g9-t1")),
    "a slot that does not exist": ("known", add("g1-t9")),
    "a pair twice": ("once", with_placements(lambda items: [items[0], *items])),
    "a placement left out": ("objectives", with_placements(lambda items: items[1:])),
    "a locked placement left out": (
        "locked",
        with_placements(lambda items: [item for item in items if item.group != "g4"]),
    ),
    "placements in another order": ("order", with_placements(lambda items: items[::-1])),
    "one placement more than wanted": ("wanted", add("g3-t2")),
    "a group more than there are places": ("group_places", add("g5-t1")),
    "a second activity on one day": ("one_activity_a_day", add("g1-t5")),
    "a blocked time": ("free", add("g2-t3")),
    "a wish that was not made": ("wished", add("g4-t1")),
    "a place kept for others": ("reserved", add("g1-t3 g3-t3")),
    "a host's second slot of the day": ("host_day", add("g3-t4")),
    "a wrong rank": ("rank", first(rank=7)),
    "a rank that is missing": ("rank", first(rank=None)),
    "wrong kilometres": ("km", first(km=RESULT.placements[0].km + 0.1)),
    "a guarantee level that looks better": ("objectives", with_objective("schools_below_2", value=-1.0)),
    "a fairness that looks better": (
        "objectives",
        with_objective("fairness", value=value("fairness") + 1e-4),
    ),
    "wish points that look better": (
        "objectives",
        with_objective("wish_points", value=value("wish_points") + 1),
    ),
    "kilometres that look better": (
        "objectives",
        with_objective("kilometres", value=value("kilometres") - 0.1),
    ),
    "a lottery that looks better": ("objectives", with_objective("lottery", value=value("lottery") + 0.01)),
    "changes that are not told": (
        "objectives",
        with_objective("changed_placements", value=value("changed_placements") - 1),
    ),
    "a sense turned round": ("objectives", with_objective("wish_points", sense="min")),
    "an objective left out": ("objectives", replace(RESULT, objectives=RESULT.objectives[:-1])),
    "objectives in another order": ("objectives", replace(RESULT, objectives=RESULT.objectives[::-1])),
    "an objective of one's own": (
        "objectives",
        replace(RESULT, objectives=(*RESULT.objectives, Objective("beauty", "max", 1.0, 1.0))),
    ),
    "a minimum above its value": ("bound", with_objective("kilometres", bound=value("kilometres") + 1)),
    "a maximum below its value": ("bound", with_objective("wish_points", bound=value("wish_points") - 1)),
    "optimal without a proof": ("status", with_objective("wish_points", bound=value("wish_points") + 9)),
    "a fairness outside its band": ("best", with_objective("fairness", best=value("fairness") * 1.01)),
    "no best fairness": ("best", with_objective("fairness", best=None)),
    "a best value where there is none": ("best", with_objective("lottery", best=1.0)),
    "a refusal with placements": ("status", replace(RESULT, status="infeasible")),
    "a problem called invalid that is not": (
        "status",
        replace(RESULT, status="invalid", placements=(), objectives=()),
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_the_checker_catches(name: str) -> None:
    rule, damaged = DAMAGE[name]
    assert rule in {violation.rule for violation in check(SOUND, damaged).violations}


def test_there_are_at_least_twenty_kinds_of_damage() -> None:
    assert len(DAMAGE) >= 20


def test_the_sound_result_is_accepted() -> None:
    assert check(SOUND, RESULT).violations == ()
    assert RESULT.status == "optimal"


def test_a_problem_that_changed_by_one_place_needs_a_new_result() -> None:
    larger = replace(SOUND, slots=(replace(SOUND.slots[0], groups=3), *SOUND.slots[1:]))
    assert [violation.rule for violation in check(larger, RESULT).violations] == ["problem"]


def test_a_slot_below_its_minimum_is_caught() -> None:
    kept = [item for item in RESULT.placements if item.slot == "t2"]
    assert len(kept) == 2
    damaged = with_placements(lambda items: [item for item in items if item != kept[0]])
    assert "minimum" in {violation.rule for violation in check(SOUND, damaged).violations}


@settings(max_examples=100, deadline=None)
@given(problem=problems())
def test_any_placement_moved_to_another_slot_is_caught(problem: Problem) -> None:
    result = solve(problem)
    for place, item in enumerate(result.placements):
        for other in problem.slots:
            if Pair(item.group, other.id) not in {Pair(p.group, p.slot) for p in result.placements}:
                moved = replace(item, slot=other.id)
                damaged = (*result.placements[:place], moved, *result.placements[place + 1 :])
                verdict = check(problem, replace(result, placements=damaged))
                same = [o.value for o in verdict.objectives] == pytest.approx(
                    [o.value for o in result.objectives], abs=1e-6
                )
                assert verdict.violations or same

"""Every kind of damage to any valid result is caught and named; nothing valid is refused."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from matchmaker.allocation.checker import check
from matchmaker.allocation.problem import Pair, Placement, Problem, Result, Slot
from matchmaker.allocation.solve import solve
from matchmaker.allocation.yardsticks import YARDSTICKS, LockedPlacementsError, run_yardstick
from tests.unit.allocation.brute_force import BruteForce
from tests.unit.allocation.damage import KINDS
from tests.unit.allocation.random_problems import Size, random_problem
from tests.unit.allocation.small import result_of

MIDDLE = Size(schools=6, groups=12, activities=6, slots=12, days=3, fullness=0.6)
OFTEN = 20
"""Times that every kind of damage is done at least."""


def problem_with_locks(seed: int) -> Problem:
    """A problem some of whose best placements are locked, in one of three with a band."""
    random = Random(seed)
    problem = replace(random_problem(random, MIDDLE, band=seed % 3 == 0), locked=())
    if seed % 2:
        return problem
    placed = solve(problem).placements
    kept = random.sample(placed, min(2, len(placed)))
    return replace(problem, locked=tuple(Pair(item.group, item.slot) for item in kept))


def as_text(placements: tuple[Placement, ...]) -> str:
    return " ".join(f"{item.group}-{item.slot}" for item in placements)


@cache
def sound(seed: int) -> tuple[Problem, Result]:
    """A problem with a result of the engine, or with one of a yardstick and its figures."""
    problem = problem_with_locks(seed)
    if seed % 4 == 3:
        return problem, result_of(problem, as_text(run_yardstick(problem, YARDSTICKS[seed % 3])))
    return problem, solve(problem)


def cases(name: str, seeds: range, often: int) -> Iterator[tuple[int, Problem, Result]]:
    done = 0
    for seed in seeds:
        problem, result = sound(seed)
        damaged = KINDS[name][1](problem, result, Random(seed))
        if damaged is not None and damaged != result:
            yield seed, problem, damaged
            done += 1
        if done == often:
            return


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_damage_is_caught_in_results_of_every_sort(name: str) -> None:
    seen = 0
    for seed, problem, damaged in cases(name, range(160), OFTEN):
        rules = {violation.rule for violation in check(problem, damaged).violations}
        assert KINDS[name][0] in rules, f"seed {seed}: {rules}"
        seen += 1
    assert seen == OFTEN


@pytest.mark.nightly
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_damage_is_caught_in_many_results(name: str) -> None:
    seen = 0
    for seed, problem, damaged in cases(name, range(1000, 2000), 200):
        rules = {violation.rule for violation in check(problem, damaged).violations}
        assert KINDS[name][0] in rules, f"seed {seed}: {rules}"
        seen += 1
    assert seen >= 100


def test_damage_to_placements_is_given_away_by_nothing_but_the_rule() -> None:
    """Its figures are right, so no violation is about figures."""
    problem, result = sound(1)
    damaged = KINDS["more than wanted"][1](problem, result, Random(1))
    assert damaged is not None
    rules = {violation.rule for violation in check(problem, damaged).violations}
    assert not rules & {"objectives", "rank", "km", "bound", "best", "status", "problem"}


def test_there_are_at_least_forty_kinds_and_every_hard_rule_is_among_them() -> None:
    assert len(KINDS) >= 40
    rules = {rule for rule, _ in KINDS.values()}
    assert rules >= {
        "levels", "pupils", "free", "distance", "group_places", "pupil_places", "one_place_at_a_time",
        "one_activity_a_day", "activity_once", "wanted", "minimum", "host_day", "locked", "wished",
        "reserved",
    }  # fmt: skip


# ---- nothing valid is refused


def valid_placements(seed: int, problem: Problem) -> Iterator[str]:
    """Random allocations that keep every rule, found by trial with the rules of the enumeration."""
    random = Random(seed)
    reference = BruteForce(replace(problem, locked=()))
    groups = {group.id: place for place, group in enumerate(problem.groups)}
    for _ in range(6):
        made: list[tuple[Slot, ...]] = [()] * len(problem.groups)
        for name, place in random.sample(sorted(groups.items()), len(groups)):
            choices = reference.choices(problem.groups[groups[name]])
            made[place] = random.choice(choices)
            if not reference.slots_hold(made, complete=False):
                made[place] = ()
        if reference.slots_hold(made, complete=True):
            yield " ".join(
                f"{group.id}-{slot.id}"
                for group, own in zip(problem.groups, made, strict=True)
                for slot in own
            )


def refused(problem: Problem, result: Result) -> list[str]:
    return [str(violation) for violation in check(problem, result).violations]


def count_accepted(seeds: range) -> int:
    """Results of the engine, on the way and at the end, of the yardsticks, and found by trial."""
    count = 0
    for seed in seeds:
        problem = problem_with_locks(seed)
        kept: list[Result] = []
        kept.append(solve(problem, seed=seed, keep=kept.append))
        for name in YARDSTICKS:
            try:
                kept.append(result_of(problem, as_text(run_yardstick(problem, name, seed=seed))))
            except LockedPlacementsError:
                continue
        for result in kept:
            assert refused(problem, result) == [], f"seed {seed}"
        free = replace(problem, locked=())
        texts = list(valid_placements(seed, free))
        for text in texts:
            assert refused(free, result_of(free, text)) == [], f"seed {seed}: {text}"
        count += len(kept) + len(texts)
    return count


def test_no_valid_result_is_refused() -> None:
    assert count_accepted(range(5000, 5025)) >= 200


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(4))
def test_none_of_two_thousand_valid_results_is_refused(part: int) -> None:
    assert count_accepted(range(6000 + 50 * part, 6050 + 50 * part)) >= 500

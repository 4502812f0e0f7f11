"""What stays true of the engine whatever the problem: sameness, order, more places, interruption."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generate import Size as BenchmarkSize
from benchmarks.generate import generate_problem
from matchmaker.allocation.candidates import build_candidates
from matchmaker.allocation.checker import check
from matchmaker.allocation.directory import Directory
from matchmaker.allocation.greedy import Greedy
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.problem import Pair, Placement, Problem, Result, Wish
from matchmaker.allocation.solve import Progress, ResultRefusedError, solve
from tests.unit.allocation.random_problems import Size, random_problem
from tests.unit.allocation.small import result_of
from tests.unit.allocation.strategies import problems

LARGER = Size(schools=12, groups=30, activities=8, slots=24)


def values(result: Result) -> dict[str, float]:
    return {item.name: item.value for item in result.objectives}


def larger_problem(seed: int) -> Problem:
    """A problem with some hundreds of eligible pairs, without locked ones."""
    return replace(random_problem(Random(seed), LARGER, band=True), locked=())


@settings(max_examples=60, deadline=None)
@given(problem=problems(band=True))
def test_candidates_are_exactly_what_the_rules_of_eligibility_allow(problem: Problem) -> None:
    directory = Directory(problem)
    instance = Instance(problem)
    candidates = build_candidates(instance)
    found = {
        (instance.groups[group].id, instance.slots[slot].id)
        for group, slot in zip(candidates.group, candidates.slot, strict=True)
    }
    assert found == {
        (group.id, slot.id)
        for group in problem.groups
        for slot in problem.slots
        if directory.find_refusal(group, slot) is None
    }


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_the_first_refusal_is_the_first_of_all(problem: Problem) -> None:
    directory = Directory(problem)
    for group in problem.groups:
        for slot in problem.slots:
            refusals = (*directory.list_refusals(group, slot), None)
            assert directory.find_refusal(group, slot) == refusals[0]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_quick_start_keeps_every_rule(seed: int) -> None:
    problem = replace(random_problem(Random(seed), LARGER), fairness_band=0.0)
    instance = Instance(problem)
    candidates = build_candidates(instance)
    locked = [
        position
        for pair in problem.locked
        if (position := candidates.find(instance.group_index[pair.group], instance.slot_index[pair.slot]))
        is not None
    ]
    chosen = Greedy(instance, candidates).build(np.array(locked, dtype=np.intp), np.zeros(0, dtype=np.intp))
    if chosen is None or len(locked) < len(problem.locked):
        return
    text = " ".join(
        f"{instance.groups[candidates.group[entry]].id}-{instance.slots[candidates.slot[entry]].id}"
        for entry in np.flatnonzero(chosen)
    )
    assert check(problem, result_of(problem, text)).violations == ()


@pytest.mark.parametrize("seed", range(4))
def test_the_quick_start_of_a_repair_keeps_all_that_was_published(seed: int) -> None:
    instance = Instance(generate_problem(BenchmarkSize(40, 120, 150), seed))
    quick, nothing = Greedy(instance, build_candidates(instance)), np.zeros(0, dtype=np.intp)
    first = quick.build(nothing, nothing)
    assert first is not None
    published = np.flatnonzero(first > 0.5)
    again = quick.build(nothing, published)
    assert again is not None
    assert np.all(again[published] > 0.5)


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_the_file_changes_nothing(seed: int) -> None:
    problem = larger_problem(seed)
    random = Random(seed)
    shuffled = replace(
        problem,
        **{
            name: tuple(random.sample(items, len(items)))
            for name in ("schools", "groups", "hosts", "activities", "slots")
            if (items := list(getattr(problem, name)))
        },
    )
    assert solve(shuffled).placements == solve(problem).placements


@pytest.mark.parametrize("seed", range(6))
def test_other_names_change_no_objective_value(seed: int) -> None:
    problem = larger_problem(seed)

    def renamed(name: str) -> str:
        return hashlib.sha256(name.encode()).hexdigest()[:12]

    other = replace(
        problem,
        schools=tuple(replace(school, id=renamed(school.id)) for school in problem.schools),
        groups=tuple(
            replace(
                group,
                id=renamed(group.id),
                school=renamed(group.school),
                wishes=tuple(
                    Wish(activity=renamed(wish.activity)) if wish.activity else wish for wish in group.wishes
                ),
            )
            for group in problem.groups
        ),
        hosts=tuple(replace(host, id=renamed(host.id)) for host in problem.hosts),
        activities=tuple(
            replace(item, id=renamed(item.id), host=renamed(item.host)) for item in problem.activities
        ),
        slots=tuple(
            replace(
                slot,
                id=renamed(slot.id),
                activity=renamed(slot.activity),
                reserved=slot.reserved
                and replace(slot.reserved, schools=tuple(map(renamed, slot.reserved.schools))),
            )
            for slot in problem.slots
        ),
        published=problem.published
        and tuple(Pair(renamed(pair.group), renamed(pair.slot)) for pair in problem.published),
    )
    assert values(solve(other)) == pytest.approx(values(solve(problem)), abs=2e-3)


@pytest.mark.parametrize("seed", range(10))
def test_more_places_never_lower_what_is_guaranteed(seed: int) -> None:
    problem = larger_problem(seed)
    wider = replace(
        problem,
        slots=tuple(
            replace(slot, groups=slot.groups + 1, pupils=None if slot.pupils is None else slot.pupils + 30)
            for slot in problem.slots
        ),
    )
    before, after = values(solve(problem)), values(solve(wider))
    names = [name for name in before if name.startswith("schools_below")]
    assert [after[name] for name in names] <= [before[name] for name in names]


@pytest.mark.parametrize("seed", range(10))
def test_a_group_less_never_takes_participations_from_other_schools(seed: int) -> None:
    problem = replace(larger_problem(seed), published=None)
    without = replace(problem, groups=problem.groups[1:])
    school = problem.groups[0].school
    free = replace(
        without, schools=tuple(replace(s, guarantee=0) if s.id == school else s for s in without.schools)
    )
    reference = replace(
        problem, schools=tuple(replace(s, guarantee=0) if s.id == school else s for s in problem.schools)
    )
    if any(slot.min_groups > 1 for slot in problem.slots):
        free, reference = (
            replace(item, slots=tuple(replace(slot, min_groups=0) for slot in item.slots))
            for item in (free, reference)
        )
    names = [name for name in values(solve(free)) if name.startswith("schools_below")]
    less, more = values(solve(free)), values(solve(reference))
    assert [less[name] for name in names] <= [more[name] for name in names]


def test_a_repair_of_an_optimal_result_changes_nothing() -> None:
    problem = replace(larger_problem(3), published=None)
    result = solve(problem)
    published = tuple(Pair(item.group, item.slot) for item in result.placements)
    assert values(solve(replace(problem, published=published)))["changed_placements"] == 0


_PRINT_PLACEMENTS = """
from matchmaker.allocation.solve import solve
from tests.unit.allocation.test_engine import larger_problem
print(solve(larger_problem(5), seed=7).placements)
"""


def test_another_process_with_another_hash_seed_places_the_same() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _PRINT_PLACEMENTS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_progress_tells_every_level_from_start_to_end() -> None:
    seen: list[Progress] = []
    result = solve(larger_problem(2), progress=seen.append)
    assert list(dict.fromkeys(item.level for item in seen)) == [item.name for item in result.objectives]
    fractions = [item.fraction for item in seen]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert all(np.isfinite([item.incumbent, item.bound]).all() for item in seen)


def test_no_time_at_all_still_gives_a_checked_result_with_true_bounds() -> None:
    problem = larger_problem(4)
    hurried, patient = solve(problem, seconds=0.0), solve(problem)
    assert check(problem, hurried).violations == ()
    quick, best = hurried.objectives[0], patient.objectives[0]
    assert quick.name == "schools_below_1"
    assert quick.bound <= best.value <= quick.value


def test_a_request_to_stop_is_heard_between_levels() -> None:
    levels: list[str] = []
    result = solve(
        larger_problem(4),
        progress=lambda item: levels.append(item.level),
        should_stop=lambda: "fairness" in levels,
    )
    assert result.status in ("feasible", "optimal")
    assert check(larger_problem(4), result).violations == ()


def test_every_answer_on_the_way_is_sound() -> None:
    problem = larger_problem(6)
    kept: list[Result] = []
    result = solve(problem, keep=kept.append)
    assert len(kept) == len(result.objectives) + 1
    assert all(check(problem, item).violations == () for item in kept)
    assert kept[-1].placements == result.placements


def test_an_error_in_a_listener_ends_the_solve_with_that_error() -> None:
    def fail(_: Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        solve(larger_problem(4), progress=fail)


def test_a_result_that_the_checker_refuses_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object) -> tuple[Placement, ...]:
        return (Placement("nobody", "nowhere", None, 0.0),)

    monkeypatch.setattr("matchmaker.allocation.solve._placements", wrong)
    with pytest.raises(ResultRefusedError):
        solve(larger_problem(4))


def test_a_level_that_ends_with_its_work_done_ends_the_same_every_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("matchmaker.allocation.solve._ITERATIONS_PER_SECOND", 10)
    problem = generate_problem(BenchmarkSize(schools=40, groups=110, slots=55, towns=6), seed=7)
    results = [solve(problem, seconds=100.0) for _ in range(2)]
    assert results[0].status == "feasible"
    assert results[0].placements == results[1].placements
    assert results[0].objectives == results[1].objectives

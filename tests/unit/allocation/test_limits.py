"""Time, work and requests to stop: what they do to a solve, and what they leave alone."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from benchmarks.generate import Size as BenchmarkSize
from benchmarks.generate import generate_problem
from matchmaker.allocation import solver
from matchmaker.allocation.checker import check
from matchmaker.allocation.problem import Pair, Problem, Slot
from matchmaker.allocation.solve import Progress, solve
from matchmaker.allocation.solver import Limits, LinearModel, Outcome, solve_mip
from tests.unit.allocation.small import group, placed, problem, slot


def hard_model(seed: int, columns: int = 60, rows: int = 20) -> LinearModel:
    """A knapsack with many rows, which takes a solver some seconds."""
    random = np.random.default_rng(seed)
    return LinearModel(
        -random.random(columns),
        np.zeros(columns),
        np.ones(columns),
        np.ones(columns, dtype=np.bool_),
        sparse.csc_array(random.random((rows, columns))),
        np.full(rows, -np.inf),
        np.full(rows, columns / 8),
    )


def answer_of(seed: int) -> tuple[list[float], float, list[tuple[float, float]]]:
    """Solve a model with all listeners on."""
    told: list[tuple[float, float]] = []
    model = hard_model(seed, columns=40, rows=8)
    limits = Limits(
        seconds=60.0, should_stop=lambda: False, on_incumbent=lambda value, bound: told.append((value, bound))
    )
    outcome = solve_mip(model, limits)
    assert outcome.optimal
    assert outcome.values is not None
    return outcome.values.tolist(), outcome.bound, told


def small_region() -> Problem:
    return generate_problem(BenchmarkSize(schools=40, groups=110, slots=55, towns=6), seed=7)


def test_two_solves_in_two_threads_give_what_they_give_alone() -> None:
    alone = [answer_of(seed)[:2] for seed in range(4)]
    with ThreadPoolExecutor(2) as threads:
        together = [answer[:2] for answer in threads.map(answer_of, range(4))]
    assert together == alone


def test_listeners_are_called_by_the_thread_that_waits() -> None:
    seen: set[str] = set()

    def note() -> None:
        seen.add(threading.current_thread().name)

    def stays() -> bool:
        note()
        return False

    limits = Limits(seconds=0.4, should_stop=stays, on_incumbent=lambda *_: note(), on_wait=note)
    solve_mip(hard_model(1), limits)
    assert seen == {threading.current_thread().name}


def test_a_run_that_does_not_react_is_left_behind_with_its_best_solution(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solver, "_PATIENCE_SECONDS", -10.0)
    found: list[float] = []
    model = hard_model(1)

    def note(value: float, _: float) -> None:
        found.append(value)

    outcome = solve_mip(model, Limits(seconds=20.0, should_stop=lambda: bool(found), on_incumbent=note))
    assert outcome.cut_by_time
    assert not outcome.optimal
    assert outcome.values is not None
    assert float(model.cost @ outcome.values) <= found[0] + 1e-9
    assert outcome.bound <= float(model.cost @ outcome.values)
    assert np.all(model.matrix @ outcome.values <= model.row_upper + 1e-6)


def test_a_run_that_was_left_behind_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "_PATIENCE_SECONDS", -10.0)
    before = set(threading.enumerate())
    outcome: Outcome = solve_mip(hard_model(2), Limits(seconds=20.0, should_stop=lambda: True))
    assert outcome.cut_by_time
    for thread in set(threading.enumerate()) - before:
        thread.join(30.0)
        assert not thread.is_alive()


def test_the_state_is_told_again_while_the_solver_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matchmaker.allocation.progress._TELL_AGAIN_SECONDS", 0.0)
    seen: list[Progress] = []
    solve(small_region(), seconds=2.0, progress=seen.append)
    states = [(item.level, item.incumbent, item.bound) for item in seen]
    assert len(set(states)) < len(states)
    assert [item.seconds for item in seen] == sorted(item.seconds for item in seen)


def test_a_solve_that_time_cuts_off_says_so() -> None:
    seen: list[Progress] = []
    result = solve(small_region(), seconds=0.0, progress=seen.append)
    assert result.status == "feasible"
    assert seen[-1].cut_by_time


def test_a_solve_that_ends_with_its_proof_does_not() -> None:
    seen: list[Progress] = []
    result = solve(problem([group("g1")], [slot("t1")]), progress=seen.append)
    assert result.status == "optimal"
    assert not any(item.cut_by_time for item in seen)


def test_a_request_to_stop_counts_as_time() -> None:
    levels: list[Progress] = []
    result = solve(small_region(), progress=levels.append, should_stop=lambda: len(levels) > 3)
    assert check(small_region(), result).violations == ()
    assert levels[-1].cut_by_time


def with_room_for(slots: list[Slot], pupils: int) -> list[Slot]:
    return [replace(item, pupils=pupils) for item in slots]


def test_a_group_too_big_for_a_slot_is_never_placed_there() -> None:
    result = solve(problem([group("g1", pupils=25)], with_room_for([slot("t1")], 24)))
    assert placed(result) == ""
    assert result.status == "optimal"
    assert result.objectives[0].bound == 1


def test_a_locked_group_too_big_for_its_slot_is_no_allocation() -> None:
    locked = problem([group("g1", pupils=25)], with_room_for([slot("t1")], 24))
    result = solve(replace(locked, locked=(Pair("g1", "t1"),)))
    assert result.status in ("infeasible", "invalid")


def test_a_published_group_too_big_for_its_slot_counts_as_changed() -> None:
    before = problem([group("g1", pupils=25)], with_room_for([slot("t1")], 24), published=(Pair("g1", "t1"),))
    values = {item.name: item.value for item in solve(before).objectives}
    assert values["changed_placements"] == 1

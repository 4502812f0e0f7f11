"""The door to the solver: answers, proofs and limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from matchmaker.allocation import solver
from matchmaker.allocation.solver import ColumnProgram, Limits, LinearModel, dual_bound, solve_mip

LIMITS = Limits(seconds=20.0)


def knapsack(values: list[float], weights: list[float], room: float) -> LinearModel:
    """Choose things of most value that fit, minimised."""
    count = len(values)
    return LinearModel(
        cost=-np.array(values),
        lower=np.zeros(count),
        upper=np.ones(count),
        integer=np.ones(count, dtype=np.bool_),
        matrix=sparse.csc_array(np.array([weights])),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([room]),
        offset=1.0,
    )


def test_a_knapsack_is_filled_best() -> None:
    outcome = solve_mip(knapsack([6, 5, 4], [3, 2, 2], 4), LIMITS)
    assert outcome.optimal
    assert outcome.values == pytest.approx([0, 1, 1])
    assert outcome.bound == pytest.approx(1 - 9)


def test_what_cannot_be_is_infeasible() -> None:
    model = knapsack([1], [1], 4)
    impossible = LinearModel(
        model.cost, np.ones(1), model.upper, model.integer, model.matrix, model.row_lower, np.zeros(1)
    )
    outcome = solve_mip(impossible, LIMITS)
    assert outcome.infeasible
    assert outcome.values is None


@settings(max_examples=50, deadline=None)
@given(
    values=st.lists(st.integers(0, 9), min_size=3, max_size=6),
    price=st.floats(-5, 5),
    room=st.integers(0, 12),
)
def test_any_dual_value_gives_a_true_bound(values: list[int], price: float, room: int) -> None:
    model = knapsack([float(value) for value in values], [2.0] * len(values), float(room))
    best = solve_mip(model, LIMITS)
    assert best.values is not None
    bound, _ = dual_bound(model, np.array([price]))
    assert bound <= float(model.cost @ best.values) + model.offset + 1e-6


def test_a_relaxation_that_grows_ends_where_the_whole_one_is() -> None:
    model = knapsack([7, 5, 4], [3, 2, 2], 4)
    with ColumnProgram(model, np.array([2]), LIMITS) as program:
        assert program.run(10.0).values == pytest.approx([1])
        program.add(np.array([0, 1]))
        outcome = program.run(10.0)
    assert outcome.optimal
    assert dict(zip(program.columns.tolist(), outcome.values, strict=True)) == pytest.approx(
        {2: 0, 0: 2 / 3, 1: 1}
    )
    assert dual_bound(model, outcome.duals)[0] == pytest.approx(1 - 5 - 7 * 2 / 3)


def test_a_start_survives_a_solve_without_time() -> None:
    random = np.random.default_rng(1)
    model = knapsack(list(random.random(60)), list(random.random(60)), 9.0)
    start = np.zeros(60)
    outcome = solve_mip(model, Limits(seconds=20.0, should_stop=lambda: True), start)
    assert outcome.bound <= 1.0


def test_an_error_in_a_listener_comes_out_of_the_solve() -> None:
    def stop() -> bool:
        raise ZeroDivisionError

    random = np.random.default_rng(1)
    matrix = random.random((20, 60))
    model = LinearModel(
        -random.random(60),
        np.zeros(60),
        np.ones(60),
        np.ones(60, dtype=np.bool_),
        sparse.csc_array(matrix),
        np.full(20, -np.inf),
        np.full(20, 7.0),
    )
    with pytest.raises(ZeroDivisionError):
        solve_mip(model, Limits(seconds=20.0, should_stop=stop))


def test_ortools_brings_the_library() -> None:
    assert solver.solver_version().count(".") == 2

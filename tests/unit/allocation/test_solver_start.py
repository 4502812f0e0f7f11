"""A solution to start from never keeps the solver from a better one."""

import numpy as np
from scipy import sparse

from matchmaker.allocation.solver import Limits, LinearModel, solve_mip

# Six placements of three groups, what they are granted, and pieces of two curves: a window of a real problem,
# cut down to what makes HiGHS 1.12 call its start optimal after presolve.
KM: list[float] = [
    26.172236106558586,
    17.67476185043093,
    6.965442243874158,
    6.965442243874158,
    10.05618610592182,
]
KM += [7.430897945570386, 0, 0, 0, 0]
ROWS = [
    ([0, 0, 0, 0, 1, 1, 0, 0, 0, 0], 1.0),
    ([-0.15, -0.15, -1, 0, 0, 0, 1, 0, 0, 0], 0.15),
    ([0, 0, 0, 0, -8.5, -8.5, 0, 1, 1, 0], -7.0),
    ([0, 0, 0, -30 / 23, 0, 0, -200 / 23, 0, 0, 1], -8.0),
    ([0] * 7 + [-0.25024437927663734, -0.00097751710654936, -0.00195503421309873], -0.25209306163032924),
    (KM, 59.62186486806664),
]
START = [0, 0, 1, 0, 0, 1, 1, 1, 0.5, 16 / 23]
BETTER = [0, 0, 1, 1, 0, 1, 1, 1, 0.5, 1]


def window() -> LinearModel:
    return LinearModel(
        cost=np.array([0, 0, 0, -0.075, -0.74375, -0.74375, -0.5, 0, 0, 0]),
        lower=np.zeros(10),
        upper=np.ones(10),
        integer=np.array([True] * 6 + [False] * 4),
        matrix=sparse.csc_array(np.array([row for row, _ in ROWS], dtype=np.float64)),
        row_lower=np.full(len(ROWS), -np.inf),
        row_upper=np.array([limit for _, limit in ROWS]),
        offset=0.0,
    )


def test_both_solutions_keep_every_row() -> None:
    model = window()
    for values in (START, BETTER):
        assert np.all(model.matrix @ np.array(values) <= model.row_upper + 1e-9)


def test_the_better_solution_is_found_from_the_worse_one() -> None:
    model = window()
    for start in (None, np.array(START, dtype=np.float64), np.array(BETTER, dtype=np.float64)):
        outcome = solve_mip(model, Limits(seconds=20.0), start)
        assert outcome.optimal
        assert outcome.bound <= float(model.cost @ np.array(BETTER)) + 1e-6

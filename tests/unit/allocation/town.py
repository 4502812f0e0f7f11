"""A town of forty schools, solved once for all tests that ask why and what if."""

from functools import cache

from benchmarks.generate import Size, generate_problem
from matchmaker.allocation.problem import Problem, Result
from matchmaker.allocation.solve import solve


@cache
def town() -> tuple[Problem, Result]:
    """The town with too few slots: some schools stay below their guarantee, for every kind of cause."""
    problem = generate_problem(Size(schools=40, groups=130, slots=100, towns=6), seed=1)
    result = solve(problem, seconds=30)
    return problem, result

"""Holds a result of the engine against the enumeration of every allocation."""

from matchmaker.allocation.problem import Problem, Result
from tests.unit.allocation.brute_force import Best, BruteForce

TOLERANCE = 2e-6


def difference(problem: Problem, result: Result) -> str | None:
    """Return in words how a result differs from the best there is, None when it does not.

    Raises
    ------
    TooLargeError
        When there are too many allocations to look at; not for a problem that is called invalid.
    """
    best = BruteForce(problem).solve()
    if best is None:
        return None if not result.objectives else f"there is no allocation, status {result.status}"
    if result.status != "optimal":
        return f"status {result.status}, although {best.values} can be reached"
    if [item.name for item in result.objectives] != list(best.values):
        return f"the levels should be {list(best.values)}"
    return _worse(problem, result, best)


def _worse(problem: Problem, result: Result, best: Best) -> str | None:
    for item in result.objectives:
        banded = item.name == "fairness" and problem.fairness_band > 0
        right = best.best_fairness if banded else best.values[item.name]
        reached = item.best if banded else item.value
        if reached is None or abs(reached - right) > TOLERANCE:
            return f"{item.name}: engine {reached}, best {right}"
    return None

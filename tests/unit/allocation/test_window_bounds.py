"""The way for provinces, on problems small enough to know the truth: its bounds hold and its values exist."""

import pytest

from matchmaker.allocation import large
from matchmaker.allocation.checker import check
from matchmaker.allocation.problem import Objective, Problem, Result
from matchmaker.allocation.solve import solve
from tests.unit.allocation.cp_sat import PlainModel, UndecidedError
from tests.unit.allocation.test_differential import SLACK, TOLERANCE, best_of, medium_problem

SCHOOLS_IN_A_TILE = 3


@pytest.fixture(autouse=True)
def every_problem_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "LARGE_SIZE", 0)
    monkeypatch.setattr(large.LargeSearch.__init__, "__defaults__", (SCHOOLS_IN_A_TILE,))


def contradiction(item: Objective, best: float | None) -> str | None:
    """Say how a level contradicts what is possible at best under the values of the levels before it."""
    if best is None:
        return f"{item.name}: what was reached cannot be"
    sign = 1 if item.sense == "max" else -1
    tolerance = TOLERANCE.get(item.name, 2e-6)
    if sign * (best - item.bound) > tolerance:
        return f"{item.name}: {best} can be reached, beyond the bound {item.bound}"
    if sign * (best_of(item) - best) > tolerance:
        return f"{item.name}: {best_of(item)} is better than the best, {best}"
    return None


def contradictions(problem: Problem, result: Result) -> list[str]:
    plain = PlainModel(problem)
    found = []
    for item in result.objectives:
        found.append(contradiction(item, plain.best(item.name)))
        band = problem.fairness_band if item.name == "fairness" else 0.0
        plain.keep(item.name, (1 - band) * best_of(item), SLACK.get(item.name, 1e-6))
    return [text for text in found if text]


def hold_against_the_truth(seed: int, *, band: bool) -> bool:
    """Return whether the truth could be found."""
    problem = medium_problem(seed, band=band)
    result = solve(problem, seconds=60)
    assert check(problem, result).violations == (), f"seed {seed}"
    try:
        assert contradictions(problem, result) == [], f"seed {seed}"
    except UndecidedError:
        return False
    return True


@pytest.mark.parametrize("seed", [4000, 4001, 4003, 4026])
def test_bounds_of_windows_and_tiles_hold(seed: int) -> None:
    assert hold_against_the_truth(seed, band=False)


def test_bounds_of_windows_and_tiles_hold_inside_the_band() -> None:
    assert hold_against_the_truth(4101, band=True)


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(6))
def test_bounds_of_windows_and_tiles_hold_on_many_problems(part: int) -> None:
    seen = [hold_against_the_truth(5000 + 20 * part + n, band=part % 2 == 1) for n in range(20)]
    assert seen.count(True) >= 18

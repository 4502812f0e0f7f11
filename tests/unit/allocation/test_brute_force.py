"""The engine finds what looking at every allocation finds."""

from random import Random

import pytest

from matchmaker.allocation.problem import Result
from matchmaker.allocation.solve import solve
from tests.unit.allocation.brute_force import Best, BruteForce, TooLargeError
from tests.unit.allocation.random_problems import random_problem

TOLERANCE = 2e-6


def differences(result: Result, best: Best, *, band: bool) -> list[str]:
    return [
        f"{item.name}: engine {item.value}, best {best.values[item.name]}"
        for item in result.objectives
        if not (band and item.name == "fairness") and abs(item.value - best.values[item.name]) > TOLERANCE
    ]


def compare(seed: int, *, band: bool) -> str | None:
    """Return the status both agree on, None when the problem is too large to enumerate."""
    problem = random_problem(Random(seed), band=band)
    result = solve(problem, seconds=30)
    if result.status == "invalid":
        assert BruteForce(problem).solve() is None, f"seed {seed}"
        return "invalid"
    try:
        best = BruteForce(problem).solve()
    except TooLargeError:
        return None
    if best is None:
        assert result.status == "infeasible", f"seed {seed}"
        return "infeasible"
    assert result.status == "optimal", f"seed {seed}: {result.objectives}"
    assert [item.name for item in result.objectives] == list(best.values)
    assert differences(result, best, band=band) == [], f"seed {seed}"
    fairness = next(item for item in result.objectives if item.name == "fairness")
    if band:
        assert fairness.best is not None
        assert abs(fairness.best - best.best_fairness) <= TOLERANCE, f"seed {seed}"
    return "optimal"


@pytest.mark.parametrize("part", range(8))
def test_the_engine_reaches_the_best_objective_values_in_order(part: int) -> None:
    seen = [compare(part * 50 + seed, band=False) for seed in range(50)]
    assert seen.count("optimal") >= 30


@pytest.mark.parametrize("part", range(4))
def test_the_engine_uses_the_fairness_band_as_far_as_it_goes(part: int) -> None:
    seen = [compare(10_000 + part * 30 + seed, band=True) for seed in range(30)]
    assert seen.count("optimal") >= 15


@pytest.mark.parametrize("band", [False, True])
def test_the_way_for_large_problems_reaches_the_same_values(
    band: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchmaker.allocation.search._WHOLE_SIZE", 0)
    monkeypatch.setattr("matchmaker.allocation.search._FIRST_COLUMNS", 1)
    monkeypatch.setattr("matchmaker.allocation.search._PRICED_COLUMNS", 1)
    monkeypatch.setattr("matchmaker.allocation.search._CHEAPEST_COLUMNS", 1)
    seen = [compare(20_000 + seed, band=band) for seed in range(60)]
    assert seen.count("optimal") >= 30

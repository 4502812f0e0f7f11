"""The engine finds what looking at every allocation finds."""

from random import Random

import pytest

from matchmaker.allocation.solve import solve
from tests.unit.allocation.brute_force import TooLargeError
from tests.unit.allocation.differences import difference
from tests.unit.allocation.random_problems import random_problem


def compare(seed: int, *, band: bool) -> str | None:
    """Return the status both agree on, None when the problem is too large to enumerate."""
    problem = random_problem(Random(seed), band=band)
    result = solve(problem, seconds=30)
    try:
        assert difference(problem, result) is None, f"seed {seed}"
    except TooLargeError:
        return None
    return result.status


def test_the_engine_reaches_the_best_objective_values_in_order() -> None:
    seen = [compare(seed, band=False) for seed in range(240)]
    assert seen.count("optimal") >= 135
    assert seen.count("infeasible") + seen.count("invalid") >= 5


def test_the_engine_uses_the_fairness_band_as_far_as_it_goes() -> None:
    seen = [compare(10_000 + seed, band=True) for seed in range(120)]
    assert seen.count("optimal") >= 60


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(12))
def test_the_engine_reaches_the_best_values_of_some_thousand_problems(part: int) -> None:
    seen = [compare(100_000 + part * 200 + seed, band=False) for seed in range(200)]
    assert seen.count("optimal") >= 110


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(6))
def test_the_engine_uses_the_band_of_a_thousand_problems(part: int) -> None:
    seen = [compare(200_000 + part * 200 + seed, band=True) for seed in range(200)]
    assert seen.count("optimal") >= 110


@pytest.mark.parametrize("band", [False, True])
def test_the_way_for_large_problems_reaches_the_same_values(
    band: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchmaker.allocation.search._WHOLE_SIZE", 0)
    monkeypatch.setattr("matchmaker.allocation.search._FIRST_COLUMNS", 1)
    monkeypatch.setattr("matchmaker.allocation.search._PRICED_COLUMNS", 1)
    monkeypatch.setattr("matchmaker.allocation.search._CHEAPEST_COLUMNS", 1)
    seen = [compare(20_000 + seed, band=band) for seed in range(40)]
    assert seen.count("optimal") >= 20

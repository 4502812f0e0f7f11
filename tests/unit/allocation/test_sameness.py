"""Same problem, seed and version: the same placements, byte for byte, in processes of their own."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

_SOLVE = """
import json, sys
from benchmarks.generate import Size, generate_problem
from matchmaker.allocation import solve as engine
from matchmaker.allocation.formats import write_result

work, schools, groups, slots = map(int, sys.argv[1:])
# Work ends every level here, never the clock: an hour for what takes seconds.
engine._ITERATIONS_PER_SECOND = work / 3600
told = []
problem = generate_problem(Size(schools=schools, groups=groups, slots=slots), seed=3)
result = json.loads(write_result(engine.solve(problem, seconds=3600.0, seed=5, progress=told.append)))
del result["seconds"]
print(json.dumps([told[-1].cut_by_time, result]))
"""


def answer(hash_seed: int, work: int, *size: int) -> str:
    """Solve in a process with a hash seed of its own and return everything but the time."""
    ended = subprocess.run(
        [sys.executable, "-c", _SOLVE, str(work), *map(str, size)],
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


def test_three_solves_of_a_small_region_place_the_same() -> None:
    answers = [answer(seed, 4_000, 60, 180, 200) for seed in range(3)]
    assert answers[0].startswith("[false, ")
    assert '"status": "feasible"' in answers[0]
    assert len(set(answers)) == 1


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_twenty_solves_of_a_region_place_the_same() -> None:
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda seed: answer(seed, 30_000, 225, 730, 900), range(20)))
    assert answers[0].startswith("[false, ")
    assert len(set(answers)) == 1

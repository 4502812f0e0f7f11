"""Prints how long a region takes to solve: ``python -m benchmarks.allocation``.

Every problem is solved in a process of its own, so that the peak memory is that of one solve. The load of
the machine stands beside each row: times on a busy machine say little.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.generate import Size, generate_problem
from matchmaker.allocation.candidates import build_candidates
from matchmaker.allocation.files import read_result_file
from matchmaker.allocation.formats import write_problem
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.problem import Objective, Problem, Result


@dataclass(frozen=True)
class Measured:
    """One solve: seconds at the end of each level, the result, peak memory in MB, load before and after."""

    ended: dict[str, float]
    result: Result
    peak_mb: float
    load: tuple[float, float]


def main() -> None:
    """Solve the problems of the options and print a table for each."""
    options = _parser().parse_args()
    for supply in options.supply:
        for seed in options.seed:
            size = Size(options.schools, options.groups, options.slots, supply=supply)
            problem = generate_problem(size, seed)
            print(_title(problem, seed, supply), flush=True)
            for line in _table(measure(problem, options.seconds)):
                print(line, flush=True)


def measure(problem: Problem, seconds: float) -> Measured:
    """Solve a problem in a process of its own."""
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "problem.json", Path(folder) / "result.json"
        path.write_text(write_problem(problem))
        command = [sys.executable, "-m", "matchmaker.allocation.process", "--seconds", str(seconds)]
        ended = subprocess.run(
            [*command, "--problem", str(path), "--out", str(out)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        result = read_result_file(out)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    events: list[dict[str, Any]] = [json.loads(line) for line in ended.stdout.splitlines()]
    times = {event["level"]: float(event["seconds"]) for event in events}
    return Measured(times, result, peak, (before, os.getloadavg()[0]))


def _title(problem: Problem, seed: int, supply: float) -> str:
    pairs = len(build_candidates(Instance(problem)))
    return (
        f"\n{len(problem.schools)} schools, {len(problem.groups)} groups, {len(problem.slots)} slots "
        f"(supply {supply:g}), {pairs} eligible pairs, seed {seed}"
    )


def _table(measured: Measured) -> Iterator[str]:
    result = measured.result
    yield f"{'level':<20} {'seconds':>8} {'value':>14} {'bound':>14} {'gap':>9}"
    before = 0.0
    for item in result.objectives:
        end = measured.ended[item.name]
        value = item.value if item.best is None else item.best
        yield f"{item.name:<20} {end - before:>8.1f} {value:>14.6f} {item.bound:>14.6f} {_gap(item):>9}"
        before = end
    yield (
        f"{result.status}, {len(result.placements)} placements, {result.seconds:.1f} s, "
        f"peak {measured.peak_mb:.0f} MB, load {measured.load[0]:.1f} → {measured.load[1]:.1f}"
    )


def _gap(item: Objective) -> str:
    value = item.value if item.best is None else item.best
    return f"{abs(value - item.bound) / max(1e-9, abs(item.bound)):.4%}" if value != item.bound else "proven"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.allocation", description=__doc__)
    parser.add_argument("--schools", type=int, default=225)
    parser.add_argument("--groups", type=int, default=730)
    parser.add_argument("--slots", type=int, default=900)
    parser.add_argument("--supply", type=float, nargs="+", default=[1.0, 0.6], help="share of the slots")
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="seeds of the problems")
    parser.add_argument("--seconds", type=float, default=60.0, help="wall time of one solve")
    return parser


if __name__ == "__main__":
    main()

"""Prints how a published region is repaired after losing slots: ``python -m benchmarks.repair``.

A region is solved and published, a share of the slots in use is lost, and the rest is solved again with what
was published: once with little time, once with much. The first should be as good as the second where it
matters: the guarantee levels and the number of changed placements.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from benchmarks.generate import Size, generate_problem
from matchmaker.allocation.problem import Pair, Problem, Result
from matchmaker.allocation.solve import Progress, solve


def main() -> None:
    """Publish, lose slots, repair, and print a table for each seed."""
    options = _parser().parse_args()
    for seed in options.seed:
        problem = generate_problem(Size(options.schools, options.groups, options.slots), seed)
        damaged = lose_slots(problem, solve(problem, seconds=options.first), options.share, seed)
        lost = len(problem.slots) - len(damaged.slots)
        print(f"\nseed {seed}: {lost} of {len(problem.slots)} slots lost", flush=True)
        for seconds in (options.seconds, options.full):
            for line in _table(damaged, seconds):
                print(line, flush=True)


def lose_slots(problem: Problem, published: Result, share: float, seed: int) -> Problem:
    """Return the problem of a repair: a share of the slots in use is gone, what stood there is lost."""
    used = sorted({item.slot for item in published.placements})
    lost = set(Random(seed).sample(used, round(len(used) * share)))
    return replace(
        problem,
        slots=tuple(slot for slot in problem.slots if slot.id not in lost),
        locked=tuple(pair for pair in problem.locked if pair.slot not in lost),
        published=tuple(Pair(item.group, item.slot) for item in published.placements),
    )


def _table(damaged: Problem, seconds: float) -> Iterator[str]:
    """Solve, and tell when each level that matters was done."""
    ended: dict[str, float] = {}

    def note(progress: Progress) -> None:
        ended[progress.level] = progress.seconds

    began = time.process_time()
    result = solve(damaged, seconds=seconds, progress=note)
    yield f"--seconds {seconds:g}: {result.seconds:.1f} s, {time.process_time() - began:.1f} CPU seconds"
    for item in result.objectives:
        value = item.value if item.best is None else item.best
        yield f"{item.name:<20} {ended[item.name]:>7.1f} s {value:>14.6g}  bound {item.bound:.6g}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.repair", description=__doc__)
    parser.add_argument("--schools", type=int, default=225)
    parser.add_argument("--groups", type=int, default=730)
    parser.add_argument("--slots", type=int, default=900)
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="seeds of problem and loss")
    parser.add_argument("--share", type=float, default=0.05, help="share of the slots in use that is lost")
    parser.add_argument("--first", type=float, default=30.0, help="seconds of the published solve")
    parser.add_argument("--seconds", type=float, default=3.0, help="seconds of the repair")
    parser.add_argument("--full", type=float, default=60.0, help="seconds of the full solve beside it")
    return parser


if __name__ == "__main__":
    main()

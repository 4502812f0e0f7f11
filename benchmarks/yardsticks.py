"""Holds the engine against three simpler ways to allocate: ``python -m benchmarks.yardsticks --seeds 1-20``.

Regions of different seeds, each allocated by the engine and by every yardstick. The last lines say on how
many seeds a yardstick did better by the guarantee. Schools below one come first: who leaves more schools with
nothing may well have fewer below two, and such seeds are named too.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.allocation import measure as solve_apart
from benchmarks.generate import Size, generate_problem
from matchmaker.allocation.measures import Measures, measure
from matchmaker.allocation.problem import Problem, Result
from matchmaker.allocation.solve import Progress, solve
from matchmaker.allocation.yardsticks import YARDSTICKS, run_yardstick

ENGINE = "engine"
_NAMES = (ENGINE, *YARDSTICKS)


@dataclass(frozen=True)
class Allocated:
    """One way to allocate one problem: its figures and its seconds, of processor (of the engine: wall)."""

    figures: Measures
    seconds: float


def main() -> None:
    """Allocate every problem in every way and print the tables."""
    options = _parser().parse_args()
    size = Size(options.schools, options.groups, options.slots, supply=options.supply)
    by_name: dict[str, list[Allocated]] = defaultdict(list)
    print(_head(), flush=True)
    for seed in options.seeds:
        row = allocate(generate_problem(size, seed), seed, options)
        for name, item in row.items():
            by_name[name].append(item)
        print(_line(seed, row), flush=True)
    for line in (*_means(by_name), *verdict(options.seeds, by_name)):
        print(line)


def allocate(problem: Problem, seed: int, options: argparse.Namespace) -> dict[str, Allocated]:
    """Allocate one problem in every way."""
    if options.guarantee_only:
        result = solve_guarantee(problem, options.seconds)
    else:
        result = solve_apart(problem, options.seconds).result
    row = {ENGINE: Allocated(measure(problem, result.placements), result.seconds)}
    for name in YARDSTICKS:
        began = time.process_time()
        placements = run_yardstick(problem, name, seed=seed)
        row[name] = Allocated(measure(problem, placements), time.process_time() - began)
    return row


def solve_guarantee(problem: Problem, seconds: float) -> Result:
    """Let the engine stop when the levels of the guarantee are done."""
    is_done = False

    def watch(progress: Progress) -> None:
        nonlocal is_done
        is_done |= not progress.level.startswith("schools_below")

    return solve(problem, seconds=seconds, progress=watch, should_stop=lambda: is_done)


def verdict(seeds: list[int], by_name: dict[str, list[Allocated]]) -> Iterator[str]:
    """Return the sentences about the guarantee: in the order of its levels, and each level by itself."""
    worse: list[int] = []
    traded: list[int] = []
    for place, seed in enumerate(seeds):
        own = by_name[ENGINE][place].figures.schools_below
        others = [by_name[name][place].figures.schools_below for name in YARDSTICKS]
        if any(other < own for other in others):
            worse.append(seed)
        elif any(theirs < ours for other in others for theirs, ours in zip(other, own, strict=True)):
            traded.append(seed)
    count = len(seeds)
    yield f"a yardstick had fewer below 2 for more below 1 on {len(traded)} of {count} seeds{_named(traded)}"
    yield f"the engine was worse in below 1, then below 2, on {len(worse)} of {count} seeds{_named(worse)}"


def _named(seeds: list[int]) -> str:
    return f": {', '.join(map(str, seeds))}" if seeds else ""


def _head() -> str:
    return f"{'schools below 1/2':<18}" + "".join(f"{name:>21}" for name in _NAMES)


def _line(seed: int, row: dict[str, Allocated]) -> str:
    cells = ("/".join(map(str, row[name].figures.schools_below)) for name in _NAMES)
    return f"{f'seed {seed}':<18}" + "".join(f"{cell:>21}" for cell in cells)


def _means(by_name: dict[str, list[Allocated]]) -> Iterator[str]:
    heads = (
        "below 1",
        "below 2",
        "worst-off 5 %",
        "first wishes",
        "groups placed",
        "km",
        "fairness",
        "seconds",
    )
    yield ""
    yield f"{'mean':<21}" + "".join(f"{head:>15}" for head in heads)
    for name, items in by_name.items():
        figures = [item.figures for item in items]
        below = [_mean(item.schools_below[k] for item in figures) for k in range(2)]
        cells = [f"{value:.2f}" for value in below]
        cells += [f"{_mean(item.worst_off for item in figures):.3f}"]
        cells += [f"{_mean(item.first_wishes for item in figures):.1f}"]
        cells += [f"{_mean(item.groups_placed for item in figures):.1f}"]
        cells += [f"{_mean(item.kilometres for item in figures):.0f}"]
        cells += [f"{_mean(item.fairness for item in figures):.3f}", f"{_mean(i.seconds for i in items):.2f}"]
        yield f"{name:<21}" + "".join(f"{cell:>15}" for cell in cells)
    yield ""


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def parse_seeds(text: str) -> list[int]:
    """Return the seeds of ``1-20`` or ``3,5,8``."""
    first, dash, last = text.partition("-")
    return list(range(int(first), int(last) + 1)) if dash else [int(part) for part in text.split(",")]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.yardsticks", description=__doc__)
    parser.add_argument("--schools", type=int, default=225)
    parser.add_argument("--groups", type=int, default=730)
    parser.add_argument("--slots", type=int, default=900)
    parser.add_argument("--supply", type=float, default=1.0, help="share of the slots")
    parser.add_argument(
        "--seeds", type=parse_seeds, default=parse_seeds("1-20"), help="such as 1-20 or 3,5,8"
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="wall time of one solve")
    parser.add_argument(
        "--guarantee-only",
        action="store_true",
        help="stop the engine before wishes count: its other figures are low",
    )
    return parser


if __name__ == "__main__":
    main()

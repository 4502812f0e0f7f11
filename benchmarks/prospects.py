"""Says how often wishes of each step came true: ``python -m benchmarks.prospects --seeds 11-14``.

Prospects are found before, the engine decides after; a step is worth its name when the share of its wishes
that are granted lies clearly above that of the step before.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from benchmarks.allocation import measure as solve_apart
from benchmarks.generate import Size, generate_problem
from benchmarks.yardsticks import parse_seeds
from matchmaker.allocation.measures import participations_by_school
from matchmaker.allocation.problem import Problem, Result
from matchmaker.allocation.prospects import Prospects, find_prospects

_STEPS = range(6)


@dataclass
class Tally:
    """Per step: how many there were and how many came true; seconds of processor; proven bounds that met."""

    wishes: Counter[int] = field(default_factory=Counter)
    granted: Counter[int] = field(default_factory=Counter)
    schools: Counter[int] = field(default_factory=Counter)
    reached: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    bounds: list[str] = field(default_factory=list)

    def add(self, problem: Problem, prospects: Prospects, result: Result) -> None:
        """Count one problem."""
        got = {(item.group, item.rank) for item in result.placements}
        for wish in prospects.wishes:
            self.wishes[wish.step] += 1
            self.granted[wish.step] += (wish.group, wish.rank) in got
        participations = participations_by_school(problem, result.placements)
        for school in prospects.schools:
            self.schools[school.step] += 1
            self.reached[school.step] += participations[school.school] >= school.guarantee
        found = "/".join(str(round(o.value)) for o in result.objectives if o.name.startswith("schools_below"))
        self.bounds.append(f"{'/'.join(map(str, prospects.least_below))} of {found}")


def main() -> None:
    """Look ahead, solve, and hold both against each other."""
    options = _parser().parse_args()
    tally = Tally()
    for supply in options.supply:
        for seed in options.seeds:
            problem = generate_problem(Size(supply=supply), seed)
            began = time.process_time()
            prospects = find_prospects(problem)
            tally.seconds.append(time.process_time() - began)
            tally.add(problem, prospects, solve_apart(problem, options.seconds).result)
            line = f"supply {supply:g}, seed {seed}: {tally.seconds[-1]:.2f} s of processor"
            print(f"{line}, proven below {tally.bounds[-1]}", flush=True)
    for line in _table(tally):
        print(line)


def _table(tally: Tally) -> Iterator[str]:
    yield f"{'step':>4} {'wishes':>8} {'granted':>9} {'schools':>9} {'reached':>9}"
    for step in _STEPS:
        granted = _share(tally.granted[step], tally.wishes[step])
        reached = _share(tally.reached[step], tally.schools[step])
        yield f"{step:>4} {tally.wishes[step]:>8} {granted:>9} {tally.schools[step]:>9} {reached:>9}"
    shares = [tally.granted[step] / max(1, tally.wishes[step]) for step in _STEPS if tally.wishes[step]]
    rises = all(higher > lower for lower, higher in pairwise(shares))
    yield f"steps {'rise' if rises else 'DO NOT RISE'}; at most {max(tally.seconds):.2f} s of processor"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prospects", description=__doc__)
    parser.add_argument(
        "--seeds", type=parse_seeds, default=parse_seeds("11-13"), help="such as 1-3 or 3,5,8"
    )
    parser.add_argument("--supply", type=float, nargs="+", default=[1.0, 0.6], help="share of the slots")
    parser.add_argument("--seconds", type=float, default=40.0, help="wall time of one solve")
    return parser


if __name__ == "__main__":
    main()

"""Prints how solving grows from a region to the country: ``python -m benchmarks.scale --size province``.

Every problem is solved in a process of its own. ``schools above`` says how many schools more than proven
are below a guarantee, as a share of all schools. With several sizes the growth exponent of the time until
each level has ended against the number of pairs is fitted.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.allocation import Measured, measure
from benchmarks.generate import SIZES, generate_problem
from matchmaker.allocation.candidates import build_candidates
from matchmaker.allocation.instance import Instance

SECONDS = {
    "region": 60.0,
    "half-province": 200.0,
    "province": 300.0,
    "quarter-nation": 400.0,
    "nation": 900.0,
}


def main() -> None:
    """Solve the sizes of the options and print a table for each."""
    options = _parser().parse_args()
    points: list[tuple[int, dict[str, float]]] = []
    for name in options.size:
        problem = generate_problem(replace(SIZES[name], supply=options.supply), options.seed)
        pairs = len(build_candidates(Instance(problem)))
        schools = len(problem.schools)
        size = f"{schools} schools, {len(problem.groups)} groups, {len(problem.slots)} slots"
        _show(f"\n{name}: {size}, {pairs} pairs")
        measured = measure(problem, options.seconds or SECONDS[name])
        for line in _table(measured, schools):
            _show(line)
        points.append((pairs, measured.ended))
    if len({pairs for pairs, _ in points}) > 1:
        _show("\ntime until a level has ended grows with pairs to the power")
        for level, power in _exponents(points):
            _show(f"{level:<18} {power:>8.2f}")


def _show(line: str) -> None:
    print(line, flush=True)


def _table(measured: Measured, schools: int) -> Iterator[str]:
    yield f"{'level':<18} {'until s':>8} {'value':>14} {'bound':>14} {'gap':>9} {'schools above':>14}"
    for item in measured.result.objectives:
        value = item.value if item.best is None else item.best
        gap = abs(value - item.bound) / max(1e-9, abs(item.bound))
        above = f"{(value - item.bound) / schools:.2%}" if item.name.startswith("schools") else ""
        end = measured.ended[item.name]
        yield f"{item.name:<18} {end:>8.1f} {value:>14.3f} {item.bound:>14.3f} {gap:>9.3%} {above:>14}"
    load = measured.load
    yield (
        f"{measured.result.status}, {len(measured.result.placements)} placements, "
        f"{measured.result.seconds:.1f} s, peak {measured.peak_mb:.0f} MB, load {load[0]:.1f} → {load[1]:.1f}"
    )


def _exponents(points: list[tuple[int, dict[str, float]]]) -> Iterator[tuple[str, float]]:
    """Yield for each level the slope of a straight line through the points on logarithmic scales."""
    pairs = np.log(np.array([pairs for pairs, _ in points], dtype=np.float64))
    for level in points[0][1]:
        seconds = [ended[level] for _, ended in points if level in ended]
        if len(seconds) == len(points):
            yield level, float(np.polyfit(pairs, np.log(seconds), 1)[0])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--size", choices=sorted(SIZES), nargs="+", default=["region", "province"])
    parser.add_argument("--supply", type=float, default=1.0, help="share of the slots")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=None, help="wall time of one solve")
    return parser


if __name__ == "__main__":
    main()

"""Finds the best value of one objective level, with a proof as far as the time goes.

A small model goes to the solver as a whole. A large one goes a shorter way:

1. its linear relaxation is solved by column generation: candidates are priced with the dual values and only
   those that could help are added; the dual values prove a bound at every step (Dantzig and Wolfe 1960,
   doi:10.1287/opre.8.1.101; Lübbecke and Desrosiers 2005, doi:10.1287/opre.1050.0234);
2. the integer program restricted to the relaxation's support, the incumbent and the cheapest candidates of
   every group gives a good solution;
3. candidates whose reduced cost shows that no better solution holds them are left out for good, and the
   integer program over the rest improves and proves (reduced-cost fixing; Crowder, Johnson and Padberg 1983,
   doi:10.1287/opre.31.5.803).
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from matchmaker.allocation.model import Fixed, Model
from matchmaker.allocation.objectives import Level
from matchmaker.allocation.solver import (
    ColumnProgram,
    Floats,
    Ints,
    Limits,
    LinearModel,
    Outcome,
    dual_bound,
    solve_mip,
)

_WHOLE_SIZE = 4_000
_FIRST_COLUMNS = 6
_PRICED_COLUMNS = 6
_CHEAPEST_COLUMNS = 4
_ROUNDS = 200
_PRICE_TOLERANCE = 1e-7
_ROUNDING = 1e-6
_KEPT_WITHIN = 5e-7


@dataclass(frozen=True)
class Found:
    """What a level reached: placements, value and proven bound, both as they are minimised."""

    chosen: Floats
    value: float
    bound: float

    def is_proven(self, level: Level) -> bool:
        """Return whether nothing better is left."""
        return self.value - self.bound <= level.tolerance


@dataclass
class Work:
    """Simplex iterations that are left to spend.

    Work, unlike time, is the same on every machine: a level that ends because its work is done ends with the
    same placements wherever it is solved.
    """

    left: int

    def spend(self, iterations: int) -> None:
        """Take off what was done; something is always left for the next solve."""
        self.left = max(1, self.left - iterations)


@dataclass(frozen=True)
class Clock:
    """The time and work of one level, and who may end it earlier."""

    deadline: float
    seed: int
    work: Work
    should_stop: Callable[[], bool] | None = None
    on_incumbent: Callable[[float, float], None] | None = None

    def left(self, share: float = 1.0) -> float:
        """Return a share of the seconds that are left."""
        if self.should_stop is not None and self.should_stop():
            return 0.0
        return max(0.0, self.deadline - time.monotonic()) * share


class SolveTimeoutError(RuntimeError):
    """The time was over before it was known whether the locked placements can stand together."""


def search_start(model: Model, limits: Limits) -> Floats | None:
    """Let the solver find placements that keep the locked ones; None when there are none.

    Raises
    ------
    SolveTimeoutError
        When the limits end the search before it is known.
    """
    level = replace(model.levels[-1], cost=np.zeros(len(model.lower)), with_wishes=False)
    outcome = solve_mip(model.program(level, []), limits)
    if outcome.infeasible:
        return None
    if outcome.values is None:
        raise SolveTimeoutError("it is not known yet whether the locked placements can stand together")
    return np.asarray(np.round(outcome.values[: model.placement_count]), dtype=np.float64)


def trivial_bound(model: Model, level: Level, fixed: list[Fixed]) -> float:
    """Return a bound that needs no solving."""
    program = model.program(level, fixed)
    relaxed = dual_bound(program, np.zeros(len(program.row_lower)))[0]
    return _rounded(level, max(relaxed, level.least))


def search_level(model: Model, level: Level, fixed: list[Fixed], chosen: Floats, clock: Clock) -> Found:
    """Improve placements on one level.

    Parameters
    ----------
    model
        The problem.
    level
        What is minimised.
    fixed
        Earlier levels that keep their values.
    chosen
        Feasible placements to start from, 1 per candidate placed.
    clock
        How long it may take.

    Returns
    -------
    Found
        Placements at least as good as those to start from, and a bound that holds for all placements that
        keep the earlier values.
    """
    search = _Search(model, level, fixed, clock)
    start = search.found(chosen, trivial_bound(model, level, fixed))
    if start.is_proven(level):
        return start
    if len(search.program.cost) <= _WHOLE_SIZE:
        return search.whole(start)
    return search.by_columns(start)


class _Search:
    """One level of one model."""

    def __init__(self, model: Model, level: Level, fixed: list[Fixed], clock: Clock) -> None:
        self.model = model
        self.level = level
        self.clock = clock
        self.fixed = fixed
        plain = model.program(level, fixed)
        self.program = replace(plain, cost=plain.cost + level.guide[: len(plain.cost)])

    def true_bound(self, bound: float) -> float:
        """Return what a bound on the guided cost says about the level itself."""
        return _rounded(self.level, bound - self.level.most_guide)

    def true_value(self, guided: float) -> float:
        """Return the value of the level that belongs to a guided cost."""
        if not self.level.most_guide:
            return guided
        return math.floor(guided - self.level.offset + _ROUNDING) + self.level.offset

    def limits(self, share: float = 1.0) -> Limits:
        """Return the limits of a solve that may take a share of the time that is left."""
        return Limits(
            seconds=self.clock.left(share),
            gap=self.level.gap,
            seed=self.clock.seed,
            iterations=max(1, round(self.clock.work.left * share)),
            should_stop=self.clock.should_stop,
            on_incumbent=self._report,
        )

    def _spend(self, outcome: Outcome) -> Outcome:
        self.clock.work.spend(outcome.iterations)
        return outcome

    def _report(self, guided: float, bound: float) -> None:
        if self.clock.on_incumbent is not None:
            self.clock.on_incumbent(self.true_value(guided), self.true_bound(bound))

    def guided(self, found: Found) -> float:
        """Return the guided cost of placements: the level, then what its guide prefers."""
        return float(self.program.cost @ self.complete(found.chosen) + self.program.offset)

    def complete(self, chosen: Floats) -> Floats:
        """Return a complete solution of the program."""
        return self.model.complete(chosen)[: len(self.program.cost)]

    def found(self, chosen: Floats, bound: float) -> Found:
        """Return placements with their value; a bound never claims more than the value shows."""
        value = float(self.level.cost @ self.model.complete(chosen) + self.level.offset)
        return Found(chosen, value, min(bound, value))

    def better(self, found: Found, values: Floats | None, bound: float) -> Found:
        """Return the better of what was found and a new solution, with the better of two bounds."""
        bound = max(found.bound, self.true_bound(bound))
        if values is None:
            return self.found(found.chosen, bound)
        chosen = np.round(values[: self.model.placement_count])
        completed = self.model.complete(chosen)
        keeps = all(float(item.cost @ completed) <= item.limit + _KEPT_WITHIN for item in self.fixed)
        new = self.found(chosen, bound)
        return new if keeps and self.guided(new) < self.guided(found) else self.found(found.chosen, bound)

    def whole(self, start: Found) -> Found:
        """Solve the whole integer program."""
        outcome = self._spend(solve_mip(self.program, self.limits(), self.complete(start.chosen)))
        return self.better(start, outcome.values, outcome.bound)

    def by_columns(self, start: Found) -> Found:
        """Relax, restrict, fix by reduced cost, and solve what is left."""
        relaxed = self._relax(start)
        found = self.better(start, None, relaxed.bound)
        if self._is_done(found, relaxed) or not self.clock.left():
            return found
        few = self._few_columns(found, relaxed)
        found = self.better(found, self._restricted(found, few, share=0.5).values, -np.inf)
        if self._is_done(found, relaxed):
            return found
        rest = self._columns_that_can_help(found, relaxed)
        outcome = self._restricted(found, rest, share=1.0)
        return self.better(found, outcome.values, max(relaxed.bound, min(outcome.bound, self.guided(found))))

    def _is_done(self, found: Found, relaxed: "_Relaxed") -> bool:
        """Return whether neither the level nor its guide has anything left to win."""
        if not self.level.most_guide:
            return found.is_proven(self.level)
        return self.guided(found) - relaxed.bound <= self.level.gap

    def _placement_columns(self, columns: Ints) -> Ints:
        """Return some placement columns with all other columns, sorted."""
        others = np.arange(self.model.placement_count, len(self.program.cost))
        locked = np.flatnonzero(self.program.lower[: self.model.placement_count] > 0.5)
        return np.unique(np.concatenate([columns, locked, others]))

    def _relax(self, start: Found) -> "_Relaxed":
        """Solve the linear relaxation by column generation, as far as the time goes."""
        count = self.model.placement_count
        first = np.concatenate(
            [np.flatnonzero(start.chosen > 0.5), self._cheapest(self._attraction(), _FIRST_COLUMNS)]
        )
        best = _Relaxed(-math.inf, self.program.cost[:count], np.zeros(count))
        end = time.monotonic() + self.clock.left(share=0.5)
        with ColumnProgram(self.program, self._placement_columns(first), self.limits()) as lp:
            for _ in range(_ROUNDS):
                outcome = self._spend(lp.run(end - time.monotonic()))
                best = self._priced(best, lp.columns, outcome)
                missing = self._worth_adding(outcome, lp.columns)
                proven = self._is_done(self.better(start, None, best.bound), best)
                if proven or not outcome.optimal or not len(missing) or self._is_spent(end):
                    break
                lp.add(missing)
        return best

    def _is_spent(self, end: float) -> bool:
        """Return whether time or work is over."""
        return time.monotonic() > end or self.clock.work.left <= 1

    def _attraction(self) -> Floats:
        """Return by candidate what makes it likely to be used: little cost, then many points, then few km."""
        candidates = self.model.candidates
        return (
            self.program.cost[: self.model.placement_count] - candidates.points * 1e-3 + candidates.km * 1e-6
        )

    def _cheapest(self, price: Floats, count: int) -> Ints:
        """Return the ``count`` cheapest candidates of every group."""
        group = self.model.candidates.group
        order = np.lexsort((np.arange(len(price)), price, group))
        first = np.searchsorted(group[order], group[order])
        return order[np.arange(len(order)) - first < count]

    def _priced(self, best: "_Relaxed", columns: Ints, outcome: Outcome) -> "_Relaxed":
        """Return the better of two proofs; the support is always the newest."""
        bound, reduced = dual_bound(self.program, outcome.duals)
        count = self.model.placement_count
        support = best.support
        if outcome.values is not None and outcome.optimal:
            support = np.zeros(len(self.program.cost))
            support[columns] = outcome.values
            support = support[:count]
        if bound < best.bound:
            return _Relaxed(best.bound, best.reduced, support)
        return _Relaxed(bound, reduced[:count], support)

    def _worth_adding(self, outcome: Outcome, present: Ints) -> Ints:
        """Return missing candidates that could lower the cost, the best few of every group."""
        reduced = dual_bound(self.program, outcome.duals)[1][: self.model.placement_count].copy()
        reduced[present[present < len(reduced)]] = 0.0
        best = self._cheapest(reduced, _PRICED_COLUMNS)
        return best[reduced[best] < -_PRICE_TOLERANCE]

    def _few_columns(self, found: Found, relaxed: "_Relaxed") -> Ints:
        return self._placement_columns(
            np.concatenate(
                [
                    np.flatnonzero(found.chosen > 0.5),
                    np.flatnonzero(relaxed.support > 1e-7),
                    self._cheapest(relaxed.reduced, _CHEAPEST_COLUMNS),
                ]
            )
        )

    def _columns_that_can_help(self, found: Found, relaxed: "_Relaxed") -> Ints:
        """Return the candidates that a better solution could hold, and those of the incumbent."""
        must_beat = self.guided(found) - self.level.gap
        can_help = relaxed.bound + np.maximum(0.0, relaxed.reduced) <= must_beat
        return self._placement_columns(np.flatnonzero(can_help | (found.chosen > 0.5)))

    def _restricted(self, found: Found, columns: Ints, *, share: float) -> Outcome:
        """Solve the integer program over some columns; its values are spread over all columns."""
        program: LinearModel = self.program.only(columns)
        start = self.complete(found.chosen)[columns]
        outcome = self._spend(solve_mip(program, self.limits(share), start))
        if outcome.values is None:
            return outcome
        values = np.zeros(len(self.program.cost))
        values[columns] = outcome.values
        return Outcome(outcome.optimal, outcome.infeasible, values, outcome.bound)


@dataclass(frozen=True)
class _Relaxed:
    """A linear relaxation: bound, reduced costs that belong to it, and the support of the solution."""

    bound: float
    reduced: Floats
    support: Floats


def _rounded(level: Level, bound: float) -> float:
    """Return a bound rounded up to the next value that a level can have."""
    if not level.step or not math.isfinite(bound):
        return bound
    whole = math.ceil((bound - level.offset) / level.step - _ROUNDING)
    return whole * level.step + level.offset

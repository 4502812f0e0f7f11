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
_MIDDLE_COLUMNS = 12_000
_MOST_COLUMNS = 25_000
"""Placements of the largest program: what is beyond takes memory and wins less than a school could notice."""
_WORK_FOR_ALL = 48_000
"""Work from which on all placements are tried nevertheless, for the sake of the proof."""
_ROUNDS = 200
_PRICE_TOLERANCE = 1e-7
_ROUNDING = 1e-6
_KEPT_WITHIN = 5e-7
_NOISE = 1e-9
_LOADING = 0.04
"""Work per column of reading and presolving a mixed-integer program."""
_RELAXED_ITERATION = 0.08
"""Work of a simplex iteration of a linear relaxation with few columns."""
_SOLVER_KEEPS_WITHIN = 1e-5


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
    """What is left to spend: weighed simplex iterations, of which a core does some thousand a second.

    Work, unlike time, is the same on every machine: a level that ends because its work is done ends with the
    same placements wherever it is solved. ``cut_by_time`` tells afterwards that the clock or a request to
    stop ended something before its proof or its work was done, so that it can end elsewhere next time.
    """

    left: float
    cut_by_time: bool = False

    def spend(self, work: float) -> None:
        """Take off what was done; something is always left for the next solve."""
        self.left = max(1.0, self.left - work)


@dataclass(frozen=True)
class Clock:
    """The time and work of one level, and who may end it earlier or wants to hear of it."""

    deadline: float
    seed: int
    work: Work
    should_stop: Callable[[], bool] | None = None
    on_incumbent: Callable[[float, float], None] | None = None
    on_wait: Callable[[], None] | None = None

    def left(self, share: float = 1.0) -> float:
        """Return a share of the seconds that are left."""
        if self.should_stop is not None and self.should_stop():
            return 0.0
        return max(0.0, self.deadline - time.monotonic()) * share

    def is_over(self) -> bool:
        """Return whether the time is over, and remember that it cut something off."""
        over = self.left() <= 0.0
        self.work.cut_by_time |= over
        return over


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
    plain = model.program(level, fixed)
    columns = len(plain.cost)
    value = float(level.cost[:columns] @ model.complete(chosen)[:columns] + level.offset)
    certain = trivial_bound(model, level, fixed)
    if value - certain <= level.tolerance:
        return Found(chosen, value, min(certain, value))
    candidates = model.candidates
    task = Task(
        program=replace(plain, cost=plain.cost + level.guide[:columns]),
        placements=model.placement_count,
        group=candidates.group,
        appeal=candidates.km * 1e-6 - candidates.points * 1e-3,
        level=level,
        start=model.complete(chosen)[:columns],
        complete=lambda placed: model.complete(placed)[:columns],
    )
    solved = search_task(task, clock)
    value = float(level.cost[:columns] @ solved.values + level.offset)
    bound = max(certain, true_bound(level, solved.bound))
    return Found(solved.values[: model.placement_count], value, min(bound, value))


def true_bound(level: Level, bound: float) -> float:
    """Return what a bound on the guided cost says about the level itself."""
    return _rounded(level, bound - level.most_guide)


@dataclass(frozen=True)
class Task:
    """One level of a model, or of a part of one.

    Attributes
    ----------
    program
        What is minimised: the level's cost with its guide.
    placements
        How many columns, the first ones, stand for a placement.
    group
        The group of each placement; the search takes up the most promising placements group by group.
    appeal
        What decides between placements of equal cost at first: the lowest goes first.
    level
        Step, gap, tolerance, offset and guide of the level; its cost vectors are not looked at.
    start
        A complete feasible solution.
    complete
        Makes a complete solution of placements; without it the solver's own values are taken for the other
        columns.
    """

    program: LinearModel
    placements: int
    group: Ints
    appeal: Floats
    level: Level
    start: Floats
    complete: Callable[[Floats], Floats] | None = None

    def cost_of(self, values: Floats) -> float:
        """Return the guided cost of a complete solution."""
        return float(self.program.cost @ values + self.program.offset)

    def completed(self, values: Floats) -> Floats:
        """Return a solution of the solver with whole placements and the other columns that go with them."""
        placed = np.round(values[: self.placements])
        if self.complete is not None:
            return self.complete(placed)
        return np.concatenate([placed, values[self.placements :]])

    def holds(self, values: Floats) -> bool:
        """Return whether a complete solution keeps every row."""
        within = _KEPT_WITHIN if self.complete is not None else _SOLVER_KEEPS_WITHIN
        activity = self.program.matrix @ values
        return bool(
            np.all(activity <= self.program.row_upper + within)
            and np.all(activity >= self.program.row_lower - within)
        )


@dataclass(frozen=True)
class Solved:
    """How a task ended.

    Attributes
    ----------
    values
        A complete solution, at least as good as the one to start from.
    cost, bound
        Its guided cost, and a lower bound on the guided cost of every solution of the task.
    proven
        Whether neither the level nor its guide has anything left to win.
    """

    values: Floats
    cost: float
    bound: float
    proven: bool


def search_task(task: Task, clock: Clock) -> Solved:
    """Improve a solution of a task as far as the clock allows.

    Several tasks may be searched at once in different threads, each with a clock of its own: nothing is
    shared, and the solver runs outside the interpreter's lock.
    """
    return _Search(task, clock).solve()


def relax_task(task: Task, clock: Clock) -> "Relaxed":
    """Solve the linear relaxation of a task as far as the clock allows, whatever the start costs."""
    level = replace(task.level, step=0.0, tolerance=-math.inf, most_guide=0.0)
    return _Search(replace(task, level=level), clock).relax()


@dataclass(frozen=True)
class Relaxed:
    """A linear relaxation.

    Attributes
    ----------
    bound
        A lower bound on the guided cost.
    reduced, duals
        The reduced costs of the placements and the dual values of the rows that belong to the bound.
    support
        The placements in the newest solution.
    """

    bound: float
    reduced: Floats
    support: Floats
    duals: Floats


class _Search:
    """One search of one task; costs and bounds are those of the guided cost."""

    def __init__(self, task: Task, clock: Clock) -> None:
        self.task = task
        self.program = task.program
        self.level = task.level
        self.clock = clock
        self.values = task.start
        self.cost = task.cost_of(task.start)
        zero = np.zeros(len(task.program.row_lower))
        self.bound = self.sharp(max(dual_bound(task.program, zero)[0], task.level.least))

    def solve(self) -> Solved:
        """Search, and return the best solution with its proof."""
        if not self.is_done():
            if len(self.program.cost) <= _WHOLE_SIZE:
                self.whole()
            else:
                self.by_columns()
        return Solved(self.values, self.cost, min(self.bound, self.cost), self.is_done())

    def sharp(self, bound: float) -> float:
        """Return a bound rounded up to the next possible cost, which a guide blurs."""
        return bound if self.level.most_guide else _rounded(self.level, bound)

    def true_value(self, guided: float) -> float:
        """Return the value of the level that belongs to a guided cost."""
        if not self.level.most_guide:
            return guided
        return math.floor(guided - self.level.offset + _ROUNDING) + self.level.offset

    def limits(self, share: float, iterations: int) -> Limits:
        """Return the limits of a solve that may take a share of the time that is left."""
        return Limits(
            seconds=self.clock.left(share),
            gap=self.level.gap,
            seed=self.clock.seed,
            iterations=iterations,
            should_stop=self.clock.should_stop,
            on_incumbent=self._report,
            on_wait=self.clock.on_wait,
        )

    def _mixed(self, program: LinearModel, start: Floats, share: float) -> Outcome:
        """Solve a mixed-integer program with a share of the time and work that are left."""
        loading, each = _LOADING * len(program.cost), _mixed_iteration(len(program.cost))
        iterations = max(1, math.floor((self.clock.work.left * share - loading) / each))
        outcome = solve_mip(program, self.limits(share, iterations), start)
        self.clock.work.spend(loading + outcome.iterations * each)
        self.clock.work.cut_by_time |= outcome.cut_by_time
        return outcome

    def _report(self, guided: float, bound: float) -> None:
        if self.clock.on_incumbent is not None:
            self.clock.on_incumbent(self.true_value(guided), true_bound(self.level, bound))

    def is_done(self) -> bool:
        """Return whether neither the level nor its guide has anything left to win."""
        within = self.level.gap if self.level.most_guide else self.level.tolerance
        return self.cost - self.bound <= within + _NOISE

    def prove(self, bound: float) -> None:
        """Take note of a proven bound."""
        self.bound = max(self.bound, self.sharp(bound))

    def improve(self, values: Floats | None) -> None:
        """Take a solution of the solver when it is better and keeps every row."""
        if values is None:
            return
        completed = self.task.completed(values)
        cost = self.task.cost_of(completed)
        if cost < self.cost and self.task.holds(completed):
            self.values, self.cost = completed, cost

    def whole(self) -> None:
        """Solve the whole integer program."""
        outcome = self._mixed(self.program, self.values, share=1.0)
        self.improve(outcome.values)
        self.prove(outcome.bound)

    def by_columns(self) -> None:
        """Relax, restrict, fix by reduced cost, and solve what is left."""
        relaxed = self.relax()
        self.prove(relaxed.bound)
        if self.is_done() or self.clock.is_over():
            return
        self.improve(self._restricted(self._few_columns(relaxed), share=0.5).values)
        patient = self.clock.work.left >= _WORK_FOR_ALL
        for most, share in (
            (_MIDDLE_COLUMNS, 0.5),
            (_MOST_COLUMNS, 0.5 if patient else 1.0),
            *([(self.task.placements, 1.0)] if patient else []),
        ):
            if self.is_done() or self.clock.is_over():
                return
            self._among_promising(relaxed, most, share)

    def _among_promising(self, relaxed: Relaxed, most: int, share: float) -> None:
        """Improve and prove among the placements that could be in a better solution, at most so many."""
        at_least = relaxed.bound + np.maximum(0.0, relaxed.reduced)
        can_help = np.flatnonzero(at_least <= self.cost - self.level.gap)
        next_is_enough = most < _MOST_COLUMNS and len(can_help) <= 2 * most
        was_tried = most > _MOST_COLUMNS >= len(can_help)
        if next_is_enough or was_tried:
            return
        can_help = can_help[np.argsort(at_least[can_help], kind="stable")]
        # What is left out cannot go below this, so the smaller of the two bounds them all.
        left_out = float(min([self.cost - self.level.gap, *at_least[can_help[most:]][:1]]))
        columns = self._placement_columns(np.union1d(can_help[:most], self._chosen()))
        outcome = self._restricted(columns, share=share)
        self.improve(outcome.values)
        self.prove(max(relaxed.bound, min(outcome.bound, left_out)))

    def _chosen(self) -> Ints:
        """Return the placements of the incumbent."""
        return np.flatnonzero(self.values[: self.task.placements] > 0.5)

    def _placement_columns(self, columns: Ints) -> Ints:
        """Return some placement columns with all other columns, sorted."""
        others = np.arange(self.task.placements, len(self.program.cost))
        locked = np.flatnonzero(self.program.lower[: self.task.placements] > 0.5)
        return np.unique(np.concatenate([columns, locked, others]))

    def relax(self) -> Relaxed:
        """Solve the linear relaxation by column generation, as far as the time goes."""
        count = self.task.placements
        attraction = self.program.cost[:count] + self.task.appeal
        first = np.concatenate([self._chosen(), self._cheapest(attraction, _FIRST_COLUMNS)])
        no_duals = np.zeros(len(self.program.row_lower))
        best = Relaxed(-math.inf, self.program.cost[:count], np.zeros(count), no_duals)
        end = time.monotonic() + self.clock.left(share=0.5)
        limits = self.limits(share=0.5, iterations=0)
        with ColumnProgram(self.program, self._placement_columns(first), limits) as lp:
            for _ in range(_ROUNDS):
                outcome = lp.run(end - time.monotonic())
                self.clock.work.spend(outcome.iterations * _RELAXED_ITERATION)
                self.clock.work.cut_by_time |= outcome.cut_by_time
                best = self._priced(best, lp.columns, outcome)
                self.prove(best.bound)
                missing = self._worth_adding(outcome, lp.columns)
                if self.is_done() or not outcome.optimal or not len(missing) or self._is_spent(end):
                    break
                lp.add(missing)
        return best

    def _is_spent(self, end: float) -> bool:
        """Return whether time or work is over."""
        late = time.monotonic() > end
        self.clock.work.cut_by_time |= late
        return late or self.clock.work.left <= 1

    def _cheapest(self, price: Floats, count: int) -> Ints:
        """Return the ``count`` cheapest placements of every group."""
        group = self.task.group
        order = np.lexsort((np.arange(len(price)), price, group))
        first = np.searchsorted(group[order], group[order])
        return order[np.arange(len(order)) - first < count]

    def _priced(self, best: Relaxed, columns: Ints, outcome: Outcome) -> Relaxed:
        """Return the better of two proofs; the support is always the newest."""
        bound, reduced = dual_bound(self.program, outcome.duals)
        count = self.task.placements
        support = best.support
        if outcome.values is not None and outcome.optimal:
            support = np.zeros(len(self.program.cost))
            support[columns] = outcome.values
            support = support[:count]
        if bound < best.bound:
            return replace(best, support=support)
        return Relaxed(bound, reduced[:count], support, outcome.duals)

    def _worth_adding(self, outcome: Outcome, present: Ints) -> Ints:
        """Return missing placements that could lower the cost, the best few of every group."""
        reduced = dual_bound(self.program, outcome.duals)[1][: self.task.placements].copy()
        reduced[present[present < len(reduced)]] = 0.0
        best = self._cheapest(reduced, _PRICED_COLUMNS)
        return best[reduced[best] < -_PRICE_TOLERANCE]

    def _few_columns(self, relaxed: Relaxed) -> Ints:
        support = np.flatnonzero(relaxed.support > 1e-7)
        cheapest = self._cheapest(relaxed.reduced, _CHEAPEST_COLUMNS)
        return self._placement_columns(np.concatenate([self._chosen(), support, cheapest]))

    def _restricted(self, columns: Ints, *, share: float) -> Outcome:
        """Solve the integer program over some columns; its values are spread over all columns."""
        program = self.program.only(columns)
        outcome = self._mixed(program, self.values[columns], share)
        if outcome.values is None:
            return outcome
        values = np.zeros(len(self.program.cost))
        values[columns] = outcome.values
        return replace(outcome, values=values)


def _mixed_iteration(columns: int) -> float:
    """Return the work of a simplex iteration of a mixed-integer program, cuts and heuristics included."""
    return 0.4 + columns / 200_000


def _rounded(level: Level, bound: float) -> float:
    """Return a bound rounded up to the next value that a level can have."""
    if not level.step or not math.isfinite(bound):
        return bound
    whole = math.ceil((bound - level.offset) / level.step - _ROUNDING)
    return whole * level.step + level.offset

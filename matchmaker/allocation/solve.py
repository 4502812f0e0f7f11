"""Solves an allocation problem: every objective level in its order, each with a proven bound."""

import time
from collections.abc import Callable

import numpy as np

from matchmaker import __version__
from matchmaker.allocation.candidates import build_candidates, find_positions
from matchmaker.allocation.checker import check
from matchmaker.allocation.constraints import drop_too_big
from matchmaker.allocation.greedy import Greedy
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.large import LARGE_SIZE, LevelSearch, level_search
from matchmaker.allocation.locked import list_locked_problems
from matchmaker.allocation.model import Fixed, Model, build_model
from matchmaker.allocation.objectives import Level
from matchmaker.allocation.problem import Objective, Placement, Problem, Result, Solver, problem_sha256
from matchmaker.allocation.progress import Progress, Reporter
from matchmaker.allocation.search import (
    Clock,
    Found,
    SolveTimeoutError,
    Work,
    search_start,
    trivial_bound,
)
from matchmaker.allocation.solver import Floats, Limits, solver_version

__all__ = ["Progress", "ResultRefusedError", "SolveTimeoutError", "solve"]

_SHARE_OF_WORK = {"fairness": 0.4, "wish_points": 0.5, "kilometres": 0.6, "lottery": 1.0}
_SHARE_OF_GUARANTEE = 0.4
_ITERATIONS_PER_SECOND = 1_000
"""Work that a second stands for: less than an idle machine does, so that the work ends before the time."""
_CHECKS = 1.5
"""Time kept for the last check, in times of the first one."""
_MORE_TIME = 1.3
_KEPT_OF_LARGE = ("fairness", "kilometres")
"""Levels after which a large result is checked and kept, beside the last one before fairness."""
_LEAST_SECONDS_FOR_A_START = 30.0
_ROW_SLACK = 1e-7


class ResultRefusedError(RuntimeError):
    """The checker refused what the engine made, which is a mistake in the engine.

    Attributes
    ----------
    violations
        What the checker found.
    """

    def __init__(self, violations: tuple[str, ...]) -> None:
        super().__init__("the checker refuses the result: " + "; ".join(violations[:10]))
        self.violations = violations


def solve(
    problem: Problem,
    *,
    seconds: float = 60.0,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    keep: Callable[[Result], None] | None = None,
) -> Result:
    """Allocate groups to slots.

    Parameters
    ----------
    problem
        A problem in the sense of the format, as :func:`~matchmaker.allocation.formats.read_problem` gives it.
    seconds
        Wall time after which the best answer so far is returned, everything included; it can take up to a
        second more, and always as long as the quick start and the check of its result take.
    seed
        Seed of the solver. Same problem, seconds, seed and version give the same placements when every level
        ends with its proof or its share of work, which an idle machine does before the time is over; a level
        that the time cuts off can end elsewhere next time, and then ``progress`` says ``cut_by_time``.
    progress
        Is told about the start, every better solution and the end of each level, and at least every second
        while a level is being solved.
    should_stop
        Is asked often; once true, the best answer so far is returned within two seconds.
    keep
        Is given every checked answer on the way, one after the start and one after each level.

    Returns
    -------
    Result
        Passed by the checker. Status ``invalid`` when a locked placement breaks a rule by itself,
        ``infeasible`` when the locked placements cannot stand together.

    Raises
    ------
    SolveTimeoutError
        When it is still unknown whether the locked placements can stand together.
    ResultRefusedError
        When the checker finds the engine wrong.
    """
    run = _Run(problem, seconds=seconds, seed=seed, progress=progress, should_stop=should_stop, keep=keep)
    if list_locked_problems(problem):
        return run.refuse("invalid")
    return run.solve()


class _Run:
    """One solve: its clock, its model and what was reached so far."""

    def __init__(
        self,
        problem: Problem,
        *,
        seconds: float,
        seed: int,
        progress: Callable[[Progress], None] | None,
        should_stop: Callable[[], bool] | None,
        keep: Callable[[Result], None] | None,
    ) -> None:
        self.began = time.monotonic()
        self.problem = problem
        self.seconds = seconds
        self.seed = seed
        self.reporter = Reporter(self.began, progress)
        self.deadline = self.began + seconds
        self.should_stop = should_stop
        self.keep = keep
        self.work = Work(max(1.0, seconds * _ITERATIONS_PER_SECOND))
        self.sha256 = problem_sha256(problem)

    def solve(self) -> Result:
        """Find a start and improve it level by level."""
        instance = Instance(self.problem)
        candidates = drop_too_big(instance, build_candidates(instance), self.problem.locked)
        locked, _ = find_positions(instance, candidates, self.problem.locked)
        published, gone = find_positions(instance, candidates, self.problem.published or ())
        greedy = Greedy(instance, candidates)
        model = build_model(instance, candidates, locked, published, gone)
        chosen = greedy.build(locked, published)
        if chosen is None:
            most = max(self.seconds, _LEAST_SECONDS_FOR_A_START)
            chosen = search_start(model, Limits(most, seed=self.seed, should_stop=self.should_stop))
        if chosen is None:
            return self.refuse("infeasible")
        return self._solve_levels(model, greedy, chosen)

    def _solve_levels(self, model: Model, greedy: Greedy, chosen: Floats) -> Result:
        fixed: list[Fixed] = []
        search = level_search(model)
        bounds = {level.name: trivial_bound(model, level, []) for level in model.levels}
        best: float | None = None
        self._keep_first(model, chosen, bounds)
        for index, level in enumerate(model.levels):
            if self._is_over():
                self._tell_the_rest(model, model.levels[index:], chosen, bounds)
                break
            if level.name == "fairness":
                chosen = self._extended(model, greedy, fixed, chosen)
            found = self._solve_level(model, search, fixed, chosen, index=index)
            chosen = found.chosen
            bounds[level.name] = found.bound
            if level.name == "fairness":
                best = level.stated(found.value)
            fixed.append(self._fix(level, found))
            if _is_kept(model, index):
                self._keep(model, chosen, bounds, best)
        return self._checked(self._result(model, chosen, bounds, best))

    def _is_over(self) -> bool:
        """Return whether the time is over or somebody asked to stop: then later levels stay as they are."""
        stopped = self.should_stop is not None and self.should_stop()
        return stopped or time.monotonic() >= self.deadline

    def _tell_the_rest(
        self, model: Model, levels: tuple[Level, ...], chosen: Floats, bounds: dict[str, float]
    ) -> None:
        """Tell what the levels are that got no time."""
        self.reporter.cut_by_time = True
        completed = model.complete(chosen)
        for level in levels:
            value = float(level.cost @ completed + level.offset)
            self.reporter.tell(level, value, min(bounds[level.name], value), 0.0)

    def _extended(self, model: Model, greedy: Greedy, fixed: list[Fixed], chosen: Floats) -> Floats:
        """Fill what room is left before wishes count, unless that costs an earlier level."""
        extended = greedy.extend(chosen)
        completed = model.complete(extended)
        keeps = all(float(item.cost @ completed) <= item.limit + _ROW_SLACK for item in fixed)
        return extended if keeps else chosen

    def _solve_level(
        self, model: Model, search: LevelSearch, fixed: list[Fixed], chosen: Floats, *, index: int
    ) -> Found:
        level = model.levels[index]
        count = len(model.levels)
        certain = trivial_bound(model, level, fixed)

        def report(value: float, bound: float, part: float) -> None:
            self.reporter.tell(level, value, max(bound, certain), (index + part) / count)

        value = float(level.cost @ model.complete(chosen) + level.offset)
        report(value, certain, 0.0)
        clock = self._clock(level, lambda value, bound: report(value, bound, 0.5))
        given = clock.work.left
        found = search(level, fixed, chosen, clock)
        self.work.spend(given - clock.work.left)
        self.reporter.cut_by_time |= clock.work.cut_by_time
        report(found.value, found.bound, 1.0)
        return found

    def _clock(self, level: Level, on_incumbent: Callable[[float, float], None]) -> Clock:
        """Return the time and work of a level: a share of what is left of both."""
        share = _SHARE_OF_WORK.get(level.name, _SHARE_OF_GUARANTEE)
        left = max(0.0, self.deadline - time.monotonic())
        return Clock(
            deadline=time.monotonic() + left * min(1.0, share * _MORE_TIME),
            seed=self.seed,
            should_stop=self.should_stop,
            on_incumbent=on_incumbent,
            on_wait=self.reporter.repeat,
            work=Work(max(1.0, self.work.left * share)),
        )

    def _fix(self, level: Level, found: Found) -> Fixed:
        """Return the row that keeps what a level found: never its bound, which may be out of reach."""
        value = found.value - level.offset
        if level.name == "fairness":
            given = self.problem.fairness_band * abs(found.value)
            return Fixed(level.cost, value + given + _ROW_SLACK)
        return Fixed(level.cost, value + (0.0 if level.step else _ROW_SLACK))

    def _keep_first(self, model: Model, chosen: Floats, bounds: dict[str, float]) -> None:
        """Check the quick start; that shows how much time has to be left for the last check."""
        began = time.monotonic()
        first = self._checked(self._result(model, chosen, bounds, None))
        self.deadline -= _CHECKS * (time.monotonic() - began)
        if self.keep is not None:
            self.keep(first)

    def _keep(self, model: Model, chosen: Floats, bounds: dict[str, float], best: float | None) -> None:
        if self.keep is not None:
            self.keep(self._checked(self._result(model, chosen, bounds, best)))

    def _result(self, model: Model, chosen: Floats, bounds: dict[str, float], best: float | None) -> Result:
        completed = model.complete(chosen)
        objectives = []
        proven = True
        for level in model.levels:
            value = float(level.cost @ completed + level.offset)
            reached = value
            if level.name == "fairness":
                best = max(level.stated(value), -np.inf if best is None else best)
                reached = level.stated(best)
            found = Found(chosen, reached, min(bounds[level.name], reached))
            proven &= found.is_proven(level)
            banded = level.name == "fairness" and self.problem.fairness_band > 0
            objectives.append(_objective(level, value, found, best if banded else None))
        return self._make("optimal" if proven else "feasible", _placements(model, chosen), tuple(objectives))

    def refuse(self, status: str) -> Result:
        """Return an answer without placements."""
        return self._checked(self._make(status, (), ()))

    def _make(
        self, status: str, placements: tuple[Placement, ...], objectives: tuple[Objective, ...]
    ) -> Result:
        return Result(
            problem_sha256=self.sha256,
            status=status,
            placements=placements,
            objectives=objectives,
            seed=self.seed,
            seconds=round(time.monotonic() - self.began, 3),
            version=__version__,
            solver=Solver("HiGHS", solver_version()),
        )

    def _checked(self, result: Result) -> Result:
        verdict = check(self.problem, result)
        if verdict.violations:
            raise ResultRefusedError(tuple(str(violation) for violation in verdict.violations))
        return result


def _is_kept(model: Model, index: int) -> bool:
    """Return whether the answer after a level is checked and kept: always, unless checks take their time."""
    following = model.levels[index + 1 : index + 2]
    ends_the_guarantee = any(level.name == "fairness" for level in following)
    small = model.placement_count <= LARGE_SIZE
    return small or ends_the_guarantee or model.levels[index].name in _KEPT_OF_LARGE


def _placements(model: Model, chosen: Floats) -> tuple[Placement, ...]:
    candidates, instance = model.candidates, model.instance
    items = [
        (instance.groups[candidates.group[entry]], instance.slots[candidates.slot[entry]], entry)
        for entry in np.flatnonzero(chosen > 0.5).tolist()
    ]
    items.sort(key=lambda item: (item[0].id, item[1].start, item[1].id))
    return tuple(
        Placement(
            group.id, slot.id, int(candidates.rank[entry]) or None, round(float(candidates.km[entry]), 6)
        )
        for group, slot, entry in items
    )


def _objective(level: Level, value: float, found: Found, best: float | None) -> Objective:
    """Return a level as it is stated: whole numbers where every value is whole."""
    stated, bound = level.stated(value), level.stated(found.bound)
    if level.step:
        return Objective(level.name, level.sense, round(stated), round(bound))
    if found.is_proven(level):
        bound = level.stated(found.value)
    return Objective(
        level.name, level.sense, _tidy(stated), _tidy(bound), None if best is None else _tidy(best)
    )


def _tidy(value: float) -> float:
    """Return a figure without the noise of adding up many floating-point numbers."""
    return round(value, 9)

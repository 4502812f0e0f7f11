"""Improves a large solution window by window: large-neighbourhood search on the real model.

A window is made of some schools: all columns that belong to them, with the running of the slots that they
can reach. Everything else keeps its values, so that a better window is a better solution (Shaw 1998,
doi:10.1007/3-540-49481-2_30). A row of an earlier level keeps, in each window, what the window makes of it
now: so earlier levels hold exactly, and windows that share no other row can be searched at the same time.

Windows are searched in rounds. Which windows a round holds, and in which order their results are put in
place, depends on the problem only, and never on which thread is ready first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from matchmaker.allocation.model import Fixed, Model
from matchmaker.allocation.objectives import Level
from matchmaker.allocation.parts import Part, fixed_part, task_of, without_hopeless
from matchmaker.allocation.rounds import work_apart
from matchmaker.allocation.search import Clock, Solved, search_task
from matchmaker.allocation.solver import Floats, Ints, LinearModel, Mask

_MOST_IN_ROUND = 8
_KEPT_WITHIN = 5e-7
_NOISE = 1e-9


@dataclass(frozen=True)
class Effort:
    """What one window may cost: work, and the gap per school at which it is good enough."""

    work: float
    gap: float = 0.0


class LargeProgram:
    """One level of a large model as a linear program, and which columns belong to which schools.

    ``program`` minimises the level itself, ``guided`` the level with its guide. Rows from ``local_rows`` on
    are those of earlier levels, the rows before belong to hard rules and look at neighbours only.
    """

    def __init__(self, model: Model, level: Level, fixed: list[Fixed]) -> None:
        self.model = model
        self.level = level
        plain = replace(model.program(level, fixed), offset=0.0)
        self.program: LinearModel = plain
        self.guided = replace(plain, cost=plain.cost + level.guide[: len(plain.cost)])
        self.columns = len(plain.cost)
        self.local_rows = len(plain.row_lower) - len(fixed)
        self.school = model.column_school[: self.columns]
        self._shared = self._shared_columns()

    def _shared_columns(self) -> dict[int, Ints]:
        """Return for each school the columns of no school that share a row with its own."""
        loose = np.flatnonzero(self.school < 0)
        if not len(loose):
            return {}
        matrix = self.program.matrix
        has_loose = np.zeros(matrix.shape[0], dtype=np.bool_)
        has_loose[self.local_rows_of(loose)] = True
        entries = np.flatnonzero(has_loose[matrix.indices])
        columns = np.searchsorted(matrix.indptr, entries, side="right") - 1
        order = np.lexsort((columns, matrix.indices[entries]))
        row, column = matrix.indices[entries][order], columns[order]
        found: dict[int, list[Ints]] = {}
        for part in np.split(column, np.flatnonzero(np.diff(row)) + 1):
            shared = part[self.school[part] < 0].astype(np.intp)
            for school in np.unique(self.school[part][self.school[part] >= 0]).tolist():
                found.setdefault(school, []).append(shared)
        return {school: np.unique(np.concatenate(parts)) for school, parts in found.items()}

    def columns_of(self, schools: Ints) -> Ints:
        """Return the columns of a set of schools, sorted: their own and those shared with others."""
        inside = np.zeros(len(self.model.instance.schools) + 1, dtype=np.bool_)
        inside[schools] = True
        own = np.flatnonzero(inside[self.school])
        shared = [self._shared[school] for school in schools.tolist() if school in self._shared]
        return np.unique(np.concatenate([own, *shared]))

    def local_rows_of(self, columns: Ints) -> Ints:
        """Return the rows of hard rules in which columns have a say, sorted."""
        rows = self.program.matrix[:, columns].indices
        return np.unique(rows[rows < self.local_rows]).astype(np.intp)


class Windows:
    """The search of one level window by window, and the best solution so far."""

    def __init__(self, large: LargeProgram, chosen: Floats, clock: Clock) -> None:
        self.large = large
        self.clock = clock
        self.bound = -np.inf
        self.values: Floats = large.model.complete(chosen)[: large.columns]
        self._activity = large.program.matrix @ self.values
        self._cost = float(large.guided.cost @ self.values)

    @property
    def chosen(self) -> Floats:
        """The placements of the best solution so far."""
        return self.values[: self.large.model.placement_count]

    @property
    def value(self) -> float:
        """What the level makes of the best solution so far."""
        return float(self.large.program.cost @ self.values + self.large.level.offset)

    def value_by_school(self) -> Floats:
        """Return what the columns of each school add to the level now."""
        school, cost = self.large.school, self.large.program.cost
        own = np.flatnonzero((school >= 0) & (self.values > 0))
        count = len(self.large.model.instance.schools)
        return np.bincount(school[own], cost[own] * self.values[own], minlength=count).astype(np.float64)

    def is_over(self) -> bool:
        """Return whether time or work is over."""
        return self.clock.is_over() or self.clock.work.left <= 1

    def search(self, windows: Sequence[Ints], effort: Effort) -> None:
        """Search windows, each a set of schools, in rounds, as far as time and work go."""
        waiting = [(self.large.columns_of(schools), len(schools)) for schools in windows]
        while waiting and not self.is_over():
            taken = self._round([columns for columns, _ in waiting])
            parts = [self._part(*waiting[index]) for index in taken]
            jobs = [
                partial(self._search_part, part, effort.gap * waiting[index][1])
                for part, index in zip(parts, taken, strict=True)
            ]
            solved = work_apart(jobs, self.clock, effort.work)
            self._put(list(zip(parts, solved, strict=True)))
            waiting = [item for index, item in enumerate(waiting) if index not in taken]

    def _round(self, waiting: Sequence[Ints]) -> list[int]:
        """Return the first windows that have no row of the hard rules in common."""
        used: Mask = np.zeros(self.large.local_rows, dtype=np.bool_)
        taken: list[int] = []
        for index, columns in enumerate(waiting):
            rows = self.large.local_rows_of(columns)
            if not np.any(used[rows]):
                used[rows] = True
                taken.append(index)
            if len(taken) == _MOST_IN_ROUND:
                break
        return taken

    def _part(self, columns: Ints, schools: int) -> Part:
        part = fixed_part(self.large.guided, columns, self.values, self._activity)
        earlier = part.rows >= self.large.local_rows
        now = part.program.matrix @ self.values[columns]
        room = self.large.program.row_upper[part.rows] - self._activity[part.rows]
        share = schools / len(self.large.model.instance.schools)
        # An earlier level keeps what the window makes of it now, and a share of what a band leaves.
        part.program.row_upper[earlier] = (now + share * np.maximum(0.0, room))[earlier]
        return without_hopeless(part, self.large.model.placement_count, self.values)

    def _search_part(self, part: Part, gap: float, clock: Clock) -> Solved:
        task = task_of(self.large.model, self.large.level, part, self.values, gap)
        return search_task(task, clock)

    def _put(self, found: Sequence[tuple[Part, Solved]]) -> None:
        """Put what a round found in place: all of it at once, or, when that breaks a row, one by one."""
        better = [
            (part, solved)
            for part, solved in found
            if solved.cost < float(part.program.cost @ self.values[part.columns]) - _NOISE
        ]
        if better and not self._take(better):
            for item in better:
                self._take([item])
        self.report()

    def _take(self, better: Sequence[tuple[Part, Solved]]) -> bool:
        """Take over windows when every row of the whole program holds and the cost falls."""
        values = self.values.copy()
        for part, solved in better:
            values[part.columns] = solved.values
        large = self.large
        placed = np.round(values[: large.model.placement_count])
        values = large.model.complete(placed)[: large.columns]
        activity = large.program.matrix @ values
        cost = float(large.guided.cost @ values)
        holds = np.all(activity <= large.program.row_upper + _KEPT_WITHIN) and np.all(
            activity >= large.program.row_lower - _KEPT_WITHIN
        )
        if not holds or cost >= self._cost:
            return False
        self.values, self._activity, self._cost = values, activity, cost
        return True

    def report(self) -> None:
        """Tell how far the level is."""
        if self.clock.on_incumbent is not None:
            self.clock.on_incumbent(self.value, self.bound)

"""The guarantee levels solved alone, for every question of the kind "what if?".

A :class:`Ground` is a problem prepared for solving; a :class:`Part` is a model of it in which only some
groups are free and all others stay where they are, so that a small question has a small model.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matchmaker.allocation.candidates import Candidates, build_candidates, find_positions
from matchmaker.allocation.greedy import Greedy
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.measures import participations_by_school
from matchmaker.allocation.model import Fixed, Model, build_model
from matchmaker.allocation.problem import Pair, Placement, Problem, Result, School, school_guarantee
from matchmaker.allocation.search import Clock, Work, search_level, search_start
from matchmaker.allocation.solver import Floats, Ints, Limits, Mask

WORK = 200_000
"""Simplex iterations that one level may take: deterministic, and more than a region needs for its proof."""
_NEAR = 3_000
LEVEL_PREFIX = "schools_below_"


@dataclass(frozen=True)
class Ground:
    """A problem, its eligible pairs and the positions of those that are locked."""

    problem: Problem

    @cached_property
    def instance(self) -> Instance:
        """The problem in sorted collections and arrays."""
        return Instance(self.problem)

    @cached_property
    def candidates(self) -> Candidates:
        """The eligible pairs."""
        return build_candidates(self.instance)

    def find(self, pairs: Iterable[Pair | Placement]) -> Ints:
        """Return the positions of pairs; those that are not eligible are left out."""
        known = tuple(Pair(pair.group, pair.slot) for pair in pairs)
        return find_positions(self.instance, self.candidates, known)[0]

    def chosen(self, pairs: Iterable[Pair | Placement]) -> Floats:
        """Return pairs as 1 per candidate placed, else 0."""
        chosen = np.zeros(len(self.candidates))
        chosen[self.find(pairs)] = 1.0
        return chosen

    def whole(self) -> "Part":
        """Return the model in which everything is free that is not locked."""
        return self._part(np.ones(len(self.candidates), dtype=np.bool_), self.find(self.problem.locked))

    def part(self, free: Mask, placed: Floats) -> "Part":
        """Return a model in which some groups are free.

        Parameters
        ----------
        free
            By group, whether it may move; the others keep their placements.
        placed
            The placements, 1 per candidate placed.
        """
        stays = ~free[self.candidates.group] & (placed > 0.5)
        kept = free[self.candidates.group] | (placed > 0.5)
        locked = np.union1d(np.flatnonzero(stays), self.find(self.problem.locked))
        return self._part(kept, locked.astype(np.intp))

    def neighbourhood(self, groups: Ints, placed: Floats, most: int) -> Mask:
        """Return by group whether it is near some groups.

        Near are the groups of the same schools, then round by round those that hold a place which a near
        group could use too, the most often met first, until the candidates of all are about ``most``.
        """
        group, slot = self.candidates.group, self.candidates.slot
        size = np.bincount(group, minlength=len(self.instance.groups))
        school = self.instance.group_school
        near = np.zeros(len(size), dtype=np.bool_)
        near[groups] = True
        near |= np.isin(school, school[groups])
        held = placed > 0.5
        while True:
            wanted = np.bincount(slot[near[group]], minlength=len(self.instance.slots))
            met = np.bincount(group[held], wanted[slot[held]], minlength=len(size))
            met[near] = 0
            order = np.lexsort((np.arange(len(met)), -met))
            order = order[met[order] > 0]
            fitting = order[int(size[near].sum()) + np.cumsum(size[order]) <= most]
            if not len(fitting):
                return near
            near[fitting] = True

    def _part(self, kept: Mask, locked: Ints) -> "Part":
        positions = np.flatnonzero(kept)
        own = self.candidates
        candidates = Candidates(
            own.group[kept], own.slot[kept], own.rank[kept], own.points[kept], own.km[kept]
        )
        inside = np.searchsorted(positions, locked)
        published = np.searchsorted(positions, self._published(kept))
        return Part(positions, build_model(self.instance, candidates, inside, published, 0), inside)

    def _published(self, kept: Mask) -> Ints:
        positions = self.find(self.problem.published or ())
        return positions[kept[positions]]


@dataclass(frozen=True)
class Part:
    """A model of some of the candidates; ``positions`` says which, ``locked`` which of these stand."""

    positions: Ints
    model: Model
    locked: Ints

    def narrow(self, chosen: Floats) -> Floats:
        """Return placements of the whole problem as placements of this part."""
        return chosen[self.positions]

    def widen(self, chosen: Floats, count: int) -> Floats:
        """Return placements of this part as placements of the whole problem with ``count`` candidates."""
        whole = np.zeros(count)
        whole[self.positions] = chosen
        return whole

    def start(self, also: Sequence[int] = (), near: Ints | None = None) -> Floats | None:
        """Return quick placements that hold the locked ones and ``also``; None when it found none.

        ``near`` are placements to keep as far as possible, as positions in this part.
        """
        near = np.zeros(0, dtype=np.intp) if near is None else near
        must = np.union1d(self.locked, np.array(also, dtype=np.intp)).astype(np.intp)
        return Greedy(self.model.instance, self.model.candidates).build(must, near)

    def placements(self, chosen: Floats) -> tuple[Placement, ...]:
        """Return what is chosen, by group and slot."""
        instance, candidates = self.model.instance, self.model.candidates
        return tuple(
            Placement(
                instance.groups[candidates.group[entry]].id,
                instance.slots[candidates.slot[entry]].id,
                int(candidates.rank[entry]) or None,
                float(candidates.km[entry]),
            )
            for entry in np.flatnonzero(chosen > 0.5).tolist()
        )


@dataclass(frozen=True)
class Guarantee:
    """The guarantee levels of some placements.

    Attributes
    ----------
    values, bounds
        Schools below k = 1, 2, …, and how few there can be.
    chosen
        The placements, 1 per candidate of the model.
    fixed
        The rows that keep the values in what is solved next.
    """

    values: tuple[int, ...]
    bounds: tuple[int, ...]
    chosen: Floats
    fixed: tuple[Fixed, ...]

    @property
    def is_proven(self) -> bool:
        """Return whether no placements have better levels."""
        return self.values == self.bounds


def solve_guarantee(
    model: Model,
    chosen: Floats,
    *,
    deadline: float,
    seed: int,
    fixed: Sequence[Fixed] = (),
    floor: tuple[int, ...] = (),
) -> Guarantee:
    """Solve the guarantee levels in their order.

    Parameters
    ----------
    model
        The model.
    chosen
        Feasible placements to start from.
    deadline
        Moment of the monotonic clock at which the best so far is returned.
    seed
        Seed of the solver.
    fixed
        Rows that hold besides.
    floor
        Values that are known to be out of reach for anything better: a level that has reached its own, while
        the earlier ones have theirs, is not solved.
    """
    rows = list(fixed)
    values: list[int] = []
    bounds: list[int] = []
    for index, level in enumerate(model.levels[: len(model.instance.guarantee_levels)]):
        columns = len(level.cost)
        value = round(float(level.cost @ model.complete(chosen)[:columns] + level.offset))
        bound = value
        if (*values, value) != floor[: index + 1]:
            found = search_level(model, level, rows, chosen, Clock(deadline, seed, Work(WORK)))
            chosen, value, bound = found.chosen, round(found.value), round(found.bound)
        values.append(value)
        bounds.append(bound)
        rows.append(Fixed(level.cost, value - level.offset))
    return Guarantee(tuple(values), tuple(bounds), chosen, tuple(rows[len(fixed) :]))


def kept_guarantees(model: Model, chosen: Floats) -> Fixed:
    """Return the row that lets no school fall below what it has now, as far as its guarantee goes."""
    counted = np.sum([level.cost for level in model.levels[: len(model.instance.guarantee_levels)]], axis=0)
    reached = (counted > 0.5) & (model.complete(chosen) < 0.5)
    return Fixed(reached.astype(np.float64), 0.0)


@dataclass(frozen=True)
class Standing:
    """Where a problem stands: guarantee values and bounds, placements, and the schools below."""

    values: tuple[int, ...]
    bounds: tuple[int, ...]
    placements: tuple[Placement, ...]
    short: tuple[School, ...]


def find_standing(
    problem: Problem, *, deadline: float, seed: int, start: Iterable[Pair | Placement] = ()
) -> Standing | None:
    """Solve the guarantee of a problem; None when the locked placements cannot stand together.

    Parameters
    ----------
    problem
        The problem.
    deadline
        Moment of the monotonic clock at which the best so far is returned.
    seed
        Seed of the solver.
    start
        Feasible placements to begin with; without them the search begins from nothing.

    Raises
    ------
    SolveTimeoutError
        When the time was over before it was known whether there are placements at all.
    """
    ground = Ground(replace(problem, published=None))
    part = ground.whole()
    given = tuple(start)
    chosen: Floats | None = ground.chosen(given) if given else part.start()
    if chosen is None:
        chosen = search_start(part.model, Limits(max(1.0, deadline - time.monotonic()), seed=seed))
    if chosen is None:
        return None
    solved = solve_guarantee(part.model, chosen, deadline=deadline, seed=seed)
    placements = part.placements(solved.chosen)
    return Standing(solved.values, solved.bounds, placements, list_short(problem, placements))


def find_standing_near(
    problem: Problem,
    slots: set[str],
    *,
    deadline: float,
    seed: int,
    start: Iterable[Pair | Placement],
) -> Standing:
    """Solve the guarantee of a problem with only the surroundings of some slots free.

    Quick, and never better than the truth: everybody farther away stays where ``start`` has them, so that no
    bound is proven.

    Parameters
    ----------
    problem
        The problem.
    slots
        Ids of the slots in the middle.
    deadline, seed
        As in :func:`find_standing`.
    start
        Feasible placements.
    """
    ground = Ground(replace(problem, published=None))
    placed = ground.chosen(start)
    inside = np.array([slot.id in slots for slot in ground.instance.slots], dtype=np.bool_)
    groups = np.unique(ground.candidates.group[inside[ground.candidates.slot]])
    part = ground.part(ground.neighbourhood(groups, placed, _NEAR), placed)
    solved = solve_guarantee(part.model, part.narrow(placed), deadline=deadline, seed=seed)
    placements = part.placements(solved.chosen)
    nothing = (0,) * len(solved.values)
    return Standing(solved.values, nothing, placements, list_short(problem, placements))


def list_short(problem: Problem, placements: Iterable[Placement]) -> tuple[School, ...]:
    """Return the schools below their guarantee, by id."""
    counts = participations_by_school(problem, placements)
    short = (school for school in problem.schools if counts[school.id] < school_guarantee(problem, school))
    return tuple(sorted(short, key=lambda school: school.id))


def stated_values(result: Result) -> tuple[int, ...]:
    """Return the schools below k = 1, 2, … as a result states them."""
    return tuple(round(item.value) for item in result.objectives if item.name.startswith(LEVEL_PREFIX))


def stated_bounds(result: Result) -> tuple[int, ...]:
    """Return the bounds of the guarantee levels as a result states them."""
    return tuple(round(item.bound) for item in result.objectives if item.name.startswith(LEVEL_PREFIX))

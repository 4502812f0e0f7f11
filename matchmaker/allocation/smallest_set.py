"""The fewest extra slots that bring every school to its guarantee that slots can bring there.

1. A pool of slots is made: the promising ones, then again the promising ones after the best has been added,
   and so on, because prices do not add up.
2. The guarantee is solved with the whole pool open: that is how far the pool reaches.
3. With these values kept, the number of slots in use is minimised: a column "open" for every slot,
   and placements in open slots only.
4. The slots chosen are really added and the guarantee is solved again; each one is left out in turn, and
   stays out when nothing is lost.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from matchmaker.allocation.blind_spots import BlindSpot, Survey, count_gain, describe, find_survey
from matchmaker.allocation.guarantee import WORK, Ground, Guarantee, Part, Standing, solve_guarantee
from matchmaker.allocation.imagined import Imagined, added_id, find_number, list_promising, with_slots
from matchmaker.allocation.problem import Placement, Problem
from matchmaker.allocation.search import Clock, Task, Work, search_task
from matchmaker.allocation.solver import Floats, Ints, LinearModel

_FIRST_POOL = 60
_NEXT_POOL = 12
_ALIKE = 2
_ROUNDS = 25
_TRIES_PER_ROUND = 2
_SHARE_FOR_POOL = 0.5
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class SmallestSet:
    """The fewest extra slots that bring every school to its guarantee that slots can bring there.

    Attributes
    ----------
    spots
        The slots; ``gain`` of each is what is lost when it alone is left out, empty when the time was over
        before that was solved.
    complete
        Whether every school reaches its guarantee with them.
    still_short
        Ids of the schools that stay below it.
    values
        Schools below k = 1, 2, … with all of them, found by solving with the slots really added.
    proven_smallest
        Whether fewer of the slots that were considered cannot do the same.
    irredundant
        Whether it was confirmed for each that it cannot be left out; False when the time was over before.
    """

    spots: tuple[BlindSpot, ...]
    complete: bool
    still_short: tuple[str, ...]
    values: tuple[int, ...]
    proven_smallest: bool
    irredundant: bool = True


def smallest_set(problem: Problem, *, seconds: float = 120.0, seed: int = 1) -> SmallestSet:
    """Return the smallest set of extra slots that lifts every school that slots can lift.

    Parameters
    ----------
    problem
        The problem; its wishes are taken as they are.
    seconds
        Wall time.
    seed
        Seed of the solver.

    Raises
    ------
    SolveTimeoutError
        When the time was over before it was known whether the locked placements can stand together.
    """
    deadline = time.monotonic() + seconds
    survey = find_survey(problem, deadline, seed)
    if survey.standing is None:
        return SmallestSet((), complete=False, still_short=(), values=(), proven_smallest=False)
    if not survey.liftable:
        return _as_set(survey.standing, (), proven=True, irredundant=True)
    return _Choosing(survey, survey.standing).choose(seconds)


def _as_set(
    standing: Standing, spots: tuple[BlindSpot, ...], *, proven: bool, irredundant: bool
) -> SmallestSet:
    return SmallestSet(
        spots,
        complete=not standing.short,
        still_short=tuple(school.id for school in standing.short),
        values=standing.values,
        proven_smallest=proven,
        irredundant=irredundant,
    )


@dataclass(frozen=True)
class _Picked:
    """Slots of the pool that do what the whole pool does, and the fewest there can be.

    ``values`` is what the whole pool reaches, ``proven`` whether nothing better is left; ``placements`` reach
    it with the picked slots, numbered in the order of ``numbers``.
    """

    numbers: tuple[int, ...]
    least: int
    values: tuple[int, ...]
    proven: bool
    placements: tuple[Placement, ...]


class _Choosing:
    """The choice of a smallest set for one problem."""

    def __init__(self, survey: Survey, standing: Standing) -> None:
        self.survey = survey
        self.problem = survey.problem
        self.before = standing
        self.deadline = survey.deadline
        self.prices: dict[Imagined, float] = {}

    def choose(self, seconds: float) -> SmallestSet:
        """Make a pool, pick the fewest, and confirm them."""
        pool, standing = self._pool(time.monotonic() + seconds * _SHARE_FOR_POOL)
        picked = self._pick(pool, standing)
        items = [pool[number] for number in picked.numbers]
        final = self._solve(items, replace(self.before, placements=picked.placements))
        kept, irredundant = self._leave_out(items, final)
        if len(kept) < len(items):
            final = self._solve([item for item, _ in kept], self.before)
        spots = tuple(describe(item, self.prices[item], gain, ()) for item, gain in kept)
        proven = picked.proven and final.values == picked.values and len(kept) <= picked.least
        return _as_set(final, spots, proven=proven, irredundant=irredundant)

    def _solve(self, items: Sequence[Imagined], start: Standing) -> Standing:
        """Solve the guarantee with slots really added; where the problem has placements, this has too."""
        solved = self.survey.solve(with_slots(self.problem, items), start)
        return start if solved is None else solved

    def _pool(self, until: float) -> tuple[list[Imagined], Standing]:
        """Add the best slot, price again what could be added beside it, and so on.

        Returns the pool, the slots that were added first, and where these lead.
        """
        pool: dict[Imagined, None] = {}
        added: list[Imagined] = []
        standing = self.before
        for number in range(_ROUNDS):
            found = self._promising(added)
            pool.update(dict.fromkeys(found[: _NEXT_POOL if number else _FIRST_POOL]))
            best = self._best(added, found[:_TRIES_PER_ROUND], standing)
            if best is None or time.monotonic() > until:
                break
            added.append(best[0])
            standing = best[1]
        return list(dict.fromkeys([*added, *pool])), standing

    def _promising(self, added: list[Imagined]) -> list[Imagined]:
        problem = with_slots(self.problem, added) if added else self.problem
        taken = set(added)
        left = [item for item in self.survey.imagined if item not in taken]
        found = list_promising(problem, left, self.survey.seed, alike=_ALIKE)
        for item, price in found:
            self.prices.setdefault(item, price.total)
        return [item for item, _ in found]

    def _best(
        self, added: list[Imagined], tries: list[Imagined], standing: Standing
    ) -> tuple[Imagined, Standing] | None:
        """Return the try that lifts most with where it leads, None when none does."""
        solved = [(item, self.survey.solve_near([*added, item], standing)) for item in tries]
        better = [(item, found) for item, found in solved if found.values < standing.values]
        return min(better, key=lambda pair: pair[1].values) if better else None

    def _pick(self, pool: list[Imagined], standing: Standing) -> _Picked:
        """Return the fewest slots of the pool that do what the whole pool does."""
        ground = Ground(with_slots(self.problem, pool))
        part = ground.whole()
        chosen = ground.chosen(standing.placements)
        reached = solve_guarantee(part.model, chosen, deadline=self.deadline, seed=self.survey.seed)
        task = _opening_task(part, reached, len(pool))
        solved = search_task(task, Clock(self.deadline, self.survey.seed, Work(WORK)))
        count = part.model.placement_count
        opened = np.flatnonzero(solved.values[len(solved.values) - len(pool) :] > 0.5).tolist()
        return _Picked(
            numbers=tuple(opened),
            least=math.ceil(solved.bound - _ROUNDING),
            values=reached.values,
            proven=reached.is_proven,
            placements=_renumbered(part.placements(solved.values[:count]), opened),
        )

    def _leave_out(
        self, items: list[Imagined], final: Standing
    ) -> tuple[list[tuple[Imagined, tuple[int, ...]]], bool]:
        """Leave out each slot in turn, for good when nothing is lost; return what is left with its worth.

        The second value says whether the time was enough to try all; what was not tried stays, its worth
        unknown.
        """
        kept = list(items)
        worth: dict[Imagined, tuple[int, ...]] = dict.fromkeys(items, ())
        for item in items:
            if time.monotonic() > self.deadline:
                break
            rest = [other for other in kept if other != item]
            without = self._solve(rest, self.before)
            if without.values == final.values:
                kept = rest
            else:
                worth[item] = count_gain(without.values, final.values)
        return [(item, worth[item]) for item in kept], time.monotonic() <= self.deadline


def _renumbered(placements: tuple[Placement, ...], opened: list[int]) -> tuple[Placement, ...]:
    """Return placements with the slots that are open numbered from 0, as they are when added alone."""
    ids = {added_id(number): added_id(place) for place, number in enumerate(opened)}
    return tuple(replace(item, slot=ids.get(item.slot, item.slot)) for item in placements)


def _opening_task(part: Part, reached: Guarantee, count: int) -> Task:
    """Return the task: keep the guarantee that was reached, use as few of the added slots as possible."""
    model = part.model
    slot = model.candidates.slot
    number_of = [find_number(item.id) for item in model.instance.slots]
    numbers = np.array([-1 if number is None else number for number in number_of], dtype=np.intp)[slot]
    entries = np.flatnonzero(numbers >= 0)
    level = replace(
        model.levels[0],
        name="extra_slots",
        cost=np.zeros(len(model.lower)),
        offset=0.0,
        least=0.0,
        with_wishes=False,
    )
    plain = model.program(level, list(reached.fixed))
    columns = len(plain.cost)

    def complete(placed: Floats) -> Floats:
        opened = np.zeros(count)
        opened[numbers[entries[placed[entries] > 0.5]]] = 1.0
        return np.concatenate([model.complete(placed)[:columns], opened])

    return Task(
        program=_with_openings(plain, entries, numbers[entries], count),
        placements=model.placement_count,
        group=model.candidates.group,
        appeal=model.candidates.km * 1e-6 - model.candidates.points * 1e-3,
        level=level,
        start=complete(reached.chosen),
        complete=complete,
    )


def _with_openings(plain: LinearModel, entries: Ints, numbers: Ints, count: int) -> LinearModel:
    """Return the program with a column of cost 1 per added slot, and a row per placement: only when open."""
    columns, links = len(plain.cost), np.arange(len(entries))
    link = sparse.coo_array(
        (
            np.concatenate([np.ones(len(entries)), -np.ones(len(entries))]),
            (np.tile(links, 2), np.concatenate([entries, columns + numbers])),
        ),
        shape=(len(entries), columns + count),
    )
    empty = sparse.csc_array((len(plain.row_lower), count))
    return LinearModel(
        cost=np.concatenate([plain.cost, np.ones(count)]),
        lower=np.concatenate([plain.lower, np.zeros(count)]),
        upper=np.concatenate([plain.upper, np.ones(count)]),
        integer=np.concatenate([plain.integer, np.ones(count, dtype=np.bool_)]),
        matrix=sparse.vstack([sparse.hstack([plain.matrix, empty]), link], format="csc"),
        row_lower=np.concatenate([plain.row_lower, np.full(len(entries), -np.inf)]),
        row_upper=np.concatenate([plain.row_upper, np.zeros(len(entries))]),
        offset=plain.offset,
    )

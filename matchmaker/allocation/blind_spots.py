"""Which extra slots would lift most schools towards their guarantee, and which few would lift them all?

Slots that do not exist are thought up and priced (:mod:`matchmaker.allocation.imagined`). The most promising
are confirmed one by one by solving the guarantee levels again with the slot really added.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from matchmaker.allocation.guarantee import Standing, find_standing, find_standing_near
from matchmaker.allocation.imagined import Imagined, Price, imagine, list_promising, with_slots
from matchmaker.allocation.locked import list_locked_problems
from matchmaker.allocation.measures import participations_by_school
from matchmaker.allocation.problem import Problem, School, Wish

_TRIES_PER_SPOT = 3


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """A slot that is missing.

    Attributes
    ----------
    kind, levels
        What should be offered, and to whom.
    activity
        Id of an activity that exists already and should be offered once more; None for a new one.
    near
        Id of the school at the place of a new activity; None for one that exists.
    lat, lon
        The place; None when that of the activity is unknown.
    mobile, range_km
        Whether the host comes to the school, and how far; None for anywhere.
    start, end
        One good moment in the period.
    groups
        Group places, as slots of this kind usually have.
    price
        What the relaxation expects, in participations that schools lack.
    gain
        By how many schools each guarantee level k = 1, 2, … really falls with the slot alone, wishes as they
        are, found by solving again.
    wish_gain
        The same without the slot, when every group of a school that is short wished it or its kind too;
        None when that was not asked or not solved in time.
    both_gain
        The same with the slot and these wishes together; None as ``wish_gain``.
    lifted_schools
        Ids of the schools below their guarantee that have more participations with the slot.
    exact
        Whether ``gain`` is proven to be all; False when the time only allowed to solve the surroundings of
        the slot, so that the gain is real and could be more.
    """

    kind: str
    levels: tuple[str, ...]
    activity: str | None
    near: str | None
    lat: float | None
    lon: float | None
    start: datetime
    end: datetime
    groups: int
    price: float
    gain: tuple[int, ...]
    mobile: bool = False
    range_km: float | None = None
    wish_gain: tuple[int, ...] | None = None
    both_gain: tuple[int, ...] | None = None
    lifted_schools: tuple[str, ...] = ()
    exact: bool = True

    @property
    def lifted(self) -> int:
        """How many shortfalls disappear, all levels together."""
        return sum(self.gain)


def find_blind_spots(
    problem: Problem,
    *,
    limit: int = 10,
    seconds: float = 60.0,
    seed: int = 1,
    with_wish_gains: bool = False,
) -> list[BlindSpot]:
    """Return the extra slots that lift most schools, the best first.

    Parameters
    ----------
    problem
        The problem; its wishes are taken as they are, so that the gain is that of the slot alone.
    limit
        Most slots to return.
    seconds
        Wall time for confirming; slots that are not confirmed in time are left out.
    seed
        Seed of the solver.
    with_wish_gains
        Whether to solve, for every slot found, what more wishes would bring without and with it.

    Returns
    -------
    list of BlindSpot
        Only slots with a confirmed gain. Empty when no school is short that a slot could help, or when the
        locked placements cannot stand.
    """
    deadline = time.monotonic() + seconds
    survey = find_survey(problem, deadline, seed)
    if survey.standing is None or not survey.liftable:
        return []
    tried = [
        (item, price, survey.confirm_near(item, price, survey.standing))
        for item, price in list_promising(problem, survey.imagined, seed)[: limit * _TRIES_PER_SPOT]
        if time.monotonic() <= deadline
    ]
    tried.sort(key=lambda entry: _order(entry[2]))
    found: list[BlindSpot] = []
    for item, price, near in tried:
        spot = survey.sharpened(item, price, near, survey.standing)
        if spot is not None:
            found.append(survey.with_wishes(item, spot, survey.standing) if with_wish_gains else spot)
    return sorted(found, key=_order)[:limit]


def _order(spot: BlindSpot | None) -> tuple[tuple[int, ...], float, str, str]:
    """Return the key by which the best comes first, and nothing comes last."""
    if spot is None:
        return (1,), 0.0, "", ""
    gain = tuple(-gain for gain in spot.gain)
    return gain, -spot.price, spot.start.isoformat(), spot.kind


def list_liftable(problem: Problem, standing: Standing) -> tuple[School, ...]:
    """Return the short schools that a slot could help: they ask for more visits than they have."""
    asked = {school.id: school.already for school in problem.schools}
    for group in problem.groups:
        asked[group.school] += group.wanted if group.wishes or group.open_to_other else 0
    counts = participations_by_school(problem, standing.placements)
    return tuple(school for school in standing.short if asked[school.id] > counts[school.id])


@dataclass(frozen=True)
class Survey:
    """Where a problem stands, and the slots that could be added to it.

    ``standing`` is None when the locked placements cannot stand; ``liftable`` are the short schools that a
    slot could help.
    """

    problem: Problem
    standing: Standing | None
    liftable: tuple[School, ...]
    imagined: list[Imagined]
    deadline: float
    seed: int

    def confirm(self, item: Imagined, price: Price, before: Standing) -> BlindSpot | None:
        """Solve the guarantee with the slot added; return it when a school is better off."""
        solved = self.solve(with_slots(self.problem, [item]), before)
        return None if solved is None else self._compared(item, price, before, solved)

    def confirm_near(self, item: Imagined, price: Price, before: Standing) -> BlindSpot | None:
        """Solve the surroundings of the slot only: a gain is real, but there could be more."""
        solved = self.solve_near([item], before)
        spot = self._compared(item, price, before, solved)
        return None if spot is None else replace(spot, exact=False)

    def sharpened(
        self, item: Imagined, price: Price, near: BlindSpot | None, before: Standing
    ) -> BlindSpot | None:
        """Return the blind spot with its whole gain as long as there is time, else what is known of it."""
        if time.monotonic() > self.deadline:
            return near
        spot = self.confirm(item, price, before)
        if time.monotonic() > self.deadline:
            return near if spot is None else replace(spot, exact=False)
        return spot

    def _compared(self, item: Imagined, price: Price, before: Standing, solved: Standing) -> BlindSpot | None:
        # Against the bounds: what more searching could have found is not the gain of the slot.
        if solved.values >= before.bounds:
            return None
        had = participations_by_school(self.problem, before.placements)
        has = participations_by_school(self.problem, solved.placements)
        lifted = tuple(school.id for school in before.short if has[school.id] > had[school.id])
        gain = count_gain(before.bounds, solved.values)
        return describe(item, price.total, gain, lifted)

    def solve_near(self, items: Sequence[Imagined], start: Standing) -> Standing:
        """Solve the surroundings of slots that are added, beginning with placements that stand in it too."""
        problem = with_slots(self.problem, items)
        added = {slot.id for slot in problem.slots[len(self.problem.slots) :]}
        return find_standing_near(
            problem, added, deadline=self.deadline, seed=self.seed, start=start.placements
        )

    def solve(self, problem: Problem, start: Standing) -> Standing | None:
        """Solve the guarantee of a changed problem, beginning with placements that stand in it too."""
        return find_standing(problem, deadline=self.deadline, seed=self.seed, start=start.placements)

    def with_wishes(self, item: Imagined, spot: BlindSpot, before: Standing) -> BlindSpot:
        """Return the blind spot with what more wishes would bring without and with the slot."""
        plain = self.solve(self._widened(self.problem, item), before)
        both = self.solve(self._widened(with_slots(self.problem, [item]), item), before)
        if plain is None or both is None or time.monotonic() > self.deadline:
            return spot
        return replace(
            spot,
            wish_gain=count_gain(before.bounds, plain.values),
            both_gain=count_gain(before.bounds, both.values),
        )

    def _widened(self, problem: Problem, item: Imagined) -> Problem:
        """Return the problem in which groups of short schools wish the slot too."""
        wish = Wish(kind=item.activity.kind) if item.near is not None else Wish(activity=item.activity.id)
        names = {school.id for school in self.liftable}
        groups = tuple(
            replace(group, wishes=(*group.wishes, wish)) if group.school in names else group
            for group in problem.groups
        )
        return replace(problem, groups=groups, published=None)


def find_survey(problem: Problem, deadline: float, seed: int) -> Survey:
    """Solve the guarantee and think up slots for the schools that stay short."""
    possible = not list_locked_problems(problem)
    standing = find_standing(problem, deadline=deadline, seed=seed) if possible else None
    if standing is None or not problem.slots:
        return Survey(problem, standing, (), [], deadline, seed)
    liftable = list_liftable(problem, standing)
    return Survey(problem, standing, liftable, imagine(problem, liftable), deadline, seed)


def count_gain(before: tuple[int, ...], after: tuple[int, ...]) -> tuple[int, ...]:
    """Return by how much every level falls."""
    return tuple(old - new for old, new in zip(before, after, strict=True))


def describe(item: Imagined, price: float, gain: tuple[int, ...], lifted: tuple[str, ...]) -> BlindSpot:
    """Return an imagined slot as a blind spot."""
    return BlindSpot(
        kind=item.activity.kind,
        levels=item.activity.levels,
        activity=item.activity.id if item.near is None else None,
        near=None if item.near is None else item.near.id,
        lat=item.activity.lat,
        lon=item.activity.lon,
        start=item.slot.start,
        end=item.slot.end,
        groups=item.slot.groups,
        price=round(price, 6),
        gain=gain,
        mobile=item.activity.mobile,
        range_km=item.activity.range_km,
        lifted_schools=lifted,
    )

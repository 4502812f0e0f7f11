"""Which extra slot would lift most schools towards their guarantee?

Slots that do not exist are priced with the dual values of the relaxed shortfall: a school's dual says what a
participation is worth, a group's what its place costs elsewhere. A price is an estimate, and prices do not
add up; so the most promising slots are confirmed one by one by solving the guarantee levels again.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time

import numpy as np

from matchmaker.allocation.candidates import build_candidates, find_positions
from matchmaker.allocation.greedy import Greedy
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.locked import list_locked_problems
from matchmaker.allocation.model import Fixed, Model, build_model
from matchmaker.allocation.problem import (
    Activity,
    Host,
    Interval,
    Pair,
    Problem,
    School,
    Slot,
    school_guarantee,
)
from matchmaker.allocation.search import Clock, Work, search_level, search_start
from matchmaker.allocation.solver import ColumnProgram, Floats, Ints, Limits, dual_bound

_CELL_DEGREES = 0.08
_MOST_IMAGINED = 3_000
_MOST_LEVEL_SETS = 6
_LEAST_PRICE = 1e-4
_TRIES_PER_SPOT = 3
_LONGEST_BLOCK_DAYS = 400
_RELAXATION_SECONDS = 60.0
_WORK = 200_000
_ID = "\x00extra"


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
    start, end
        One good moment in the period.
    groups
        Group places, as slots of this kind usually have.
    price
        What the relaxation expects, in participations that schools lack.
    gain
        By how many schools each guarantee level k = 1, 2, … really falls, found by solving again.
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

    @property
    def lifted(self) -> int:
        """How many shortfalls disappear, all levels together."""
        return sum(self.gain)


@dataclass(frozen=True, slots=True)
class SmallestSet:
    """The fewest extra slots that bring every school to its guarantee that slots can bring there.

    Attributes
    ----------
    spots
        The slots; ``gain`` of each is what is lost when it alone is left out.
    complete
        Whether every school reaches its guarantee with them.
    still_short
        Ids of the schools that stay below it.
    values
        Schools below k = 1, 2, … with all of them, found by solving with the slots really added.
    proven_smallest
        Whether fewer of the slots that were considered cannot do the same. None of these can be left out
        in any case.
    """

    spots: tuple[BlindSpot, ...]
    complete: bool
    still_short: tuple[str, ...]
    values: tuple[int, ...]
    proven_smallest: bool


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
    """
    raise NotImplementedError


def find_blind_spots(
    problem: Problem, *, limit: int = 10, seconds: float = 60.0, seed: int = 1
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

    Returns
    -------
    list of BlindSpot
        Only slots with a confirmed gain. Empty when no school is short, or when the locked placements
        cannot stand.
    """
    if list_locked_problems(problem):
        return []
    deadline = time.monotonic() + seconds
    base = _solve_guarantee(problem, deadline, seed, ())
    if base is None or not base.short or not problem.slots:
        return []
    imagined = list(_imagine(problem, base.short))[:_MOST_IMAGINED]
    found: list[BlindSpot] = []
    for item, price in _most_promising(problem, imagined, seed)[: limit * _TRIES_PER_SPOT]:
        if time.monotonic() > deadline:
            break
        spot = _confirm(problem, item, price, base, (deadline, seed))
        if spot is not None:
            found.append(spot)
    found.sort(key=lambda spot: (tuple(-gain for gain in spot.gain), -spot.price, spot.start, spot.kind))
    return found[:limit]


@dataclass(frozen=True)
class _Guarantee:
    """The guarantee levels, solved: values, placements, and the schools below their guarantee."""

    values: tuple[int, ...]
    placements: tuple[Pair, ...]
    short: tuple[School, ...]


@dataclass(frozen=True)
class _Imagined:
    """A slot that does not exist: of a new activity at the place of a school, or of one that exists."""

    near: School | None
    activity: Activity
    slot: Slot

    def named(self, name: str) -> "_Imagined":
        """Return the same slot under other ids; an activity that exists keeps its own."""
        if self.near is None:
            return replace(self, slot=replace(self.slot, id=name))
        activity = replace(self.activity, id=name, host=_ID)
        return _Imagined(self.near, activity, replace(self.slot, id=name, activity=name))


def _with_slots(problem: Problem, items: list[_Imagined]) -> Problem:
    return replace(
        problem,
        hosts=(*problem.hosts, Host(_ID)),
        activities=(*problem.activities, *(item.activity for item in items if item.near is not None)),
        slots=(*problem.slots, *(item.slot for item in items)),
        published=None,
    )


def _build(problem: Problem) -> tuple[Model, Ints]:
    instance = Instance(problem)
    candidates = build_candidates(instance)
    locked, _ = find_positions(instance, candidates, problem.locked)
    return build_model(instance, candidates, locked, np.zeros(0, dtype=np.intp), 0), locked


def _solve_guarantee(
    problem: Problem, deadline: float, seed: int, start: tuple[Pair, ...]
) -> _Guarantee | None:
    """Solve the guarantee levels only, from given placements or from nothing."""
    model, locked = _build(problem)
    chosen = (
        _chosen(model, start) if start else Greedy(model.instance, model.candidates).build(locked, locked)
    )
    if chosen is None:
        limits = Limits(max(1.0, deadline - time.monotonic()), seed=seed)
        chosen = search_start(model, limits)
    if chosen is None:
        return None
    fixed: list[Fixed] = []
    values: list[int] = []
    for level in model.levels[: len(model.instance.guarantee_levels)]:
        found = search_level(model, level, fixed, chosen, Clock(deadline, seed, Work(_WORK)))
        chosen = found.chosen
        values.append(round(found.value))
        fixed.append(Fixed(level.cost, found.value - level.offset))
    return _Guarantee(tuple(values), _pairs(model, chosen), _short_schools(model, chosen))


def _chosen(model: Model, pairs: tuple[Pair, ...]) -> Floats:
    chosen = np.zeros(model.placement_count)
    positions, _ = find_positions(model.instance, model.candidates, pairs)
    chosen[positions] = 1.0
    return chosen


def _pairs(model: Model, chosen: Floats) -> tuple[Pair, ...]:
    instance, candidates = model.instance, model.candidates
    return tuple(
        Pair(instance.groups[candidates.group[entry]].id, instance.slots[candidates.slot[entry]].id)
        for entry in np.flatnonzero(chosen > 0.5)
    )


def _short_schools(model: Model, chosen: Floats) -> tuple[School, ...]:
    instance, candidates = model.instance, model.candidates
    attended: dict[int, set[int]] = defaultdict(set)
    for entry in np.flatnonzero(chosen > 0.5):
        attended[int(instance.group_school[candidates.group[entry]])].add(int(candidates.slot[entry]))
    return tuple(
        school
        for index, school in enumerate(instance.schools)
        if school.already + len(attended[index]) < school_guarantee(instance.problem, school)
    )


def _imagine(problem: Problem, short: tuple[School, ...]) -> Iterator[_Imagined]:
    """Return kind × place × levels × period: places where schools are short, kinds and levels on offer.

    Activities that groups of these schools wish come first: they may only have to be offered once more.
    """
    shape = _usual_shape(problem)
    days = _days(problem)
    for activity in _wished(problem, short):
        for day in days:
            start = datetime.combine(day, shape.start)
            places = shape.groups.get(activity.kind, 1)
            yield _Imagined(None, activity, Slot("", activity.id, start, start + shape.length, places))
    for near in _places(short):
        for kind, levels in _kinds_and_levels(problem, short):
            for day in days:
                start = datetime.combine(day, shape.start)
                activity = Activity("", "", kind, levels, lat=near.lat, lon=near.lon)
                slot = Slot("", "", start, start + shape.length, shape.groups.get(kind, 1))
                yield _Imagined(near, activity, slot)


def _wished(problem: Problem, short: tuple[School, ...]) -> list[Activity]:
    """Return the activities that groups of short schools wish by name, by id."""
    names = {school.id for school in short}
    wished = {wish.activity for group in problem.groups if group.school in names for wish in group.wishes}
    return sorted(
        (activity for activity in problem.activities if activity.id in wished),
        key=lambda activity: activity.id,
    )


def _places(short: tuple[School, ...]) -> list[School]:
    """Return one short school for every cell of the map that has any; unknown places are left out."""
    cells: dict[tuple[int, int], School] = {}
    for school in short:
        if school.lat is not None and school.lon is not None:
            cell = (round(school.lat / _CELL_DEGREES), round(school.lon / _CELL_DEGREES / 1.6))
            cells.setdefault(cell, school)
    return list(cells.values())


def _kinds_and_levels(problem: Problem, short: tuple[School, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the kinds on offer with the levels that are offered most and those that go short most."""
    kinds = sorted({activity.kind for activity in problem.activities})
    offered = Counter(tuple(sorted(set(activity.levels))) for activity in problem.activities)
    names = {school.id for school in short}
    lacking = Counter(tuple(sorted(set(g.levels))) for g in problem.groups if g.school in names)
    usual = _most_common(lacking) + _most_common(offered)
    return [(kind, levels) for kind in kinds for levels in dict.fromkeys(usual)]


def _most_common(sets: Counter[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return sorted(sets, key=lambda levels: (-sets[levels], levels))[:_MOST_LEVEL_SETS]


def _days(problem: Problem) -> list[date]:
    """Return for every month with slots the day on which most groups are free."""
    by_month: dict[tuple[int, int], set[date]] = defaultdict(set)
    for slot in problem.slots:
        by_month[slot.start.year, slot.start.month].add(slot.start.date())
    blocked: Counter[date] = Counter()
    for group in problem.groups:
        blocked.update(_blocked_days(group.unavailable))
    return [min(sorted(days), key=lambda day: blocked[day]) for _, days in sorted(by_month.items())]


def _blocked_days(unavailable: tuple[Interval, ...]) -> Iterator[date]:
    for interval in unavailable:
        for offset in range(min(_LONGEST_BLOCK_DAYS, (interval.end - interval.start).days + 1)):
            yield (interval.start + timedelta(days=offset)).date()


@dataclass(frozen=True)
class _Shape:
    """What slots usually look like: the start and length of most, the group places of most by kind."""

    start: clock_time
    length: timedelta
    groups: dict[str, int]


def _usual_shape(problem: Problem) -> _Shape:
    kind_of = {activity.id: activity.kind for activity in problem.activities}
    times = Counter((slot.start.time(), slot.end - slot.start) for slot in problem.slots)
    places: dict[str, Counter[int]] = defaultdict(Counter)
    for slot in problem.slots:
        places[kind_of[slot.activity]][max(1, slot.groups)] += 1
    start, length = min(times, key=lambda item: (-times[item], item))
    groups = {kind: min(counts, key=lambda n: (-counts[n], n)) for kind, counts in places.items()}
    return _Shape(start, length, groups)


def _most_promising(problem: Problem, imagined: list[_Imagined], seed: int) -> list[tuple[_Imagined, float]]:
    """Return imagined slots with their prices, the highest first, those that serve the same schools once."""
    priced = _price(problem, imagined, seed)
    order = sorted(range(len(imagined)), key=lambda index: (-priced[index][0], index))
    seen: Counter[tuple[int, ...]] = Counter()
    promising = []
    for index in order:
        price, schools = priced[index]
        if price > _LEAST_PRICE and not seen[schools]:
            promising.append((imagined[index], price))
        seen[schools] += 1
    return promising


def _price(problem: Problem, imagined: list[_Imagined], seed: int) -> list[tuple[float, tuple[int, ...]]]:
    """Return for every imagined slot what the relaxation expects of it, and the schools that it would serve.

    The imagined slots are in the model for one group each, so that no row of their own can take the value
    of a participation, but they are left out of the relaxation: their reduced costs are the prices.
    """
    named = [item.named(f"{_ID}{index:06}") for index, item in enumerate(imagined)]
    single = [replace(item, slot=replace(item.slot, groups=1)) for item in named]
    model, _ = _build(_with_slots(problem, single))
    reduced = _reduced_costs(model, seed)
    number = {item.slot.id: index for index, item in enumerate(single)}
    worth: list[dict[int, float]] = [{} for _ in imagined]
    instance, candidates = model.instance, model.candidates
    for entry in np.flatnonzero(reduced < -_LEAST_PRICE).tolist():
        index = number.get(instance.slots[candidates.slot[entry]].id)
        if index is not None:
            school = int(instance.group_school[candidates.group[entry]])
            worth[index][school] = max(worth[index].get(school, 0.0), -float(reduced[entry]))
    return [
        _best_schools(by_school, item.slot.groups) for by_school, item in zip(worth, imagined, strict=True)
    ]


def _best_schools(worth: dict[int, float], places: int) -> tuple[float, tuple[int, ...]]:
    best = sorted(worth, key=lambda school: (-worth[school], school))[:places]
    return sum(worth[school] for school in best), tuple(sorted(best))


def _reduced_costs(model: Model, seed: int) -> Floats:
    """Return the reduced cost of every candidate in the relaxed total shortfall of the real slots."""
    levels = model.levels[: len(model.instance.guarantee_levels)]
    level = replace(levels[0], cost=np.sum([level.cost for level in levels], axis=0))
    program = model.program(level, [])
    imagined = np.array([slot.id.startswith(_ID) for slot in model.instance.slots], dtype=np.bool_)
    columns = np.concatenate(
        [
            np.flatnonzero(~imagined[model.candidates.slot]),
            np.arange(model.placement_count, len(program.cost)),
        ]
    )
    with ColumnProgram(program, columns, Limits(_RELAXATION_SECONDS, seed=seed)) as relaxation:
        outcome = relaxation.run(_RELAXATION_SECONDS)
    return dual_bound(program, outcome.duals)[1][: model.placement_count]


def _confirm(
    problem: Problem, item: _Imagined, price: float, base: _Guarantee, limits: tuple[float, int]
) -> BlindSpot | None:
    """Solve the guarantee with the slot added; return it when a school is better off."""
    deadline, seed = limits
    named = item.named(_ID)
    solved = _solve_guarantee(_with_slots(problem, [named]), deadline, seed, base.placements)
    if solved is None or solved.values >= base.values:
        return None
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
        gain=tuple(before - after for before, after in zip(base.values, solved.values, strict=True)),
    )

"""Slots that do not exist: thought up where schools are short, and priced.

The dual values of the relaxed shortfall say what a participation is worth to a school and what a group's
place costs elsewhere; together they price a slot before anything is solved. A price is an estimate, and
prices do not add up: whoever uses them confirms by solving.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time

import numpy as np

from matchmaker.allocation.guarantee import Ground
from matchmaker.allocation.model import Model
from matchmaker.allocation.problem import Activity, Group, Host, Interval, Problem, School, Slot
from matchmaker.allocation.solver import ColumnProgram, Floats, Limits, dual_bound

LEAST_PRICE = 1e-4
"""Prices below it are rounding."""
_CELL_DEGREES = 0.08
_MOST_IMAGINED = 6_000
_MOST_LEVEL_SETS = 6
_LONGEST_BLOCK_DAYS = 400
_RELAXATION_SECONDS = 60.0
_PRICED = "\x00priced"
_ADDED = "\x00added"


@dataclass(frozen=True)
class Imagined:
    """A slot that does not exist: of a new activity at the place of a school, or of one that exists.

    ``near`` is None when the activity exists.
    """

    near: School | None
    activity: Activity
    slot: Slot

    def named(self, name: str) -> "Imagined":
        """Return the same slot under other ids; an activity that exists keeps its own."""
        if self.near is None:
            return replace(self, slot=replace(self.slot, id=name))
        activity = replace(self.activity, id=name, host=name)
        return Imagined(self.near, activity, replace(self.slot, id=name, activity=name))

    def on(self, day: date) -> "Imagined":
        """Return the same slot on another day."""
        length = self.slot.end - self.slot.start
        start = datetime.combine(day, self.slot.start.time())
        return replace(self, slot=replace(self.slot, start=start, end=start + length))


@dataclass(frozen=True)
class Price:
    """What the relaxation expects of a slot, in participations, and the schools that it would serve.

    ``valued`` are all schools that it would be worth something to, those that gain most first.
    """

    total: float
    schools: tuple[str, ...]
    valued: tuple[str, ...] = ()


def with_slots(problem: Problem, items: Sequence[Imagined], prefix: str = _ADDED) -> Problem:
    """Return the problem with slots really added, as a first allocation.

    The slots are numbered from 0 behind the prefix (:func:`find_number`); every new activity has a host of
    its own.
    """
    named = [item.named(added_id(index, prefix)) for index, item in enumerate(items)]
    new = [item.activity for item in named if item.near is not None]
    return replace(
        problem,
        hosts=(*problem.hosts, *(Host(activity.host) for activity in new)),
        activities=(*problem.activities, *new),
        slots=(*problem.slots, *(item.slot for item in named)),
        published=None,
    )


def added_id(number: int, prefix: str = _ADDED) -> str:
    """Return the id of an added slot, and of its activity when that is new."""
    return f"{prefix}{number:06}"


def find_number(slot_id: str, prefix: str = _ADDED) -> int | None:
    """Return which of the added slots has this id, None when it is another one."""
    return int(slot_id[len(prefix) :]) if slot_id.startswith(prefix) else None


def imagine(problem: Problem, short: Sequence[School]) -> list[Imagined]:
    """Return period × (activities wished by name, then place × kind × levels) for schools that are short.

    Activities that groups of these schools wish may only have to be offered once more. For new ones there is
    a place in every part of the map with a short school, and the kinds and levels on offer; kinds that come
    to the school are imagined that way too.
    """
    names = {school.id for school in short}
    groups = [group for group in problem.groups if group.school in names]
    shape = _usual_shape(problem)
    activities = _wished(problem, groups)
    offers = [(near, offer) for near in _places(short) for offer in _offers(problem, groups)]
    imagined: list[Imagined] = []
    for day in _days(problem, groups):
        start = datetime.combine(day, shape.start)
        imagined += [Imagined(None, activity, shape.slot(activity, start)) for activity in activities]
        for near, offer in offers:
            placed = replace(offer, lat=near.lat, lon=near.lon)
            imagined.append(Imagined(near, placed, shape.slot(placed, start)))
    return imagined[:_MOST_IMAGINED]


def _wished(problem: Problem, groups: list[Group]) -> list[Activity]:
    """Return the activities that groups wish by name, by id."""
    wished = {wish.activity for group in groups for wish in group.wishes}
    return sorted(
        (activity for activity in problem.activities if activity.id in wished),
        key=lambda activity: activity.id,
    )


def _places(short: Sequence[School]) -> list[School]:
    """Return one short school for every cell of the map that has any; unknown places are left out."""
    cells: dict[tuple[int, int], School] = {}
    for school in short:
        if school.lat is not None and school.lon is not None:
            cell = (round(school.lat / _CELL_DEGREES), round(school.lon / _CELL_DEGREES / 1.6))
            cells.setdefault(cell, school)
    return list(cells.values())


def _offers(problem: Problem, groups: list[Group]) -> list[Activity]:
    """Return kinds as they are offered, with the levels offered most and those that go short most."""
    offered = Counter(tuple(sorted(set(activity.levels))) for activity in problem.activities)
    lacking = Counter(tuple(sorted(set(group.levels))) for group in groups)
    usual = dict.fromkeys(_most_common(lacking) + _most_common(offered))
    ways = sorted({(activity.kind, activity.mobile) for activity in problem.activities})
    return [
        Activity(
            "", "", kind, levels, mobile=mobile, range_km=_usual_range(problem, kind) if mobile else None
        )
        for kind, mobile in ways
        for levels in usual
    ]


def _usual_range(problem: Problem, kind: str) -> float | None:
    """Return how far most mobile activities of a kind come; None when most come anywhere."""
    ranges = Counter(item.range_km for item in problem.activities if item.kind == kind and item.mobile)
    return min(ranges, key=lambda km: (-ranges[km], km is None, km or 0.0))


def _most_common(sets: Counter[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return sorted(sets, key=lambda levels: (-sets[levels], levels))[:_MOST_LEVEL_SETS]


def _days(problem: Problem, groups: list[Group]) -> list[date]:
    """Return for every month with slots the day on which most of the groups are free."""
    return _freest(problem, groups, lambda day: (day.year, day.month))


def list_week_days(problem: Problem, schools: Sequence[str]) -> list[date]:
    """Return for every week with slots the day on which most groups of some schools are free."""
    groups = [group for group in problem.groups if group.school in set(schools)]
    return _freest(problem, groups, lambda day: day.isocalendar()[:2])


def _freest(problem: Problem, groups: list[Group], period: Callable[[date], tuple[int, int]]) -> list[date]:
    days: dict[tuple[int, int], set[date]] = defaultdict(set)
    for slot in problem.slots:
        days[period(slot.start.date())].add(slot.start.date())
    blocked: Counter[date] = Counter()
    for group in groups:
        blocked.update(_blocked_days(group.unavailable))
    return [min(sorted(own), key=lambda day: blocked[day]) for _, own in sorted(days.items())]


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

    def slot(self, activity: Activity, start: datetime) -> Slot:
        """Return a slot as it usually is."""
        return Slot("", activity.id, start, start + self.length, self.groups.get(activity.kind, 1))


def _usual_shape(problem: Problem) -> _Shape:
    kind_of = {activity.id: activity.kind for activity in problem.activities}
    times = Counter((slot.start.time(), slot.end - slot.start) for slot in problem.slots)
    places: dict[str, Counter[int]] = defaultdict(Counter)
    for slot in problem.slots:
        places[kind_of[slot.activity]][max(1, slot.groups)] += 1
    start, length = min(times, key=lambda item: (-times[item], item))
    groups = {kind: min(counts, key=lambda n: (-counts[n], n)) for kind, counts in places.items()}
    return _Shape(start, length, groups)


def list_promising(
    problem: Problem, imagined: Sequence[Imagined], seed: int, *, alike: int = 1
) -> list[tuple[Imagined, Price]]:
    """Return imagined slots with their prices, the highest first.

    Parameters
    ----------
    problem
        The problem as it is.
    imagined
        Slots that could be added.
    seed
        Seed of the solver.
    alike
        How many of the slots that serve the same schools are returned.
    """
    prices = price(problem, imagined, seed)
    order = sorted(range(len(imagined)), key=lambda index: (-prices[index].total, index))
    seen: Counter[tuple[str, ...]] = Counter()
    promising = []
    for index in order:
        found = prices[index]
        if found.total > LEAST_PRICE and seen[found.schools] < alike:
            promising.append((imagined[index], found))
        seen[found.schools] += 1
    return promising


def price(problem: Problem, imagined: Sequence[Imagined], seed: int) -> list[Price]:
    """Return for every imagined slot what the relaxation expects of it.

    The imagined slots are in the model for one group each, so that no row of their own can take the value
    of a participation, but they are left out of the relaxation: their reduced costs are the prices.
    """
    single = [replace(item, slot=replace(item.slot, groups=1)) for item in imagined]
    model = Ground(with_slots(problem, single, _PRICED)).whole().model
    reduced = _reduced_costs(model, seed)
    worth: list[dict[str, float]] = [{} for _ in imagined]
    instance, candidates = model.instance, model.candidates
    for entry in np.flatnonzero(reduced < -LEAST_PRICE).tolist():
        number = find_number(instance.slots[candidates.slot[entry]].id, _PRICED)
        if number is not None:
            school = instance.schools[instance.group_school[candidates.group[entry]]].id
            worth[number][school] = max(worth[number].get(school, 0.0), -float(reduced[entry]))
    return [
        _best_schools(by_school, item.slot.groups) for by_school, item in zip(worth, imagined, strict=True)
    ]


def _best_schools(worth: dict[str, float], places: int) -> Price:
    valued = sorted(worth, key=lambda school: (-worth[school], school))
    best = valued[:places]
    return Price(sum(worth[school] for school in best), tuple(sorted(best)), tuple(valued))


def _reduced_costs(model: Model, seed: int) -> Floats:
    """Return the reduced cost of every candidate in the relaxed total shortfall of the real slots."""
    levels = model.levels[: len(model.instance.guarantee_levels)]
    level = replace(levels[0], cost=np.sum([level.cost for level in levels], axis=0))
    program = model.program(level, [])
    added = np.array([slot.id.startswith(_PRICED) for slot in model.instance.slots], dtype=np.bool_)
    columns = np.concatenate(
        [
            np.flatnonzero(~added[model.candidates.slot]),
            np.arange(model.placement_count, len(program.cost)),
        ]
    )
    with ColumnProgram(program, columns, Limits(_RELAXATION_SECONDS, seed=seed)) as relaxation:
        outcome = relaxation.run(_RELAXATION_SECONDS)
    return dual_bound(program, outcome.duals)[1][: model.placement_count]

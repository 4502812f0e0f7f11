"""Every group and slot that suit each other, as arrays.

The rules are those of :mod:`matchmaker.domain.eligibility`, evaluated for one group and all activities at a
time: a loop over pairs would take longer than the solving, and a table of groups by activities would not fit
into memory at the size of a country. A test holds the two against each other.
"""

from dataclasses import dataclass

import numpy as np

from matchmaker.allocation.instance import NO_LIMIT, Instance, minutes_of
from matchmaker.allocation.problem import Group, Interval, Pair
from matchmaker.allocation.scores import SCORES
from matchmaker.allocation.solver import Floats, Ints, Mask
from matchmaker.domain.distance import EARTH_RADIUS_KM, KM_SLACK

MOST_PAIRS = 4_000_000
"""Eligible pairs that fit into the memory the engine may use, with the model that is made of them."""


class TooManyPairsError(RuntimeError):
    """A problem has more eligible pairs than memory can hold: :data:`MOST_PAIRS`."""

    def __init__(self) -> None:
        super().__init__(
            f"the problem has more than {MOST_PAIRS:,} eligible pairs of a group and a slot, "
            "more than fit into memory; limit the distances or solve parts of it apart"
        )


@dataclass(frozen=True)
class Candidates:
    """The eligible pairs, sorted by group and then by slot.

    ``rank`` is 0 for an activity that was not wished; ``km`` is what counts for the group, one way.
    """

    group: Ints
    slot: Ints
    rank: Ints
    points: Ints
    km: Floats

    def __len__(self) -> int:
        return len(self.group)

    def find(self, group: int, slot: int) -> int | None:
        """Return the position of a pair, None when it is not eligible."""
        first, last = np.searchsorted(self.group, [group, group + 1])
        position = int(first + np.searchsorted(self.slot[first:last], slot))
        return position if position < last and self.slot[position] == slot else None


def build_candidates(instance: Instance) -> Candidates:
    """Return the eligible pairs of a problem.

    Raises
    ------
    TooManyPairsError
        When there are more than :data:`MOST_PAIRS`.
    """
    near = _Near(instance)
    windows = _Windows(instance)
    slots_of = _SlotsOf(instance)
    parts: list[tuple[Ints, Ints, Floats]] = [(_EMPTY, _EMPTY, _NOTHING)] * len(instance.groups)
    total = 0
    for index in np.argsort(instance.group_school, kind="stable").tolist():
        group = instance.groups[index]
        activities, ranks, km = near.activities_for(index, group)
        number, slots = slots_of.expand(activities)
        free = windows.free(group.unavailable)[windows.of_slot[slots]]
        number, slots = number[free], slots[free]
        order = np.argsort(slots, kind="stable")
        parts[index] = slots[order], ranks[number[order]], km[number[order]]
        total += len(slots)
        if total > MOST_PAIRS:
            raise TooManyPairsError
    group_of = np.repeat(np.arange(len(parts), dtype=np.intp), [len(part[0]) for part in parts])
    rank = np.concatenate([part[1] for part in parts] or [_EMPTY])
    return Candidates(
        group_of,
        np.concatenate([part[0] for part in parts] or [_EMPTY]),
        rank,
        _points(rank),
        np.concatenate([part[2] for part in parts] or [_NOTHING]),
    )


def find_positions(instance: Instance, candidates: Candidates, pairs: tuple[Pair, ...]) -> tuple[Ints, int]:
    """Return the candidates that pairs stand for, and how many pairs exist but are not eligible.

    A pair whose group or slot is gone counts for neither.
    """
    found: list[int] = []
    gone = 0
    for pair in pairs:
        group, slot = instance.group_index.get(pair.group), instance.slot_index.get(pair.slot)
        if group is None or slot is None:
            continue
        position = candidates.find(group, slot)
        if position is None:
            gone += 1
        else:
            found.append(position)
    return np.array(sorted(found), dtype=np.intp), gone


_EMPTY = np.zeros(0, dtype=np.intp)
_NOTHING = np.zeros(0)


def _points(ranks: Ints) -> Ints:
    table = [SCORES.points(rank or None) for rank in range(int(ranks.max(initial=0)) + 1)]
    return np.array(table, dtype=np.intp)[ranks]


class _SlotsOf:
    """The slots of every activity, one stretch of an array for each."""

    def __init__(self, instance: Instance) -> None:
        self._order = np.argsort(instance.slot_activity, kind="stable")
        edges = np.searchsorted(instance.slot_activity[self._order], np.arange(len(instance.activities) + 1))
        self._first, self._count = edges[:-1], np.diff(edges)

    def expand(self, activities: Ints) -> tuple[Ints, Ints]:
        """Return all slots of some activities, and for each slot which of the activities it belongs to."""
        counts = self._count[activities]
        number = np.repeat(np.arange(len(activities), dtype=np.intp), counts)
        before = np.cumsum(counts) - counts
        return number, self._order[self._first[activities][number] + np.arange(len(number)) - before[number]]


class _Windows:
    """Rule 3: many slots share their times, so that being free is asked once for each different time."""

    def __init__(self, instance: Instance) -> None:
        times = np.stack([instance.slot_start, instance.slot_end], axis=1).reshape(-1, 2)
        different, of_slot = np.unique(times, axis=0, return_inverse=True)
        self.of_slot: Ints = of_slot.reshape(-1).astype(np.intp)
        self._start, self._end = different[:, 0], different[:, 1]
        self._known: dict[tuple[Interval, ...], Mask] = {}

    def free(self, unavailable: tuple[Interval, ...]) -> Mask:
        """Return which of the times are free of blocked ones."""
        if unavailable not in self._known:
            start = np.array([minutes_of(blocked.start) for blocked in unavailable], dtype=np.intp)[:, None]
            end = np.array([minutes_of(blocked.end) for blocked in unavailable], dtype=np.intp)[:, None]
            self._known[unavailable] = np.all((self._end <= start) | (self._start >= end), axis=0)
        return self._known[unavailable]


class _Near:
    """The rules about activities, and what is known of the school whose groups were asked about last."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        activities = instance.activities
        self._by_id = {activity.id: index for index, activity in enumerate(activities)}
        kinds = {kind: number for number, kind in enumerate(sorted({item.kind for item in activities}))}
        self._kinds = kinds
        self._kind = np.array([kinds[activity.kind] for activity in activities], dtype=np.intp)
        self._mobile = np.array([activity.mobile for activity in activities], dtype=np.bool_)
        self._range_km = np.array(
            [_or_infinite(activity.range_km) for activity in activities], dtype=np.float64
        )
        self._least = np.array([activity.min_pupils or 0 for activity in activities], dtype=np.intp)
        self._most = np.array(
            [NO_LIMIT if item.max_pupils is None else item.max_pupils for item in activities], dtype=np.intp
        )
        self._served = [frozenset(activity.levels) for activity in activities]
        self._fitting: dict[frozenset[str], Mask] = {}
        self._lat, self._lon = _radians([(activity.lat, activity.lon) for activity in activities])
        self._school_lat, self._school_lon = _radians(
            [(school.lat, school.lon) for school in instance.schools]
        )
        self._school = -1
        self._distance = _NOTHING

    def activities_for(self, index: int, group: Group) -> tuple[Ints, Ints, Floats]:
        """Return the activities that suit a group, the rank of each (0 not wished) and the kilometres."""
        distance = self._distance_from(int(self._instance.group_school[index]))
        limit = np.where(self._mobile, self._range_km, _or_infinite(group.max_km))
        # Rule 4; an unknown distance is near. The slack is that of the checker: NumPy rounds unlike math.
        suits = np.isnan(distance) | (distance <= limit + KM_SLACK)
        suits &= self._levels_fit(frozenset(group.levels))
        suits &= (self._least <= group.pupils) & (group.pupils <= self._most)
        activities = np.flatnonzero(suits)
        ranks = self._ranks(group, activities)
        if not group.open_to_other:
            activities, ranks = activities[ranks > 0], ranks[ranks > 0]
        km = distance[activities]
        return activities, ranks, np.where(self._mobile[activities] | np.isnan(km), 0.0, km)

    def _ranks(self, group: Group, activities: Ints) -> Ints:
        ranks = np.zeros(len(activities), dtype=np.intp)
        for place in range(len(group.wishes), 0, -1):
            wish = group.wishes[place - 1]
            if wish.kind is not None:
                ranks[self._kind[activities] == self._kinds.get(wish.kind, -1)] = place
            else:
                ranks[activities == self._by_id[wish.activity or ""]] = place
        return ranks

    def _levels_fit(self, levels: frozenset[str]) -> Mask:
        """Rule 1, evaluated once for each different set of levels."""
        if levels not in self._fitting:
            self._fitting[levels] = np.array([levels <= served for served in self._served], dtype=np.bool_)
        return self._fitting[levels]

    def _distance_from(self, school: int) -> Floats:
        """Return the kilometres from a school to every activity, not a number where a place is unknown."""
        if school != self._school:
            self._school = school
            self._distance = self._kilometres(self._school_lat[school], self._school_lon[school])
        return self._distance

    def _kilometres(self, lat: float, lon: float) -> Floats:
        half_lat = np.sin((self._lat - lat) / 2) ** 2
        half_lon = np.sin((self._lon - lon) / 2) ** 2
        haversine = half_lat + np.cos(lat) * np.cos(self._lat) * half_lon
        km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, haversine)))
        return np.asarray(km * self._instance.problem.detour_factor)


def _or_infinite(limit: float | None) -> float:
    return np.inf if limit is None else limit


def _radians(places: list[tuple[float | None, float | None]]) -> tuple[Floats, Floats]:
    degrees = np.array(
        [[np.nan if part is None else part for part in place] for place in places], dtype=np.float64
    ).reshape(-1, 2)
    return np.radians(degrees[:, 0]), np.radians(degrees[:, 1])

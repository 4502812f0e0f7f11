"""Every group and slot that suit each other, as arrays.

The rules are those of :mod:`matchmaker.domain.eligibility`, evaluated for all groups and activities at once:
at the size of a province a loop over objects would take longer than the solving. A test holds the two
against each other.
"""

from dataclasses import dataclass

import numpy as np

from matchmaker.allocation.instance import NO_LIMIT, Instance, minutes_of
from matchmaker.allocation.problem import Group, Interval, Pair
from matchmaker.allocation.scores import SCORES
from matchmaker.allocation.solver import Floats, Ints, Mask
from matchmaker.domain.distance import EARTH_RADIUS_KM, KM_SLACK


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
    """Return the eligible pairs of a problem."""
    suits, rank, km = _groups_by_activities(instance)
    free = _free_masks(instance)
    slots_of = _slots_by_activity(instance)
    groups: list[Ints] = []
    slots: list[Ints] = []
    for index, group in enumerate(instance.groups):
        wanted = np.flatnonzero(suits[index])
        own = np.concatenate([slots_of[activity] for activity in wanted]) if len(wanted) else _EMPTY
        own = np.sort(own[free[group.unavailable][own]])
        groups.append(np.full(len(own), index, dtype=np.intp))
        slots.append(own)
    group_of = np.concatenate(groups) if groups else _EMPTY
    slot_of = np.concatenate(slots) if slots else _EMPTY
    activity_of = instance.slot_activity[slot_of] if len(slot_of) else _EMPTY
    ranks = rank[group_of, activity_of]
    return Candidates(
        group_of, slot_of, ranks, _points(ranks), km[instance.group_school[group_of], activity_of]
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


def _points(ranks: Ints) -> Ints:
    table = [SCORES.points(rank or None) for rank in range(int(ranks.max(initial=0)) + 1)]
    return np.array(table, dtype=np.intp)[ranks]


def _slots_by_activity(instance: Instance) -> list[Ints]:
    order = np.argsort(instance.slot_activity, kind="stable")
    ends = np.searchsorted(instance.slot_activity[order], np.arange(len(instance.activities) + 1))
    return [order[ends[index] : ends[index + 1]] for index in range(len(instance.activities))]


def _groups_by_activities(instance: Instance) -> tuple[Mask, Ints, Floats]:
    """Return what suits whom, the rank (0 not wished), and the kilometres by school and activity."""
    rank = _ranks(instance)
    distance = _distances(instance)
    mobile = np.array([activity.mobile for activity in instance.activities], dtype=np.bool_)
    suits = _levels_fit(instance) & _pupils_fit(instance) & _near(instance, distance, mobile)
    open_to_other = np.array([group.open_to_other for group in instance.groups], dtype=np.bool_)
    suits &= (rank > 0) | open_to_other[:, None]
    km = np.where(mobile[None, :] | np.isnan(distance), 0.0, distance)
    return suits, rank, km


def _ranks(instance: Instance) -> Ints:
    by_id = {activity.id: index for index, activity in enumerate(instance.activities)}
    by_kind: dict[str, list[int]] = {}
    for index, activity in enumerate(instance.activities):
        by_kind.setdefault(activity.kind, []).append(index)
    rank = np.zeros((len(instance.groups), len(instance.activities)), dtype=np.intp)
    for row, group in enumerate(instance.groups):
        for place in range(len(group.wishes), 0, -1):
            wish = group.wishes[place - 1]
            covered = by_kind.get(wish.kind, []) if wish.kind is not None else [by_id[wish.activity or ""]]
            rank[row, covered] = place
    return rank


def _levels_fit(instance: Instance) -> Mask:
    """Rule 1, evaluated once for each different set of levels."""
    served = [frozenset(activity.levels) for activity in instance.activities]
    known: dict[frozenset[str], Mask] = {}
    fit = np.zeros((len(instance.groups), len(instance.activities)), dtype=np.bool_)
    for row, group in enumerate(instance.groups):
        levels = frozenset(group.levels)
        if levels not in known:
            known[levels] = np.array([levels <= served_levels for served_levels in served], dtype=np.bool_)
        fit[row] = known[levels]
    return fit


def _pupils_fit(instance: Instance) -> Mask:
    """Rule 2."""
    least = np.array([activity.min_pupils or 0 for activity in instance.activities], dtype=np.intp)
    most = np.array(
        [
            NO_LIMIT if activity.max_pupils is None else activity.max_pupils
            for activity in instance.activities
        ],
        dtype=np.intp,
    )
    pupils = instance.group_pupils[:, None]
    return np.asarray((pupils >= least[None, :]) & (pupils <= most[None, :]))


def _near(instance: Instance, distance: Floats, mobile: Mask) -> Mask:
    """Rule 4; an unknown distance is near. The slack is that of the checker: NumPy rounds unlike math."""
    own_limit = np.array([_or_infinite(group.max_km) for group in instance.groups], dtype=np.float64)
    range_km = np.array(
        [_or_infinite(activity.range_km) for activity in instance.activities], dtype=np.float64
    )
    limit = np.where(mobile[None, :], range_km[None, :], own_limit[:, None])
    of_group = distance[instance.group_school]
    return np.asarray(np.isnan(of_group) | (of_group <= limit + KM_SLACK))


def _or_infinite(limit: float | None) -> float:
    return np.inf if limit is None else limit


def _distances(instance: Instance) -> Floats:
    """Return kilometres by school and activity, not a number where a place is unknown."""
    lat, lon = _radians([(school.lat, school.lon) for school in instance.schools])
    other_lat, other_lon = _radians([(activity.lat, activity.lon) for activity in instance.activities])
    half_lat = np.sin((other_lat[None, :] - lat[:, None]) / 2) ** 2
    half_lon = np.sin((other_lon[None, :] - lon[:, None]) / 2) ** 2
    haversine = half_lat + np.cos(lat)[:, None] * np.cos(other_lat)[None, :] * half_lon
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, haversine)))
    return np.asarray(km * instance.problem.detour_factor)


def _radians(places: list[tuple[float | None, float | None]]) -> tuple[Floats, Floats]:
    degrees = np.array(
        [[np.nan if part is None else part for part in place] for place in places], dtype=np.float64
    ).reshape(-1, 2)
    return np.radians(degrees[:, 0]), np.radians(degrees[:, 1])


def _free_masks(instance: Instance) -> dict[tuple[Interval, ...], Mask]:
    """Rule 3: for each different list of blocked times, the slots that are free of it."""
    masks: dict[tuple[Interval, ...], Mask] = {}
    for group in instance.groups:
        if group.unavailable not in masks:
            masks[group.unavailable] = _free_mask(instance, group)
    return masks


def _free_mask(instance: Instance, group: Group) -> Mask:
    free = np.ones(len(instance.slots), dtype=np.bool_)
    for blocked in group.unavailable:
        start, end = minutes_of(blocked.start), minutes_of(blocked.end)
        free &= (instance.slot_end <= start) | (instance.slot_start >= end)
    return free

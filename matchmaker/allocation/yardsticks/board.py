"""Who sits where while a yardstick works: placing, taking away, and what still fits.

Everything is an index into the instance and the candidates; a candidate is called an entry.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from matchmaker.allocation.candidates import Candidates
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.problem import Placement
from matchmaker.allocation.solver import Ints

_MINUTES_PER_DAY = 24 * 60


class Board:
    """A state of the allocation that keeps every rule but the minimum of a slot.

    Attributes
    ----------
    of_group
        Entries of each group, the most points first, then the nearest, then by slot.
    held, guests
        Entries placed, by group and by slot.
    fixed
        Entries that nobody may take away.
    closed
        Slots that take nobody any more.
    reserved
        For each slot that keeps places: how many other groups it takes, and the schools it keeps them for.
    """

    def __init__(self, instance: Instance, candidates: Candidates) -> None:
        self.instance = instance
        self.candidates = candidates
        self.group: list[int] = candidates.group.tolist()
        self.slot: list[int] = candidates.slot.tolist()
        self.points: list[int] = candidates.points.tolist()
        order = np.lexsort((candidates.slot, candidates.km, -candidates.points, candidates.group))
        self.of_group = _split(order, candidates.group, len(instance.groups))
        by_slot = np.argsort(candidates.slot, kind="stable")
        self.of_slot = _split(by_slot, candidates.slot, len(instance.slots))
        self.held: list[list[int]] = [[] for _ in instance.groups]
        self.guests: list[list[int]] = [[] for _ in instance.slots]
        self.fixed: set[int] = set()
        self.closed: set[int] = set()
        self.minimum: list[int] = instance.slot_minimum.tolist()
        self.wanted: list[int] = instance.group_wanted.tolist()
        self.school: list[int] = instance.group_school.tolist()
        self._running: dict[tuple[int, int], int] = defaultdict(int)
        self._pupils: list[int] = instance.group_pupils.tolist()
        self._start: list[int] = instance.slot_start.tolist()
        self._end: list[int] = instance.slot_end.tolist()
        self._activity: list[int] = instance.slot_activity.tolist()
        self._places: list[int] = instance.slot_groups.tolist()
        self._pupil_places: list[int] = instance.slot_pupils.tolist()
        self._label = [slot.multi_stop_day for slot in instance.slots]
        self.reserved = [_reserved_for(instance, slot) for slot in range(len(instance.slots))]
        limit = instance.host_limit[instance.slot_host].tolist() if instance.slots else []
        host = instance.slot_host.tolist() if instance.slots else []
        self._host_day = list(zip(host, instance.slot_day.tolist(), strict=True))
        self._host_limit: list[int] = limit
        self._gap = instance.problem.min_gap_minutes

    def place(self, entry: int) -> None:
        """Place an entry; whoever calls has asked whether it fits."""
        slot = self.slot[entry]
        if not self.guests[slot]:
            self._running[self._host_day[slot]] += 1
        self.guests[slot].append(entry)
        self.held[self.group[entry]].append(entry)

    def remove(self, entry: int) -> None:
        """Take an entry away."""
        slot = self.slot[entry]
        self.guests[slot].remove(entry)
        self.held[self.group[entry]].remove(entry)
        if not self.guests[slot]:
            self._running[self._host_day[slot]] -= 1

    def fits(self, entry: int) -> bool:
        """Return whether an entry can be placed as things are."""
        return self.group_is_free(entry) and self.slot_has_room(entry, self.guests[self.slot[entry]])

    def runs(self, slot: int) -> bool:
        """Return whether a slot has the groups it needs, or needs none before it takes one."""
        return len(self.guests[slot]) >= self.minimum[slot] or self.minimum[slot] <= 1

    def group_is_free(self, entry: int) -> bool:
        """Return whether the group wants more and can be there beside what it has."""
        held = self.held[self.group[entry]]
        if len(held) >= self.wanted[self.group[entry]]:
            return False
        slot = self.slot[entry]
        return all(self._go_together(slot, self.slot[other]) for other in held)

    def slot_has_room(self, entry: int, guests: Sequence[int]) -> bool:
        """Return whether the slot takes the group beside these guests."""
        slot = self.slot[entry]
        if slot in self.closed or len(guests) >= self._places[slot]:
            return False
        pupils = sum(self._pupils[self.group[guest]] for guest in guests) + self._pupils[self.group[entry]]
        if pupils > self._pupil_places[slot] or not self._leaves_reserved_places(entry, guests):
            return False
        return bool(self.guests[slot]) or self._running[self._host_day[slot]] < self._host_limit[slot]

    def _leaves_reserved_places(self, entry: int, guests: Sequence[int]) -> bool:
        reserved = self.reserved[self.slot[entry]]
        if reserved is None or self.school[self.group[entry]] in reserved[1]:
            return True
        others = sum(self.school[self.group[guest]] not in reserved[1] for guest in guests)
        return others < reserved[0]

    def places_for_others(self, slot: int) -> int:
        """Return how many groups of schools without kept places a slot that keeps some still takes."""
        reserved = self.reserved[slot]
        if reserved is None:
            return self._places[slot] - len(self.guests[slot])
        others = sum(self.school[self.group[guest]] not in reserved[1] for guest in self.guests[slot])
        return max(0, reserved[0] - others)

    def _go_together(self, slot: int, other: int) -> bool:
        if self._activity[slot] == self._activity[other]:
            return False
        first, second = (slot, other) if self._start[slot] <= self._start[other] else (other, slot)
        start, end = self._start[second], self._end[first]
        ends_today = start // _MINUTES_PER_DAY == end // _MINUTES_PER_DAY
        if start < end + (self._gap if ends_today else 0):
            return False
        one_day = start // _MINUTES_PER_DAY == self._start[first] // _MINUTES_PER_DAY
        return not one_day or (self._label[slot] is not None and self._label[slot] == self._label[other])

    def placements(self) -> tuple[Placement, ...]:
        """Return what is placed, in the order of a result."""
        instance, candidates = self.instance, self.candidates
        items = [
            (instance.groups[self.group[entry]].id, instance.slots[slot], entry)
            for slot, guests in enumerate(self.guests)
            for entry in guests
        ]
        items.sort(key=lambda item: (item[0], item[1].start, item[1].id))
        return tuple(
            Placement(
                group, slot.id, int(candidates.rank[entry]) or None, round(float(candidates.km[entry]), 6)
            )
            for group, slot, entry in items
        )


def _split(order: Ints, keys: Ints, count: int) -> list[list[int]]:
    """Return the ordered entries as one list for each key 0 … count − 1."""
    edges = np.searchsorted(keys[order], np.arange(count + 1)).tolist()
    entries = order.tolist()
    return [entries[edges[index] : edges[index + 1]] for index in range(count)]


def _reserved_for(instance: Instance, slot: int) -> tuple[int, frozenset[int]] | None:
    """Return how many other groups a slot takes, and the schools for which it keeps places."""
    reserved = instance.slots[slot].reserved
    if reserved is None:
        return None
    schools = frozenset(instance.school_index[school] for school in reserved.schools)
    return max(0, instance.slots[slot].groups - reserved.groups), schools

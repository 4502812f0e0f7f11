"""What is still open beside the locked placements: pairs that could be placed, and places by slot and day.

Everything is loosened where a single figure cannot say it, so that no allocation has more than is open here.
"""

from functools import cached_property

import numpy as np

from matchmaker.allocation.candidates import Candidates, find_positions
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.solver import Floats, Ints, Mask

_PLENTY = 2**30


class Openings:
    """The open pairs, as arrays of equal length, and what is open by school, group, slot and day.

    Attributes
    ----------
    entries
        Positions of the open pairs among the candidates.
    group, slot, school
        Indices of each open pair.
    locked
        Positions of the locked pairs among the candidates.
    has
        Participations that each school has for certain: those it had and the locked ones.
    wanted_left
        Placements that each group wants beside the locked ones.
    """

    def __init__(self, instance: Instance, candidates: Candidates) -> None:
        self._instance = instance
        self.locked, _ = find_positions(instance, candidates, instance.problem.locked)
        self._locked_slot = candidates.slot[self.locked]
        self._locked_group = candidates.group[self.locked]
        self._locked_school = instance.group_school[self._locked_group]
        self._in_slot = np.bincount(self._locked_slot, minlength=len(instance.slots))
        self._attended = np.unique(self._locked_school * len(instance.slots) + self._locked_slot)
        self.has: Ints = instance.already + np.bincount(
            self._attended // max(1, len(instance.slots)), minlength=len(instance.schools)
        )
        placed = np.bincount(self._locked_group, minlength=len(instance.groups))
        self.wanted_left: Ints = np.maximum(0, instance.group_wanted - placed)
        self.entries: Ints = np.flatnonzero(self._find_open(candidates))
        self.group: Ints = candidates.group[self.entries]
        self.slot: Ints = candidates.slot[self.entries]
        self.school: Ints = instance.group_school[self.group]

    def _find_open(self, candidates: Candidates) -> Mask:
        """Return which pairs could bring a participation on top of the locked ones."""
        instance, group, slot = self._instance, candidates.group, candidates.slot
        school = instance.group_school[group]
        is_open = instance.slot_groups[slot] > self._in_slot[slot]
        is_open &= instance.group_pupils[group] <= self._pupils_left[slot]
        is_open &= self.wanted_left[group] > 0
        is_open &= instance.host_limit[instance.slot_host[slot]] > 0
        is_open &= ~np.isin(school * len(instance.slots) + slot, self._attended)
        comers = np.bincount(slot[is_open], minlength=len(instance.slots)) + self._in_slot
        can_run = np.minimum(comers, instance.slot_groups) >= instance.slot_minimum
        # Groups of a school that is there already may fill up a slot with locked placements.
        can_run |= self._in_slot > 0
        return np.asarray(is_open & can_run[slot])

    @cached_property
    def _pupils_left(self) -> Ints:
        pupils = self._instance.group_pupils[self._locked_group].astype(np.float64)
        taken = np.bincount(self._locked_slot, pupils, minlength=len(self._instance.slots))
        return np.asarray(self._instance.slot_pupils - taken.astype(np.intp))

    @cached_property
    def places(self) -> Ints:
        """Groups that each slot can still take: by group places, and by the pupils of its smallest groups."""
        instance = self._instance
        smallest = np.full(len(instance.slots), _PLENTY, dtype=np.intp)
        np.minimum.at(smallest, self.slot, instance.group_pupils[self.group])
        by_pupils = self._pupils_left // smallest
        return np.asarray(np.clip(np.minimum(instance.slot_groups - self._in_slot, by_pupils), 0, None))

    @cached_property
    def doors(self) -> Ints:
        """Slots that keep places for some schools, in order."""
        slots = np.unique(self.slot).tolist()
        return np.array([slot for slot in slots if self._instance.slots[slot].reserved], dtype=np.intp)

    @cached_property
    def _kept_for(self) -> list[Ints]:
        """For each door the schools that need not pass it."""
        index = self._instance.school_index
        reserved = [self._instance.slots[slot].reserved for slot in self.doors.tolist()]
        return [
            np.array([index[school] for school in item.schools] if item else [], dtype=np.intp)
            for item in reserved
        ]

    @cached_property
    def door_places(self) -> Ints:
        """How many groups of other schools each door still lets through."""
        widths = []
        for slot, schools in zip(self.doors.tolist(), self._kept_for, strict=True):
            reserved = self._instance.slots[slot].reserved
            inside = (self._locked_slot == slot) & ~np.isin(self._locked_school, schools)
            kept = reserved.groups if reserved else 0
            widths.append(max(0, int(self._instance.slot_groups[slot]) - kept - int(inside.sum())))
        return np.array(widths, dtype=np.intp)

    @cached_property
    def through_door(self) -> Mask:
        """Which open pairs have to pass the door of their slot."""
        through = np.zeros(len(self.slot), dtype=np.bool_)
        for slot, schools in zip(self.doors.tolist(), self._kept_for, strict=True):
            own = np.flatnonzero(self.slot == slot)
            through[own] = ~np.isin(self.school[own], schools)
        return through

    @cached_property
    def host_day(self) -> Ints:
        """Number of each slot's host and day, 0 … one less than how many there are."""
        instance = self._instance
        day = instance.slot_day - instance.slot_day.min(initial=0)
        _, numbers = np.unique(instance.slot_host * (int(day.max(initial=0)) + 1) + day, return_inverse=True)
        return np.asarray(numbers)

    @cached_property
    def host_day_places(self) -> Ints:
        """Groups that a host can take on a day: those of the largest slots that may run."""
        instance = self._instance
        order = np.lexsort((-self.places, self._in_slot == 0, self.host_day))
        numbers = self.host_day[order]
        starts = np.searchsorted(numbers, numbers, side="left")
        rank_of_day = np.arange(len(order)) - starts
        runs = rank_of_day < instance.host_limit[instance.slot_host[order]]
        counted: Floats = np.where(runs, self.places[order], 0).astype(np.float64)
        return np.bincount(numbers, counted).astype(np.intp)

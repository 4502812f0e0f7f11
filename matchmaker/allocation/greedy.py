"""A quick start: placements one by one, the school in greatest need first.

What it makes keeps every hard rule, so that there is something to publish from the first second on. It is
not good, and it can fail when locked placements leave no room: then the solver has to find the start.
"""

from collections import defaultdict

import numpy as np

from matchmaker.allocation.candidates import Candidates
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.solver import Floats, Ints

_MINUTES_PER_DAY = 24 * 60


class _State:
    """The placements so far and what they use."""

    def __init__(self, instance: Instance, candidates: Candidates) -> None:
        self.instance = instance
        self.group = candidates.group.tolist()
        self.slot = candidates.slot.tolist()
        self.points = candidates.points.tolist()
        self.placed: list[int] = []
        self.is_placed = [False] * len(candidates)
        self.groups_in: dict[int, list[int]] = defaultdict(list)
        self.slots_of: dict[int, list[int]] = defaultdict(list)
        self.running: dict[tuple[int, int], int] = defaultdict(int)
        self.granted = [0] * len(instance.groups)
        self.attended: dict[int, set[int]] = defaultdict(set)
        self.school = instance.group_school.tolist()
        self.pupils = instance.group_pupils.tolist()
        self.start = instance.slot_start.tolist()
        self.end = instance.slot_end.tolist()
        self.host = instance.slot_host.tolist()
        self.activity = instance.slot_activity.tolist()
        self.reserved = [_reserved_for(instance, slot) for slot in range(len(instance.slots))]

    def add(self, entry: int) -> None:
        """Place a candidate; whoever calls has asked :meth:`fits`."""
        group, slot = self.group[entry], self.slot[entry]
        if not self.groups_in[slot]:
            self.running[self.host[slot], self.start[slot] // _MINUTES_PER_DAY] += 1
        self.placed.append(entry)
        self.is_placed[entry] = True
        self.groups_in[slot].append(group)
        self.slots_of[group].append(slot)
        self.attended[self.school[group]].add(slot)
        self.granted[group] = min(
            int(self.instance.group_best[group]), self.granted[group] + self.points[entry]
        )

    def participations(self, school: int) -> int:
        """Return how many participations a school has now."""
        return int(self.instance.already[school]) + len(self.attended[school])

    def fits(self, entry: int) -> bool:
        """Return whether the candidate can be added, the minimum of its slot left aside."""
        group, slot = self.group[entry], self.slot[entry]
        return (
            not self.is_placed[entry]
            and self._slot_has_room(group, slot)
            and self._group_is_free(group, slot)
        )

    def opens(self, entry: int) -> bool:
        """Return whether the slot runs already or may run with one group."""
        slot = self.slot[entry]
        return bool(self.groups_in[slot]) or int(self.instance.slot_minimum[slot]) <= 1

    def _slot_has_room(self, group: int, slot: int) -> bool:
        inside, instance = self.groups_in[slot], self.instance
        if len(inside) >= instance.slot_groups[slot]:
            return False
        pupils = sum(self.pupils[other] for other in inside) + self.pupils[group]
        if pupils > instance.slot_pupils[slot] or not self._leaves_reserved_places(group, slot):
            return False
        running = self.running[self.host[slot], self.start[slot] // _MINUTES_PER_DAY]
        return bool(inside) or running < instance.host_limit[self.host[slot]]

    def _leaves_reserved_places(self, group: int, slot: int) -> bool:
        reserved = self.reserved[slot]
        if reserved is None or self.school[group] in reserved[1]:
            return True
        others = sum(self.school[other] not in reserved[1] for other in self.groups_in[slot])
        return others < reserved[0]

    def _group_is_free(self, group: int, slot: int) -> bool:
        others = self.slots_of[group]
        return len(others) < self.instance.group_wanted[group] and all(
            self._go_together(slot, other) for other in others
        )

    def _go_together(self, slot: int, other: int) -> bool:
        if self.activity[slot] == self.activity[other]:
            return False
        first, second = (slot, other) if self.start[slot] <= self.start[other] else (other, slot)
        start, end = self.start[second], self.end[first]
        gap = (
            self.instance.problem.min_gap_minutes
            if start // _MINUTES_PER_DAY == end // _MINUTES_PER_DAY
            else 0
        )
        if start < end + gap:
            return False
        label = self.instance.slots[slot].multi_stop_day
        one_day = start // _MINUTES_PER_DAY == self.start[first] // _MINUTES_PER_DAY
        return not one_day or (label is not None and label == self.instance.slots[other].multi_stop_day)


def _reserved_for(instance: Instance, slot: int) -> tuple[int, frozenset[int]] | None:
    """Return how many other groups a slot takes, and the schools for which it keeps places."""
    reserved = instance.slots[slot].reserved
    if reserved is None:
        return None
    schools = frozenset(instance.school_index[school] for school in reserved.schools)
    return max(0, instance.slots[slot].groups - reserved.groups), schools


class Greedy:
    """Builds placements for one problem, from nothing or on top of others."""

    def __init__(self, instance: Instance, candidates: Candidates) -> None:
        self._instance = instance
        self._candidates = candidates
        count = len(instance.groups)
        order = np.lexsort((candidates.slot, candidates.km, -candidates.points, candidates.group))
        edges = np.searchsorted(candidates.group[order], np.arange(count + 1))
        self._of_group = [order[edges[index] : edges[index + 1]].tolist() for index in range(count)]
        by_slot = np.argsort(candidates.slot, kind="stable")
        edges = np.searchsorted(candidates.slot[by_slot], np.arange(len(instance.slots) + 1))
        self._in_slot = [by_slot[edges[i] : edges[i + 1]].tolist() for i in range(len(instance.slots))]
        self._groups_of: dict[int, list[int]] = defaultdict(list)
        for group, school in enumerate(instance.group_school.tolist()):
            self._groups_of[school].append(group)

    def build(self, locked: Ints, published: Ints) -> Floats | None:
        """Return placements (1 per candidate placed), None when the locked ones could not be completed."""
        state = _State(self._instance, self._candidates)
        for entry in locked.tolist():
            if not state.fits(entry):
                return None
            state.add(entry)
        for slot in sorted({state.slot[entry] for entry in state.placed}):
            if not self._reach_minimum(state, slot):
                return None
        self._keep_published(state, published.tolist())
        self._serve_need(state)
        self._serve_wishes(state)
        return _as_array(state)

    def extend(self, chosen: Floats) -> Floats:
        """Return the placements with more added where there is room."""
        state = _State(self._instance, self._candidates)
        for entry in np.flatnonzero(chosen > 0.5).tolist():
            state.add(entry)
        self._serve_wishes(state)
        return _as_array(state)

    def _by_need(self, state: _State, entries: list[int]) -> list[int]:
        """Return candidates, those of schools that lack most and got least first."""
        lacks = self._instance.guarantee

        def key(entry: int) -> tuple[int, int, int, int]:
            school = state.school[state.group[entry]]
            missing = max(0, int(lacks[school]) - state.participations(school))
            return (-missing, state.granted[state.group[entry]], -state.points[entry], entry)

        return sorted(entries, key=key)

    def _reach_minimum(self, state: _State, slot: int) -> bool:
        """Fill a slot that runs up to its minimum; return whether that worked."""
        minimum = int(self._instance.slot_minimum[slot])
        for entry in self._by_need(state, self._in_slot[slot]):
            if len(state.groups_in[slot]) >= minimum:
                break
            if state.fits(entry):
                state.add(entry)
        return len(state.groups_in[slot]) >= minimum

    def _open(self, state: _State, slot: int, entries: list[int]) -> None:
        """Let a slot with a minimum run when enough of the given candidates fit together."""
        minimum = int(self._instance.slot_minimum[slot])
        trial = _Trial(state, slot)
        for entry in entries:
            trial.try_add(entry)
        if len(trial.entries) >= minimum:
            for entry in trial.entries:
                state.add(entry)

    def _keep_published(self, state: _State, published: list[int]) -> None:
        """Keep what was published; only then look for others where too few are left for a slot to run."""
        by_slot: dict[int, list[int]] = defaultdict(list)
        for entry in published:
            by_slot[state.slot[entry]].append(entry)
        for slot, entries in sorted(by_slot.items()):
            if state.opens(entries[0]):
                for entry in entries:
                    if state.fits(entry):
                        state.add(entry)
            else:
                self._open(state, slot, entries)
        for slot, entries in sorted(by_slot.items()):
            if not state.groups_in[slot]:
                self._open(state, slot, entries + [e for e in self._in_slot[slot] if e not in entries])

    def _serve_need(self, state: _State) -> None:
        """Give schools below their guarantee participations, round by round, the least choice first."""
        choice = np.bincount(
            self._instance.group_school[self._candidates.group], minlength=len(self._instance.schools)
        )
        order = sorted(range(len(self._instance.schools)), key=lambda school: (choice[school], school))
        for k in self._instance.guarantee_levels:
            for school in order:
                if state.participations(school) < min(k, int(self._instance.guarantee[school])):
                    self._place_one(state, school)
            self._open_slots(state)

    def _place_one(self, state: _State, school: int) -> None:
        """Give a school one more slot, the one with most points for a group that has least."""
        groups = sorted(self._groups_of[school], key=lambda group: (len(state.slots_of[group]), group))
        for group in groups:
            for entry in self._of_group[group]:
                new = state.slot[entry] not in state.attended[school]
                if new and state.opens(entry) and state.fits(entry):
                    state.add(entry)
                    return

    def _open_slots(self, state: _State) -> None:
        for slot in np.flatnonzero(self._instance.slot_minimum > 1).tolist():
            if not state.groups_in[slot]:
                self._open(state, slot, self._by_need(state, self._in_slot[slot]))

    def _serve_wishes(self, state: _State) -> None:
        """Give every group the best that is left, those with least first; then once more for the others."""
        self._open_slots(state)
        for _ in range(int(self._instance.group_wanted.max(initial=0))):
            before = len(state.placed)
            for group in sorted(range(len(self._of_group)), key=lambda group: (state.granted[group], group)):
                entry = next(
                    (entry for entry in self._of_group[group] if state.opens(entry) and state.fits(entry)),
                    None,
                )
                if entry is not None:
                    state.add(entry)
            if len(state.placed) == before:
                break


class _Trial:
    """Groups that could enter a slot together."""

    def __init__(self, state: _State, slot: int) -> None:
        self._state = state
        self._slot = slot
        self._groups: list[int] = []
        self.entries: list[int] = []

    def try_add(self, entry: int) -> None:
        """Take a candidate when it fits beside those taken before; the slot itself does not run yet."""
        state = self._state
        state.groups_in[self._slot] = self._groups
        if state.fits(entry):
            self._groups.append(state.group[entry])
            self.entries.append(entry)
        state.groups_in[self._slot] = []


def _as_array(state: _State) -> Floats:
    return np.array(state.is_placed, dtype=np.float64)

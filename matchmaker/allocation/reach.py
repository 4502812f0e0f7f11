"""How far the guarantee reaches at most: maximum flows, and the schools that lack places together.

A participation flows from its school through a group, an activity, a day and a slot to the end. Every arc
stands for a rule (a group's wanted number, one activity a day, an activity once, the places of a slot, a
host's slots per day); rules that a flow cannot hold (overlaps across days, minima, sums of pupils) are left
out or loosened. So what flows is never less than what an allocation can do, and what the flow cannot carry is
lacking whatever is decided (Ford and Fulkerson 1956, DOI 10.4153/CJM-1956-045-5: the cut says where).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ortools.graph.python import max_flow
from scipy import sparse
from scipy.sparse import csgraph

from matchmaker.allocation.instance import Instance
from matchmaker.allocation.openings import Openings
from matchmaker.allocation.solver import Ints

_PLENTY = 2**30


@dataclass(frozen=True)
class Shortage:
    """Schools (indices) that ask for more than they can get together, and the slots they compete for."""

    level: int
    schools: Ints
    slots: Ints
    asked: int
    places: int


@dataclass(frozen=True)
class Reach:
    """What the flows say.

    Attributes
    ----------
    reachable
        For each school, more participations than this it cannot have even if it were alone, those it has
        included.
    least_below
        For k = 1 … the largest guarantee: at least so many schools stay below k.
    shortages
        Per level disjoint sets of schools; schools that could not reach the level even alone are in none.
    """

    reachable: Ints
    least_below: tuple[int, ...]
    shortages: tuple[Shortage, ...]


def find_reach(instance: Instance, openings: Openings) -> Reach:
    """Bound what any allocation can do for the guarantee.

    Parameters
    ----------
    instance, openings
        The problem and what is open in it; locked pairs are eligible.
    """
    network = _Network(instance, openings)
    reachable = openings.has + network.flow_alone()
    least_below: list[int] = []
    shortages: list[Shortage] = []
    for level in instance.guarantee_levels:
        aim = np.minimum(level, instance.guarantee)
        able = reachable >= aim
        asks = np.where(able, np.maximum(0, aim - openings.has), 0)
        found = list(network.list_shortages(level, asks))
        least_below.append(int((~able).sum()) + sum(_fewest_schools(item, asks) for item in found))
        shortages += found
    return Reach(reachable, tuple(least_below), tuple(shortages))


def _fewest_schools(shortage: Shortage, asks: Ints) -> int:
    """Return how few schools can bear a shortage together, each at most all that it asks for."""
    borne = np.cumsum(np.sort(asks[shortage.schools])[::-1])
    return int(np.searchsorted(borne, shortage.asked - shortage.places) + 1)


class _Network:
    """The arcs between schools and slots."""

    def __init__(self, instance: Instance, openings: Openings) -> None:
        self._instance = instance
        self._openings = openings
        self._chain = _Chain(instance, openings)

    def flow_alone(self) -> Ints:
        """Return how many participations each school could add if it were alone."""
        flow, arcs, chain = max_flow.SimpleMaxFlow(), _Arcs(), self._chain
        schools = np.arange(len(self._instance.schools))
        source, sink = chain.count, chain.count + 1
        arcs.add(np.full(len(schools), source), schools, np.full(len(schools), _PLENTY))
        chain.add_to(arcs)
        arcs.add(chain.pairs, np.full(len(chain.pairs), sink), np.ones(len(chain.pairs), dtype=np.intp))
        return arcs.solve(flow, source, sink)[: len(schools)]

    def list_shortages(self, level: int, asks: Ints) -> Iterator[Shortage]:
        """Return the sets of schools that cannot all have what they ask for."""
        flow, arcs, chain = max_flow.SimpleMaxFlow(), _Arcs(), self._chain
        schools = np.arange(len(asks))
        places = _Places(self._openings, chain, len(self._instance.slots))
        source, sink = places.count, places.count + 1
        arcs.add(np.full(len(schools), source), schools, asks)
        chain.add_to(arcs)
        places.add_to(arcs, sink)
        carried = arcs.solve(flow, source, sink)[: len(schools)]
        if carried.sum() == asks.sum():
            return
        yield from self._shortages_of_cut(level, asks, arcs, flow.get_source_side_min_cut(), places)

    def _shortages_of_cut(
        self, level: int, asks: Ints, arcs: "_Arcs", near: list[int], places: "_Places"
    ) -> Iterator[Shortage]:
        """Split the near side of the cut into parts that share nothing."""
        is_near = np.zeros(places.count + 2, dtype=np.bool_)
        is_near[near] = True
        is_near[places.count] = False
        tail, head, capacity = arcs.joined()
        inside = is_near[tail] & is_near[head]
        links = sparse.coo_array(
            (np.ones(int(inside.sum()), dtype=np.int8), (tail[inside], head[inside])),
            shape=(len(is_near), len(is_near)),
        )
        _, part = csgraph.connected_components(links, directed=False)
        leaves = is_near[tail] & ~is_near[head]
        left = np.bincount(part[tail[leaves]], capacity[leaves].astype(np.float64), minlength=len(is_near))
        schools = np.flatnonzero(is_near[: len(asks)])
        for own in np.unique(part[schools]).tolist():
            members = schools[part[schools] == own]
            asked, got = int(asks[members].sum()), round(float(left[own]))
            if asked > got:
                slots = np.unique(self._openings.slot[np.isin(self._openings.school, members)])
                yield Shortage(level, members, slots, asked, got)


class _Arcs:
    """Arcs collected in blocks."""

    def __init__(self) -> None:
        self._blocks: list[tuple[Ints, Ints, Ints]] = []

    def add(self, tail: Ints, head: Ints, capacity: Ints) -> None:
        """Add arcs; how they are numbered follows from the order of adding."""
        self._blocks.append((tail, head, capacity))

    def joined(self) -> tuple[Ints, Ints, Ints]:
        """Return all tails, heads and capacities."""
        tail, head, capacity = (
            np.concatenate([np.asarray(block[part], dtype=np.intp) for block in self._blocks])
            for part in range(3)
        )
        return tail, head, capacity

    def solve(self, flow: max_flow.SimpleMaxFlow, source: int, sink: int) -> Ints:
        """Return the flow on every arc."""
        numbers = flow.add_arcs_with_capacity(*self.joined())
        status = flow.solve(source, sink)
        if status != flow.OPTIMAL:
            raise ArithmeticError(f"the flow could not be computed: {status}")
        return np.asarray(flow.flows(numbers), dtype=np.intp)


class _Chain:
    """School → group → group and activity → group and day → school and slot.

    A participation may leave a day by another activity than it came by: that only loosens the bound.
    ``pairs`` are the nodes of school and slot, ``pair_rows`` an open pair of each, ``count`` all nodes.
    """

    def __init__(self, instance: Instance, openings: Openings) -> None:
        self._instance = instance
        self._openings = openings
        activity, day = instance.slot_activity[openings.slot], instance.slot_day[openings.slot]
        self._activities, self._activity = _number(openings.group, activity)
        self._days, self._day = _number(openings.group, day - day.min(initial=0))
        self.pair_rows, pair = _number(openings.school, openings.slot)
        first = len(instance.schools)
        self._first_group = first
        self._first_activity = first + len(instance.groups)
        self._first_day = self._first_activity + len(self._activities)
        self._first_evening = self._first_day + len(self._days)
        first_pair = self._first_evening + len(self._days)
        self.pairs = first_pair + np.arange(len(self.pair_rows))
        self._pair = first_pair + pair
        self.count = first_pair + len(self.pair_rows)
        self._day_capacity = self._stops_per_day()

    def _stops_per_day(self) -> Ints:
        """Return how many slots a group may have on each of its days: several only on a multi-stop day."""
        labelled = np.array(
            [item.multi_stop_day is not None for item in self._instance.slots], dtype=np.bool_
        )
        several = np.bincount(self._day, labelled[self._openings.slot], minlength=len(self._days)).astype(
            np.intp
        )
        return np.maximum(1, several)

    def add_to(self, arcs: _Arcs) -> None:
        """Add the arcs from the schools to the pairs of school and slot."""
        instance, group = self._instance, self._openings.group
        groups = np.arange(len(instance.groups))
        arcs.add(instance.group_school, self._first_group + groups, self._openings.wanted_left)
        activities = self._first_activity + np.arange(len(self._activities))
        arcs.add(self._first_group + group[self._activities], activities, np.ones_like(activities))
        links, _ = _number(self._activity, self._day)
        arcs.add(
            self._first_activity + self._activity[links],
            self._first_day + self._day[links],
            np.ones(len(links), dtype=np.intp),
        )
        days = np.arange(len(self._days))
        arcs.add(self._first_day + days, self._first_evening + days, self._day_capacity)
        arcs.add(self._first_evening + self._day, self._pair, np.ones(len(self._day), dtype=np.intp))


def _number(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """Number the different pairs of two columns; return a row of each pair, and each row's number."""
    width = int(second.max(initial=0)) + 1
    _, rows, numbers = np.unique(first * width + second, return_index=True, return_inverse=True)
    return rows, numbers


class _Places:
    """School and slot → (door of a slot that keeps places) → slot → host and day → the end."""

    def __init__(self, openings: Openings, chain: _Chain, slots: int) -> None:
        self._openings = openings
        self._chain = chain
        self._first_slot = chain.count
        self._first_door = self._first_slot + slots
        self._first_day = self._first_door + slots
        self.count = self._first_day + len(openings.host_day_places)

    def add_to(self, arcs: _Arcs, sink: int) -> None:
        """Add the arcs from the pairs of school and slot to the end."""
        openings, chain = self._openings, self._chain
        through_door = openings.through_door[chain.pair_rows]
        first = np.where(through_door, self._first_door, self._first_slot)
        arcs.add(chain.pairs, first + openings.slot[chain.pair_rows], np.ones_like(chain.pairs))
        arcs.add(self._first_door + openings.doors, self._first_slot + openings.doors, openings.door_places)
        slots = np.unique(openings.slot)
        arcs.add(self._first_slot + slots, self._first_day + openings.host_day[slots], openings.places[slots])
        days = np.unique(openings.host_day[slots])
        arcs.add(self._first_day + days, np.full(len(days), sink), openings.host_day_places[days])

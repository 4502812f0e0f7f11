"""How likely a wish is granted: the share of quick draws in which it is.

A draw is a minimum-cost flow (Ahuja, Magnanti and Orlin 1993, Network Flows, chapter 10) from schools through
groups and slots to hosts' days, on a random handful of candidates per wish and with a little noise on their
points. Need goes first, as in the engine: a school's participations up to its guarantee carry a premium that
no wish outweighs. A wish that comes true however the candidates are drawn is as good as certain; one that
depends on the draw depends in truth on what the engine weighs and a draw does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from matchmaker.allocation.candidates import Candidates
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.openings import Openings
from matchmaker.allocation.solver import Floats, Ints

_PER_WISH = (3, 5, 9, 16)
"""Candidates of each wish in a draw, in turn: few make for variety, many for truth."""
_DRAWS = 16
_NOISE_POINTS = 8.0
_FIRST_PARTICIPATION = 400
_LATER_PARTICIPATION = 200
_FIRST_PLACEMENT = 60
"""Premiums in points: of a school's first and later participations due, and of a group's first placement."""
_UNITS_PER_POINT = 100


@dataclass(frozen=True)
class Chances:
    """Shares of the draws, 0 … 1.

    Attributes
    ----------
    wish
        By group and rank (column 0: not wished).
    school
        Share in which each school reaches its guarantee.
    """

    wish: Floats
    school: Floats


def draw_chances(instance: Instance, candidates: Candidates, openings: Openings, *, seed: int) -> Chances:
    """Draw a number of times and count.

    Parameters
    ----------
    instance, candidates, openings
        The problem, its eligible pairs, and what is open beside the locked ones.
    seed
        Of the draws; the same seed gives the same chances.
    """
    lots = _Lots(instance, candidates, openings)
    wish = np.zeros((len(instance.groups), int(candidates.rank.max(initial=0)) + 1))
    school = np.zeros(len(instance.schools))
    random = np.random.default_rng(seed)
    for number in range(_DRAWS):
        placed = lots.draw(random, _PER_WISH[number % len(_PER_WISH)])
        granted = np.zeros_like(wish, dtype=np.bool_)
        granted[openings.group[placed], lots.rank[placed]] = True
        wish += granted
        school += lots.has_guarantee(placed)
    sure = openings.locked
    wish[candidates.group[sure], candidates.rank[sure]] = _DRAWS
    return Chances(wish / _DRAWS, school / _DRAWS)


class _Lots:
    """The network of all draws; only the pairs of group and slot differ from draw to draw.

    Nodes: groups, slots, doors of slots that keep places, days of hosts, schools, source, sink.
    """

    def __init__(self, instance: Instance, candidates: Candidates, openings: Openings) -> None:
        self._instance = instance
        self._openings = openings
        self.rank = candidates.rank[openings.entries]
        self._points = candidates.points[openings.entries]
        self._wish = openings.group * (int(self.rank.max(initial=0)) + 1) + self.rank
        self._first_slot = len(instance.groups)
        self._first_door = self._first_slot + len(instance.slots)
        self._first_day = self._first_door + len(instance.slots)
        self._first_school = self._first_day + len(openings.host_day_places)
        self._source = self._first_school + len(instance.schools)
        self._sink = self._source + 1
        first = np.where(openings.through_door, self._first_door, self._first_slot)
        self._head = first + openings.slot
        self._need = np.maximum(0, instance.guarantee - openings.has)
        self._fixed = _join(self._places()), _join(self._demand())

    def _places(self) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
        """Doors → slots → days of hosts → the end: tails, heads, capacities, costs."""
        openings, slots = self._openings, np.arange(len(self._instance.slots))
        doors, days = openings.doors, np.arange(len(openings.host_day_places))
        yield _free(self._first_door + doors, self._first_slot + doors, openings.door_places)
        yield _free(self._first_slot + slots, self._first_day + openings.host_day, openings.places)
        yield _free(self._first_day + days, np.full(len(days), self._sink), openings.host_day_places)

    def _demand(self) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
        """The source → schools → groups; a negative cost is a premium."""
        instance, left = self._instance, self._openings.wanted_left
        schools = self._first_school + np.arange(len(instance.schools))
        source = np.full(len(schools), self._source)
        asked = np.bincount(instance.group_school, left.astype(np.float64), minlength=len(schools))
        yield _paid(source, schools, np.minimum(1, self._need), _FIRST_PARTICIPATION)
        yield _paid(source, schools, np.maximum(0, self._need - 1), _LATER_PARTICIPATION)
        yield _free(source, schools, asked.astype(np.intp))
        groups, of = np.arange(len(left)), self._first_school + instance.group_school
        yield _paid(of, groups, np.minimum(1, left), _FIRST_PLACEMENT)
        yield _free(of, groups, np.maximum(0, left - 1))

    def draw(self, random: np.random.Generator, per_wish: int) -> Ints:
        """Return the open pairs that are placed in one draw."""
        kept = self._draw_candidates(random, per_wish)
        points = self._points[kept] + _NOISE_POINTS * random.standard_normal(len(kept))
        flow = min_cost_flow.SimpleMinCostFlow()
        numbers = flow.add_arcs_with_capacity_and_unit_cost(
            self._openings.group[kept],
            self._head[kept],
            np.ones(len(kept), dtype=np.intp),
            np.rint(-_UNITS_PER_POINT * np.maximum(1.0, points)).astype(np.intp),
        )
        for arcs in self._fixed:
            flow.add_arcs_with_capacity_and_unit_cost(*arcs)
        supply = int(self._openings.wanted_left.sum())
        flow.add_arc_with_capacity_and_unit_cost(self._source, self._sink, supply, 0)
        flow.set_node_supply(self._source, supply)
        flow.set_node_supply(self._sink, -supply)
        status = flow.solve()
        if status != flow.OPTIMAL:
            raise ArithmeticError(f"the flow could not be computed: {status}")
        return np.asarray(kept[flow.flows(numbers) > 0])

    def _draw_candidates(self, random: np.random.Generator, per_wish: int) -> Ints:
        """Return at most so many open pairs of each wish of each group."""
        order = np.lexsort((random.random(len(self._wish)), self._wish))
        wish = self._wish[order]
        place = np.arange(len(order)) - np.searchsorted(wish, wish, side="left")
        return np.asarray(order[place < per_wish])

    def has_guarantee(self, placed: Ints) -> Ints:
        """Return for each school 1 when the placed pairs bring it to its guarantee."""
        width = max(1, len(self._instance.slots))
        attended = np.unique(self._openings.school[placed] * width + self._openings.slot[placed])
        reached: Ints = np.bincount(attended // width, minlength=len(self._need))
        return np.asarray(reached >= self._need, dtype=np.intp)


def _free(tail: Ints, head: Ints, capacity: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    return tail, head, capacity, np.zeros(len(capacity), dtype=np.intp)


def _paid(tail: Ints, head: Ints, capacity: Ints, premium: int) -> tuple[Ints, Ints, Ints, Ints]:
    return tail, head, capacity, np.full(len(capacity), -_UNITS_PER_POINT * premium)


def _join(blocks: Iterator[tuple[Ints, Ints, Ints, Ints]]) -> tuple[Ints, ...]:
    """Return blocks of arcs as one."""
    return tuple(np.concatenate(parts) for parts in zip(*blocks, strict=True))

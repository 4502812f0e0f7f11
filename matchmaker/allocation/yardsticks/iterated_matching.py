"""Maximum matching, again and again: as many groups as can be get a place, then as many as can a second.

A minimum-cost maximum flow per round (Ahuja, Magnanti and Orlin 1993, Network Flows, chapter 10) as OR-Tools
computes it: first the number of groups, then their points, then the kilometres.
"""

import numpy as np
from ortools.graph.python import min_cost_flow

from matchmaker.allocation.solver import Ints
from matchmaker.allocation.yardsticks.board import Board

_MOST_ROUNDS = 50
_COST_OF_A_POINT = 1_000
_MOST_KM = 999


def iterated_matching(board: Board, order: list[int]) -> None:
    """Match the groups that hold least to slots, and repeat.

    The flow knows the group places of a slot, those it keeps for some schools, and slots per day of a host
    as far as places say it. Pupil places and a day's limit are looked at when its answer is placed; who does
    not fit then is in the next matching of the same round.
    """
    place = np.zeros(len(order), dtype=np.intp)
    place[order] = np.arange(len(order))
    for turn in range(1, max(board.wanted, default=0) + 1):
        for _ in range(_MOST_ROUNDS):
            if not _match_once(board, turn, place):
                break


def _match_once(board: Board, turn: int, place: Ints) -> int:
    """Place one matching of the groups that hold fewer than ``turn``; return how many found a place."""
    entries = [
        entry
        for group, own in enumerate(board.of_group)
        if len(board.held[group]) < min(turn, board.wanted[group])
        for entry in own
        if board.fits(entry)
    ]
    placed = 0
    for entry in _best_matching(board, entries, place):
        if board.fits(entry):
            board.place(entry)
            placed += 1
    return placed


def _best_matching(board: Board, entries: list[int], place: Ints) -> list[int]:
    """Return a matching of most entries, those that are worth most placed first."""
    if not entries:
        return []
    chosen = np.array(sorted(entries), dtype=np.intp)
    matched = chosen[_Flow(board, chosen).solve()]
    points = board.candidates.points[matched]
    groups = board.candidates.group[matched]
    return list(matched[np.lexsort((place[groups], -points))].tolist())


class _Flow:
    """Groups → entries → slots → the end; a slot that keeps places has a door of its own for the others."""

    def __init__(self, board: Board, entries: Ints) -> None:
        self._board = board
        self._entries = entries
        candidates, instance = board.candidates, board.instance
        self._group = candidates.group[entries]
        self._slot = candidates.slot[entries]
        self._first_slot = len(instance.groups)
        self._first_door = self._first_slot + len(instance.slots)
        self._source = self._first_door + len(instance.slots)
        self._sink = self._source + 1

    def solve(self) -> Ints:
        """Return the positions of the entries that carry flow."""
        flow = min_cost_flow.SimpleMinCostFlow()
        count = len(self._entries)
        flow.add_arcs_with_capacity_and_unit_cost(
            self._group, self._heads(), np.ones(count, dtype=np.int64), self._costs()
        )
        groups = np.unique(self._group)
        self._add_free(flow, np.full(len(groups), self._source), groups, np.ones(len(groups), dtype=np.intp))
        self._add_slots(flow)
        flow.set_node_supply(self._source, len(groups))
        flow.set_node_supply(self._sink, -len(groups))
        status = flow.solve_max_flow_with_min_cost()
        if status != flow.OPTIMAL:
            raise ArithmeticError(f"the matching could not be computed: {status}")
        return np.flatnonzero(flow.flows(np.arange(count)))

    def _heads(self) -> Ints:
        """Return where each entry leads: to the slot, or to the door for schools without kept places."""
        keeps = self._board.reserved
        school = self._board.school
        through_door = np.array(
            [
                (kept := keeps[slot]) is not None and school[group] not in kept[1]
                for group, slot in zip(self._group.tolist(), self._slot.tolist(), strict=True)
            ],
            dtype=np.bool_,
        )
        return np.where(through_door, self._first_door, self._first_slot) + self._slot

    def _costs(self) -> Ints:
        candidates = self._board.candidates
        km = np.minimum(candidates.km[self._entries], _MOST_KM).astype(np.int64)
        return (100 - candidates.points[self._entries]) * _COST_OF_A_POINT + km

    def _add_slots(self, flow: min_cost_flow.SimpleMinCostFlow) -> None:
        board = self._board
        slots = np.unique(self._slot)
        guests = np.array([len(board.guests[slot]) for slot in slots.tolist()], dtype=np.int64)
        left = np.maximum(0, board.instance.slot_groups[slots] - guests)
        self._add_free(flow, self._first_slot + slots, np.full(len(slots), self._sink), left)
        doors = [slot for slot in slots.tolist() if board.reserved[slot] is not None]
        inside = np.array([board.places_for_others(slot) for slot in doors], dtype=np.int64)
        ends = np.array(doors, dtype=np.int64)
        self._add_free(flow, self._first_door + ends, self._first_slot + ends, inside)

    @staticmethod
    def _add_free(flow: min_cost_flow.SimpleMinCostFlow, tails: Ints, heads: Ints, most: Ints) -> None:
        capacity = np.asarray(most, dtype=np.int64)
        flow.add_arcs_with_capacity_and_unit_cost(
            tails, heads, capacity, np.zeros(len(capacity), dtype=np.int64)
        )

"""Other ways to allocate, to hold the engine against: what would have come of it otherwise?

Each is a module of its own behind one interface, done as well as its idea allows: a yardstick that is easy to
beat says nothing. They share the rules (:class:`~matchmaker.allocation.yardsticks.board.Board`), how locked
placements stand, and what happens to slots that do not reach their minimum.
"""

from typing import Protocol

import numpy as np

from matchmaker.allocation.candidates import build_candidates
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.locked import list_locked_problems
from matchmaker.allocation.problem import Placement, Problem
from matchmaker.allocation.yardsticks.board import Board
from matchmaker.allocation.yardsticks.deferred_acceptance import deferred_acceptance
from matchmaker.allocation.yardsticks.first_come import first_come
from matchmaker.allocation.yardsticks.iterated_matching import iterated_matching
from matchmaker.allocation.yardsticks.settling import dissolve_minima, place_locked

YARDSTICKS = ("first_come", "deferred_acceptance", "iterated_matching")
"""Names, in the order in which reports show them."""


class LockedPlacementsError(ValueError):
    """The locked placements cannot stand, so that there is nothing to compare."""


class Yardstick(Protocol):
    """A way to allocate: fills a board that holds the locked placements already.

    ``order`` holds all groups in the order of arrival. Slots may end below their minimum.
    """

    def __call__(self, board: Board, order: list[int]) -> None: ...


_YARDSTICKS: dict[str, Yardstick] = {
    "first_come": first_come,
    "deferred_acceptance": deferred_acceptance,
    "iterated_matching": iterated_matching,
}


def run_yardstick(problem: Problem, name: str, *, seed: int = 1) -> tuple[Placement, ...]:
    """Allocate in another way.

    Parameters
    ----------
    problem
        Any problem; published placements are not looked at.
    name
        One of :data:`YARDSTICKS`.
    seed
        Decides the order of arrival, which also breaks ties.

    Returns
    -------
    tuple of Placement
        Sorted as in a result; every hard rule holds and locked placements stand.

    Raises
    ------
    LockedPlacementsError
        When the locked placements cannot stand.
    """
    instance = Instance(problem)
    board = Board(instance, build_candidates(instance))
    if list_locked_problems(problem) or not place_locked(board):
        raise LockedPlacementsError("the locked placements cannot stand together")
    order = np.random.default_rng(seed).permutation(len(instance.groups)).tolist()
    _YARDSTICKS[name](board, order)
    dissolve_minima(board, order)
    return board.placements()

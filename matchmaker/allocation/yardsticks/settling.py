"""What every yardstick shares: how it begins with locked placements, and how it ends with slots too empty."""

from matchmaker.allocation.candidates import find_positions
from matchmaker.allocation.model import build_model
from matchmaker.allocation.search import search_start
from matchmaker.allocation.solver import Limits
from matchmaker.allocation.yardsticks.board import Board

_SECONDS_FOR_A_START = 30.0


def place_locked(board: Board) -> bool:
    """Place the locked pairs and what their slots need to run, for good; return whether that is possible."""
    locked, _ = find_positions(board.instance, board.candidates, board.instance.problem.locked)
    entries = locked.tolist()
    placed = _place_all(board, entries) and all(
        _reach_minimum(board, slot) for slot in sorted({board.slot[entry] for entry in entries})
    )
    if not placed:
        for guests in board.guests:
            for entry in list(guests):
                board.remove(entry)
        placed = _place_as_solved(board, entries)
    board.fixed = {entry for guests in board.guests for entry in guests}
    return placed


def _place_all(board: Board, entries: list[int]) -> bool:
    for entry in entries:
        if not board.fits(entry):
            return False
        board.place(entry)
    return True


def _reach_minimum(board: Board, slot: int) -> bool:
    """Fill a slot up to its minimum with those to whom it is worth most."""
    for entry in sorted(board.of_slot[slot], key=lambda entry: (-board.points[entry], entry)):
        if len(board.guests[slot]) >= board.minimum[slot]:
            break
        if entry not in board.guests[slot] and board.fits(entry):
            board.place(entry)
    return len(board.guests[slot]) >= board.minimum[slot]


def _place_as_solved(board: Board, locked: list[int]) -> bool:
    """Where filling up one by one fails, let the solver say which groups make the locked slots run."""
    find = find_positions(board.instance, board.candidates, board.instance.problem.locked)[0]
    model = build_model(board.instance, board.candidates, find, find[:0], 0)
    chosen = search_start(model, Limits(_SECONDS_FOR_A_START))
    if chosen is None:
        return False
    slots = {board.slot[entry] for entry in locked}
    for entry in (chosen > 0.5).nonzero()[0].tolist():
        if board.slot[entry] in slots:
            board.place(entry)
    return True


def take_turns(board: Board, order: list[int], *, only_running: bool = False) -> None:
    """Let the groups choose one by one, each the best that fits; then again those that want more.

    Parameters
    ----------
    board
        Is filled.
    order
        Groups in the order in which they choose.
    only_running
        Whether slots that do not have their minimum yet are left out.
    """
    for turn in range(1, max(board.wanted, default=0) + 1):
        for group in order:
            if len(board.held[group]) < min(turn, board.wanted[group]):
                choose_best(board, group, only_running=only_running)


def choose_best(board: Board, group: int, *, only_running: bool = False) -> None:
    """Give a group the best that fits, when there is something."""
    for entry in board.of_group[group]:
        if (not only_running or board.runs(board.slot[entry])) and board.fits(entry):
            board.place(entry)
            return


def dissolve_minima(board: Board, order: list[int]) -> None:
    """Close the slots that do not reach their minimum and let everybody choose from what is left.

    The slot that lacks most goes first, its groups choose anew, and these may bring another one to its
    minimum. At the end those who want more look once more at the slots that run.
    """
    place_in_order = {group: place for place, group in enumerate(order)}
    while slot := _emptiest(board):
        board.closed.add(slot[1])
        groups = [board.group[entry] for entry in board.guests[slot[1]]]
        for entry in list(board.guests[slot[1]]):
            board.remove(entry)
        for group in sorted(groups, key=place_in_order.__getitem__):
            choose_best(board, group)
    take_turns(board, order, only_running=True)


def _emptiest(board: Board) -> tuple[int, int] | None:
    """Return how much the slot that lacks most lacks, and its index."""
    lacking = [
        (len(guests) - board.minimum[slot], slot)
        for slot, guests in enumerate(board.guests)
        if guests and len(guests) < board.minimum[slot]
    ]
    return min(lacking, default=None)

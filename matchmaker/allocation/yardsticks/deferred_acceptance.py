"""Deferred acceptance with several places on both sides.

Groups propose in the order of their wishes; a slot that is full gives up the group that it prefers least when
a better one proposes (Gale and Shapley 1962, DOI 10.1080/00029890.1962.11989827; Roth 1984, DOI
10.1086/261272, for several places). Activity programmes use it in this form: a wish that overlaps what a
group holds is blocked, and opens again when the group loses that place.
"""

from collections import deque

from matchmaker.allocation.yardsticks.board import Board

_Preference = tuple[int, int, int]


def deferred_acceptance(board: Board, order: list[int]) -> None:
    """Propose, hold and give up until nobody has anything left to propose.

    1. In round r every group may hold up to r places; those with fewer propose, in turn, to the best slot
       that did not refuse them and goes together with what they hold.
    2. A slot with room holds the group. A full one lets go of the guests that it prefers less, the least
       preferred first, if that makes room; else it refuses for good.
    3. A group that lost its place stands in line again.

    Slots prefer the group whose school needs it most: the first group of a school that has nothing before the
    second, and all of these before groups of schools that have their guarantee; then the wish that stands
    higher; then who came first. The preferences are fixed, so no slot takes back what it refused and the
    rounds end after as many proposals as there are candidates at most.
    """
    court = _Court(board, order)
    for turn in range(1, max(board.wanted, default=0) + 1):
        court.hold_round(turn)


class _Court:
    """The proposals that are still open."""

    def __init__(self, board: Board, order: list[int]) -> None:
        self._board = board
        self._order = order
        self._place = {group: place for place, group in enumerate(order)}
        self._need = _needs(board, order)
        self._refused: set[int] = set(board.fixed)

    def hold_round(self, turn: int) -> None:
        """Let everybody propose who holds fewer than ``turn`` places."""
        board = self._board
        line = deque(self._order)
        while line:
            group = line.popleft()
            while len(board.held[group]) < min(turn, board.wanted[group]):
                entry = self._next_proposal(group)
                if entry is None:
                    break
                line += self._propose(entry)

    def _next_proposal(self, group: int) -> int | None:
        board = self._board
        return next(
            (e for e in board.of_group[group] if e not in self._refused and board.group_is_free(e)), None
        )

    def _propose(self, entry: int) -> list[int]:
        """Hold the entry or refuse it; return the groups that lost their place to it."""
        board = self._board
        guests = list(board.guests[board.slot[entry]])
        leaving: list[int] = []
        less_liked = [guest for guest in guests if guest not in board.fixed and self._likes(entry, guest)]
        less_liked.sort(key=self._preference)
        while not board.slot_has_room(entry, guests) and less_liked:
            leaving.append(less_liked.pop())
            guests.remove(leaving[-1])
        if not board.slot_has_room(entry, guests):
            self._refused.add(entry)
            return []
        # Letting go went by preference alone: whoever has a place after all keeps it.
        for guest in leaving[::-1]:
            if board.slot_has_room(guest, [*guests, entry]):
                guests.append(guest)
                leaving.remove(guest)
        # The newcomer sits down first: a slot that nobody sits in for a moment would count as not running.
        board.place(entry)
        for guest in leaving:
            board.remove(guest)
            self._refused.add(guest)
        return [board.group[guest] for guest in leaving]

    def _likes(self, entry: int, guest: int) -> bool:
        return self._preference(entry) < self._preference(guest)

    def _preference(self, entry: int) -> _Preference:
        """Return how much the slot wants the entry; lower is more."""
        group = self._board.group[entry]
        return -self._need[group], -self._board.points[entry], self._place[group]


def _needs(board: Board, order: list[int]) -> list[int]:
    """Return what each group's school lacks when the groups of the school before it have a place."""
    lacks = (board.instance.guarantee - board.instance.already).tolist()
    needs = [0] * len(order)
    for group in order:
        school = board.school[group]
        needs[group] = max(0, lacks[school])
        lacks[school] -= 1
    return needs

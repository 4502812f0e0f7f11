"""First come, first served: who signs up early has the choice."""

from matchmaker.allocation.yardsticks.board import Board
from matchmaker.allocation.yardsticks.settling import take_turns


def first_come(board: Board, order: list[int]) -> None:
    """Let the groups choose in the order of arrival.

    Every group takes the best of its wishes that fits. Who wants more comes back after everybody has had a
    turn, which is kinder to those who arrive late than most sign-up pages are.
    """
    take_turns(board, order)

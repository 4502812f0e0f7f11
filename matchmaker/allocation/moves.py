"""Who moved in a repair, and why."""

from collections.abc import Callable
from dataclasses import dataclass, field

from matchmaker.allocation.problem import Problem, Result

NameOf = Callable[[str, str], str]
"""Gives the name of a thing by its noun (``group``, ``school``, ``slot``) and id."""


@dataclass(frozen=True, slots=True)
class Move:
    """One published placement that is not in the result, or a placement that was not published.

    Attributes
    ----------
    group
        Id of the group.
    was, now
        Ids of slots; ``was`` None for a placement that comes on top, ``now`` None when nothing came instead.
    code
        Why, see :data:`SENTENCES`.
    facts
        What fills the sentence; ids under the nouns ``group``, ``school``, ``slot`` and ``other``.
    """

    group: str
    was: str | None
    now: str | None
    code: str
    facts: dict[str, str] = field(default_factory=dict)


def id_of(noun: str, identifier: str) -> str:
    """Return the id itself: what things are called where there are no names."""
    return identifier if noun == "school" else f"{ {'group': 'groep', 'slot': 'tijdvak'}[noun] } {identifier}"


def list_moves(problem: Problem, result: Result) -> tuple[Move, ...]:
    """Return what changed between the published placements and a result, by group and slot."""
    raise NotImplementedError


def format_move(move: Move, name_of: NameOf = id_of) -> str:
    """Return a Dutch sentence about one move."""
    raise NotImplementedError

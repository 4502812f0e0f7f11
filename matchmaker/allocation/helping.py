"""What would have had to be different for a school: small changes, each confirmed by solving again."""

from dataclasses import dataclass, field

from matchmaker.allocation.naming import IDS, Names
from matchmaker.allocation.problem import Problem, Result

WISH = "wish"
WANTED = "wanted"
OPEN_TO_OTHER = "open_to_other"
DISTANCE = "distance"
HALF_DAY = "half_day"
DAY = "day"

CHANGES = (WISH, WANTED, OPEN_TO_OTHER, DISTANCE, HALF_DAY, DAY)
"""Codes of changes, the least effort first."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something a school could have done, and what it would have brought.

    Attributes
    ----------
    code
        One of :data:`CHANGES`.
    groups
        Ids of the groups for which it holds.
    facts
        What fills the sentence: ``kind`` or ``activity`` of one more wish, ``km`` more travel, ``weekday``
        (1 Monday … 7 Sunday) and ``part`` (``morning``, ``afternoon``) that would be free.
    effort
        How much is asked, an order and not a measure: lower is easier.
    participations_before, participations_after
        Of the school, ``already`` included.
    satisfaction_before, satisfaction_after
        Of the school, 0 … 1.
    others_stay
        True when all other schools keep their placements; False when others move, none of them below the
        guarantee that it has now.
    """

    code: str
    groups: tuple[str, ...]
    effort: int
    participations_before: int
    participations_after: int
    satisfaction_before: float
    satisfaction_after: float
    others_stay: bool
    facts: dict[str, str] = field(default_factory=dict)


def what_would_help(
    problem: Problem, result: Result, school_id: str, *, seconds: float = 5.0, seed: int = 1
) -> tuple[Change, ...]:
    """Return the changes that would bring a school more, the least effort first.

    A school below its guarantee is told what would bring participations, another one what would bring more
    of its wishes.

    Parameters
    ----------
    problem, result
        A problem and an allocation for it that the checker has passed.
    school_id
        Id of the school.
    seconds
        Wall time; changes that were not tried in time are left out.
    seed
        Seed of the solver.

    Raises
    ------
    KeyError
        When the problem has no such school.
    """
    raise NotImplementedError


def format_change(change: Change, names: Names = IDS) -> str:
    """Return a change as a Dutch sentence."""
    raise NotImplementedError

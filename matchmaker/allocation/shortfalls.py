"""Why a school stays below its guarantee: first what no allocation could change, then what is scarce."""

from dataclasses import dataclass, field

from matchmaker.allocation.problem import Problem

NO_LIST = "no_list"
ASKS_TOO_FEW = "asks_too_few"
NO_SLOT = "no_slot"
FEW_SLOTS = "few_slots"
MINIMUM = "minimum"
SCARCE = "scarce"

CAUSES = (NO_LIST, ASKS_TOO_FEW, NO_SLOT, FEW_SLOTS, MINIMUM, SCARCE)
"""All causes, in the order in which they are looked for; the first that holds is told."""

STRUCTURAL = (NO_LIST, ASKS_TOO_FEW, NO_SLOT, FEW_SLOTS, MINIMUM)
"""Causes for which no allocation of the present wishes and slots could bring the school to its guarantee."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A school below its guarantee.

    Attributes
    ----------
    school
        Id of the school.
    participations, guarantee
        What it has, ``already`` included, and what it should have.
    cause
        One of :data:`CAUSES`.
    facts
        What fills the sentence of the cause, as text: ``asked`` (most visits that its groups ask for),
        ``reachable`` (most participations if it were alone), ``slots`` (slots that suit one of its groups),
        ``rule`` (the rule of :mod:`matchmaker.domain.eligibility` that keeps most slots away by itself, or
        ``several``), ``blocked`` (slots that this rule keeps away).
    """

    school: str
    participations: int
    guarantee: int
    cause: str
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def lacks(self) -> int:
        """How many participations are missing."""
        return self.guarantee - self.participations


def list_structural(problem: Problem) -> tuple[Shortfall, ...]:
    """Return the schools that no allocation of these wishes and slots could bring to their guarantee.

    Their ``participations`` are the most that they could have, all others left aside.
    """
    raise NotImplementedError

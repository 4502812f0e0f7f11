"""Phases of a round and how one follows the other."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class Phase(StrEnum):
    """A round is in exactly one phase."""

    PREPARING = "preparing"
    OFFERING = "offering"
    WISHING = "wishing"
    ALLOCATING = "allocating"
    REVIEWING = "reviewing"
    PUBLISHED = "published"
    CLOSED = "closed"


# An organiser may step back until the result is published; after that only forward.
PHASE_TRANSITIONS = MappingProxyType(
    {
        Phase.PREPARING: frozenset({Phase.OFFERING}),
        Phase.OFFERING: frozenset({Phase.PREPARING, Phase.WISHING}),
        Phase.WISHING: frozenset({Phase.OFFERING, Phase.ALLOCATING}),
        Phase.ALLOCATING: frozenset({Phase.WISHING, Phase.REVIEWING}),
        Phase.REVIEWING: frozenset({Phase.WISHING, Phase.PUBLISHED}),
        Phase.PUBLISHED: frozenset({Phase.CLOSED}),
        Phase.CLOSED: frozenset(),
    }
)

# What an organiser may choose by hand. A checked run brings a round to reviewing, and publishing it to
# published; closing a round comes with what belongs to a year's end.
PHASE_CHOICES = MappingProxyType(
    {
        phase: following - {Phase.REVIEWING, Phase.PUBLISHED, Phase.CLOSED}
        for phase, following in PHASE_TRANSITIONS.items()
    }
)

RUN_PHASES = frozenset({Phase.ALLOCATING, Phase.REVIEWING})
RESULT_PHASES = frozenset({Phase.PUBLISHED, Phase.CLOSED})

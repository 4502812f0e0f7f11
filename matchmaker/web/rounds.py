"""Which of a region's rounds a page is about."""

from __future__ import annotations

from collections.abc import Sequence

from matchmaker.domain.phases import Phase
from matchmaker.models import Round

# What is being worked on comes before what has a result, and that before what has yet to begin.
_ORDER = (
    {Phase.OFFERING, Phase.WISHING, Phase.ALLOCATING, Phase.REVIEWING},
    {Phase.PUBLISHED},
    {Phase.PREPARING},
    {Phase.CLOSED},
)


def choose_current_round(rounds: Sequence[Round]) -> Round | None:
    """Return the round that people are busy with; `rounds` come latest first."""
    for phases in _ORDER:
        for round_ in rounds:
            if round_.phase in phases:
                return round_
    return None

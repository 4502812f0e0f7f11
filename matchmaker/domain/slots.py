"""How the states of a slot follow each other when people change them."""

from __future__ import annotations

from types import MappingProxyType

from matchmaker.domain.kinds import SlotState

# A withdrawn slot stays so: whoever wants to come again gets a new one.
SLOT_TRANSITIONS = MappingProxyType(
    {
        SlotState.OPEN: frozenset({SlotState.WITHDRAWN}),
        SlotState.WITHDRAWN: frozenset(),
    }
)

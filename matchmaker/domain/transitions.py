"""A state is one enum and one table of allowed transitions; this is the table's shape."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from matchmaker.domain.errors import TransitionError

S = TypeVar("S", bound=StrEnum)


def require_transition(noun: str, table: Mapping[S, frozenset[S]], current: S, wanted: S) -> S:
    """Return `wanted` when the table allows it after `current`.

    Raises
    ------
    TransitionError
        When it does not.
    """
    if wanted not in table[current]:
        raise TransitionError(noun, current.value, wanted.value)
    return wanted

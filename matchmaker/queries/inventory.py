"""The data inventory: every column that the database has, and what it is kept for."""

from __future__ import annotations

from functools import cache

from matchmaker.domain.inventory import Entry
from matchmaker.extensions import Base
from matchmaker.models.labelling import list_entries


@cache
def list_inventory() -> tuple[Entry, ...]:
    """Return a line for every column, by table."""
    return list_entries(Base.metadata)


def list_personal() -> tuple[Entry, ...]:
    """Return the lines of columns that are, or may be, about a person."""
    return tuple(entry for entry in list_inventory() if entry.label.is_personal)

"""The data inventory: every column that the database has, and what it is kept for."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Enum

from matchmaker.domain.inventory import Entry, Eraser
from matchmaker.extensions import Base
from matchmaker.models.labelling import list_entries


@cache
def list_inventory() -> tuple[Entry, ...]:
    """Return a line for every column, by table."""
    return list_entries(Base.metadata)


def list_personal() -> tuple[Entry, ...]:
    """Return the lines of columns that are, or may be, about a person."""
    return tuple(entry for entry in list_inventory() if entry.label.is_personal)


@cache
def list_personal_columns(table: str) -> frozenset[str]:
    """Return the columns of a table whose values go when a person is erased; states and keys stay."""
    return frozenset(
        entry.column
        for entry in list_personal()
        if entry.table == table
        and entry.label.eraser is not Eraser.NAMELESS
        and not entry.column.endswith("_id")
        and not isinstance(Base.metadata.tables[table].columns[entry.column].type, Enum)
    )

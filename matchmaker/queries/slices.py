"""A slice of a long list: one page of it and how many pages there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from matchmaker.extensions import db

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One page of rows; `page` counts from 1."""

    rows: list[T]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def load_slice(statement: Select[Any], page: int, size: int) -> Slice[Any]:
    """Return a page of the statement's first column; a page past the end becomes the last one."""
    total = db.session.scalars(select(func.count()).select_from(statement.order_by(None).subquery())).one()
    last = max(1, -(-total // size))
    page = min(max(page, 1), last)
    rows = db.session.scalars(statement.limit(size).offset((page - 1) * size)).unique()
    return Slice(list(rows), total, page, size)

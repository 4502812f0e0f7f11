"""Everything that the database holds about one person, found through the labels of the columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, false, func, or_, select

from matchmaker.domain.inventory import DataClass, Eraser, Label
from matchmaker.extensions import Base, db
from matchmaker.models import User
from matchmaker.models.labelling import LABEL, must_be_named, points_to_account
from matchmaker.scope import unscoped


@dataclass(frozen=True, slots=True)
class Traces:
    """By what a person is found: the id of the account, the address, and the number if there is one."""

    user_id: int
    email: str
    phone: str

    @property
    def texts(self) -> tuple[str, ...]:
        """What a text that mentions the person would hold."""
        return tuple(text for text in (self.email, self.phone) if text)


@dataclass(frozen=True, slots=True)
class Portion:
    """Rows of one table: those about the person, those that tell what the person did, or mentions."""

    table: str
    relation: str
    rows: list[dict[str, Any]]


def traces_of(user: User) -> Traces:
    """Return by what the rows of this account are found."""
    return Traces(user.id, user.email, user.phone)


def list_portions(traces: Traces) -> list[Portion]:
    """Return all rows about a person, by table; secrets and the texts of mails are not among the columns."""
    with unscoped("all that is kept about one person"):
        found = [
            Portion(table.name, relation, _load(table, condition, columns))
            for table in Base.metadata.sorted_tables
            for relation, condition, columns in _questions(table, traces)
        ]
    return [portion for portion in found if portion.rows]


def _questions(table: Table, traces: Traces) -> Iterator[tuple[str, ColumnElement[bool], list[Column[Any]]]]:
    if has_subject(table):
        yield "about", is_about(table, traces), [column for column in table.columns if _may_be_told(column)]
    done_by = [c == traces.user_id for c in table.columns if _is_doer(c)]
    if done_by:
        columns = [c for c in table.columns if _may_be_told(c) and tells_no_other(c)]
        yield "done", or_(*done_by), columns
    notes = [c for c in table.columns if label_of(c).eraser is Eraser.STRUCK]
    if notes:
        yield "mentioned", mentions(notes, traces), [table.c.id, *notes]


def has_subject(table: Table) -> bool:
    """Tell whether rows of a table can be about one person."""
    return any(label_of(c).is_subject or label_of(c).is_address for c in table.columns)


def is_about(table: Table, traces: Traces) -> ColumnElement[bool]:
    """Return the condition for rows of a table whose subject is the person."""
    conditions = [c == traces.user_id for c in table.columns if label_of(c).is_subject]
    conditions += [func.lower(c) == traces.email for c in table.columns if label_of(c).is_address]
    return or_(false(), *conditions)


def mentions(columns: list[Column[Any]], traces: Traces) -> ColumnElement[bool]:
    """Return the condition for rows in whose texts the person's address or number stands."""
    return or_(
        false(), *(column.icontains(text, autoescape=True) for column in columns for text in traces.texts)
    )


def label_of(column: Column[Any]) -> Label:
    """Return the label of a column; guards make sure that there is one."""
    label: Label = column.info[LABEL]
    return label


def tells_no_other(column: Column[Any]) -> bool:
    """Tell whether a column of a row that the person made is about nobody else."""
    return not must_be_named(column) or label_of(column).eraser is Eraser.NAMELESS


def _is_doer(column: Column[Any]) -> bool:
    return points_to_account(column) and not label_of(column).is_subject


def _may_be_told(column: Column[Any]) -> bool:
    """Leave out secrets, inner workings, and the bytes of mails: those stand in the person's own mailbox."""
    label = label_of(column)
    if not must_be_named(column):
        return True
    is_secret = label.kind is DataClass.SECURITY
    return label.is_personal and not is_secret and column.type.python_type is not bytes


def _load(table: Table, condition: ColumnElement[bool], columns: list[Column[Any]]) -> list[dict[str, Any]]:
    statement = select(*columns).where(condition).order_by(*table.primary_key.columns)
    return [dict(row) for row in db.session.execute(statement).mappings()]

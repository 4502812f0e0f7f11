"""One use case, one transaction: the only place that commits, and where no change goes unrecorded."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import scoped_session

from matchmaker.extensions import db
from matchmaker.models import AuditEntry
from matchmaker.services.unrecorded import Unrecorded

log = logging.getLogger(__name__)


class UnrecordedChangeError(Exception):
    """A use case changed something without an entry in the audit log."""


@contextmanager
def write_transaction(unrecorded: Unrecorded | None = None) -> Iterator[scoped_session[Session]]:
    """Open the transaction of one use case; commit at the end, or undo everything on an error.

    Rows read before are read again on first use, because the write lock is taken only now (at once
    on SQLite). What the use case decides on must therefore be loaded, or checked again, inside.

    Parameters
    ----------
    unrecorded
        Why the use case writes no entry in the audit log, from `services.unrecorded`; None: it does.

    Raises
    ------
    RuntimeError
        When changes are pending already: a use case neither nests in another nor inherits changes.
    UnrecordedChangeError
        Under test, when rows have changed without an entry, or others than the reason covers. On a
        site in use that is logged, and the person's work is kept.
    """
    session = db.session
    if session.new or session.dirty or session.deleted or session.info.get("writing"):
        raise RuntimeError("a use case starts with a clean session and does not nest")
    session.rollback()
    session.expire_all()
    changed: set[str] = set()
    session.connection(execution_options={"writes": True, "changed_tables": changed})
    session.info["writing"] = True
    try:
        yield session
        session.flush()
        _require_entry(changed, unrecorded)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)


def _require_entry(changed: set[str], unrecorded: Unrecorded | None) -> None:
    if AuditEntry.__tablename__ in changed:
        return
    missing = changed - (unrecorded.tables if unrecorded else frozenset())
    if not missing:
        return
    problem = f"changed without an entry in the audit log: {', '.join(sorted(missing))}"
    if current_app.testing:
        raise UnrecordedChangeError(problem)
    log.error("%s", problem)


@event.listens_for(Engine, "after_cursor_execute")
def _note_change(
    connection: Connection, cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    """Note the table of every statement that changed rows; one that met none does not count."""
    changed: set[str] | None = connection.get_execution_options().get("changed_tables")
    words = statement.split(maxsplit=3)
    if changed is None or words[0].upper() not in {"INSERT", "UPDATE", "DELETE"}:
        return
    # With RETURNING the rows are still to be fetched, so nobody knows yet: it counts.
    if cursor.rowcount == 0 and not cursor.description:
        return
    table = getattr(getattr(context.compiled, "statement", None), "table", None)
    changed.add(words[1 if words[0].upper() == "UPDATE" else 2] if table is None else table.name)

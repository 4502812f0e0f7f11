"""One use case, one transaction: the only place that commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from matchmaker.extensions import db


@contextmanager
def write_transaction() -> Iterator[scoped_session[Session]]:
    """Open the transaction of one use case; commit at the end, or undo everything on an error.

    Rows read before are read again on first use, because the write lock is taken only now (at once
    on SQLite). What the use case decides on must therefore be loaded, or checked again, inside.

    Raises
    ------
    RuntimeError
        When changes are pending already: a use case neither nests in another nor inherits changes.
    """
    session = db.session
    if session.new or session.dirty or session.deleted or session.info.get("writing"):
        raise RuntimeError("a use case starts with a clean session and does not nest")
    session.rollback()
    session.expire_all()
    session.connection(execution_options={"writes": True})
    session.info["writing"] = True
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)

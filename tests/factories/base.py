"""What every factory shares: the session of the application under test."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from factory.alchemy import SQLAlchemyModelFactory

from matchmaker.extensions import db


class RowFactory(SQLAlchemyModelFactory):
    """Adds the row to the session and flushes, so that it has an id."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: db.session  # noqa: E731
        sqlalchemy_session_persistence = "flush"


def first_of(model: type, **criteria: Any) -> Any:
    """Return the oldest row that meets the criteria, or None."""
    return db.session.scalars(sa.select(model).filter_by(**criteria).order_by(model.id).limit(1)).first()

"""Extensions, unbound: the application factory binds them."""

from __future__ import annotations

from typing import Any

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, MetaData, event, inspect, select
from sqlalchemy.orm import DeclarativeBase

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every mapped class inherits: one registry and names for all constraints."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Session(FlaskSession):
    """A session that asks the database for a row by its key also when it has loaded that row before.

    What was found in one scope is not found by its key in another.
    """

    def get(self, entity: Any, ident: Any, **how: Any) -> Any:
        """Return the row with this key when the scope of now allows it, or None."""
        mapper = inspect(entity)
        asks = how.get("with_for_update") or how.get("populate_existing")
        if asks or not hasattr(mapper.class_, "region_id"):
            return super().get(entity, ident, **how)
        statement = select(entity).where(mapper.primary_key[0] == ident)
        statement = statement.options(*(how.get("options") or ()))
        return self.scalars(statement).unique().one_or_none()


db = SQLAlchemy(model_class=Base, session_options={"class_": Session, "expire_on_commit": False})
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Set SQLite up for several readers, one writer, no lost write and kept foreign keys."""
    if connection.__class__.__module__ != "sqlite3":
        return
    # The driver must not begin transactions by itself: `_begin_sqlite` says how.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start of a writing transaction: a later upgrade could only fail."""
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

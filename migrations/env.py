"""Runs migrations on the application's own engine. Only called through `flask db …`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app

from matchmaker.extensions import Base, db
from matchmaker.models.columns import UtcDateTime


def render_item(kind: str, item: Any, _autogenerate: object) -> str | Literal[False]:
    """Write our own types as what the database sees, so that old migrations never depend on our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run_online() -> None:
    """Migrate the configured database in one transaction."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # Batch operations rebuild tables; with foreign keys on, dropping the old one would cascade.
            # Past SQLAlchemy, which would begin a transaction first: inside one this has no effect.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_item=render_item, **options
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("Migrations need a database: run them without --sql.")
run_online()

"""Every migration runs up and down on both databases, and the migrated schema equals the models."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from matchmaker.extensions import Base, db
from matchmaker.models import Region

SCRIPTS = ScriptDirectory(str(Path(__file__).resolve().parents[2] / "migrations"))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]


def describe_schema() -> dict[str, dict[str, str]]:
    """Everything the database keeps: columns, constraints with their text, indexes, triggers; by table."""
    inspector = sa.inspect(db.engine)
    triggers = list_triggers()
    return {
        table: {
            # Sorted: a column that was added later stands last in a table, and nobody minds.
            "columns": repr(sorted(map(_without_comments, inspector.get_columns(table)), key=repr)),
            "checks": repr(
                sorted((c["name"], _plain(c["sqltext"])) for c in inspector.get_check_constraints(table))
            ),
            "uniques": repr(
                sorted((c["name"], c["column_names"]) for c in inspector.get_unique_constraints(table))
            ),
            "keys": repr(
                sorted(
                    (key["name"], key["referred_table"], key["options"].get("ondelete"))
                    for key in inspector.get_foreign_keys(table)
                )
            ),
            "indexes": repr(
                sorted(
                    (i["name"], i["column_names"], bool(i["unique"]), _plain(str(_where(i))))
                    for i in inspector.get_indexes(table)
                )
            ),
            "triggers": repr(triggers.get(table, [])),
        }
        for table in sorted(inspector.get_table_names())
        if table != "alembic_version"
    }


def list_triggers() -> dict[str, list[str]]:
    """The triggers by table, on PostgreSQL with the functions that they call."""
    statement = (
        "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if db.engine.dialect.name == "sqlite"
        else "SELECT tgrelid::regclass::text, pg_get_triggerdef(t.oid) || p.prosrc FROM pg_trigger t "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT tgisinternal ORDER BY tgname"
    )
    found: dict[str, list[str]] = {}
    with db.engine.connect() as connection:
        for table, definition in connection.execute(sa.text(statement)):
            found.setdefault(table, []).append(_plain(definition))
    return found


def _without_comments(column: dict[str, object]) -> tuple[object, ...]:
    return (column["name"], str(column["type"]), column["nullable"], str(column["default"]))


def _where(index: dict[str, dict[str, object]]) -> object:
    options = index.get("dialect_options", {})
    return options.get("postgresql_where") or options.get("sqlite_where")


def _plain(condition: str) -> str:
    return re.sub(r"\s+", " ", condition).strip()


def test_there_is_one_line_of_migrations() -> None:
    assert len(SCRIPTS.get_heads()) == 1


def test_the_migrated_schema_equals_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_checks_and_partial_indexes_equal_the_models_too(app: Flask) -> None:
    migrated = describe_schema()
    downgrade(revision="base")
    db.create_all()
    assert migrated == describe_schema()


def test_the_newest_schema_refuses_to_change_the_audit_log(app: Flask) -> None:
    expected = {"sqlite": 3, "postgresql": 1}[db.engine.dialect.name]
    assert {table: len(triggers) for table, triggers in list_triggers().items()} == {"audit_entry": expected}


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_migration_runs_down_and_up_again_to_the_same_schema(app: Flask, revision: str) -> None:
    before = describe_schema()
    script = SCRIPTS.get_revision(revision)
    assert script is not None
    downgrade(revision=str(script.down_revision or "base"))
    upgrade()
    assert describe_schema() == before


def test_going_down_to_the_start_leaves_nothing_behind(app: Flask) -> None:
    downgrade(revision="base")
    assert sa.inspect(db.engine).get_table_names() == ["alembic_version"]
    assert list_triggers() == {}


def test_every_constraint_has_a_name() -> None:
    nameless = [
        f"{table.name}: {constraint!r}"
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert nameless == []


def test_rows_survive_an_upgrade_that_finds_nothing_to_do(app: Flask) -> None:
    db.session.add(Region(name="Achterhoek", slug="achterhoek"))
    db.session.commit()
    upgrade()
    assert db.session.scalars(sa.select(Region.slug)).all() == ["achterhoek"]


def test_rebuilding_a_table_keeps_the_rows_that_point_to_it(app: Flask) -> None:
    downgrade(revision="0008")
    values = {"now": "2026-11-29 12:00:00+00"}
    db.session.execute(
        sa.text(
            "INSERT INTO region (id, name, slug, time_zone, sender_name, is_example, contact_email, "
            "contact_phone, guarantee_primary, guarantee_secondary, guarantee_special, detour_factor, "
            "created_at) "
            "VALUES (1, 'Oost', 'oost', 'Europe/Amsterdam', '', false, '', '', 2, 2, 2, 1.3, :now)"
        ),
        values,
    )
    db.session.execute(
        sa.text(
            "INSERT INTO school_year (id, region_id, name, starts_on, ends_on, created_at) "
            "VALUES (1, 1, '2026/27', '2026-08-01', '2027-07-31', :now)"
        ),
        values,
    )
    db.session.commit()
    upgrade()
    assert db.session.scalars(sa.text("SELECT name FROM school_year")).all() == ["2026/27"]

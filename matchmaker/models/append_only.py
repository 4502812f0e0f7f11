"""Tables to which rows are only added: the database itself refuses anything else.

A migration that rebuilds such a table on SQLite (every `batch_alter_table`) drops its triggers: it makes them
anew at its end, as the one that made the log append only does. The tests compare the triggers of the migrated
database with these.
"""

from __future__ import annotations

from sqlalchemy import DDL, Table, event
from sqlalchemy.schema import ExecutableDDLElement

_SQLITE = {
    "no_update": "BEFORE UPDATE ON {table}",
    "no_delete": "BEFORE DELETE ON {table}",
    # `INSERT OR REPLACE` deletes without asking the trigger above.
    "no_replace": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)",
}
_REFUSAL = "{table} is append only"


def make_append_only(table: Table) -> None:
    """Let the database refuse to change or delete rows of the table, once it is made from the models."""
    for name, when in _SQLITE.items():
        statement = (
            f"CREATE TRIGGER {table.name}_{name} {when.format(table=table.name)} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL.format(table=table.name)}'); END"
        )
        event.listen(table, "after_create", _on("sqlite", statement))
    function = f"refuse_change_of_{table.name}"
    refusing = (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{_REFUSAL.format(table=table.name)}'; END$$"
    )
    # For each statement, so that one that meets no row is refused too, and TRUNCATE with it.
    asking = (
        f"CREATE TRIGGER {table.name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table.name} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )
    for statement in (refusing, asking):
        event.listen(table, "after_create", _on("postgresql", statement))
    event.listen(table, "after_drop", _on("postgresql", f"DROP FUNCTION IF EXISTS {function}()"))


def _on(dialect: str, statement: str) -> ExecutableDDLElement:
    return DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]

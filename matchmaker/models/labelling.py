"""Put the label of every column into its `info`, as the `__data__` of its model says."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Enum, LargeBinary, MetaData, String
from sqlalchemy.orm import registry

from matchmaker.domain.inventory import DataClass, Entry, Holding, Label

HOLDING, LABEL = "holding", "label"
ACCOUNTS = "user_account.id"


def label_models(models: registry) -> None:
    """Label all columns of all mapped tables."""
    for mapper in models.mappers:
        holding = mapper.class_.__dict__.get("__data__")
        if isinstance(holding, Holding):
            mapper.local_table.info[HOLDING] = holding  # type: ignore[attr-defined]
    label_columns(models.metadata)


def label_columns(metadata: MetaData) -> None:
    """Label what the holding of each table speaks for; the rest stays without a label.

    Raises
    ------
    ValueError
        When a holding names a column that its table does not have.
    """
    for table in metadata.tables.values():
        holding = table.info.get(HOLDING)
        if holding is None:
            continue
        strange = set(holding.columns) - set(table.columns.keys())
        if strange:
            raise ValueError(f"{table.name} has no columns {sorted(strange)} to label")
        for column in table.columns:
            data = holding.columns.get(column.name)
            if data is None and not must_be_named(column):
                data = holding.default
            if data is not None:
                column.info[LABEL] = holding.label(data)


def must_be_named(column: Column[object]) -> bool:
    """Tell whether a default is not good enough: texts, documents and keys of accounts."""
    is_text = isinstance(column.type, String | JSON | LargeBinary) and not isinstance(column.type, Enum)
    return (is_text and not column.primary_key) or points_to_account(column)


def points_to_account(column: Column[object]) -> bool:
    """Tell whether the column holds the id of an account."""
    return any(key.target_fullname == ACCOUNTS for key in column.foreign_keys)


def list_entries(metadata: MetaData) -> tuple[Entry, ...]:
    """Return a line for every labelled column, in the order of tables and columns."""
    return tuple(
        Entry(table.name, column.name, column.info[LABEL])
        for table in sorted(metadata.tables.values(), key=lambda table: table.name)
        for column in table.columns
        if isinstance(column.info.get(LABEL), Label)
    )


def list_unlabelled(metadata: MetaData) -> list[str]:
    """Return a sentence for every column without a label, which says what to write where."""
    return [
        f"{table.name}.{column.name} has no label: name it in `__data__ = held_for(…)` of its model, as "
        f"technical, facts, statistics, notes, or {column.name}=Data(DataClass.…, Eraser.…); "
        "see matchmaker/domain/inventory.py."
        for table in metadata.tables.values()
        for column in table.columns
        if LABEL not in column.info
    ]


def list_pointless(metadata: MetaData) -> list[str]:
    """Return a sentence for every key of an account that is labelled as if it were about nobody."""
    return [
        f"{table.name}.{column.name} points to an account, so it is not {label.kind}: "
        "use DONE_BY, or OWNER when the row goes with the account."
        for table in metadata.tables.values()
        for column in table.columns
        if (label := column.info.get(LABEL)) is not None
        and points_to_account(column)
        and label.kind is not DataClass.IDENTITY
    ]

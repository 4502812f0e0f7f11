"""The region workbook: xlsx bytes into rows."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from matchmaker.domain.dutch_input import is_blank, parse_line
from matchmaker.exchange import rows
from matchmaker.exchange.columns import SheetRows, SheetSpec, read_sheet
from matchmaker.exchange.problems import InputError, InputProblem, refuse_file
from matchmaker.exchange.sheets import (
    ACTIVITIES,
    CLOSED_DAYS,
    GROUPS,
    HOSTS,
    ROUNDS,
    SCHOOLS,
    SETTINGS,
    SETTINGS_SHEET,
    SHEETS,
    SLOTS,
    WISHES,
)
from matchmaker.exchange.spreadsheet import read_tables
from matchmaker.exchange.table import Table, fold_header

EXPLANATION_SHEETS = ("Uitleg", "Explanation", "Keuzes")
_VALUE_COLUMN = "Waarde"


def read_workbook(name: str, data: bytes) -> rows.RegionWorkbook:
    """Return the rows of a region workbook.

    Sheets are found by their English or Dutch name; other sheets and unknown columns are skipped and
    named in `notes`. Whether codes refer to something is not checked here.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        With every problem of every sheet.
    """
    tables = read_tables(name, data)
    settings, problems = _read_settings(tables)
    read = {}
    for spec in SHEETS:
        read[spec.name] = _read_one(tables, spec)
        problems += read[spec.name].problems
    if problems:
        raise InputError(problems)
    if settings in (None, rows.SettingsRow()) and not any(sheet.rows for sheet in read.values()):
        raise refuse_file(name, "Dit bestand heeft geen gevuld blad dat wij kennen, zoals Schools of Slots.")
    return rows.RegionWorkbook(
        settings=settings,
        rounds=read[ROUNDS.name].rows,
        closed_days=read[CLOSED_DAYS.name].rows,
        schools=read[SCHOOLS.name].rows,
        groups=read[GROUPS.name].rows,
        hosts=read[HOSTS.name].rows,
        activities=read[ACTIVITIES.name].rows,
        slots=read[SLOTS.name].rows,
        wishes=read[WISHES.name].rows,
        notes=tuple(_list_unknown(tables, read)),
    )


def _read_one(tables: list[Table], spec: SheetSpec[Any]) -> SheetRows[Any]:
    found = [table for table in tables if spec.is_named(table.name)]
    if len(found) > 1:
        return SheetRows(problems=(InputProblem(found[1].name, 0, "", "Dit blad komt twee keer voor."),))
    return read_sheet(found[0], spec) if found else SheetRows()


def _list_unknown(tables: list[Table], read: dict[str, SheetRows[Any]]) -> list[str]:
    notes = []
    for table in tables:
        spec = next((spec for spec in SHEETS if spec.is_named(table.name)), None)
        if spec is None and not _is_settings(table) and table.name not in EXPLANATION_SHEETS:
            notes.append(f"Het blad “{table.name}” kennen wij niet; het is overgeslagen.")
        notes += [
            f"Blad {table.name}: de kolom “{column}” kennen wij niet; zij is overgeslagen."
            for column in (read[spec.name].unknown_columns if spec else ())
        ]
    return notes


def _is_settings(table: Table) -> bool:
    return fold_header(table.name) in {fold_header(name) for name in SETTINGS_SHEET}


def _read_settings(tables: list[Table]) -> tuple[rows.SettingsRow | None, list[InputProblem]]:
    """Read the sheet with one setting per row: name, value, and anything behind it."""
    table = next((table for table in tables if _is_settings(table)), None)
    if table is None:
        return None, []
    values: dict[str, Any] = {field.name: None for field in fields(rows.SettingsRow)}
    problems: list[InputProblem] = []
    by_name = {name: column for column in SETTINGS for name in column.names}
    for number, cells in table.rows:
        try:
            column = by_name.get(fold_header(parse_line(cells[0])))
            if column is None:
                raise ValueError("Deze instelling kennen wij niet.")
            if values[column.key] is not None:
                raise ValueError("Deze instelling staat er twee keer.")
            if len(cells) > 1 and not is_blank(cells[1]):
                values[column.key] = column.parse(cells[1])
        except ValueError as error:
            problems.append(InputProblem(table.name, number, _VALUE_COLUMN, str(error)))
    return rows.SettingsRow(**values), problems

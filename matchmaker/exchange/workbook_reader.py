"""The region workbook: xlsx bytes into rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from matchmaker.domain.dutch_input import Cell, is_blank, parse_line
from matchmaker.exchange import rows
from matchmaker.exchange.columns import SheetRows, SheetSpec, read_sheet
from matchmaker.exchange.confined_reading import read_tables
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
from matchmaker.exchange.table import Table, fold_header

EXPLANATION_SHEETS = ("Uitleg", "Explanation", "Keuzes")
_VALUE_COLUMN = "Waarde"
_TWICE = "Dit blad komt twee keer voor."


def read_workbook(name: str, data: bytes) -> rows.RegionWorkbook:
    """Return the rows of a region workbook, as :func:`examine_workbook`, when all of them are good.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        With every problem of every sheet. Whether codes refer to something is not checked here.
    """
    workbook = examine_workbook(name, data)
    if workbook.problems:
        raise InputError(workbook.problems)
    return workbook


def examine_workbook(name: str, data: bytes) -> rows.RegionWorkbook:
    """Return the rows of a region workbook, the broken ones too, and everything that is wrong with them.

    Sheets are found by their English or Dutch name; other sheets and unknown columns are skipped and
    named in `notes`.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        When the file as a whole cannot be read, or holds nothing that we know.
    """
    return interpret_tables(name, *read_tables(name, data))


def interpret_tables(
    name: str, tables: Sequence[Table], problems: Sequence[InputProblem]
) -> rows.RegionWorkbook:
    """Return the rows of the tables of a workbook; `problems` are those of sheets that are no table."""
    settings, found = _read_settings(tables)
    read = {spec.name: _read_one(tables, spec) for spec in SHEETS}
    found = [*problems, *found, *(problem for sheet in read.values() for problem in sheet.problems)]
    empty = settings in (None, rows.SettingsRow()) and not any(sheet.rows for sheet in read.values())
    if empty and not found:
        raise refuse_file(name, "Dit bestand heeft geen gevuld blad dat wij kennen, zoals Schools of Slots.")
    broken_sheets = {problem.sheet for problem in problems}
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
        problems=tuple(found),
        titles=_titles(tables),
        unreadable=frozenset(
            spec.name
            for spec in SHEETS
            if read[spec.name].is_without_key or any(spec.is_named(title) for title in broken_sheets)
        ),
    )


def _titles(tables: Sequence[Table]) -> dict[str, str]:
    """Return our name of each sheet that is there with its title, in the order of the file."""
    titles: dict[str, str] = {}
    for table in tables:
        name = next((spec.name for spec in SHEETS if spec.is_named(table.name)), None)
        name = SETTINGS_SHEET[0] if name is None and _is_settings(table) else name
        titles.setdefault(name or table.name, table.name)
    return titles


def _read_one(tables: Sequence[Table], spec: SheetSpec[Any]) -> SheetRows[Any]:
    """Read a sheet; if it is there twice, the rows of the second only tell which codes there are."""
    found = [table for table in tables if spec.is_named(table.name)]
    if not found:
        return SheetRows()
    read = read_sheet(found[0], spec)
    every_title = frozenset(title for column in spec.columns for title in column.titles)
    for table in found[1:]:
        again = read_sheet(table, spec)
        double = InputProblem(table.name, 0, "", _TWICE)
        read = replace(
            read,
            rows=read.rows + tuple(replace(row, broken=every_title) for row in again.rows),
            problems=(*read.problems, double, *again.problems),
        )
    return read


def _list_unknown(tables: Sequence[Table], read: dict[str, SheetRows[Any]]) -> list[str]:
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


def _read_settings(tables: Sequence[Table]) -> tuple[rows.SettingsRow | None, list[InputProblem]]:
    """Read the sheet with one setting per row: name, value, and anything behind it."""
    found = [table for table in tables if _is_settings(table)]
    if not found:
        return None, []
    problems = [InputProblem(table.name, 0, "", _TWICE) for table in found[1:]]
    reader = _SettingsReader()
    for number, cells in found[0].rows:
        try:
            reader.read_line(number, cells)
        except ValueError as error:
            problems.append(InputProblem(found[0].name, number, _VALUE_COLUMN, str(error)))
    settings = rows.SettingsRow(**reader.values, broken=frozenset(reader.broken), places=dict(reader.places))
    return settings, problems


class _SettingsReader:
    """The sheet of settings under way."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {column.key: None for column in SETTINGS}
        self.places: dict[str, int] = {}
        self.broken: set[str] = set()
        self._by_name = {name: column for column in SETTINGS for name in column.names}

    def read_line(self, number: int, cells: Sequence[Cell]) -> None:
        """Take one setting; raise ValueError with a sentence when it is unknown, there twice or wrong."""
        column = self._by_name.get(fold_header(parse_line(cells[0])))
        if column is None:
            raise ValueError("Deze instelling kennen wij niet.")
        if column.key in self.places:
            raise ValueError("Deze instelling staat er twee keer.")
        self.places[column.key] = number
        if len(cells) > 1 and not is_blank(cells[1]):
            try:
                self.values[column.key] = column.parse(cells[1])
            except ValueError:
                self.broken.add(column.dutch)
                raise

"""The region workbook: rows into xlsx bytes, and the empty template with its explanations."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from matchmaker.domain.dutch_input import Cell
from matchmaker.exchange import rows
from matchmaker.exchange.columns import CellStyle, Column, SheetSpec
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

_FIXED_MOMENT = datetime(2026, 1, 1)  # noqa: DTZ001 - a mark in the file that must not differ between runs
_TEMPLATE_ROWS = 2000
_FORMATS = {
    CellStyle.TEXT: {"num_format": "@", "valign": "top"},
    CellStyle.LONG_TEXT: {"num_format": "@", "text_wrap": True, "valign": "top"},
    CellStyle.NUMBER: {"num_format": "General", "valign": "top"},
    CellStyle.DATE: {"num_format": "dd-mm-yyyy", "valign": "top"},
    CellStyle.TIME: {"num_format": "hh:mm", "valign": "top"},
}
_INTRODUCTION = (
    "Deze werkmap bevat alles wat een regio nodig heeft om groepen en activiteiten bij elkaar te brengen.",
    "Vul alleen de bladen in die u nodig hebt. Kolommen met een * zijn verplicht.",
    "U mag dezelfde werkmap vaker inlezen: wat al bekend is, wordt bijgewerkt. Er wordt nooit iets gewist.",
    "Klopt er iets niet, dan wordt niets ingelezen en ziet u per cel wat er aan de hand is.",
    "Een lege cel betekent: daar zegt dit bestand niets over.",
    "Noteer nooit gegevens van leerlingen. Alleen aantallen.",
)


def write_workbook(workbook: rows.RegionWorkbook) -> bytes:
    """Return a region workbook as xlsx; equal rows give equal bytes.

    Text stays text, whatever it begins with, so that no cell of an export is ever run as a formula;
    numbers stay numbers.
    """
    filled: dict[str, Sequence[Any]] = {
        SCHOOLS.name: workbook.schools,
        GROUPS.name: workbook.groups,
        WISHES.name: workbook.wishes,
        HOSTS.name: workbook.hosts,
        ACTIVITIES.name: workbook.activities,
        SLOTS.name: workbook.slots,
        ROUNDS.name: workbook.rounds,
        CLOSED_DAYS.name: workbook.closed_days,
    }
    return _Book().write(workbook.settings or rows.SettingsRow(), filled)


def write_template() -> bytes:
    """Return the empty region workbook: explanations, headers, drop-downs, no rows."""
    return write_workbook(rows.RegionWorkbook())


class _Book:
    """One workbook under way, with the formats that its sheets share."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_properties({"title": "matchmaker", "created": _FIXED_MOMENT})
        self._formats = {style: self._book.add_format(facts) for style, facts in _FORMATS.items()}
        self._header = self._book.add_format(
            {"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self._title = self._book.add_format({"bold": True, "font_size": 15})
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})

    def write(self, settings: rows.SettingsRow, filled: dict[str, Sequence[Any]]) -> bytes:
        """Write every sheet and return the bytes."""
        self._write_explanation()
        for spec in SHEETS:
            self._write_sheet(spec, filled[spec.name])
        self._write_settings(settings)
        self._book.close()
        return self._buffer.getvalue()

    def _write_explanation(self) -> None:
        sheet = self._book.add_worksheet("Uitleg")
        sheet.hide_gridlines(2)
        for index, width in enumerate((20, 26, 11, 90)):
            sheet.set_column(index, index, width, self._wrapped)
        sheet.write_string(0, 0, "Werkmap van een regio", self._title)
        for number, line in enumerate(_INTRODUCTION, start=2):
            sheet.write_string(number, 0, line)
        row = len(_INTRODUCTION) + 3
        for index, title in enumerate(("Blad", "Kolom", "Verplicht", "Wat u invult")):
            sheet.write_string(row, index, title, self._header)
        for explained in _explanation_lines():
            row += 1
            for index, text in enumerate(explained):
                sheet.write_string(row, index, text, self._wrapped)

    def _write_sheet(self, spec: SheetSpec[Any], filled: Sequence[Any]) -> None:
        sheet = self._book.add_worksheet(spec.name)
        sheet.freeze_panes(1, 2)
        sheet.set_row(0, 32)
        lines = [_cells_of(spec, row) for row in filled]
        index = 0
        for column in spec.columns:
            for title in column.titles:
                sheet.set_column(index, index, column.width, self._formats[column.style])
                sheet.write_string(0, index, title + ("*" if column.required else ""), self._header)
                self._write_column(sheet, index, column, [line[index] for line in lines])
                self._add_choices(sheet, index, column, len(filled))
                index += 1
        sheet.autofilter(0, 0, max(len(filled), 1), index - 1)

    def _write_column(self, sheet: Any, index: int, column: Column, cells: Iterable[Cell]) -> None:
        for number, cell in enumerate(cells, start=1):
            if cell is not None and cell != "":
                _write_cell(sheet, number, index, cell, self._formats[column.style])

    def _add_choices(self, sheet: Any, index: int, column: Column, count: int) -> None:
        """Offer a drop-down; a code may be typed that the other sheet does not hold, but the region does."""
        if not column.choices and not column.refers_to:
            return
        last = max(count, _TEMPLATE_ROWS)
        offered = list(column.choices) or f"='{column.refers_to}'!$A$2:$A${_TEMPLATE_ROWS + 1}"
        facts = {
            "validate": "list",
            "source": offered,
            "ignore_blank": True,
            "show_error": bool(column.choices),
            "error_title": "Onbekende keuze",
            "error_message": "Kies een van de woorden uit de lijst.",
        }
        sheet.data_validation(1, index, last, index, facts)

    def _write_settings(self, settings: rows.SettingsRow) -> None:
        sheet = self._book.add_worksheet(SETTINGS_SHEET[0])
        sheet.freeze_panes(1, 1)
        for index, (title, width) in enumerate((("Instelling", 32), ("Waarde", 40), ("Uitleg", 80))):
            sheet.set_column(index, index, width, self._wrapped)
            sheet.write_string(0, index, title, self._header)
        for number, column in enumerate(SETTINGS, start=1):
            sheet.write_string(number, 0, column.dutch)
            value = getattr(settings, column.key)
            if value is None:
                sheet.write_blank(number, 1, None, self._formats[column.style])
            else:
                _write_cell(sheet, number, 1, value, self._formats[column.style])
            sheet.write_string(number, 2, column.explanation, self._wrapped)


def _cells_of(spec: SheetSpec[Any], row: Any) -> list[Cell]:
    """Return the cells of a row in the order of the header."""
    cells: list[Cell] = []
    for column in spec.columns:
        value = getattr(row, column.key)
        if column.repeats:
            texts = [text for _title, text in value]
            cells += [texts[number] if number < len(texts) else None for number in range(column.repeats)]
        else:
            cells.append(None if value is None else column.write(value))
    return cells


def _write_cell(sheet: Any, row: int, index: int, cell: Cell, cell_format: Any) -> None:
    """Write a value with its own type; a string is never looked into, so it cannot become a formula."""
    if isinstance(cell, bool):
        sheet.write_string(row, index, "ja" if cell else "nee", cell_format)
    elif isinstance(cell, int | float):
        sheet.write_number(row, index, cell, cell_format)
    elif isinstance(cell, datetime | date | time):
        sheet.write_datetime(row, index, cell, cell_format)
    else:
        sheet.write_string(row, index, str(cell), cell_format)


def _explanation_lines() -> Iterable[tuple[str, str, str, str]]:
    for spec in SHEETS:
        yield (f"{spec.name} ({spec.dutch})", "", "", spec.explanation)
        for column in spec.columns:
            title = f"{column.dutch} 1 … {column.repeats}" if column.repeats else column.dutch
            choices = f" Keuze uit: {', '.join(column.choices)}." if column.choices else ""
            yield ("", title, "ja" if column.required else "", column.explanation + choices)
    yield (f"{SETTINGS_SHEET[0]} ({SETTINGS_SHEET[1]})", "", "", "De regio zelf: één instelling per rij.")
    for column in SETTINGS:
        yield ("", column.dutch, "", column.explanation)

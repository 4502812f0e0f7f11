"""Small workbooks as people make them: a title and a grid for each sheet."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter


def make_workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return an xlsx with these sheets; dates and times are real ones."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        formats = {
            time: book.add_format({"num_format": "hh:mm"}),
            date: book.add_format({"num_format": "dd-mm-yyyy"}),
        }
        for title, grid in sheets.items():
            sheet = book.add_worksheet(title)
            for row, line in enumerate(grid):
                for column, cell in enumerate(line):
                    if isinstance(cell, date | time | datetime):
                        sheet.write_datetime(row, column, cell, formats[type(cell)])
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return buffer.getvalue()

"""A table as a workbook of one sheet, for people who read on in their own spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter


def write_table(title: str, header: Sequence[str], rows: Iterable[Sequence[str | datetime]]) -> bytes:
    """Return the table as xlsx.

    Parameters
    ----------
    title
        Name of the sheet; at most 31 characters, without ``[]:*?/\\``.
    rows
        Texts, which stay texts whatever they begin with, so that none is ever run as a formula; and
        wall-clock times without zone.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(header) - 1, 24)
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "dd-mm-yyyy hh:mm"})
    for index, name in enumerate(header):
        sheet.write_string(0, index, name, bold)
    for number, row in enumerate(rows, start=1):
        for index, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, index, cell, moment)
            else:
                sheet.write_string(number, index, cell)
    book.close()
    return buffer.getvalue()

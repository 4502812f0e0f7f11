"""Lists of hosts in CSV, with the columns of the workbook's sheet."""

from __future__ import annotations

from matchmaker.exchange.columns import read_sheet
from matchmaker.exchange.delimited import read_delimited
from matchmaker.exchange.problems import InputError, refuse_file
from matchmaker.exchange.rows import HostRow
from matchmaker.exchange.sheets import HOSTS


def read_hosts(name: str, data: bytes) -> tuple[tuple[HostRow, ...], tuple[str, ...]]:
    """Return the hosts of a list, and sentences about what was skipped.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        With every problem of the file.
    """
    read = read_sheet(read_delimited(name, data), HOSTS)
    if read.problems:
        raise InputError(read.problems)
    if not read.rows:
        raise refuse_file(name, "Er staan geen aanbieders in dit bestand.")
    unknown = ", ".join(read.unknown_columns)
    return read.rows, (f"Kolommen die wij niet gebruiken: {unknown}.",) if unknown else ()

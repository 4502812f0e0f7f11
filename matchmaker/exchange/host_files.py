"""Lists of hosts in CSV, with the columns of the workbook's sheet."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.exchange.columns import read_sheet
from matchmaker.exchange.delimited import read_delimited
from matchmaker.exchange.problems import InputProblem, refuse_file
from matchmaker.exchange.rows import HostRow
from matchmaker.exchange.sheets import HOSTS


@dataclass(frozen=True, slots=True)
class HostFile:
    """The hosts of a list, what is wrong with them, and sentences about what was skipped."""

    hosts: tuple[HostRow, ...]
    problems: tuple[InputProblem, ...] = ()
    notes: tuple[str, ...] = ()


def examine_hosts(name: str, data: bytes) -> HostFile:
    """Return the hosts of a list, the broken rows too, and everything that is wrong with them.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        When the file as a whole cannot be read, or holds no host.
    """
    read = read_sheet(read_delimited(name, data), HOSTS)
    if not read.rows and not read.problems:
        raise refuse_file(name, "Er staan geen aanbieders in dit bestand.")
    unknown = ", ".join(read.unknown_columns)
    notes = (f"Kolommen die wij niet gebruiken: {unknown}.",) if unknown else ()
    return HostFile(read.rows, read.problems, notes)

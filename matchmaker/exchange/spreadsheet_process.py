"""Opens one workbook in a process of its own: ``python -m matchmaker.exchange.spreadsheet_process``.

The workbook comes in on standard input; its cells, or what is wrong with it, go out on standard output as
one JSON document. The process limits its own memory, time and output first, so that a file that is made to
harm, or that crashes the library that reads it, takes nothing but this process with it.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Sequence
from dataclasses import astuple
from datetime import date, datetime, time, timedelta
from typing import Any

from matchmaker.domain.dutch_input import Cell
from matchmaker.exchange.problems import InputError, InputProblem
from matchmaker.exchange.spreadsheet import Grids, read_grids


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the workbook under the limits that the arguments give."""
    parser = argparse.ArgumentParser(description="Open one workbook under limits.")
    parser.add_argument("name")
    parser.add_argument("--memory-bytes", type=int, required=True)
    parser.add_argument("--cpu-seconds", type=int, required=True)
    parser.add_argument("--output-bytes", type=int, required=True)
    given = parser.parse_args(arguments)
    _limit_oneself(given.memory_bytes, given.cpu_seconds, given.output_bytes)
    sys.stdout.write(_read(given.name, sys.stdin.buffer.read()))


def _limit_oneself(memory_bytes: int, cpu_seconds: int, output_bytes: int) -> None:
    for kind, limit in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, output_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (allowed, allowed))


def _read(name: str, data: bytes) -> str:
    try:
        return encode_grids(read_grids(name, data))
    except InputError as error:
        return json.dumps({"problems": [astuple(problem) for problem in error.problems]})


def encode_grids(grids: Grids) -> str:
    """Return sheets as JSON; blank cells at the end of a row are left out."""
    sheets = [[title, [_encode_line(line) for line in grid]] for title, grid in grids]
    return json.dumps({"sheets": sheets}, separators=(",", ":"))


def _encode_line(line: Sequence[Cell]) -> list[Any]:
    cells = list(line)
    while cells and cells[-1] in ("", None):
        cells.pop()
    return [_encode_cell(cell) for cell in cells]


def _encode_cell(cell: Cell) -> Any:
    if isinstance(cell, datetime | date | time):
        return [type(cell).__name__, cell.isoformat()]
    if isinstance(cell, timedelta):
        return ["timedelta", cell.total_seconds()]
    return cell


def decode_grids(text: str | bytes) -> Grids:
    """Return what :func:`encode_grids` wrote.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        With the problems, when the text holds those instead.
    ValueError
        When it is neither.
    """
    document = json.loads(text)
    if "problems" in document:
        raise InputError([InputProblem(*problem) for problem in document["problems"]])
    return [
        (title, [[_decode_cell(cell) for cell in line] for line in grid])
        for title, grid in document["sheets"]
    ]


def _decode_cell(cell: Any) -> Cell:
    if not isinstance(cell, list):
        decoded: Cell = cell
        return decoded
    kind, value = cell
    if kind == "timedelta":
        return timedelta(seconds=value)
    kinds: dict[str, type[datetime | date | time]] = {"datetime": datetime, "date": date, "time": time}
    return kinds[kind].fromisoformat(value)


if __name__ == "__main__":
    main()

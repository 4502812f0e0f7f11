"""Workbooks are opened in a child process with little memory and time, never in the web's own process."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from matchmaker.config import ROOT
from matchmaker.exchange.problems import InputError, InputProblem, refuse_file
from matchmaker.exchange.spreadsheet import Grids, build_tables, refuse_other_formats
from matchmaker.exchange.spreadsheet_process import decode_grids
from matchmaker.exchange.table import Table

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What opening one workbook may take.

    The largest workbook that the readers allow, 50,000 filled rows of 20 columns, takes about a third of
    each. `wall_seconds` is for a machine that is busy with something else.
    """

    memory_bytes: int = 768 * 2**20
    cpu_seconds: int = 20
    output_bytes: int = 96 * 2**20
    wall_seconds: float = 90.0


def read_tables(
    name: str, data: bytes, limits: ReadingLimits = ReadingLimits()
) -> tuple[list[Table], list[InputProblem]]:
    """Return every sheet of a workbook that holds anything, hidden ones too, and what is no table.

    Formulas count by their stored result. A sheet with a header only is a table without rows.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        When the file is too large or unpacks too large, is encrypted, damaged or no xlsx, when no sheet
        holds anything, or when opening it takes more than the limits or ends its process.
    """
    return build_tables(name, read_grids_apart(name, data, limits))


def read_grids_apart(name: str, data: bytes, limits: ReadingLimits) -> Grids:
    """Return the title and the cells of every sheet, read in a child process; errors as `read_tables`."""
    refuse_other_formats(name, data)
    answer, ending = _run_child(name, data, limits)
    if ending is None:
        try:
            return decode_grids(answer)
        except InputError:
            raise
        except (ValueError, KeyError, TypeError) as error:
            ending = f"an answer that cannot be read: {error}"
    _log.warning("the reader of workbook %r ended with %s", name, ending)
    raise refuse_file(
        name,
        "Dit bestand is te groot, te ingewikkeld of beschadigd en is daarom niet geopend. Haal lege rijen,"
        " opmaak en afbeeldingen weg en bewaar het opnieuw als xlsx, of verdeel het over meer bestanden.",
    )


def _run_child(name: str, data: bytes, limits: ReadingLimits) -> tuple[bytes, str | None]:
    """Return what the child wrote, and how it ended if that was not well.

    Files stand between the two, not pipes: then the limit on what the child writes holds for its answer.
    The child's environment is empty, so it knows no secret.
    """
    command = [sys.executable, "-m", "matchmaker.exchange.spreadsheet_process",
               "--memory-bytes", str(limits.memory_bytes), "--cpu-seconds", str(limits.cpu_seconds),
               "--output-bytes", str(limits.output_bytes), "--", name]  # fmt: skip
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(data)
        given.seek(0)
        try:
            ended = subprocess.run(  # noqa: S603 - our own module; the name is an argument, no option
                command, cwd=ROOT, env={}, stdin=given, stdout=answer, stderr=subprocess.DEVNULL,
                timeout=limits.wall_seconds, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return b"", f"nothing after {limits.wall_seconds} s"
        except (OSError, ValueError) as error:  # a name that no process can be given
            return b"", str(error)
        if ended.returncode != 0:
            return b"", f"exit code {ended.returncode}"
        answer.seek(0)
        return answer.read(), None

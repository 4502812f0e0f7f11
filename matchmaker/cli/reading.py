"""Reads the files that a command names, or ends the command with sentences."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from matchmaker.allocation.problem import Problem, Result


def read_problem(path: Path) -> Problem:
    """Return the problem in a file; end with exit code 2 when there is none."""
    from matchmaker.allocation.files import UnreadableFileError, read_problem_file
    from matchmaker.allocation.formats import ProblemFormatError

    try:
        return read_problem_file(path)
    except UnreadableFileError as error:
        refuse([str(error)])
    except ProblemFormatError as error:
        refuse([f"{path}: {len(error.problems)} problems", *map(str, error.problems)])


def read_result(path: Path) -> Result:
    """Return the result in a file; end with exit code 2 when there is none."""
    from matchmaker.allocation.files import UnreadableFileError, read_result_file
    from matchmaker.allocation.formats import ProblemFormatError

    try:
        return read_result_file(path)
    except UnreadableFileError as error:
        refuse([str(error)])
    except ProblemFormatError as error:
        refuse([f"{path}: {len(error.problems)} problems", *map(str, error.problems)])


def refuse(lines: Iterable[str], *, code: int = 2) -> NoReturn:
    """Print what is wrong on stderr and end."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(code)

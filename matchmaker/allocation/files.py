"""Problem and result files on disk: read with a sentence for every failure, written all or nothing."""

import os
import tempfile
from pathlib import Path

from matchmaker.allocation.formats import read_problem, read_result, write_problem, write_result
from matchmaker.allocation.json_text import MOST_BYTES
from matchmaker.allocation.problem import Problem, Result


class UnreadableFileError(RuntimeError):
    """A file cannot be read or written; the message says which and why."""


def read_problem_file(path: Path) -> Problem:
    """Read a problem file.

    Raises
    ------
    UnreadableFileError
        When the file cannot be read at all.
    ProblemFormatError
        With everything that is wrong in it.
    """
    return read_problem(_read_bytes(path))


def read_result_file(path: Path) -> Result:
    """Read a result file; raises as :func:`read_problem_file` does."""
    return read_result(_read_bytes(path))


def write_result_file(path: Path, result: Result) -> None:
    """Write a result so that the file is there whole or not at all.

    Raises
    ------
    UnreadableFileError
        When it cannot be written.
    """
    _write(path, write_result(result))


def write_problem_file(path: Path, problem: Problem) -> None:
    """Write a problem; does and raises as :func:`write_result_file` does."""
    _write(path, write_problem(problem))


def _write(path: Path, text: str) -> None:
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise UnreadableFileError(f"cannot write {path}: {error.strerror}") from error


def check_writable(path: Path) -> None:
    """Find out before the work whether a result can be written there.

    Raises
    ------
    UnreadableFileError
        When it cannot.
    """
    if path.is_dir():
        raise UnreadableFileError(f"cannot write {path}: it is a directory")
    if not path.parent.is_dir():
        raise UnreadableFileError(f"cannot write {path}: there is no directory {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise UnreadableFileError(f"cannot write {path}: the directory is read-only")


def _read_bytes(path: Path) -> bytes:
    """Read a file, of one that is too large just enough to be refused."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "the name is not that of a file"
        raise UnreadableFileError(f"cannot read {path}: {reason}") from error

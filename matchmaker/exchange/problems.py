"""What is wrong with a file, cell by cell, in sentences for the person who made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class InputProblem:
    """One thing that is wrong.

    `sheet` is the sheet's or file's name, `row` the row number as the spreadsheet shows it (0: the whole
    sheet), `column` the column's header (empty: the whole row), `message` a Dutch sentence.
    """

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = [self.sheet] if self.sheet else []
        if self.row:
            place.append(f"rij {self.row}")
        if self.column:
            place.append(f"kolom {self.column}")
        return f"{', '.join(place)}: {self.message}" if place else self.message


class InputError(Exception):
    """A file cannot be taken in; `problems` holds everything that is wrong, and nothing was changed."""

    def __init__(self, problems: Sequence[InputProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def refuse_file(name: str, message: str) -> InputError:
    """Return the error for a file that as a whole cannot be read."""
    return InputError([InputProblem(name, 0, "", message)])

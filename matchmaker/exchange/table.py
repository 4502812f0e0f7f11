"""A sheet or CSV file as it lies there: a header and rows of cells, with their row numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.domain.dutch_input import Cell, is_blank, parse_line
from matchmaker.exchange.problems import InputProblem, refuse_file

MAX_ROWS = 50_000
MAX_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the filled rows under it.

    `rows` holds (row number as the spreadsheet shows it, cells); rows without any filled cell are left
    out. A row may be shorter or longer than the header.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]

    @property
    def folded_header(self) -> frozenset[str]:
        """The header in lower case, for recognising a format."""
        return frozenset(fold_header(text) for text in self.header)


def fold_header(text: str) -> str:
    """Return a header cell in the form in which headers are compared."""
    return " ".join(text.replace("_", " ").replace("-", " ").lower().split()).rstrip("*: ")


def build_table(name: str, lines: Sequence[Sequence[Cell]]) -> Table:
    """Return the table of a grid of cells whose first filled row is the header.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        When there is no header, a column occurs twice, or the grid is larger than 50,000 rows or 200
        columns.
    """
    filled = [
        (number, tuple(cells))
        for number, cells in enumerate(lines, start=1)
        if not all(is_blank(cell) for cell in cells)
    ]
    if not filled:
        raise refuse_file(name, "Hier staat niets in. De eerste rij moet de kolomnamen bevatten.")
    if len(filled) - 1 > MAX_ROWS:
        raise refuse_file(name, f"Er zijn meer dan {MAX_ROWS} rijen. Verdeel het bestand.")
    header = _trim_header(name, filled[0][1])
    return Table(name, header, tuple(filled[1:]))


def _trim_header(name: str, cells: tuple[Cell, ...]) -> tuple[str, ...]:
    try:
        header = [parse_line(cell) for cell in cells]
    except ValueError as error:
        raise refuse_file(name, f"De kolomnamen zijn niet te lezen. {error}") from None
    while header and not header[-1]:
        header.pop()
    if len(header) > MAX_COLUMNS:
        raise refuse_file(name, f"Er zijn meer dan {MAX_COLUMNS} kolommen.")
    return tuple(header)


def find_duplicate_columns(table: Table) -> list[InputProblem]:
    """Return a problem for each column name that occurs more than once."""
    seen: set[str] = set()
    problems = []
    for title in table.header:
        folded = fold_header(title)
        if folded and folded in seen:
            problems.append(InputProblem(table.name, 0, title, "Deze kolom komt twee keer voor."))
        seen.add(folded)
    return problems

"""How the columns of a sheet are declared, and how a table is read by such a declaration."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Generic, TypeVar

from matchmaker.domain.dutch_input import Cell, is_blank, parse_line
from matchmaker.exchange.problems import InputProblem
from matchmaker.exchange.table import Table, find_duplicate_columns, fold_header

R = TypeVar("R")
E = TypeVar("E", bound=StrEnum)
MAX_REPEATS = 20


class CellStyle(Enum):
    """How a column looks in a workbook that we write."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its names, how to read and write a cell, and what to tell the person who fills it in.

    `key` is the field of the row value; `parse` turns a filled cell into that field or raises ValueError
    with a Dutch sentence; `write` does the reverse. A repeated column is found as ``Wens 1``, ``Wens 2`` …
    and gives a tuple of (header, value).
    """

    key: str
    dutch: str
    english: str
    parse: Callable[[Cell], Any]
    explanation: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    style: CellStyle = CellStyle.TEXT
    width: int = 14
    choices: tuple[str, ...] = ()
    # The sheet whose first column holds what this column refers to, for a drop-down.
    refers_to: str = ""
    write: Callable[[Any], Cell] = lambda value: value
    repeats: int = 0

    @property
    def names(self) -> frozenset[str]:
        """Every header, folded, by which this column is known."""
        return frozenset(fold_header(name) for name in (self.dutch, self.english, self.key, *self.aliases))

    @property
    def titles(self) -> tuple[str, ...]:
        """The header cells that we write."""
        if not self.repeats:
            return (self.dutch,)
        return tuple(f"{self.dutch} {number}" for number in range(1, self.repeats + 1))


@dataclass(frozen=True, slots=True)
class SheetSpec(Generic[R]):
    """One sheet: its names, the type of its rows, its columns, and which columns tell rows apart."""

    name: str
    dutch: str
    row_type: Callable[..., R]
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    explanation: str
    # What cells of one row say against each other: (column, sentence) for each problem.
    check: Callable[[R], list[tuple[str, str]]] = lambda _row: []

    def is_named(self, title: str) -> bool:
        """Return whether a sheet with this title is meant."""
        return fold_header(title) in {fold_header(self.name), fold_header(self.dutch)}


@dataclass(frozen=True, slots=True)
class SheetRows(Generic[R]):
    """What was read from one sheet: good rows, problems, and columns that nobody knows."""

    rows: tuple[R, ...] = ()
    problems: tuple[InputProblem, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    known_columns: frozenset[str] = frozenset()


class Vocabulary(Generic[E]):
    """Dutch words for the members of an enumeration; the first word is the one we write."""

    def __init__(self, words: Mapping[E, tuple[str, ...]]) -> None:
        self._words = dict(words)
        self._members = {
            fold_header(word): member
            for member, labels in words.items()
            for word in (*labels, member.value, member.name)
        }

    @property
    def labels(self) -> tuple[str, ...]:
        """The words that we write, for a drop-down."""
        return tuple(labels[0] for labels in self._words.values())

    def find(self, text: str) -> E | None:
        """Return the member that a word stands for, if any."""
        return self._members.get(fold_header(text))

    def parse(self, cell: Cell) -> E:
        """Return the member that a cell names.

        Raises
        ------
        ValueError
            With the words that would do.
        """
        text = parse_line(cell)
        member = self.find(text)
        if member is None:
            raise ValueError(f"“{text[:40]}” is onbekend. Kies uit: {', '.join(self.labels)}.")
        return member

    def write(self, member: E) -> str:
        """Return the word for a member."""
        return self._words[member][0]


def at_most(length: int, parse: Callable[[Cell], str] = parse_line) -> Callable[[Cell], str]:
    """Return a parser of text that refuses more than `length` characters."""

    def parse_limited(cell: Cell) -> str:
        text = parse(cell)
        if len(text) > length:
            raise ValueError(f"Deze tekst is te lang: {len(text)} tekens, er passen er {length}.")
        return text

    return parse_limited


def between(
    low: float, high: float, parse: Callable[[Cell], float], what: str = "Dit getal"
) -> Callable[[Cell], Any]:
    """Return a parser of numbers that refuses what lies outside `low` … `high`."""

    def parse_limited(cell: Cell) -> float:
        number = parse(cell)
        if not low <= number <= high:
            raise ValueError(f"{what} moet tussen {_plain(low)} en {_plain(high)} liggen.")
        return number

    return parse_limited


def _plain(number: float) -> str:
    return f"{number:g}".replace(".", ",")


def read_sheet(table: Table, spec: SheetSpec[R]) -> SheetRows[R]:
    """Read the rows of a table; a row with a problem is reported and left out.

    Blank cells give None (repeated columns: no entry), which means that the file says nothing about it.
    """
    positions, unknown = _match_columns(table, spec)
    problems = find_duplicate_columns(table) + _find_missing_columns(table, spec, positions)
    rows: list[R] = []
    if not problems:
        seen: dict[tuple[Any, ...], int] = {}
        for number, cells in table.rows:
            values, wrong = _read_row(table.name, number, cells, spec, positions)
            wrong = wrong or _find_repeated_key(table.name, number, values, spec, seen)
            problems += wrong
            if not wrong:
                row = spec.row_type(row=number, **values)
                problems += [InputProblem(table.name, number, *finding) for finding in spec.check(row)]
                rows.append(row)
    return SheetRows(tuple(rows), tuple(problems), unknown, frozenset(positions))


def _match_columns(table: Table, spec: SheetSpec[R]) -> tuple[dict[str, list[int]], tuple[str, ...]]:
    by_name = {name: column for column in spec.columns for name in column.names}
    positions: dict[str, list[int]] = {}
    unknown = []
    for index, title in enumerate(table.header):
        folded = fold_header(title)
        column = by_name.get(folded) or _find_repeated(by_name, folded)
        if column is not None and (column.repeats or column.key not in positions):
            positions.setdefault(column.key, []).append(index)
        elif folded:
            unknown.append(title)
    return positions, tuple(unknown)


def _find_repeated(by_name: Mapping[str, Column], folded: str) -> Column | None:
    match = re.fullmatch(r"(.+?) ?(\d{1,2})", folded)
    column = by_name.get(match[1]) if match else None
    return column if column is not None and column.repeats else None


def _find_missing_columns(
    table: Table, spec: SheetSpec[R], positions: Mapping[str, list[int]]
) -> list[InputProblem]:
    return [
        InputProblem(table.name, 0, column.dutch, "Deze kolom ontbreekt.")
        for column in spec.columns
        if column.required and column.key not in positions
    ]


def _read_row(
    name: str, number: int, cells: tuple[Cell, ...], spec: SheetSpec[R], positions: Mapping[str, list[int]]
) -> tuple[dict[str, Any], list[InputProblem]]:
    values: dict[str, Any] = {}
    problems: list[InputProblem] = []
    for column in spec.columns:
        found = []
        for repeat, index in enumerate(positions.get(column.key, ())):
            title = column.titles[repeat] if repeat < len(column.titles) else f"{column.dutch} {repeat + 1}"
            cell = cells[index] if index < len(cells) else None
            try:
                if not is_blank(cell):
                    found.append((title, column.parse(cell)))
            except ValueError as error:
                problems.append(InputProblem(name, number, title, str(error)))
        values[column.key] = tuple(found) if column.repeats else (found[0][1] if found else None)
        if column.required and not found and not any(p.column == column.dutch for p in problems):
            problems.append(InputProblem(name, number, column.dutch, "Vul deze cel in."))
    return values, problems


def _find_repeated_key(
    name: str,
    number: int,
    values: Mapping[str, Any],
    spec: SheetSpec[R],
    seen: dict[tuple[Any, ...], int],
) -> list[InputProblem]:
    key = tuple(values[part] for part in spec.keys)
    if not key or key[0] is None:
        return []
    key = tuple(part.casefold() if isinstance(part, str) else part for part in key)
    first = seen.setdefault(key, number)
    if first == number:
        return []
    column = next(column for column in spec.columns if column.key == spec.keys[0])
    return [InputProblem(name, number, column.dutch, f"Dit staat ook al in rij {first}.")]

"""How the columns of a sheet are declared, and how a table is read by such a declaration."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import Any, Generic, TypeVar

from matchmaker.domain.dutch_input import Cell, is_blank, parse_line
from matchmaker.exchange.problems import InputProblem
from matchmaker.exchange.rows import SheetRow
from matchmaker.exchange.table import Table, find_duplicate_columns, fold_header

R = TypeVar("R", bound=SheetRow)
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
    """What was read from one sheet: rows, problems, columns that nobody knows, and whether a column that
    tells rows apart is missing.
    """

    rows: tuple[R, ...] = ()
    problems: tuple[InputProblem, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    is_without_key: bool = False


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
    """Read the rows of a table; a row in which something is wrong is there too, with its broken columns.

    Blank cells give None (repeated columns: no entry), which means that the file says nothing about it.
    """
    reader = _SheetReader(table, spec)
    rows = tuple(reader.read_row(number, cells) for number, cells in table.rows)
    return SheetRows(rows, tuple(reader.problems), reader.unknown_columns, reader.is_without_key)


class _SheetReader(Generic[R]):
    """One sheet under way: where its columns are, the keys seen so far and the problems found so far."""

    def __init__(self, table: Table, spec: SheetSpec[R]) -> None:
        self._name, self._spec = table.name, spec
        self._positions, self.unknown_columns = _match_columns(table, spec)
        missing = [c for c in spec.columns if c.required and c.key not in self._positions]
        self._missing = frozenset(column.dutch for column in missing)
        self.is_without_key = any(column.key in spec.keys for column in missing)
        self.problems = find_duplicate_columns(table)
        self.problems += [self._problem(0, c.dutch, "Deze kolom ontbreekt.") for c in missing]
        self._keys = [column for column in spec.columns if column.key in spec.keys]
        self._seen: dict[tuple[Any, ...], int] = {}

    def _problem(self, row: int, column: str, message: str) -> InputProblem:
        return InputProblem(self._name, row, column, message)

    def read_row(self, number: int, cells: tuple[Cell, ...]) -> R:
        """Return a row, noting everything that is wrong within it and its being there twice."""
        values: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for column in self._spec.columns:
            values[column.key] = self._read_cells(column, cells, wrong)
        self.problems += [self._problem(number, *finding) for finding in wrong.items()]
        broken = self._missing | wrong.keys()
        broken |= self._find_repeated_key(number, values, broken)
        row = self._spec.row_type(row=number, broken=broken, **values)
        findings = self._spec.check(row)
        if not findings:
            return row
        self.problems += [self._problem(number, *finding) for finding in findings]
        return replace(row, broken=broken | {title for title, _ in findings})

    def _read_cells(self, column: Column, cells: tuple[Cell, ...], wrong: dict[str, str]) -> Any:
        """Return the value of a column in a row, noting in `wrong` a sentence for each bad cell's title."""
        found = []
        for repeat, index in enumerate(self._positions.get(column.key, ())):
            title = column.titles[repeat] if repeat < len(column.titles) else f"{column.dutch} {repeat + 1}"
            cell = cells[index] if index < len(cells) else None
            try:
                if not is_blank(cell):
                    found.append((title, column.parse(cell)))
            except ValueError as error:
                wrong[title] = str(error)
        if column.repeats:
            return tuple(found)
        if column.required and not found and column.dutch not in self._missing:
            wrong.setdefault(column.dutch, "Vul deze cel in.")
        return found[0][1] if found else None

    def _find_repeated_key(
        self, number: int, values: Mapping[str, Any], broken: frozenset[str]
    ) -> frozenset[str]:
        """Note that a row is there twice; return the columns that say so."""
        titles = frozenset(column.dutch for column in self._keys)
        if not titles or broken & titles or values[self._spec.keys[0]] is None:
            return frozenset()
        parts = [values[key] for key in self._spec.keys]
        key = tuple(part.casefold() if isinstance(part, str) else part for part in parts)
        first = self._seen.setdefault(key, number)
        if first == number:
            return frozenset()
        column = next(column for column in self._keys if column.key == self._spec.keys[0])
        self.problems.append(self._problem(number, column.dutch, f"Dit staat ook al in rij {first}."))
        return titles


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

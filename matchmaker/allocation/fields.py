"""Reads the fields of one JSON object and notes every problem with its path.

A reader never stops at the first problem: a wrong field gets a stand-in value, so that the rest of the
document is looked at too. The values are used only when no problem was noted at all.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)
_STAND_IN_TIME = datetime.min  # noqa: DTZ901 - times of the format are local and have no offset
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_LONGEST_LABEL = 200
_LONGEST_SHOWN = 60
_MOST_ITEMS = 200_000
_MOST_PROBLEMS = 10_000
_MISSING = object()


class TooManyProblemsError(Exception):
    """So much is wrong that nobody would read more of it."""


@dataclass(frozen=True, slots=True)
class FormatProblem:
    """One thing that is wrong in a document: where (a JSON path such as ``$.slots[3].end``) and what."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def describe_type(value: object) -> str:
    """Return the JSON name of a value's type, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else "not a JSON value"


def is_text(value: object) -> bool:
    """Return whether a value is a text that can be written as UTF-8."""
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def show(value: str) -> str:
    """Return a text between quotation marks, shortened and without control characters."""
    shortened = value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "…"
    return ascii(shortened) if not is_text(shortened) or not shortened.isprintable() else f'"{shortened}"'


class Fields:
    """The fields of one object, each asked for once by name, kind and bounds.

    Parameters
    ----------
    value
        The JSON value that should be an object.
    path
        Its path in the document.
    problems
        The list on which problems are noted.
    """

    def __init__(self, value: object, path: str, problems: list[FormatProblem]) -> None:
        self.path = path
        self._problems = problems
        self._asked: list[str] = []
        self._fields: dict[str, Any] = {}
        self.readable = isinstance(value, dict)
        if isinstance(value, dict):
            self._fields = value
        else:
            self.note("", f"must be an object, is {describe_type(value)}")

    def path_of(self, name: str) -> str:
        """Return the path of a field; a name that is not plain is written between brackets."""
        if not name:
            return self.path
        is_plain = len(name) <= _LONGEST_SHOWN and _PLAIN_NAME.fullmatch(name)
        return f"{self.path}.{name}" if is_plain else f"{self.path}[{show(name)}]"

    def note(self, name: str, message: str) -> None:
        """Note a problem with a field; an empty name means the object itself."""
        self.note_at(self.path_of(name), message)

    def note_at(self, path: str, message: str) -> None:
        """Note a problem at a path.

        Raises
        ------
        TooManyProblemsError
            When so many are noted already that the rest of the document is not worth reading.
        """
        if len(self._problems) >= _MOST_PROBLEMS:
            raise TooManyProblemsError
        self._problems.append(FormatProblem(path, message))

    def has(self, name: str) -> bool:
        """Return whether the field is there, whatever its value."""
        return name in self._fields

    def has_value(self, name: str) -> bool:
        """Return whether the field is there and not null."""
        return self._fields.get(name) is not None

    @staticmethod
    def is_stand_in(*times: datetime) -> bool:
        """Return whether one of the times only stands in for a wrong one."""
        return any(time is _STAND_IN_TIME for time in times)

    def finish(self) -> None:
        """Note the fields that nobody asked for and those written more than once."""
        for name in self._fields:
            if name not in self._asked:
                self.note(str(name), "is an unknown field")
        for name in getattr(self._fields, "repeated", ()):
            self.note(name, "is written more than once")

    def _value(self, name: str, default: object, *, nullable: bool) -> object:
        """Return the raw value, or ``_MISSING`` when the default must be used."""
        self._asked.append(name)
        value = self._fields.get(name, _MISSING)
        if value is _MISSING and default is _MISSING and self.readable:
            self.note(name, "is missing")
        if value is None and not nullable:
            self.note(name, "must not be null")
        return _MISSING if value is None else value

    def text(self, name: str, default: str | object = _MISSING, *, nullable: bool = False) -> str | None:
        """Return a non-empty text of at most 200 characters."""
        value = self._value(name, default, nullable=nullable)
        if value is _MISSING:
            return default if isinstance(default, str) else None
        return self._label(value, self.path_of(name))

    def required_text(self, name: str) -> str:
        """Return a non-empty text that must be there; an empty one stands in when it is wrong."""
        return self.text(name) or ""

    def _label(self, value: object, path: str) -> str:
        if not isinstance(value, str):
            self.note_at(path, f"must be a text, is {describe_type(value)}")
        elif not is_text(value):
            self.note_at(path, "holds characters that cannot be written as UTF-8")
        elif not value.strip():
            self.note_at(path, "must not be empty")
        elif len(value) > _LONGEST_LABEL:
            self.note_at(path, f"must have at most {_LONGEST_LABEL} characters, has {len(value)}")
        else:
            return value
        return ""

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._value(name, default, nullable=False)
        if value is _MISSING:
            return default
        if not isinstance(value, bool):
            self.note(name, f"must be true or false, is {describe_type(value)}")
            return default
        return value

    def whole(
        self, name: str, default: int | object | None = _MISSING, *, least: int = 0, most: int = 1_000_000
    ) -> int | None:
        """Return a whole number within bounds; a default of None makes the field nullable."""
        value = self._value(name, default, nullable=default is None)
        if value is _MISSING:
            return default if isinstance(default, int) else None
        if isinstance(value, bool) or not isinstance(value, int):
            self.note(name, f"must be a whole number, is {self._show_number(value)}")
        elif not least <= value <= most:
            self.note(name, f"must be a whole number from {least} to {most}")
        else:
            return value
        return None

    def required_whole(self, name: str, default: int | object = _MISSING, *, least: int, most: int) -> int:
        """Return a whole number that is never null; ``least`` stands in when it is wrong."""
        value = self.whole(name, default, least=least, most=most)
        return least if value is None else value

    def number(
        self,
        name: str,
        default: float | object | None = _MISSING,
        *,
        least: float,
        most: float,
        above: bool = False,
    ) -> float | None:
        """Return a finite number within bounds, ``least`` itself excluded when ``above``."""
        value = self._value(name, default, nullable=default is None)
        if value is _MISSING:
            return float(default) if isinstance(default, int | float) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.note(name, f"must be a number, is {describe_type(value)}")
        elif isinstance(value, float) and not math.isfinite(value):
            self.note(name, "must be a finite number")
        elif not least <= value <= most or (above and value == least):
            lowest = f"above {least:g} and at most" if above else f"from {least:g} to"
            self.note(name, f"must be {lowest} {most:g}")
        else:
            return float(value)
        return None

    def required_number(
        self, name: str, default: float | object = _MISSING, *, least: float, most: float, above: bool = False
    ) -> float:
        """Return a number that is never null; ``least`` stands in when it is wrong."""
        value = self.number(name, default, least=least, most=most, above=above)
        return least if value is None else value

    def time(self, name: str) -> datetime:
        """Return a required local time written as ``YYYY-MM-DDTHH:MM``."""
        value = self._value(name, _MISSING, nullable=False)
        if value is _MISSING:
            return _STAND_IN_TIME
        if isinstance(value, str) and _TIME.fullmatch(value):
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                self.note(name, f"is not a date and time of the calendar: {show(value)}")
                return _STAND_IN_TIME
        self.note(name, "must be a local time written as YYYY-MM-DDTHH:MM")
        return _STAND_IN_TIME

    def items(self, name: str, *, required: bool = False, filled: bool = False) -> Iterator[tuple[str, Any]]:
        """Return the items of a list with the path of each."""
        value = self._value(name, _MISSING if required else None, nullable=False)
        if value is _MISSING:
            return
        if not isinstance(value, list):
            self.note(name, f"must be a list, is {describe_type(value)}")
            return
        if filled and not value:
            self.note(name, "must not be empty")
        if len(value) > _MOST_ITEMS:
            self.note(name, f"must have at most {_MOST_ITEMS} items, has {len(value)}")
            return
        path = self.path_of(name)
        for index, item in enumerate(value):
            yield f"{path}[{index}]", item

    def labels(self, name: str, *, filled: bool) -> tuple[str, ...]:
        """Return a required list of non-empty texts."""
        return tuple(self._label(item, path) for path, item in self.items(name, required=True, filled=filled))

    def objects(self, name: str, *, required: bool = False) -> Iterator["Fields"]:
        """Return a reader for each object of a list."""
        for path, item in self.items(name, required=required):
            yield Fields(item, path, self._problems)

    def child(self, name: str) -> "Fields | None":
        """Return a reader for an object that may be absent or null."""
        value = self._value(name, None, nullable=True)
        return None if value is _MISSING else Fields(value, self.path_of(name), self._problems)

    @staticmethod
    def _show_number(value: object) -> str:
        return "a number with a fraction" if isinstance(value, float) else describe_type(value)

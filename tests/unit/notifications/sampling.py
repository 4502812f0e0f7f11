"""A mail to try: the facts it is made of can be told in other words, numbers and languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from matchmaker.config import Settings
from matchmaker.models import Message
from matchmaker.notifications.facts import CleanFacts, Contact

Found = TypeVar("Found")
Change = Callable[[Any, Field[Any], Any], Any]
"""From (facts, field, value) to the value that the field shall have."""

# Made by the house, never typed by anybody.
MACHINE_MADE = frozenset({"path", "calendar_uid", "uid", "language", "code", "reason_code"})
# Refused at the door unless mail can be addressed to them.
ADDRESSES = frozenset({"email", "contact_email"})


@dataclass(frozen=True)
class Sample:
    """One mail to one person, as `compose` makes it of the facts."""

    compose: Callable[..., Message]
    facts: tuple[Any, ...]
    # Texts that this one cannot do without, though their fields may be empty in others.
    needs: tuple[str, ...] = ()
    # The list that grows, by the name of its field; "": each one that lies in no other.
    rows: str = ""
    # Fewer or more rows than these no mail of the kind has.
    least: int = 0
    most: int = 60

    def message(self) -> Message:
        """Compose the mail."""
        return self.compose(*self.facts)

    def in_language(self, language: str) -> Sample:
        """Return the sample with people who all speak one language."""

        def speak(owner: Any, item: Field[Any], value: Any) -> Any:
            return language if isinstance(owner, Contact) and item.name == "language" else value

        return self.changed(speak)

    def with_texts(self, write: Callable[[str], str]) -> Sample:
        """Return the sample with other words in every field that somebody may have typed."""

        def say(owner: Any, item: Field[Any], value: Any) -> Any:
            text = isinstance(value, str) and value and not isinstance(value, Enum)
            typed = text and isinstance(owner, CleanFacts)
            fixed = item.name in MACHINE_MADE | ADDRESSES
            return write(value) if typed and not fixed else value

        return self.changed(say)

    def with_rows(self, number: int) -> Sample:
        """Return the sample with so many rows in the lists that grow, the same over and over."""
        number = max(self.least, min(number, self.most))
        if self.rows:
            return self.changed(
                lambda _, item, value: _repeat(value, number) if item.name == self.rows else value
            )
        return replace(self, facts=tuple(_resize(part, number) for part in self.facts))

    def find(self, kind: type[Found]) -> list[Found]:
        """Return all facts of a kind."""
        found: list[Found] = []
        _visit(self.facts, kind, found)
        return found

    def changed(self, change: Change) -> Sample:
        """Return the sample with every field of all its facts changed."""
        return replace(self, facts=tuple(_rebuild(part, change) for part in self.facts))


def sample(compose: Callable[..., Message], *facts: Any, **more: Any) -> Sample:
    """Return the mail that `compose` makes of these facts; `more` as in `Sample`."""
    return Sample(compose, facts, **more)


def _rebuild(value: Any, change: Change) -> Any:
    if isinstance(value, Settings):
        return value
    if isinstance(value, (tuple, list)):
        return type(value)(_rebuild(part, change) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = [(item, _rebuild(getattr(value, item.name), change)) for item in fields(value) if item.init]
        return replace(value, **{item.name: change(value, item, part) for item, part in parts})
    return value


def _repeat(rows: Any, number: int) -> Any:
    return type(rows)((list(rows) * number)[:number])


def _resize(value: Any, number: int) -> Any:
    if isinstance(value, (tuple, list)) and value and all(map(is_dataclass, value)):
        return _repeat(value, number)
    if is_dataclass(value) and not isinstance(value, (type, Settings)):
        parts = {item.name: _resize(getattr(value, item.name), number) for item in fields(value) if item.init}
        return replace(value, **parts)
    return value


def _visit(value: Any, kind: type[Found], found: list[Found]) -> None:
    if isinstance(value, kind):
        found.append(value)
    if isinstance(value, (tuple, list)):
        for part in value:
            _visit(part, kind, found)
    elif is_dataclass(value) and not isinstance(value, (type, Settings)):
        for item in fields(value):
            _visit(getattr(value, item.name), kind, found)

"""The register of processing: the data inventory, grouped by purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from matchmaker.domain.inventory import Entry
from matchmaker.queries.inventory import list_personal
from matchmaker.web.public.register_words import (
    CLASSES,
    COLUMNS,
    ERASERS,
    PURPOSES,
    TABLES,
    PurposeWords,
    period_words,
)

# Of every table alike, and no news to anybody.
_EVERYWHERE = frozenset({"id", "created_at", "region_id"})


@dataclass(frozen=True)
class Line:
    """What one table holds about people."""

    title: str
    whose: str
    data: list[str]
    periods: list[str]
    erasing: list[str]


@dataclass(frozen=True)
class Column:
    """One column in full, for who wants to know exactly."""

    name: str
    kind: str
    period: str
    erasing: str


@dataclass(frozen=True)
class Section:
    """All that is kept for one purpose."""

    words: PurposeWords
    lines: list[Line]
    columns: list[Column]


def build_register() -> list[Section]:
    """Return the sections of the register, in the language of the page; none for what is about no person."""
    entries = [entry for entry in list_personal() if entry.column not in _EVERYWHERE]
    sections = []
    for purpose, words in PURPOSES.items():
        own = [entry for entry in entries if entry.label.purpose is purpose]
        if own:
            sections.append(Section(words, _build_lines(own), [_describe(entry) for entry in own]))
    return sections


def list_silent() -> list[str]:
    """Return a sentence for each table with personal data that the register has no words for."""
    return sorted(
        {
            f"{entry.table} holds personal data: name it in TABLES of web/public/register_words.py."
            for entry in list_personal()
            if entry.table not in TABLES
        }
    )


def _build_lines(entries: list[Entry]) -> list[Line]:
    return [_build_line(table, list(own)) for table, own in groupby(entries, key=lambda entry: entry.table)]


def _build_line(table: str, entries: list[Entry]) -> Line:
    title, whose = TABLES[table]
    return Line(
        title=str(title),
        whose=str(whose),
        data=_unique(_name(entry) for entry in entries),
        periods=_unique(period_words(entry.label.retention) for entry in entries),
        erasing=_unique(str(ERASERS[entry.label.eraser]) for entry in entries),
    )


def _name(entry: Entry) -> str:
    known = COLUMNS.get(f"{entry.table}.{entry.column}") or COLUMNS.get(entry.column)
    return str(known or CLASSES[entry.label.kind])


def _describe(entry: Entry) -> Column:
    label = entry.label
    return Column(
        name=f"{entry.table}.{entry.column}",
        kind=str(CLASSES[label.kind]),
        period=period_words(label.retention),
        erasing=str(ERASERS[label.eraser]),
    )


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))

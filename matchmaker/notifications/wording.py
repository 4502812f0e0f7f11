"""How days, times, levels and groups are written in Dutch mails, and how text of others is cleaned."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from babel.dates import format_date

from matchmaker import clock

# Marks that turn the reading direction around and so can disguise an address.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NOT_TEXT = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# Names that say themselves what they are.
_NAMED = ("groep", "klas", "unit", "onderbouw", "middenbouw", "bovenbouw", "kleuter", "brugklas")
_LEVEL_WORDS = {"po": "groep", "vo": "klas"}


def one_line(text: str) -> str:
    """Return text without control characters and line ends, blanks joined to one.

    Names reach headers and calendars; a line end there would begin a header or property of its own.
    """
    return " ".join("".join(_keep(character) for character in text).split())


def many_lines(text: str) -> str:
    r"""Return text whose only control character is ``\n``, without blank lines at the ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n").replace("\u2028", "\n")
    return "\n".join(one_line(line) for line in lines.split("\n")).strip("\n")


def _keep(character: str) -> str:
    if character in _DIRECTION_MARKS:
        return ""
    return " " if unicodedata.category(character) in _NOT_TEXT else character


def shorten(text: str, limit: int) -> str:
    """Return text of at most `limit` characters, cut at a word where one is near, ended with …"""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, _, tail = cut.rpartition(" ")
    return (head if head and len(tail) <= 30 else cut).rstrip(" ,;:–-") + "…"


@lru_cache(maxsize=4096)
def format_day(moment: datetime) -> str:
    """Return the day of a moment as people in the region read it: ``dinsdag 12 januari 2027``."""
    return format_date(clock.local(moment).date(), "EEEE d MMMM y", locale="nl")


@lru_cache(maxsize=4096)
def format_short_day(moment: datetime) -> str:
    """Return a day without its year: ``di 12 jan``."""
    return format_date(clock.local(moment).date(), "EE d MMM", locale="nl").replace(".", "")


def format_times(starts_at: datetime, ends_at: datetime) -> str:
    """Return from when to when: ``9.00–11.00 uur``; over midnight the last day is named as well."""
    start, end = clock.local(starts_at), clock.local(ends_at)
    if start.date() == end.date():
        return f"{_clock_time(start)}–{_clock_time(end)} uur"
    return f"{_clock_time(start)} uur tot {format_day(ends_at)} {_clock_time(end)} uur"


def _clock_time(wall: datetime) -> str:
    return f"{wall.hour}.{wall.minute:02}"


def format_levels(levels: Sequence[str]) -> str:
    """Return levels as words: ``groep 7/8``, ``klas 1`` or both."""
    parts = []
    for prefix, word in _LEVEL_WORDS.items():
        numbers = [level.removeprefix(prefix) for level in levels if level.startswith(prefix)]
        if numbers:
            parts.append(f"{word} {'/'.join(numbers)}")
    return format_words(parts)


def format_group(name: str, levels: Sequence[str]) -> str:
    """Return a group's name with the word that belongs to it: ``groep 7/8``, ``klas 1HV2``."""
    if name.lower().startswith(_NAMED):
        return name
    word = "klas" if levels and levels[0].startswith("vo") else "groep"
    return f"{word} {name}"


def format_count(number: int, one: str, many: str) -> str:
    """Return a number with its noun: ``1 leerling``, ``24 leerlingen``."""
    return f"{number} {one if number == 1 else many}"


def format_words(words: Sequence[str]) -> str:
    """Return words joined as a sentence joins them: ``a, b en c``."""
    *head, last = words or [""]
    return f"{', '.join(head)} en {last}" if head else last


def capitalise(text: str) -> str:
    """Return text with a capital at its beginning and the rest as it was."""
    return text[:1].upper() + text[1:]

"""How days, times, levels and groups are written in mails, and how text of others is cleaned."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel.dates import format_date

from matchmaker import clock
from matchmaker.notifications.speech import gettext as _
from matchmaker.notifications.speech import ngettext, spoken_language

# Marks that turn the reading direction around and so can disguise an address.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NOT_TEXT = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# Names that say themselves what they are.
_NAMED = ("groep", "klas", "unit", "onderbouw", "middenbouw", "bovenbouw", "kleuter", "brugklas")


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


def format_day(moment: date) -> str:
    """Return a day, or that of a moment, as people in the region read it: ``dinsdag 12 januari 2027``."""
    return _format_date(moment, "EEEE d MMMM y", spoken_language())


def format_short_day(moment: date) -> str:
    """Return a day without its year: ``di 12 jan``."""
    return _format_date(moment, "EE d MMM", spoken_language())


def format_moment(moment: datetime) -> str:
    """Return day and time of a moment: ``dinsdag 12 januari 2027, 9.00 uur``."""
    return _("%(day)s, %(time)s uur", day=format_day(moment), time=_clock_time(clock.local(moment)))


def format_stretch(starts_at: datetime, ends_at: datetime) -> str:
    """Return a stretch of time: ``dinsdag 12 januari 2027, 9.00–11.00 uur``; whole days by their names."""
    start, end = clock.local(starts_at), clock.local(ends_at)
    if start.time() == end.time() == time():
        first, last = start.date(), end.date() - timedelta(days=1)
        if first == last:
            return format_day(first)
        return _("%(first)s tot en met %(last)s", first=format_day(first), last=format_day(last))
    return f"{format_day(starts_at)}, {format_times(starts_at, ends_at)}"


@lru_cache(maxsize=4096)
def _format_date(moment: date, pattern: str, language: str) -> str:
    day = clock.local(moment).date() if isinstance(moment, datetime) else moment
    return format_date(day, pattern, locale=language).replace(".", "")


def format_times(starts_at: datetime, ends_at: datetime) -> str:
    """Return from when to when: ``9.00–11.00 uur``; over midnight the last day is named as well."""
    start, end = clock.local(starts_at), clock.local(ends_at)
    if start.date() == end.date():
        return _("%(start)s–%(end)s uur", start=_clock_time(start), end=_clock_time(end))
    return _(
        "%(start)s uur tot %(day)s %(end)s uur",
        start=_clock_time(start),
        day=format_day(ends_at),
        end=_clock_time(end),
    )


def _clock_time(wall: datetime) -> str:
    return f"{wall.hour}{'.' if spoken_language() == 'nl' else ':'}{wall.minute:02}"


def format_levels(levels: Sequence[str]) -> str:
    """Return levels as words: ``groep 7/8``, ``klas 1`` or both."""
    parts = []
    for prefix, word in (("po", _("groep")), ("vo", _("klas"))):
        numbers = [level.removeprefix(prefix) for level in levels if level.startswith(prefix)]
        if numbers:
            parts.append(f"{word} {'/'.join(numbers)}")
    return format_words(parts)


def format_group(name: str, levels: Sequence[str]) -> str:
    """Return a group's name with the word that belongs to it: ``groep 7/8``, ``klas 1HV2``."""
    if name.lower().startswith(_NAMED):
        return name
    word = _("klas") if levels and levels[0].startswith("vo") else _("groep")
    return f"{word} {name}"


def format_pupils(number: int) -> str:
    """Return how many pupils: ``1 leerling``, ``24 leerlingen``."""
    return ngettext("%(num)s leerling", "%(num)s leerlingen", number)


def format_groups(number: int) -> str:
    """Return how many groups: ``1 groep``, ``2 groepen``."""
    return ngettext("%(num)s groep", "%(num)s groepen", number)


def format_words(words: Sequence[str]) -> str:
    """Return words joined as a sentence joins them: ``a, b en c``."""
    *head, last = words or [""]
    return _("%(first)s en %(last)s", first=", ".join(head), last=last) if head else last


def capitalise(text: str) -> str:
    """Return text with a capital at its beginning and the rest as it was."""
    return text[:1].upper() + text[1:]

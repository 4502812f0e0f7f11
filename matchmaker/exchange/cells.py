"""Cells of our own sheets that hold more than one value: levels, lists, blocked times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

from matchmaker.domain.dutch_input import (
    Cell,
    parse_code,
    parse_date,
    parse_line,
    parse_paragraphs,
    parse_school_code,
    parse_time_range,
)
from matchmaker.domain.levels import format_levels, parse_levels
from matchmaker.exchange.rows import BlockedWall

_MIDNIGHT = time()
_REASON = re.compile(r"\(([^()]*)\)\s*$")
_TIMES = re.compile(r"(?<![\d-])\d{1,2}(?:[.:]\d{2})?\s*(?:[-–—]|tot)\s*\d{1,2}(?:[.:]\d{2})?(?:\s*uur)?$")
_THROUGH = re.compile(r"\s+(?:t/m|tot en met|-|–)\s+")


def parse_level_text(cell: Cell) -> str:
    """Return the text of a levels cell; repairs a combined class that a spreadsheet took for a date.

    ``7/8`` typed into a cell without text format becomes the seventh of August.
    """
    if isinstance(cell, datetime | date):
        if cell.month != cell.day + 1 or cell.month > 8:
            raise ValueError("Deze cel is een datum geworden. Maak de kolom op als tekst en typ 7/8 opnieuw.")
        return f"{cell.day}/{cell.month}"
    return parse_line(cell)


def parse_level_cell(cell: Cell) -> tuple[str, ...]:
    """Return the levels in a cell in which a bare number is a groep of primary school."""
    return parse_levels(parse_level_text(cell))


def parse_list(cell: Cell, parse: Callable[[Cell], str] = parse_line) -> tuple[str, ...]:
    """Return the parts of a cell that are divided by `;`, `,` or line breaks, each once."""
    parts = [part.strip() for part in re.split(r"[;,\n]", parse_paragraphs(cell))]
    return tuple(dict.fromkeys(parse(part) for part in parts if part))


def parse_school_codes(cell: Cell) -> tuple[str, ...]:
    """Return the school codes in a cell."""
    if not isinstance(cell, str):
        return (parse_school_code(cell),)
    return parse_list(cell, parse_school_code)


def write_list(parts: Iterable[str]) -> str:
    """Return parts in one cell."""
    return "; ".join(parts)


def write_levels(levels: Iterable[str]) -> str:
    """Return levels in one cell; labels that are no groep or klas as they are."""
    levels = tuple(levels)
    return format_levels(levels) or write_list(levels)


def parse_blocked(cell: Cell) -> tuple[BlockedWall, ...]:
    """Return blocked times: ``12-3-2027; 15-3-2027 9.00-12.00; 20-3-2027 t/m 24-3-2027 (studiedagen)``.

    Raises
    ------
    ValueError
        When a part holds no date, or its end lies before its begin.
    """
    if not isinstance(cell, str):
        return (_whole_days(parse_date(cell), parse_date(cell), ""),)
    parts = [part.strip() for part in re.split(r"[;\n]", parse_paragraphs(cell))]
    return tuple(
        sorted((_parse_blocked_part(part) for part in parts if part), key=lambda b: (b.start, b.end))
    )


def _parse_blocked_part(part: str) -> BlockedWall:
    match = _REASON.search(part)
    reason = match[1].strip()[:200] if match else ""
    days = part[: match.start()].strip() if match else part
    if times := _TIMES.search(days):
        day = parse_date(days[: times.start()].strip())
        start, end = parse_time_range(times[0])
        return BlockedWall(datetime.combine(day, start), datetime.combine(day, end), reason)
    bounds = _THROUGH.split(days)
    return _whole_days(parse_date(bounds[0]), parse_date(bounds[-1]), reason)


def _whole_days(first: date, last: date, reason: str) -> BlockedWall:
    if last < first:
        raise ValueError("De laatste dag ligt voor de eerste.")
    end = datetime.combine(last + timedelta(days=1), _MIDNIGHT)
    return BlockedWall(datetime.combine(first, _MIDNIGHT), end, reason)


def write_blocked(blocked: Iterable[BlockedWall]) -> str:
    """Return blocked times in one cell, readable by :func:`parse_blocked`."""
    return "; ".join(_write_blocked_part(part) for part in blocked)


def _write_blocked_part(part: BlockedWall) -> str:
    reason = f" ({part.reason.translate({40: None, 41: None, 59: 44, 10: 32})})" if part.reason else ""
    if part.start.time() == part.end.time() == _MIDNIGHT:
        last = part.end - timedelta(days=1)
        through = "" if last.date() == part.start.date() else f" t/m {last:%d-%m-%Y}"
        return f"{part.start:%d-%m-%Y}{through}{reason}"
    return f"{part.start:%d-%m-%Y} {part.start:%H.%M}-{part.end:%H.%M}{reason}"


def parse_half_day(cell: Cell) -> str:
    """Return ``morning`` or ``afternoon``."""
    word = parse_line(cell).lower()
    for value, words in (
        ("morning", {"ochtend", "morgen", "morning"}),
        ("afternoon", {"middag", "afternoon"}),
    ):
        if word in words:
            return value
    raise ValueError("Schrijf ochtend of middag, of laat de cel leeg voor de hele dag.")


def write_half_day(value: str | None) -> str:
    """Return the word for half a day."""
    return {"morning": "ochtend", "afternoon": "middag"}.get(value or "", "")


def parse_activity_or_kind(cell: Cell) -> str:
    """Return what a wish names; whether it exists is for the caller."""
    text = parse_line(cell)
    if len(text) > 80:
        raise ValueError("Noem de code van een activiteit of een soort activiteit.")
    return text


def parse_reference(cell: Cell) -> str:
    """Return the code that a cell refers to; a title behind the code, as in ``A12 | Lassen``, is dropped."""
    return parse_code(parse_line(cell).split("|")[0])

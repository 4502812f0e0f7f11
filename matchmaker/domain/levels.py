"""Levels of classes: ``po1`` … ``po8`` (groep 1–8) and ``vo1`` … ``vo6`` (klas 1–6)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from matchmaker.domain.kinds import Sector

PRIMARY_LEVELS = tuple(f"po{n}" for n in range(1, 9))
SECONDARY_LEVELS = tuple(f"vo{n}" for n in range(1, 7))
ALL_LEVELS = PRIMARY_LEVELS + SECONDARY_LEVELS

_WORDS = {"po": "po", "bo": "po", "so": "po", "groep": "po", "groepen": "po", "gr": "po", "g": "po"} | {
    "vo": "vo", "klas": "vo", "klassen": "vo", "leerjaar": "vo", "leerjaren": "vo", "brugklas": "vo",
    "kl": "vo",
}  # fmt: skip
_PIECE = re.compile(r"([a-z]*)\.?\s*(\d)(?:\s*(?:-|–|t/m|tm|tot en met)\s*([a-z]*)\.?\s*(\d))?")


def parse_levels(text: str, sector: Sector = Sector.PRIMARY) -> tuple[str, ...]:
    """Return the levels that a text names, in order, each once.

    Parameters
    ----------
    text
        Such as ``7/8`` (a combined class), ``groep 7``, ``klas 2``, ``5 t/m 8``, ``po7, po8``.
    sector
        Says what a bare number is: a klas for secondary schools, otherwise a groep.

    Raises
    ------
    ValueError
        With a Dutch sentence, when a part is not understood or there is no such level.
    """
    prefix = "vo" if sector is Sector.SECONDARY else "po"
    found: set[str] = set()
    for piece in _pieces(text):
        match = _PIECE.fullmatch(piece)
        word = match[1] if match else ""
        if match is None or (word and word not in _WORDS):
            raise ValueError(
                f"“{text.strip()[:40]}” is geen niveau. Schrijf bijvoorbeeld 7/8, groep 7 of klas 2."
            )
        prefix = _WORDS.get(word, prefix)
        found |= _span(prefix, int(match[2]), int(match[4] or match[2]), text)
    if not found:
        raise ValueError("Noem minstens één groep of klas.")
    return sort_levels(found)


def _pieces(text: str) -> list[str]:
    lowered = re.sub(r"\b(t/m|tot en met)\b", "tm", text.lower())
    # "groep 7/8" and "7, 8 en 9" are lists; a piece keeps the word of the one before it.
    return [piece.strip() for piece in re.split(r"[/,;+&\n]|\ben\b", lowered) if piece.strip()]


def _span(prefix: str, first: int, last: int, text: str) -> set[str]:
    labels = {f"{prefix}{n}" for n in range(first, last + 1)}
    if first > last or not labels <= set(ALL_LEVELS):
        raise ValueError(f"“{text.strip()[:40]}” bestaat niet: er zijn groep 1 t/m 8 en klas 1 t/m 6.")
    return labels


def sort_levels(levels: Iterable[str]) -> tuple[str, ...]:
    """Return levels from young to old, unknown labels last."""
    order = {label: number for number, label in enumerate(ALL_LEVELS)}
    return tuple(sorted(levels, key=lambda label: (order.get(label, len(order)), label)))


def format_levels(levels: Iterable[str]) -> str:
    """Return levels as people write them: ``groep 5 t/m 8``, ``groep 7/8``, ``klas 1/2``."""
    parts = []
    for prefix, word in (("po", "groep"), ("vo", "klas")):
        numbers = sorted(
            int(label[2:]) for label in levels if label in ALL_LEVELS and label.startswith(prefix)
        )
        if numbers:
            parts.append(f"{word} {_format_numbers(numbers)}")
    return ", ".join(parts)


def _format_numbers(numbers: list[int]) -> str:
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]} t/m {numbers[-1]}"
    return "/".join(str(n) for n in numbers)


def find_unserved_levels(group_levels: Iterable[str], activity_levels: Iterable[str]) -> tuple[str, ...]:
    """Return the levels of a group that an activity does not serve, in the order of the group.

    Any label is a level; a combined class comes whole, so one unserved level is enough to refuse it.
    """
    served = frozenset(activity_levels)
    return tuple(level for level in group_levels if level not in served)


def levels_fit(group_levels: Iterable[str], activity_levels: Iterable[str]) -> bool:
    """Return whether an activity serves every level of a group."""
    return not find_unserved_levels(group_levels, activity_levels)


def format_level(level: str) -> str:
    """Return a level as people say it: ``groep 7``, ``klas 2``; another label as it is."""
    return format_levels([level]) or level

"""What things are called in sentences: ids by default, real names where somebody knows them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matchmaker.allocation.problem import Slot
from matchmaker.domain.levels import ALL_LEVELS, format_levels


def _slot(slot: Slot) -> str:
    return f"tijdvak {slot.id} van {slot.activity} op {slot.start:%d-%m-%Y %H.%M} uur"


def _levels(levels: Sequence[str]) -> str:
    others = [level for level in levels if level not in ALL_LEVELS]
    return ", ".join(filter(None, [format_levels(levels), *others]))


@dataclass(frozen=True, slots=True)
class Names:
    """Functions from an id (a slot: from the slot itself) to the words that stand for it in a sentence.

    The engine knows ids only, so the defaults name the id. Whoever knows better passes own functions; the
    words should fit after a preposition, such as ``"De Eiken"`` or ``"groep 7 van De Eiken"``.
    """

    school: Callable[[str], str] = "school {}".format
    group: Callable[[str], str] = "groep {}".format
    activity: Callable[[str], str] = "activiteit {}".format
    kind: Callable[[str], str] = "soort {}".format
    levels: Callable[[Sequence[str]], str] = _levels
    slot: Callable[[Slot], str] = _slot


IDS = Names()
"""Everything by its id."""


def list_words(words: Sequence[str], last: str = "en") -> str:
    """Return words as a Dutch enumeration: ``a, b en c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def count_of(count: int, one: str, more: str) -> str:
    """Return a number with its noun."""
    return f"{count} {one if count == 1 else more}"


def capital(text: str) -> str:
    """Return a text that can begin a sentence."""
    return text[:1].upper() + text[1:]

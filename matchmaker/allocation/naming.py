"""What things are called in sentences: ids by default, real names where somebody knows them."""

from collections.abc import Callable
from dataclasses import dataclass

from matchmaker.allocation.problem import Slot
from matchmaker.domain.levels import format_level


def _slot(slot: Slot) -> str:
    return f"tijdvak {slot.id} van {slot.activity} op {slot.start:%d-%m-%Y %H.%M} uur"


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
    level: Callable[[str], str] = format_level
    slot: Callable[[Slot], str] = _slot


IDS = Names()
"""Everything by its id."""

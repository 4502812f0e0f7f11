"""Answers, in Dutch sentences: why did this group not get that activity?"""

from dataclasses import dataclass

from matchmaker.allocation.directory import Directory
from matchmaker.allocation.problem import Group, Problem, Result, Slot
from matchmaker.allocation.reasons import NO_SLOTS, PLACED, DecisionLog, Occupant, SlotReason, WishReason
from matchmaker.domain.eligibility import SENTENCES as ELIGIBILITY_SENTENCES

SENTENCES = {
    "worth_less": "Er is plaats, maar deze plaatsing zou anderen samen meer kosten dan zij oplevert.",
    "group_places": "Het tijdvak is vol ({places} plaatsen voor groepen).",
    "pupil_places": "Het tijdvak heeft niet genoeg plaatsen voor leerlingen over.",
    "reserved": "De plaatsen die over zijn, worden voor andere scholen vrijgehouden.",
    "minimum": "Het tijdvak gaat niet door: er zijn minstens {minimum} groepen nodig.",
    "host_day": "De aanbieder ontvangt op die dag al het hoogste aantal ({limit}).",
    "one_place_at_a_time": "De groep is dan al ergens anders (tijdvak {other}).",
    "one_activity_a_day": "De groep heeft op die dag al een activiteit (tijdvak {other}).",
    "activity_once": "De groep doet deze activiteit al (tijdvak {other}).",
    "served_better": "De groep kreeg een wens die hoger op de lijst staat.",
    "wanted": "De groep heeft al het aantal plaatsingen dat zij wil ({wanted}).",
    NO_SLOTS: "Er is geen enkel tijdvak aangeboden.",
    **ELIGIBILITY_SENTENCES,
}
"""Reason code → Dutch sentence with the names of its facts."""

AHEAD = {
    "locked": "stond vast",
    "published": "was al bekendgemaakt",
    "fewer_participations": "school had minder deelnames",
    "higher_rank": "wens stond hoger op de lijst",
    "lottery": "lager lotnummer",
    "overall": "telde voor het geheel zwaarder",
}
"""Why another group stood ahead → Dutch words."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of a group: its placements by slot id and the reason of every wish."""

    group: str
    placements: tuple[str, ...]
    wishes: tuple[WishReason, ...]
    text: str


def explain(problem: Problem, result: Result, group_id: str) -> Explanation:
    """Explain what a group got and why it did not get the rest.

    Parameters
    ----------
    problem, result
        A problem and an allocation for it that the checker has passed.
    group_id
        Id of the group.

    Raises
    ------
    KeyError
        When the problem has no such group.
    """
    log = DecisionLog(problem, result)
    group = log.directory.groups[group_id]
    wishes = tuple(log.reasons_of(group))
    placements = tuple(item.slot for item in result.placements if item.group == group_id)
    text = _Text(log.directory).write(group, placements, wishes)
    return Explanation(group_id, placements, wishes, text)


def format_slot_reason(reason: SlotReason) -> str:
    """Return the Dutch sentence of why a group is not in a slot."""
    return SENTENCES[reason.code].format_map(_Facts(reason.facts))


class _Facts(dict[str, str]):
    """Facts of a sentence; one that is missing shows as a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


class _Text:
    """Writes an explanation."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def write(self, group: Group, placements: tuple[str, ...], wishes: tuple[WishReason, ...]) -> str:
        """Return the whole explanation, one line per fact."""
        lines = [
            f"Groep {group.id} (school {group.school}): {len(placements)} van {group.wanted} plaatsingen."
        ]
        lines += [f"Geplaatst: {self._slot(self._directory.slots[slot])}." for slot in placements]
        if not wishes:
            lines.append("De groep heeft geen wensen opgegeven.")
        for wish in wishes:
            lines += self._wish(wish)
        return "\n".join(lines)

    def _wish(self, wish: WishReason) -> list[str]:
        name = f"activiteit {wish.activity}" if wish.activity is not None else f"soort {wish.kind}"
        if wish.code == PLACED and wish.placed_in is not None:
            slot = self._directory.slots[wish.placed_in]
            return [f"Wens {wish.rank} ({name}): gekregen, {self._slot(slot)}."]
        lines = [f"Wens {wish.rank} ({name}): niet gekregen. {SENTENCES[NO_SLOTS] if not wish.slots else ''}"]
        lines[0] = lines[0].rstrip()
        for reason in wish.slots:
            slot = self._directory.slots[reason.slot]
            lines.append(f"  - {self._slot(slot)}: {format_slot_reason(reason)}")
            lines += [f"    · {self._occupant(occupant)}" for occupant in reason.occupants]
        return lines

    def _slot(self, slot: Slot) -> str:
        return f"tijdvak {slot.id} van {slot.activity} op {slot.start:%d-%m-%Y %H.%M} uur"

    def _occupant(self, occupant: Occupant) -> str:
        reasons = ", ".join(AHEAD[reason] for reason in occupant.ahead)
        return f"groep {occupant.group} van school {occupant.school}: {reasons}"

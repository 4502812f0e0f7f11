"""Answers, in Dutch sentences: why did this group not get that activity?"""

from dataclasses import dataclass

from matchmaker.allocation.directory import Directory
from matchmaker.allocation.problem import Group, Problem, Result, Slot
from matchmaker.allocation.reasons import (
    CODES,
    NO_SLOTS,
    PLACED,
    DecisionLog,
    Occupant,
    SlotReason,
    WishReason,
)
from matchmaker.domain.eligibility import SENTENCES as ELIGIBILITY_SENTENCES

_MOST_LINES = 3

SENTENCES = {
    "worth_less": "Er is plaats, maar deze plaatsing zou anderen samen meer kosten dan zij oplevert.",
    "group_places": "Het tijdvak is vol; het aantal plaatsen voor groepen is {places}.",
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

SUMMARIES = {
    "group_places": "Deze zijn ook vol.",
    "free": "De groep kan dan niet: zij is bezet of vrij.",
    "distance": "Verder dan de {limit} km die de groep wil reizen.",
    "range": "Verder dan de aanbieder komt.",
    "host_day": "De aanbieder ontvangt op die dag al het hoogste aantal.",
    "one_activity_a_day": "De groep heeft op die dag al een activiteit.",
}
"""Reason code → Dutch sentence for many slots at once, where it differs."""

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


def _by_code(reasons: tuple[SlotReason, ...]) -> dict[str, list[SlotReason]]:
    """Return the reasons by code, those that were nearest to a placement first."""
    by_code: dict[str, list[SlotReason]] = {}
    for code in CODES:
        own = [reason for reason in reasons if reason.code == code]
        if own:
            by_code[code] = own
    return by_code


def _is_full(code: str) -> bool:
    return code in ("group_places", "pupil_places", "reserved")


def _summary(code: str, reasons: list[SlotReason], *, other: bool) -> str:
    """Return one line for many slots with the same reason."""
    names = ", ".join(reason.slot for reason in reasons[:_MOST_LINES])
    more = " …" if len(reasons) > _MOST_LINES else ""
    sentence = SUMMARIES.get(code, SENTENCES[code]).format_map(_Facts(reasons[0].facts))
    count = f"nog {len(reasons)}" if other else str(len(reasons))
    return f"  - {count} tijdvakken ({names}{more}): {sentence}"


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
        for code, reasons in _by_code(wish.slots).items():
            shown = (
                reasons if len(reasons) <= _MOST_LINES else reasons[: _MOST_LINES if _is_full(code) else 0]
            )
            for reason in shown:
                name = self._slot(self._directory.slots[reason.slot])
                lines.append(f"  - {name}: {format_slot_reason(reason)}")
                lines += [f"    · {self._occupant(occupant)}" for occupant in reason.occupants]
            if len(shown) < len(reasons):
                lines.append(_summary(code, reasons[len(shown) :], other=bool(shown)))
        return lines

    def _slot(self, slot: Slot) -> str:
        return f"tijdvak {slot.id} van {slot.activity} op {slot.start:%d-%m-%Y %H.%M} uur"

    def _occupant(self, occupant: Occupant) -> str:
        reasons = ", ".join(AHEAD[reason] for reason in occupant.ahead)
        return f"groep {occupant.group} van school {occupant.school}: {reasons}"

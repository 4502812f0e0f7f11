"""Answers, in Dutch sentences: why did this group not get that activity?"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from matchmaker.allocation.counterfactual import Counterfactual, force, format_counterfactual
from matchmaker.allocation.directory import Directory
from matchmaker.allocation.naming import IDS, Names, capital
from matchmaker.allocation.problem import Group, Problem, Result, Slot
from matchmaker.allocation.reasons import (
    CODES,
    NO_SLOTS,
    NOT_WISHED,
    PLACED,
    DecisionLog,
    Occupant,
    SlotReason,
    WishReason,
)
from matchmaker.allocation.search import SolveTimeoutError
from matchmaker.domain.eligibility import SENTENCES as ELIGIBILITY_SENTENCES

_MOST_LINES = 3

PRICED_CODES = CODES[CODES.index("worth_less") : CODES.index("free")]
"""Codes of what could have been otherwise: the slot suits the group."""

SENTENCES = {
    "worth_less": "Er is plaats, maar deze plaatsing zou anderen samen meer kosten dan zij oplevert.",
    "group_places": "Het tijdvak is vol; het aantal plaatsen voor groepen is {places}.",
    "pupil_places": "Het tijdvak heeft niet genoeg plaatsen voor leerlingen over.",
    "reserved": "De plaatsen die over zijn, worden voor andere scholen vrijgehouden.",
    "minimum": "Het tijdvak gaat niet door: er zijn minstens {minimum} groepen nodig.",
    "host_day": "De aanbieder ontvangt op die dag al het hoogste aantal ({limit}).",
    "one_place_at_a_time": "De groep is dan al ergens anders ({other}).",
    "one_activity_a_day": "De groep heeft op die dag al een activiteit ({other}).",
    "activity_once": "De groep doet deze activiteit al ({other}).",
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


@dataclass(frozen=True, slots=True)
class ActivityExplanation:
    """What became of a group and one activity, and what it would have cost to place it there.

    ``counterfactual`` is None when the group has the activity, when no slot of it suits the group, or when
    the price was not asked.
    """

    reason: WishReason
    counterfactual: Counterfactual | None
    text: str


def explain(problem: Problem, result: Result, group_id: str, *, names: Names = IDS) -> Explanation:
    """Explain what a group got and why it did not get the rest.

    Parameters
    ----------
    problem, result
        A problem and an allocation for it that the checker has passed.
    group_id
        Id of the group.
    names
        What things are called in the text.

    Raises
    ------
    KeyError
        When the problem has no such group.
    """
    log = DecisionLog(problem, result)
    group = log.directory.groups[group_id]
    wishes = tuple(log.reasons_of(group))
    placements = tuple(item.slot for item in result.placements if item.group == group_id)
    text = _Text(log.directory, names).write(group, placements, wishes)
    return Explanation(group_id, placements, wishes, text)


def explain_activity(
    problem: Problem,
    result: Result,
    group_id: str,
    activity_id: str,
    *,
    names: Names = IDS,
    seconds: float = 5.0,
    seed: int = 1,
) -> ActivityExplanation:
    """Explain why a group did not get an activity, wished or not, and what it would have cost others.

    Parameters
    ----------
    problem, result
        A problem and an allocation for it that the checker has passed.
    group_id, activity_id
        Ids of the group and the activity.
    names
        What things are called in the text.
    seconds
        Wall time for the price; 0 leaves it out.
    seed
        Seed of the solver.

    Raises
    ------
    KeyError
        When the problem has no such group or activity.
    """
    log = DecisionLog(problem, result)
    group, activity = log.directory.groups[group_id], log.directory.activities[activity_id]
    reason = log.reason_of(group, activity)
    lines = _Text(log.directory, names).activity(group, reason)
    price = None
    if seconds > 0 and reason.code in PRICED_CODES:
        with suppress(SolveTimeoutError):
            price = force(problem, result, group_id, activity=activity_id, seconds=seconds, seed=seed)
    if price is not None:
        lines.append(format_counterfactual(price, problem, names))
    return ActivityExplanation(reason, price, "\n".join(lines))


def format_slot_reason(reason: SlotReason, name_slot: Callable[[str], str] = "tijdvak {}".format) -> str:
    """Return the Dutch sentence of why a group is not in a slot; ``name_slot`` makes words of a slot id."""
    facts = _Facts(reason.facts)
    if "other" in facts:
        facts["other"] = name_slot(facts["other"])
    return SENTENCES[reason.code].format_map(facts)


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


class _Facts(dict[str, str]):
    """Facts of a sentence; one that is missing shows as a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


class _Text:
    """Writes an explanation."""

    def __init__(self, directory: Directory, names: Names) -> None:
        self._directory = directory
        self._names = names

    def write(self, group: Group, placements: tuple[str, ...], wishes: tuple[WishReason, ...]) -> str:
        """Return the whole explanation, one line per fact."""
        lines = [f"{self._group(group)}: {len(placements)} van {group.wanted} plaatsingen."]
        lines += [f"Geplaatst: {self._slot(self._directory.slots[slot])}." for slot in placements]
        if not wishes:
            lines.append("De groep heeft geen wensen opgegeven.")
        for wish in wishes:
            lines += self._wish(wish)
        return "\n".join(lines)

    def activity(self, group: Group, reason: WishReason) -> list[str]:
        """Return the lines about one activity."""
        return [f"{self._group(group)}:", *self._wish(reason)]

    def _group(self, group: Group) -> str:
        return f"{capital(self._names.group(group.id))} ({self._names.school(group.school)})"

    def _wish(self, wish: WishReason) -> list[str]:
        names = self._names
        name = names.activity(wish.activity) if wish.activity is not None else names.kind(wish.kind or "")
        title = f"Wens {wish.rank} ({name})" if wish.rank != NOT_WISHED else f"Geen wens ({name})"
        if wish.code == PLACED and wish.placed_in is not None:
            return [f"{title}: gekregen, {self._slot(self._directory.slots[wish.placed_in])}."]
        lines = [f"{title}: niet gekregen. {SENTENCES[NO_SLOTS] if not wish.slots else ''}".rstrip()]
        for code, reasons in _by_code(wish.slots).items():
            shown = (
                reasons if len(reasons) <= _MOST_LINES else reasons[: _MOST_LINES if _is_full(code) else 0]
            )
            for reason in shown:
                name = self._slot(self._directory.slots[reason.slot])
                lines.append(f"  - {name}: {format_slot_reason(reason, self._name)}")
                lines += [f"    · {self._occupant(occupant)}" for occupant in reason.occupants]
            if len(shown) < len(reasons):
                lines.append(self._summary(code, reasons[len(shown) :], other=bool(shown)))
        return lines

    def _summary(self, code: str, reasons: list[SlotReason], *, other: bool) -> str:
        """Return one line for many slots with the same reason."""
        days = dict.fromkeys(f"{self._directory.slots[item.slot].start:%d-%m-%Y}" for item in reasons)
        named = ", ".join(list(days)[:_MOST_LINES])
        more = " …" if len(days) > _MOST_LINES else ""
        sentence = SUMMARIES.get(code) or format_slot_reason(reasons[0], self._name)
        count = f"nog {len(reasons)}" if other else str(len(reasons))
        return f"  - {count} tijdvakken ({named}{more}): {sentence.format_map(_Facts(reasons[0].facts))}"

    def _name(self, slot_id: str) -> str:
        return self._slot(self._directory.slots[slot_id])

    def _slot(self, slot: Slot) -> str:
        return self._names.slot(slot)

    def _occupant(self, occupant: Occupant) -> str:
        reasons = ", ".join(AHEAD[reason] for reason in occupant.ahead)
        return f"{self._names.group(occupant.group)} van {self._names.school(occupant.school)}: {reasons}"

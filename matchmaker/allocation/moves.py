"""Who moved in a repair, and why.

A published placement that is not in the result is told with what came instead; what was not published and
stands for nothing that was lost is told by itself. The reason is the first that holds, facts that cannot be
helped before choices: the slot is gone before somebody else needed the place.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from matchmaker.allocation.directory import Directory
from matchmaker.allocation.problem import Group, Pair, Placement, Problem, Result, Slot, school_guarantee
from matchmaker.allocation.scores import SCORES
from matchmaker.domain.eligibility import SENTENCES as ELIGIBILITY_SENTENCES
from matchmaker.domain.eligibility import find_rank

NameOf = Callable[[str, str], str]
"""Gives the name of a thing by its noun (``group``, ``school``, ``slot``) and id."""

NOT_ELIGIBLE = "not_eligible"

SENTENCES = {
    "group_gone": "De groep doet niet meer mee.",
    "slot_gone": "Het tijdvak is vervallen.",
    "locked": "De organisator heeft de groep vastgezet in {slot}.",
    "wanted": "De groep wil nu hoogstens {wanted} keer komen.",
    "slot_smaller": "Het tijdvak heeft nu plaats voor minder groepen of leerlingen dan er waren ingedeeld.",
    "minimum": "Het tijdvak gaat niet door: er zijn minstens {minimum} groepen nodig.",
    "host_day": "De aanbieder ontvangt op die dag al het hoogste aantal ({limit}).",
    "clash": "De groep kan niet ook in {slot} zijn.",
    "lifted_school": "Zo komt {school} dichter bij de garantie.",
    "better": "De nieuwe plaats is een hogere wens van de groep.",
    "made_room": "De plaats is nu voor {group}.",
    "overall": "Zo komt het geheel beter uit.",
    "room": "Er was nog plaats.",
}
"""Code → Dutch sentence with the names of its facts; ``not_eligible`` has those of the broken rule."""

_NOUNS = ("group", "school", "slot")


@dataclass(frozen=True, slots=True)
class Move:
    """One published placement that is not in the result, or a placement that was not published.

    Attributes
    ----------
    group
        Id of the group.
    was, now
        Ids of slots; ``was`` None for a placement that comes on top, ``now`` None when nothing came instead.
    code
        Why, see :data:`SENTENCES`.
    facts
        What fills the sentence; ids under ``group``, ``school`` and ``slot``. With ``not_eligible`` the
        broken rule stands under ``rule``.
    """

    group: str
    was: str | None
    now: str | None
    code: str
    facts: dict[str, str] = field(default_factory=dict)


def id_of(noun: str, identifier: str) -> str:
    """Return what a thing is called where there are no names: the noun and the id."""
    return f"{ {'group': 'groep', 'school': 'school', 'slot': 'tijdvak'}[noun] } {identifier}"


def list_moves(problem: Problem, result: Result) -> tuple[Move, ...]:
    """Return what changed between the published placements and a result.

    Parameters
    ----------
    problem
        Its ``published`` is what was; without it nothing moved.
    result
        A result for it that the checker has passed; nothing moves in one without an allocation.

    Returns
    -------
    tuple of Move
        By group; of one group what was lost first, in the order of the slots' ids.
    """
    if problem.published is None or result.status in ("infeasible", "invalid"):
        return ()
    return tuple(_Moves(problem, result).list_all())


def format_move(move: Move, name_of: NameOf = id_of) -> str:
    """Return Dutch sentences about one move: what, and why.

    Parameters
    ----------
    move
        The move.
    name_of
        Gives names; a slot that is gone is asked for too.
    """
    group = name_of("group", move.group)
    was = None if move.was is None else name_of("slot", move.was)
    now = None if move.now is None else name_of("slot", move.now)
    if was is None:
        what = f"{group} krijgt {now} erbij."
    elif now is None:
        what = f"{group} verliest {was} en krijgt er niets voor terug."
    else:
        what = f"{group} gaat van {was} naar {now}."
    facts = {key: name_of(key, value) if key in _NOUNS else value for key, value in move.facts.items()}
    if move.code == NOT_ELIGIBLE:
        reason = ELIGIBILITY_SENTENCES[move.facts["rule"]].format(**facts)
    else:
        reason = SENTENCES[move.code].format(**facts)
    return f"{what[0].upper()}{what[1:]} {reason}"


_Reason = tuple[str, dict[str, str]]


class _Moves:
    """What was published and what the result holds, by group and by slot."""

    def __init__(self, problem: Problem, result: Result) -> None:
        self._problem = problem
        self._directory = Directory(problem)
        self._placed = {Pair(item.group, item.slot): item for item in result.placements}
        self._published = set(problem.published or ())
        self._published_of = _by_group(self._published)
        self._published_in: dict[str, list[str]] = defaultdict(list)
        for pair in sorted(self._published, key=lambda pair: pair.group):
            self._published_in[pair.slot].append(pair.group)
        self._locked: dict[str, list[str]] = defaultdict(list)
        for pair in problem.locked:
            self._locked[pair.group].append(pair.slot)
        self._in_slot: dict[str, list[str]] = defaultdict(list)
        self._slots_of: dict[str, list[str]] = defaultdict(list)
        self._by_school: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._running: dict[tuple[str, date], int] = defaultdict(int)
        for placement in result.placements:
            self._add(placement)

    def _add(self, placement: Placement) -> None:
        if not self._in_slot[placement.slot]:
            slot = self._directory.slots[placement.slot]
            self._running[self._directory.host_of(slot).id, slot.start.date()] += 1
        self._in_slot[placement.slot].append(placement.group)
        self._slots_of[placement.group].append(placement.slot)
        self._by_school[self._directory.groups[placement.group].school][placement.slot] += 1

    def list_all(self) -> Iterator[Move]:
        """Return every move."""
        lost, won = (
            _by_group(self._published - self._placed.keys()),
            _by_group(self._placed.keys() - self._published),
        )
        for group in sorted(lost.keys() | won.keys()):
            yield from self._moves_of(group, lost.get(group, []), won.get(group, []))

    def _moves_of(self, group: str, lost: list[str], won: list[str]) -> Iterator[Move]:
        left = list(won)
        for slot in lost:
            now = self._successor(slot, left)
            if now is not None:
                left.remove(now)
            code, facts = self._reason_of_loss(group, slot, now)
            yield Move(group, slot, now, code, facts)
        for slot in left:
            code, facts = self._reason_of_gain(group, slot)
            yield Move(group, None, slot, code, facts)

    def _successor(self, lost: str, won: list[str]) -> str | None:
        """Return what came instead of a slot: another date of the same activity first."""
        slots = self._directory.slots
        same = [slot for slot in won if lost in slots and slots[slot].activity == slots[lost].activity]
        return next(iter(same or won), None)

    # ---- why a place was lost

    def _reason_of_loss(self, group_id: str, slot_id: str, now: str | None) -> _Reason:
        if group_id not in self._directory.groups:
            return "group_gone", {}
        if slot_id not in self._directory.slots:
            return "slot_gone", {}
        group, slot = self._directory.groups[group_id], self._directory.slots[slot_id]
        return (
            self._not_eligible(group, slot)
            or self._is_locked_elsewhere(group, slot)
            or self._wants_less(group)
            or self._is_smaller(slot)
            or self._does_not_run(slot)
            or self._clashes(group, slot)
            or self._lifts(group.school, now)
            or self._lifts_another(slot)
            or self._is_better(group, slot, now)
            or self._made_room(slot)
            or ("overall", {})
        )

    def _not_eligible(self, group: Group, slot: Slot) -> _Reason | None:
        refusal = self._directory.find_refusal(group, slot)
        return None if refusal is None else (NOT_ELIGIBLE, {"rule": refusal.rule, **refusal.facts})

    def _is_locked_elsewhere(self, group: Group, slot: Slot) -> _Reason | None:
        for other in self._locked[group.id]:
            has_all = len(self._locked[group.id]) >= group.wanted
            if has_all or not self._go_together(slot, self._directory.slots[other]):
                return "locked", {"slot": other}
        return None

    def _wants_less(self, group: Group) -> _Reason | None:
        held = len(self._published_of[group.id])
        placed = len(self._slots_of[group.id])
        return ("wanted", {"wanted": str(group.wanted)}) if held > group.wanted == placed else None

    def _is_smaller(self, slot: Slot) -> _Reason | None:
        """Those who were published in the slot and still could be do not fit into it together."""
        known = self._directory.groups
        groups = [known[group] for group in self._published_in[slot.id] if group in known]
        groups = [group for group in groups if self._directory.find_refusal(group, slot) is None]
        pupils = sum(group.pupils for group in groups)
        kept = slot.reserved
        others = sum(kept is not None and group.school not in kept.schools for group in groups)
        fits = (
            len(groups) <= slot.groups
            and (slot.pupils is None or pupils <= slot.pupils)
            and (kept is None or others <= max(0, slot.groups - kept.groups))
        )
        return None if fits else ("slot_smaller", {})

    def _does_not_run(self, slot: Slot) -> _Reason | None:
        if self._in_slot[slot.id]:
            return None
        host = self._directory.host_of(slot)
        running = self._running[host.id, slot.start.date()]
        if host.max_slots_per_day is not None and running >= host.max_slots_per_day:
            return "host_day", {"limit": str(host.max_slots_per_day)}
        return ("minimum", {"minimum": str(slot.min_groups)}) if slot.min_groups > 1 else None

    def _clashes(self, group: Group, slot: Slot) -> _Reason | None:
        """Something else that was published stands and does not go together with the slot any more."""
        for other in self._slots_of[group.id]:
            stood = Pair(group.id, other) in self._published
            if stood and not self._go_together(slot, self._directory.slots[other]):
                return "clash", {"slot": other}
        return None

    def _lifts(self, school: str, slot: str | None) -> _Reason | None:
        """The school needs the slot for its guarantee and only one group brings it."""
        if slot is None or self._by_school[school][slot] != 1:
            return None
        held = sum(count > 0 for count in self._by_school[school].values())
        own = self._directory.schools[school]
        needs = own.already + held - 1 < school_guarantee(self._problem, own)
        return ("lifted_school", {"school": school}) if needs else None

    def _lifts_another(self, slot: Slot) -> _Reason | None:
        for newcomer in self._newcomers(slot):
            lifted = self._lifts(self._directory.groups[newcomer].school, slot.id)
            if lifted is not None:
                return lifted
        return None

    def _newcomers(self, slot: Slot) -> list[str]:
        return [group for group in self._in_slot[slot.id] if Pair(group, slot.id) not in self._published]

    def _is_better(self, group: Group, slot: Slot, now: str | None) -> _Reason | None:
        if now is None:
            return None
        gain = SCORES.points(self._placed[Pair(group.id, now)].rank) - SCORES.points(
            find_rank(group, self._directory.activity_of(slot))
        )
        return ("better", {}) if gain > 0 else None

    def _made_room(self, slot: Slot) -> _Reason | None:
        return next((("made_room", {"group": newcomer}) for newcomer in self._newcomers(slot)), None)

    def _go_together(self, slot: Slot, other: Slot) -> bool:
        """Return whether a group may have both."""
        first, second = (slot, other) if slot.start <= other.start else (other, slot)
        pause = (second.start - first.end).total_seconds() / 60
        too_soon = first.end.date() == second.start.date() and pause < self._problem.min_gap_minutes
        label = slot.multi_stop_day if slot.multi_stop_day == other.multi_stop_day else None
        one_day = slot.start.date() == other.start.date() and label is None
        return not (pause < 0 or too_soon or one_day or slot.activity == other.activity)

    # ---- why a place came on top

    def _reason_of_gain(self, group_id: str, slot_id: str) -> _Reason:
        if slot_id in self._locked[group_id]:
            return "locked", {"slot": slot_id}
        return self._lifts(self._directory.groups[group_id].school, slot_id) or ("room", {})


def _by_group(pairs: set[Pair]) -> dict[str, list[str]]:
    slots: dict[str, list[str]] = defaultdict(list)
    for pair in sorted(pairs, key=lambda pair: (pair.group, pair.slot)):
        slots[pair.group].append(pair.slot)
    return slots

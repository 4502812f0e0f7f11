"""Why every wish was granted or not: the decision log of a result.

For each wish of each group there is one reason code, and below it one code for every slot that the wish
could have meant: the first rule that keeps the group out of it, given everybody else's placements. The codes
are data; :mod:`matchmaker.allocation.explain` makes sentences of them.

A wish has the first of these codes that one of its slots has, from granted to hopeless:

======================  ====================================================================================
code                    meaning; in brackets the facts that come with it
======================  ====================================================================================
``placed``              granted; ``placed_in`` says in which slot
``worth_less``          there is room, but a better allocation for all together leaves the group out
``group_places``        all places for groups are taken (``places``); ``occupants`` says by whom and why
``pupil_places``        too few places for pupils are left; ``occupants`` as above, none when the slot is too
                        small for the group by itself
``reserved``            what is left is kept for other schools; ``occupants`` as above, none when all is kept
``minimum``             the slot does not run: it needs more groups (``minimum``)
``host_day``            the host runs its most slots on that day (``limit``)
``one_place_at_a_time``  the group is elsewhere then, or too shortly before or after (``other``)
``one_activity_a_day``  the group has an activity on that day (``other``)
``activity_once``       the group does this activity in another slot (``other``)
``served_better``       the group has all it wants, by wishes of a higher rank
``wanted``              the group has as many placements as it wants (``wanted``)
``free``                the group or its school is blocked then (``start``)
``distance``            farther than the group wants to travel (``distance``, ``limit``)
``range``               farther than the host comes (``distance``, ``limit``)
``min_pupils``          too few pupils (``pupils``, ``limit``)
``max_pupils``          too many pupils (``pupils``, ``limit``)
``levels``              not for these levels (``levels``)
``wished``              not wished, and the group is not open to anything else
``no_slots``            no slot was offered
======================  ====================================================================================

Why an occupant stood ahead: ``locked``, ``published``, ``fewer_participations`` (without this slot its school
had fewer than its guarantee and fewer than the other school), ``higher_rank`` (it wished this higher),
``lottery`` (a lower number), or ``overall``: none of these, the allocation as a whole is better so.
:mod:`matchmaker.allocation.counterfactual` says what ``worth_less`` and ``overall`` mean in a single case.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from matchmaker.allocation.directory import Directory
from matchmaker.allocation.problem import (
    Activity,
    Group,
    Pair,
    Problem,
    Result,
    School,
    Slot,
    Wish,
    lottery_numbers,
    school_guarantee,
)
from matchmaker.domain.eligibility import find_rank

PLACED = "placed"
NO_SLOTS = "no_slots"
LOG_FORMAT = "matchmaker-reasons/1"
NOT_WISHED = 0
"""Rank of an activity that was asked about and not wished."""

CODES = (
    PLACED,
    "worth_less",
    "group_places",
    "pupil_places",
    "reserved",
    "minimum",
    "host_day",
    "one_place_at_a_time",
    "one_activity_a_day",
    "activity_once",
    "served_better",
    "wanted",
    "free",
    "distance",
    "range",
    "min_pupils",
    "max_pupils",
    "levels",
    "wished",
    NO_SLOTS,
)
"""All codes, from granted to hopeless; a wish has the first code that one of its slots has."""

_LAST = 10**9
_NEARNESS = {code: place for place, code in enumerate(CODES)}


@dataclass(frozen=True, slots=True)
class Occupant:
    """A group that holds a place in a full slot, and why it stood ahead.

    ``ahead`` holds ``locked``, ``published``, ``fewer_participations``, ``higher_rank``, ``lottery`` or, when
    none of these says it, ``overall``.
    """

    group: str
    school: str
    ahead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SlotReason:
    """Why a group is not in a slot: a code, the facts of its sentence, and who is in a full slot."""

    slot: str
    code: str
    facts: dict[str, str] = field(default_factory=dict)
    occupants: tuple[Occupant, ...] = ()


@dataclass(frozen=True, slots=True)
class WishReason:
    """What became of one wish; ``placed_in`` is the slot when it was granted.

    ``rank`` is 0 (:data:`NOT_WISHED`) for an activity that was asked about without being wished.
    """

    group: str
    rank: int
    activity: str | None
    kind: str | None
    code: str
    placed_in: str | None
    slots: tuple[SlotReason, ...]


def list_reasons(problem: Problem, result: Result) -> tuple[WishReason, ...]:
    """Return the reason of every wish of every group, in the order of the problem.

    Parameters
    ----------
    problem, result
        A problem and an allocation for it that the checker has passed.
    """
    log = DecisionLog(problem, result)
    return tuple(reason for group in problem.groups for reason in log.reasons_of(group))


def reason_document(reason: WishReason) -> dict[str, Any]:
    """Return a reason as plain JSON values."""
    return asdict(reason)


def write_log(problem: Problem, result: Result) -> Iterator[str]:
    """Return the decision log as lines of JSON: a header, then one line for every wish of every group.

    Parameters
    ----------
    problem, result
        A problem and an allocation for it that the checker has passed.
    """
    header = {
        "format": LOG_FORMAT,
        "problem_sha256": result.problem_sha256,
        "seed": result.seed,
        "version": result.version,
    }
    yield json.dumps(header, ensure_ascii=False)
    for reason in list_reasons(problem, result):
        yield json.dumps(reason_document(reason), ensure_ascii=False)


class DecisionLog:
    """A result seen from the side of those who ask why."""

    def __init__(self, problem: Problem, result: Result) -> None:
        self.directory = Directory(problem)
        self._problem = problem
        self._groups_in: dict[str, list[Group]] = defaultdict(list)
        self._slots_of: dict[str, list[Slot]] = defaultdict(list)
        self._attended: dict[str, set[str]] = defaultdict(set)
        self._running: dict[tuple[str, date], int] = defaultdict(int)
        self._rank = {(item.group, item.slot): item.rank for item in result.placements}
        self._locked = set(problem.locked)
        self._published = set(problem.published or ())
        self._lottery = dict(
            zip((school.id for school in problem.schools), lottery_numbers(problem), strict=True)
        )
        for placement in result.placements:
            self._add(self.directory.groups[placement.group], self.directory.slots[placement.slot])

    def _add(self, group: Group, slot: Slot) -> None:
        if not self._groups_in[slot.id]:
            self._running[self.directory.host_of(slot).id, slot.start.date()] += 1
        self._groups_in[slot.id].append(group)
        self._slots_of[group.id].append(slot)
        self._attended[group.school].add(slot.id)

    def reasons_of(self, group: Group) -> Iterator[WishReason]:
        """Return the reason of every wish of a group, by rank."""
        for rank, wish in enumerate(group.wishes, start=1):
            yield self._reason(group, rank, wish)

    def reason_of(self, group: Group, activity: Activity) -> WishReason:
        """Return what became of a group and an activity, wished or not."""
        rank = find_rank(group, activity) or NOT_WISHED
        held = next((slot for slot in self._slots_of[group.id] if slot.activity == activity.id), None)
        return self._judge(group, rank, Wish(activity=activity.id), held)

    def _reason(self, group: Group, rank: int, wish: Wish) -> WishReason:
        return self._judge(group, rank, wish, self._placed_by(group, rank))

    def _judge(self, group: Group, rank: int, wish: Wish, placed: Slot | None) -> WishReason:
        if placed is not None:
            return WishReason(group.id, rank, wish.activity, wish.kind, PLACED, placed.id, ())
        reasons = tuple(
            self._slot_reason(group, rank or _LAST, slot)
            for activity in self._activities_of(wish)
            for slot in self.directory.slots_of[activity.id]
        )
        code = min((reason.code for reason in reasons), key=_NEARNESS.__getitem__, default=NO_SLOTS)
        return WishReason(group.id, rank, wish.activity, wish.kind, code, None, reasons)

    def _placed_by(self, group: Group, rank: int) -> Slot | None:
        return next(
            (slot for slot in self._slots_of[group.id] if self._rank[group.id, slot.id] == rank), None
        )

    def _activities_of(self, wish: Wish) -> list[Activity]:
        if wish.activity is not None:
            return [self.directory.activities[wish.activity]]
        return [activity for activity in self._problem.activities if activity.kind == wish.kind]

    def _slot_reason(self, group: Group, rank: int, slot: Slot) -> SlotReason:
        refusal = self.directory.find_refusal(group, slot)
        if refusal is not None:
            return SlotReason(slot.id, refusal.rule, dict(refusal.facts))
        if slot in self._slots_of[group.id]:
            return SlotReason(slot.id, "served_better")
        return (
            self._served(group, rank, slot)
            or self._full(group, rank, slot)
            or self._closed(slot)
            or self._busy(group, slot)
            or SlotReason(slot.id, "worth_less")
        )

    def _served(self, group: Group, rank: int, slot: Slot) -> SlotReason | None:
        """The group has all it wants, and by higher wishes."""
        held = self._slots_of[group.id]
        ranks = [self._rank[group.id, other.id] for other in held]
        if len(held) >= group.wanted and all(other is not None and other < rank for other in ranks):
            return SlotReason(slot.id, "served_better", {"wanted": str(group.wanted)})
        return None

    def _full(self, group: Group, rank: int, slot: Slot) -> SlotReason | None:
        inside = self._groups_in[slot.id]
        never = self._never_fits(group, slot)
        if never is not None:
            return SlotReason(slot.id, never, {"places": str(slot.groups)})
        code = None
        if len(inside) >= slot.groups:
            code = "group_places"
        elif slot.pupils is not None and sum(other.pupils for other in inside) + group.pupils > slot.pupils:
            code = "pupil_places"
        elif slot.reserved is not None and group.school not in slot.reserved.schools:
            others = sum(other.school not in slot.reserved.schools for other in inside)
            code = "reserved" if others >= slot.groups - slot.reserved.groups else None
        if code is None:
            return None
        occupants = tuple(self._occupant(other, group, rank, slot) for other in inside)
        return SlotReason(slot.id, code, {"places": str(slot.groups)}, occupants)

    def _never_fits(self, group: Group, slot: Slot) -> str | None:
        """Return the code of a capacity that the group exceeds even when the slot is empty."""
        if slot.groups == 0:
            return "group_places"
        if slot.pupils is not None and group.pupils > slot.pupils:
            return "pupil_places"
        kept = slot.reserved is not None and group.school not in slot.reserved.schools
        return "reserved" if kept and slot.reserved and slot.reserved.groups >= slot.groups else None

    def _occupant(self, other: Group, group: Group, rank: int, slot: Slot) -> Occupant:
        pair = Pair(other.id, slot.id)
        own, theirs = self._participations(group.school, slot), self._participations(other.school, slot)
        other_rank = self._rank[other.id, slot.id]
        facts = {
            "locked": pair in self._locked,
            "published": pair in self._published,
            "fewer_participations": theirs < min(own, self._guarantee(other.school)),
            "higher_rank": other_rank is not None and other_rank < rank,
            "lottery": self._lottery[other.school] < self._lottery[group.school],
        }
        ahead = tuple(name for name, holds in facts.items() if holds)
        return Occupant(other.id, other.school, ahead or ("overall",))

    def _participations(self, school: str, without: Slot) -> int:
        """Return the participations of a school, one slot left aside."""
        return self.directory.schools[school].already + len(self._attended[school] - {without.id})

    def _guarantee(self, school_id: str) -> int:
        school: School = self.directory.schools[school_id]
        return school_guarantee(self._problem, school)

    def _closed(self, slot: Slot) -> SlotReason | None:
        """The slot does not run and cannot begin to run for one group more."""
        if self._groups_in[slot.id]:
            return None
        host = self.directory.host_of(slot)
        if slot.min_groups > 1:
            return SlotReason(slot.id, "minimum", {"minimum": str(slot.min_groups)})
        running = self._running[host.id, slot.start.date()]
        if host.max_slots_per_day is not None and running >= host.max_slots_per_day:
            return SlotReason(slot.id, "host_day", {"limit": str(host.max_slots_per_day)})
        return None

    def _busy(self, group: Group, slot: Slot) -> SlotReason | None:
        """The group's other placements are in the way."""
        for other in self._slots_of[group.id]:
            code = self._conflict(slot, other)
            if code is not None:
                return SlotReason(slot.id, code, {"other": other.id})
        if len(self._slots_of[group.id]) >= group.wanted:
            return SlotReason(slot.id, "wanted", {"wanted": str(group.wanted)})
        return None

    def _conflict(self, slot: Slot, other: Slot) -> str | None:
        if slot.activity == other.activity:
            return "activity_once"
        first, second = sorted((slot, other), key=lambda item: item.start)
        pause = (second.start - first.end).total_seconds() / 60
        same_day = first.end.date() == second.start.date()
        if pause < 0 or (same_day and pause < self._problem.min_gap_minutes):
            return "one_place_at_a_time"
        together = slot.multi_stop_day is not None and slot.multi_stop_day == other.multi_stop_day
        return None if together or slot.start.date() != other.start.date() else "one_activity_a_day"

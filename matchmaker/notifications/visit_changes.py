"""Mails about visits that change or go: the calendar follows, and the words say who did it and why.

The appointment has the UID of the confirmation and a higher sequence, and the mail its cause. So of what
waits in the outbox only the newest leaves, whatever kind it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import CleanFacts, Contact, SlotFacts, lines
from matchmaker.notifications.speech import speaking
from matchmaker.notifications.visits import (
    Occasion,
    Visit,
    describe_occasion,
    describe_school_visit,
    invite,
    withdraw,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts(CleanFacts):
    """Who changed something, and why.

    Parameters
    ----------
    by
        Name of the school, host or region, as it stands at the beginning of a sentence.
    reason
        In the words of whoever did it; empty when they gave none.
    """

    by: str
    reason: str = lines()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitChange:
    """A visit of a school before and after."""

    before: Visit
    after: Visit

    @property
    def is_moved(self) -> bool:
        """Tell whether it is at another time."""
        return times_of(self.before.slot) != times_of(self.after.slot)

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether it is at another place."""
        return address_of_visit(self.before) != address_of_visit(self.after)

    @property
    def matters(self) -> bool:
        """Tell whether people of the school must know."""
        return self.is_moved or self.is_elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionChange:
    """A slot of a host before and after."""

    before: Occasion
    after: Occasion

    @property
    def is_moved(self) -> bool:
        """Tell whether it is at another time."""
        return times_of(self.before.slot) != times_of(self.after.slot)

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether those who still come are at another place, or come from another one."""
        return any(
            address_of_visit(old) != address_of_visit(new) for old, new in self._pairs() if new is not None
        )

    @property
    def gone(self) -> tuple[Visit, ...]:
        """The visits that are off."""
        return tuple(old for old, new in self._pairs() if new is None)

    @property
    def resized(self) -> tuple[tuple[Visit, Visit], ...]:
        """The groups that come with another number of pupils, before and after."""
        return tuple(
            (old, new)
            for old, new in self._pairs()
            if new is not None and old.group.pupils != new.group.pupils
        )

    @property
    def is_below_minimum(self) -> bool:
        """Tell whether fewer groups come than the host needs, since this change."""
        needed = self.after.slot.min_groups
        return len(self.after.visits) < needed <= len(self.before.visits)

    @property
    def matters(self) -> bool:
        """Tell whether people of the host must know."""
        groups = [{visit.booking.calendar_uid for visit in o.visits} for o in (self.before, self.after)]
        return bool(self.is_moved or self.is_elsewhere or self.resized or groups[0] != groups[1])

    def _pairs(self) -> list[tuple[Visit, Visit | None]]:
        after = {visit.booking.calendar_uid: visit for visit in self.after.visits}
        return [(visit, after.get(visit.booking.calendar_uid)) for visit in self.before.visits]


def times_of(slot: SlotFacts) -> tuple[Any, Any]:
    """Return when it is."""
    return slot.starts_at, slot.ends_at


def address_of_visit(visit: Visit) -> str:
    """Return where it is, without names: a host that gets another name is at the same place."""
    if visit.slot.mobile:
        return visit.school.address
    return visit.slot.address or visit.host.address


def compose_school_change(
    change: VisitChange, facts: ChangeFacts, recipient: Contact, letterhead: Letterhead
) -> Message:
    """Return the mail that tells one person of a school what is different about a visit from now on."""
    with speaking(recipient.language):
        part = invite(describe_school_visit(change.after, recipient, letterhead), recipient)
    draft = Draft(
        kind=MessageKind.VISIT_CHANGED_SCHOOL,
        recipient=recipient,
        cause=f"booking:{change.after.booking.calendar_uid}",
        sequence=change.after.booking.calendar_sequence,
        organisation_id=change.after.school.id,
        calendar=part,
        starts_at=_first_start(change.before.slot, change.after.slot),
        facts={"change": change, "visit": change.after, "why": facts},
    )
    return compose_message(draft, letterhead)


def compose_school_cancellation(
    visit: Visit, facts: ChangeFacts | None, recipient: Contact, letterhead: Letterhead
) -> Message:
    """Return the mail that takes a visit out of the calendar of one person of a school.

    Parameters
    ----------
    facts
        Who called the visit off; None: it stands, but the person answers for the school no longer.
    """
    with speaking(recipient.language):
        part = withdraw(describe_school_visit(visit, recipient, letterhead), recipient)
    draft = Draft(
        kind=MessageKind.VISIT_CANCELLED_SCHOOL,
        recipient=recipient,
        cause=f"booking:{visit.booking.calendar_uid}",
        sequence=visit.booking.calendar_sequence,
        organisation_id=visit.school.id,
        calendar=part,
        starts_at=visit.slot.starts_at,
        facts={"visit": visit, "why": facts},
    )
    return compose_message(draft, letterhead)


def compose_host_change(
    change: OccasionChange, facts: ChangeFacts, recipient: Contact, letterhead: Letterhead
) -> Message:
    """Return the mail that tells one person of a host what is different about a slot from now on."""
    with speaking(recipient.language):
        part = invite(describe_occasion(change.after, recipient, letterhead), recipient)
    draft = Draft(
        kind=MessageKind.VISIT_CHANGED_HOST,
        recipient=recipient,
        cause=f"slot:{change.after.slot.calendar_uid}",
        sequence=change.after.slot.calendar_sequence,
        organisation_id=change.after.host.id,
        calendar=part,
        starts_at=_first_start(change.before.slot, change.after.slot),
        facts={"change": change, "occasion": change.after, "why": facts},
    )
    return compose_message(draft, letterhead)


def compose_host_cancellation(
    occasion: Occasion, facts: ChangeFacts | None, recipient: Contact, letterhead: Letterhead
) -> Message:
    """Return the mail that takes a slot out of the calendar of one person of a host.

    Parameters
    ----------
    occasion
        With those who were to come.
    facts
        Who called it off; None: it stands, but the person answers for the host no longer.
    """
    with speaking(recipient.language):
        part = withdraw(describe_occasion(occasion, recipient, letterhead), recipient)
    draft = Draft(
        kind=MessageKind.VISIT_CANCELLED_HOST,
        recipient=recipient,
        cause=f"slot:{occasion.slot.calendar_uid}",
        sequence=occasion.slot.calendar_sequence,
        organisation_id=occasion.host.id,
        calendar=part,
        starts_at=occasion.slot.starts_at,
        facts={"occasion": occasion, "why": facts},
    )
    return compose_message(draft, letterhead)


def compose_office_news(
    change: OccasionChange, facts: ChangeFacts, recipient: Contact, letterhead: Letterhead, path: str
) -> Message:
    """Return the mail that tells one organiser about it, without a calendar part.

    Each such mail stands by itself: a later one does not take its place.
    """
    draft = Draft(
        kind=MessageKind.VISIT_CHANGED_OFFICE,
        recipient=recipient,
        cause=f"news:{change.after.slot.calendar_uid}:{change.after.slot.calendar_sequence}",
        starts_at=_first_start(change.before.slot, change.after.slot),
        facts={"change": change, "why": facts, "path": path},
    )
    return compose_message(draft, letterhead)


def _first_start(before: SlotFacts, after: SlotFacts) -> datetime:
    """Return which comes first: when people would have come, or when they must come now."""
    return min(before.starts_at, after.starts_at)

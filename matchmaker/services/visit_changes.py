"""Let people's calendars follow: what stood in them before a change and after it decides who hears what.

Every use case that changes visits, or who answers for them, keeps a picture of the slots, makes its
change, and hands both to `tell_changes`. For each visit and person one of three mails follows, or none:
who has it now and had it not gets the confirmation, who had it and has it no longer the cancellation, who
keeps it the change. So every calendar ends as the database stands, however many changes come at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from matchmaker import clock
from matchmaker.domain.kinds import Role
from matchmaker.extensions import db
from matchmaker.models import Booking, Message, Region, Slot
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import Contact, OrganisationFacts
from matchmaker.notifications.mime import is_usable_address
from matchmaker.notifications.publication import list_recipients
from matchmaker.notifications.visit_changes import (
    ChangeFacts,
    OccasionChange,
    VisitChange,
    compose_host_cancellation,
    compose_host_change,
    compose_office_news,
    compose_school_cancellation,
    compose_school_change,
)
from matchmaker.notifications.visits import Occasion, Visit, compose_host_visit, compose_school_visit
from matchmaker.queries import people
from matchmaker.services.letterheads import contact_of, letterhead_of
from matchmaker.services.visit_facts import load_occasions

Picture = Mapping[int, Occasion]


@dataclass(frozen=True, slots=True)
class _Hearer:
    """A person in a calendar of whom something stood, or stands."""

    contact: Contact
    had: bool
    has: bool


def take_picture(slot_ids: Collection[int]) -> Picture:
    """Return what stands in people's calendars about these slots now."""
    return load_occasions(slot_ids)


def tell_changes(region: Region, before: Picture, facts: ChangeFacts) -> list[Message]:
    """Raise the sequence of what changed and add the mails to the session; return them.

    Parameters
    ----------
    before
        The picture from before the change, which must have been flushed. What is over by now, and was
        already, stays as it is.
    facts
        Who did it and why.
    """
    after = take_picture(before.keys())
    letterhead = letterhead_of(region)
    messages = [
        message
        for slot_id, old in before.items()
        if _is_coming(old) or _is_coming(after[slot_id])
        for message in _tell_slot(old, after[slot_id], facts, letterhead)
    ]
    db.session.add_all(messages)
    return messages


def tell_organisers(
    region: Region, before: Picture, facts: ChangeFacts, *, except_id: int | None
) -> list[Message]:
    """Add a mail about each slot to each organiser of the region, but not to who did it; return them."""
    after, letterhead = take_picture(before.keys()), letterhead_of(region)
    organisers = people.list_people_of_region(region.id, frozenset({Role.ORGANISER}))
    changes = [OccasionChange(before=old, after=after[slot_id]) for slot_id, old in before.items()]
    path = f"/organisator/{region.slug}"
    messages = [
        compose_office_news(change, facts, contact_of(user), letterhead, path)
        for change in changes
        if change.before.visits and change.matters
        for user in organisers
        if user.id != except_id and is_usable_address(user.email)
    ]
    db.session.add_all(messages)
    return messages


def _is_coming(occasion: Occasion) -> bool:
    return occasion.slot.ends_at > clock.now()


def _tell_slot(
    before: Occasion, after: Occasion, facts: ChangeFacts, letterhead: Letterhead
) -> Iterator[Message]:
    old = {visit.booking.calendar_uid: visit for visit in before.visits}
    new = {visit.booking.calendar_uid: visit for visit in after.visits}
    for uid in dict.fromkeys([*old, *new]):
        yield from _tell_school(old.get(uid), new.get(uid), facts, letterhead)
    yield from _tell_host(before, after, facts, letterhead)


def _tell_school(
    before: Visit | None, after: Visit | None, facts: ChangeFacts, letterhead: Letterhead
) -> Iterator[Message]:
    change = VisitChange(before=before, after=after) if before and after else None
    changed = change is None or change.matters
    hearers = _list_hearers(before.school if before else None, after.school if after else None, changed)
    known = after or before
    if known is None or not (changed or hearers):
        return
    now = replace(known, booking=replace(known.booking, calendar_sequence=_raise_booking(known)))
    for hearer in hearers:
        if not hearer.has:
            called_off = facts if after is None else None
            yield compose_school_cancellation(now, called_off, hearer.contact, letterhead)
        elif hearer.had and before is not None:
            yield compose_school_change(
                VisitChange(before=before, after=now), facts, hearer.contact, letterhead
            )
        else:
            yield compose_school_visit(now, hearer.contact, letterhead)


def _tell_host(
    before: Occasion, after: Occasion, facts: ChangeFacts, letterhead: Letterhead
) -> Iterator[Message]:
    change = OccasionChange(before=before, after=after)
    old, new = before.host if before.visits else None, after.host if after.visits else None
    hearers = _list_hearers(old, new, change.matters)
    # Feeds follow the sequence too, so it rises also where nobody can be mailed.
    if not (change.matters or hearers):
        return
    sequence = _raise_slot(after)
    now = replace(after, slot=replace(after.slot, calendar_sequence=sequence))
    gone = replace(before, slot=replace(before.slot, calendar_sequence=sequence))
    for hearer in hearers:
        if not hearer.has:
            called_off = None if after.visits else facts
            yield compose_host_cancellation(gone, called_off, hearer.contact, letterhead)
        elif hearer.had:
            told = OccasionChange(before=before, after=now)
            yield compose_host_change(told, facts, hearer.contact, letterhead)
        else:
            yield compose_host_visit(now, hearer.contact, letterhead)


def _list_hearers(
    before: OrganisationFacts | None,
    after: OrganisationFacts | None,
    changed: bool,
) -> list[_Hearer]:
    """Return whose calendar changes: who comes in or goes, and, when it `changed`, who stays."""
    old = {contact.email.lower(): contact for contact in (list_recipients(before) if before else [])}
    new = {contact.email.lower(): contact for contact in (list_recipients(after) if after else [])}
    everybody = [_Hearer(contact, email in old, email in new) for email, contact in (old | new).items()]
    return [hearer for hearer in everybody if changed or hearer.had != hearer.has]


def _raise_booking(visit: Visit) -> int:
    statement = select(Booking).where(Booking.calendar_uid == visit.booking.calendar_uid)
    booking = db.session.scalars(statement).one()
    booking.calendar_sequence += 1
    db.session.flush()
    return booking.calendar_sequence


def _raise_slot(occasion: Occasion) -> int:
    slot = db.session.get_one(Slot, occasion.slot.id)
    slot.calendar_sequence += 1
    db.session.flush()
    return slot.calendar_sequence

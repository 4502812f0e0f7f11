"""Rows as the mails about visits tell them: schools, groups, hosts, slots and who comes to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.bookings import STANDING_STATES
from matchmaker.domain.kinds import HOST_ROLES, Role
from matchmaker.extensions import db
from matchmaker.models import Activity, Booking, Group, Organisation, Slot, User
from matchmaker.notifications.facts import (
    BookingFacts,
    GroupFacts,
    HostFacts,
    OrganisationFacts,
    SlotFacts,
)
from matchmaker.notifications.visits import Occasion, Visit
from matchmaker.queries.people import list_contacts
from matchmaker.queries.visits import list_slot_bookings
from matchmaker.services.letterheads import contact_of

# Whoever answers for the school's wishes and the host's slots gets the mail and is shown to the other side.
CONTACT_ROLES = frozenset({Role.COORDINATOR}) | HOST_ROLES

Contacts = Mapping[int, list[User]]


def load_occasions(slot_ids: Collection[int]) -> dict[int, Occasion]:
    """Return the slots by id, with all whose visit stands in them and all contacts as they are now."""
    slots = _list_slots(slot_ids)
    bookings = _list_standing(slots)
    organisations = {b.group.school_id for found in bookings.values() for b in found}
    organisations |= {slot.activity.host_id for slot in slots}
    contacts = list_contacts(sorted(organisations), CONTACT_ROLES)
    return {slot.id: _describe_occasion(slot, bookings.get(slot.id, []), contacts) for slot in slots}


def _list_standing(slots: Iterable[Slot]) -> dict[int, list[Booking]]:
    """Return the bookings by slot that people have been told of; an offer holds a place and is none yet."""
    held = list_slot_bookings([slot.id for slot in slots])
    return {slot_id: [b for b in found if b.state in STANDING_STATES] for slot_id, found in held.items()}


def address_of(organisation: Organisation, contacts: Contacts) -> dict[str, Any]:
    """Return what the facts of every organisation have in common."""
    return {
        "id": organisation.id,
        "name": organisation.name,
        "street": organisation.street,
        "postcode": organisation.postcode,
        "place": organisation.place,
        "contacts": tuple(map(contact_of, contacts.get(organisation.id, []))),
    }


def describe_group(group: Group, reason_code: str = "") -> GroupFacts:
    """Return a group; with the engine's code for why it got nothing, if there is one."""
    return GroupFacts(
        id=group.id,
        school_id=group.school_id,
        name=group.name,
        levels=tuple(group.levels),
        pupils=group.pupils,
        reason_code=reason_code,
    )


def describe_slot(slot: Slot) -> SlotFacts:
    """Return a slot, loaded with its activity."""
    activity = slot.activity
    return SlotFacts(
        id=slot.id,
        host_id=activity.host_id,
        activity=activity.title,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        calendar_uid=slot.calendar_uid,
        calendar_sequence=slot.calendar_sequence,
        address=slot.venue,
        mobile=activity.mobile,
        capacity_groups=slot.capacity_groups,
        capacity_pupils=slot.capacity_pupils,
        min_groups=slot.min_groups,
        practical=activity.practical,
    )


def _list_slots(slot_ids: Collection[int]) -> list[Slot]:
    statement = (
        select(Slot)
        .where(Slot.id.in_(slot_ids))
        .options(joinedload(Slot.activity).joinedload(Activity.host))
        .order_by(Slot.starts_at, Slot.id)
    )
    return list(db.session.scalars(statement))


def _describe_occasion(slot: Slot, bookings: list[Booking], contacts: Contacts) -> Occasion:
    host, told = HostFacts(**address_of(slot.activity.host, contacts)), describe_slot(slot)
    visits = [
        Visit(
            school=OrganisationFacts(**address_of(booking.group.school, contacts)),
            group=describe_group(booking.group),
            host=host,
            slot=told,
            booking=_describe_booking(booking),
        )
        for booking in bookings
    ]
    return Occasion(host=host, slot=told, visits=tuple(sorted(visits, key=_school_and_group)))


def _describe_booking(booking: Booking) -> BookingFacts:
    return BookingFacts(
        group_id=booking.group_id,
        slot_id=booking.slot_id,
        calendar_uid=booking.calendar_uid,
        calendar_sequence=booking.calendar_sequence,
        rank=booking.rank,
        km=booking.km,
    )


def _school_and_group(visit: Visit) -> tuple[str, str]:
    return visit.school.name, visit.group.name

"""Reads of bookings as schools and hosts see them: visits with everything one must know."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from matchmaker import clock
from matchmaker.domain.bookings import GONE_STATES, HOLDING_STATES
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.kinds import SlotState
from matchmaker.extensions import db
from matchmaker.models import Activity, Booking, Group, Slot


def list_school_bookings(school_id: int, school_year_id: int) -> list[Booking]:
    """Return a school's bookings of a school year and all to come, earliest first, with slot and host."""
    statement = (
        select(Booking)
        .join(Booking.group)
        .where(
            Group.school_id == school_id,
            or_(Group.school_year_id == school_year_id, Booking.starts_at > clock.now()),
            Booking.state.in_(HOLDING_STATES),
        )
        .options(
            contains_eager(Booking.group),
            joinedload(Booking.slot).joinedload(Slot.activity).joinedload(Activity.host),
        )
        .order_by(Booking.starts_at, Group.name, Booking.id)
    )
    return list(db.session.scalars(statement))


def get_school_booking(school_id: int, booking_id: int) -> Booking:
    """Return a booking of one of the school's groups.

    Raises
    ------
    NotFoundError
        When the school has no such booking.
    """
    statement = (
        select(Booking)
        .join(Booking.group)
        .where(Booking.id == booking_id, Group.school_id == school_id, Booking.state.in_(HOLDING_STATES))
        .options(
            contains_eager(Booking.group).joinedload(Group.school),
            joinedload(Booking.slot).joinedload(Slot.activity).joinedload(Activity.host),
        )
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def get_booking_at(organisation_id: int, booking_id: int) -> Booking:
    """Return a booking of one of the school's groups, or in one of the host's slots, whatever its state.

    Raises
    ------
    NotFoundError
        When the school or host has no such booking.
    """
    statement = (
        select(Booking)
        .join(Booking.group)
        .join(Booking.slot)
        .join(Slot.activity)
        .where(
            Booking.id == booking_id,
            or_(Group.school_id == organisation_id, Activity.host_id == organisation_id),
        )
        .options(
            contains_eager(Booking.group).joinedload(Group.school),
            contains_eager(Booking.slot).contains_eager(Slot.activity).joinedload(Activity.host),
        )
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def list_booked_slots(group_ids: Collection[int]) -> list[Slot]:
    """Return the slots still to end in which one of the groups holds places, earliest first."""
    booked = select(Booking.slot_id).where(Booking.group_id.in_(group_ids), Booking.state.in_(HOLDING_STATES))
    statement = (
        select(Slot)
        .where(Slot.id.in_(booked), Slot.ends_at > clock.now())
        .options(joinedload(Slot.activity))
        .order_by(Slot.starts_at, Slot.id)
    )
    return list(db.session.scalars(statement))


def list_coming_slot_ids(region_id: int, organisation_ids: Collection[int] | None = None) -> list[int]:
    """Return the slots that are still to end and that somebody comes to, earliest first.

    Parameters
    ----------
    organisation_ids
        Schools that come and hosts that receive; None: all of the region.
    """
    statement = (
        select(Slot.id)
        .join(Slot.activity)
        .join(Booking, Booking.slot_id == Slot.id)
        .join(Booking.group)
        .where(Slot.region_id == region_id, Slot.ends_at > clock.now(), Booking.state.in_(HOLDING_STATES))
        .group_by(Slot.id, Slot.starts_at)
        .order_by(Slot.starts_at, Slot.id)
    )
    if organisation_ids is not None:
        own = or_(Group.school_id.in_(organisation_ids), Activity.host_id.in_(organisation_ids))
        statement = statement.where(own)
    return list(db.session.scalars(statement))


def get_host_slot(host_id: int, slot_id: int) -> Slot:
    """Return a slot of the host, whatever its state, with activity, host and round.

    Raises
    ------
    NotFoundError
        When the host has no such slot.
    """
    statement = (
        select(Slot)
        .join(Slot.activity)
        .where(Slot.id == slot_id, Activity.host_id == host_id)
        .options(contains_eager(Slot.activity).joinedload(Activity.host), joinedload(Slot.round))
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def list_other_visits(group_ids: list[int], slot_id: int) -> dict[int, list[Slot]]:
    """Return, by group id, the other slots in which the groups hold places."""
    statement = (
        select(Booking.group_id, Slot)
        .join(Booking.slot)
        .where(Booking.group_id.in_(group_ids), Booking.state.in_(HOLDING_STATES), Booking.slot_id != slot_id)
        .order_by(Slot.starts_at, Slot.id)
    )
    found: dict[int, list[Slot]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.group_id, []).append(row.Slot)
    return found


def list_visited_moments(host_id: int, except_slot_id: int) -> list[datetime]:
    """Return when the host's other slots begin that somebody comes to."""
    statement = (
        select(Slot.starts_at)
        .join(Slot.activity)
        .where(
            Activity.host_id == host_id,
            Slot.state == SlotState.OPEN,
            Slot.taken_groups > 0,
            Slot.id != except_slot_id,
        )
    )
    return list(db.session.scalars(statement))


def lock_slot(slot_id: int) -> Slot:
    """Return the slot as it is now; others who take or free places in it wait until the transaction ends."""
    statement = select(Slot).where(Slot.id == slot_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def list_host_slots(host_id: int, since: datetime) -> list[Slot]:
    """Return a host's open slots that end after a moment, earliest first, with activity and round."""
    statement = (
        select(Slot)
        .join(Slot.activity)
        .where(Activity.host_id == host_id, Slot.state == SlotState.OPEN, Slot.ends_at > since)
        .options(contains_eager(Slot.activity), joinedload(Slot.round))
        .order_by(Slot.starts_at, Slot.id)
    )
    return list(db.session.scalars(statement))


def list_slot_bookings(slot_ids: list[int]) -> dict[int, list[Booking]]:
    """Return who holds places in the slots, by slot id, with group and school."""
    statement = (
        select(Booking)
        .join(Booking.group)
        .where(Booking.slot_id.in_(slot_ids), Booking.state.in_(HOLDING_STATES))
        .options(contains_eager(Booking.group).joinedload(Group.school))
        .order_by(Group.school_id, Group.name, Booking.id)
    )
    found: dict[int, list[Booking]] = {}
    for booking in db.session.scalars(statement):
        found.setdefault(booking.slot_id, []).append(booking)
    return found


def list_feed_bookings(school_id: int, since: datetime) -> list[Booking]:
    """Return a school's bookings from a moment on, those that were called off too, with slot and host."""
    statement = (
        select(Booking)
        .join(Booking.group)
        .where(
            Group.school_id == school_id,
            Booking.starts_at > since,
            Booking.state.in_(HOLDING_STATES | GONE_STATES),
        )
        .options(
            contains_eager(Booking.group).joinedload(Group.school),
            joinedload(Booking.slot).joinedload(Slot.activity).joinedload(Activity.host),
        )
        .order_by(Booking.starts_at, Booking.id)
    )
    return list(db.session.scalars(statement))


def list_feed_slots(host_id: int, since: datetime) -> list[Slot]:
    """Return a host's slots from a moment on that somebody had a booking in, withdrawn ones too."""
    booked = select(Booking.slot_id).where(Booking.state.in_(HOLDING_STATES | GONE_STATES))
    statement = (
        select(Slot)
        .join(Slot.activity)
        .where(Activity.host_id == host_id, Slot.starts_at > since, Slot.id.in_(booked))
        .options(contains_eager(Slot.activity).joinedload(Activity.host))
        .order_by(Slot.starts_at, Slot.id)
    )
    return list(db.session.scalars(statement))

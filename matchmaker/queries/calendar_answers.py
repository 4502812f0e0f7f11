"""Reads of what calendars answered: by appointment, and what people should talk about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from matchmaker.domain.bookings import HOLDING_STATES, STANDING_STATES
from matchmaker.domain.calendar_answers import SAYING, WORRYING
from matchmaker.domain.kinds import SlotState
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Activity, Booking, CalendarReply, Group, Host, Message, School, Slot


def find_booking_by_uid(calendar_uid: str) -> Booking | None:
    """Return the booking of an appointment with its whole visit, or None."""
    statement = (
        select(Booking)
        .where(Booking.calendar_uid == calendar_uid)
        .options(
            joinedload(Booking.group).joinedload(Group.school).joinedload(School.region),
            joinedload(Booking.slot).joinedload(Slot.activity).joinedload(Activity.host),
        )
    )
    return db.session.scalars(statement).one_or_none()


def find_slot_by_uid(calendar_uid: str) -> Slot | None:
    """Return the slot of an appointment with its host, or None."""
    statement = (
        select(Slot)
        .where(Slot.calendar_uid == calendar_uid)
        .options(joinedload(Slot.activity).joinedload(Activity.host).joinedload(Host.region))
    )
    return db.session.scalars(statement).one_or_none()


def find_sent_sequence(cause: str, email: str) -> int:
    """Return the newest version of an appointment that was sent to an address; 0 when none was."""
    statement = select(func.max(Message.sequence)).where(
        Message.cause == cause,
        func.lower(Message.recipient) == email,
        Message.state == MessageState.SENT,
    )
    return db.session.scalars(statement).one() or 0


def list_answers_of(row: Booking | Slot, email: str) -> list[CalendarReply]:
    """Return what one person answered about an appointment, oldest first."""
    statement = (
        select(CalendarReply)
        .where(_column_of(row) == row.id, CalendarReply.email == email)
        .order_by(CalendarReply.id)
    )
    return list(db.session.scalars(statement))


def list_booking_worries(booking_ids: Iterable[int]) -> dict[int, list[CalendarReply]]:
    """Return the answers that ask for attention about these bookings, by booking id, newest first."""
    found: dict[int, list[CalendarReply]] = {}
    for reply in _list_worries_of(CalendarReply.booking_id, booking_ids):
        if reply.booking_id is not None:
            found.setdefault(reply.booking_id, []).append(reply)
    return found


def list_slot_worries(slot_ids: Iterable[int]) -> dict[int, list[CalendarReply]]:
    """Return the answers of a host that ask for attention, by slot id, newest first."""
    found: dict[int, list[CalendarReply]] = {}
    for reply in _list_worries_of(CalendarReply.slot_id, slot_ids):
        if reply.slot_id is not None:
            found.setdefault(reply.slot_id, []).append(reply)
    return found


def list_worries(region_id: int, now: datetime) -> list[CalendarReply]:
    """Return the answers of the region that ask for attention, next visit first, with the visit."""
    booking, slot = joinedload(CalendarReply.booking), joinedload(CalendarReply.slot)
    offer = joinedload(Slot.activity).joinedload(Activity.host)
    statement = (
        _select_worries()
        .where(CalendarReply.region_id == region_id, Slot.ends_at > now)
        .options(
            booking.joinedload(Booking.group).joinedload(Group.school),
            booking.joinedload(Booking.slot).options(offer),
            slot.options(offer),
            joinedload(CalendarReply.user),
        )
        .order_by(Slot.starts_at, CalendarReply.id)
    )
    return list(db.session.scalars(statement))


def count_worries(region_id: int, now: datetime) -> int:
    """Return how many answers of the region ask for attention."""
    statement = (
        _select_worries()
        .where(CalendarReply.region_id == region_id, Slot.ends_at > now)
        .with_only_columns(func.count(CalendarReply.id))
    )
    return db.session.execute(statement).scalar_one()


def _list_worries_of(column: InstrumentedAttribute[int | None], ids: Iterable[int]) -> list[CalendarReply]:
    statement = (
        _select_worries()
        .where(column.in_(list(ids)))
        .options(joinedload(CalendarReply.user))
        .order_by(CalendarReply.id.desc())
    )
    return list(db.session.scalars(statement))


def _select_worries() -> Select[CalendarReply]:
    """Select each person's newest answer that worries, about a visit that stands as it was answered."""
    return (
        select(CalendarReply)
        .outerjoin(Booking, Booking.id == CalendarReply.booking_id)
        .join(Slot, Slot.id == func.coalesce(CalendarReply.slot_id, Booking.slot_id))
        .where(
            CalendarReply.answer.in_(WORRYING),
            CalendarReply.settled_at.is_(None),
            CalendarReply.about_starts_at == Slot.starts_at,
            or_(
                Booking.state.in_(STANDING_STATES),
                and_(CalendarReply.slot_id.is_not(None), Slot.state == SlotState.OPEN, _is_visited()),
            ),
            ~_has_newer(),
        )
    )


def _has_newer() -> ColumnElement[bool]:
    newer = aliased(CalendarReply)
    return exists().where(
        newer.email == CalendarReply.email,
        or_(newer.booking_id == CalendarReply.booking_id, newer.slot_id == CalendarReply.slot_id),
        newer.id > CalendarReply.id,
        newer.answer.in_(SAYING),
    )


def _is_visited() -> ColumnElement[bool]:
    guest = aliased(Booking)
    return exists().where(guest.slot_id == Slot.id, guest.state.in_(HOLDING_STATES))


def _column_of(row: Booking | Slot) -> InstrumentedAttribute[int | None]:
    return CalendarReply.booking_id if isinstance(row, Booking) else CalendarReply.slot_id

"""Reads of the outbox for delivery: which message is next, and which ones nobody should get any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from matchmaker.domain.bookings import STANDING_STATES
from matchmaker.domain.kinds import SlotState
from matchmaker.domain.runs import MessageState
from matchmaker.models import Booking, Message, Slot, ToldVisit
from matchmaker.queries.sending import is_held


def select_next_due(now: datetime) -> Select[int]:
    """Return the statement that finds the id of the message to send next.

    Due is what is queued and whose time has come, and what a worker leased and then let go of. Urgent
    mail comes first. A message waits while an older one of its cause is on its way, and is passed over
    when it is outdated. On PostgreSQL rows that another worker is leasing are skipped.
    """
    due = aliased(Message)
    queued = and_(due.state == MessageState.QUEUED, due.next_attempt_at <= now)
    let_go = and_(due.state == MessageState.LEASED, due.lease_until < now)
    return (
        select(due.id)
        .where(or_(queued, let_go), ~is_held(due, now))
        .where(~_is_outdated(due, now), ~_has_older_on_its_way(due, now))
        .order_by(due.lane, due.next_attempt_at, due.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=due)
    )


def is_overtaken(now: datetime) -> ColumnElement[bool]:
    """Return the condition for messages that wait and that nobody should get any more.

    There is a newer one of their cause, their time is over, or a visit they tell of is not as they say.
    """
    waiting = or_(
        Message.state == MessageState.QUEUED,
        and_(Message.state == MessageState.LEASED, Message.lease_until < now),
    )
    return and_(waiting, _is_outdated(Message, now))


def select_outdated(message_id: int, now: datetime) -> Select[int]:
    """Return the statement that finds the message when nobody should get it any more."""
    message = aliased(Message)
    return select(message.id).where(message.id == message_id, _is_outdated(message, now))


def _is_outdated(message: type[Message], now: datetime) -> ColumnElement[bool]:
    over = and_(message.useful_until.is_not(None), message.useful_until <= now)
    return or_(over, _has_newer(message), _tells_of_changed_visit(message))


def _tells_of_changed_visit(message: type[Message]) -> ColumnElement[bool]:
    as_told = and_(
        Booking.state.in_(STANDING_STATES),
        Booking.slot_id == ToldVisit.slot_id,
        Slot.state == SlotState.OPEN,
        Slot.starts_at == ToldVisit.starts_at,
        Slot.ends_at == ToldVisit.ends_at,
    )
    return (
        exists()
        .where(ToldVisit.message_id == message.id, ~as_told)
        .where(Booking.id == ToldVisit.booking_id, Slot.id == Booking.slot_id)
    )


def _has_newer(message: type[Message]) -> ColumnElement[bool]:
    newer = aliased(Message)
    return exists().where(*_siblings(newer, message), newer.sequence > message.sequence)


def _has_older_on_its_way(message: type[Message], now: datetime) -> ColumnElement[bool]:
    older = aliased(Message)
    return exists().where(
        *_siblings(older, message),
        older.sequence < message.sequence,
        older.state == MessageState.LEASED,
        older.lease_until >= now,
    )


def _siblings(one: type[Message], other: type[Message]) -> tuple[ColumnElement[bool], ...]:
    return (one.cause == other.cause, one.recipient == other.recipient, one.kind == other.kind)

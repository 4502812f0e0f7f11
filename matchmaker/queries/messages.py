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

# Made once: a new alias for each mail would cost more than everything else about it.
_DUE, _ITSELF, _NEWER, _OLDER = (aliased(Message) for _ in range(4))


def select_next_due(lane: int, now: datetime) -> Select[int]:
    """Return the statement that finds the id of the message of a lane to send next.

    Due is what is queued, whose time has come, and what no pause holds. A message waits while an older one
    of its conversation is on its way. On PostgreSQL rows that another worker is leasing are skipped.

    It walks along one index in the order of sending and takes the first that fits, so that it is as fast
    with a hundred thousand messages as with ten.
    """
    return (
        select(_DUE.id)
        .where(_DUE.state == MessageState.QUEUED, _DUE.lane == lane, _DUE.next_attempt_at <= now)
        .where(~is_held(_DUE, now), ~_has_older_on_its_way(_DUE, now))
        .order_by(_DUE.next_attempt_at, _DUE.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=_DUE)
    )


def is_older_in_line(cause: str, recipient: str, sequence: int) -> ColumnElement[bool]:
    """Return the condition for messages of a conversation that wait although a newer one is here."""
    return and_(
        Message.cause == cause,
        Message.recipient == recipient,
        Message.sequence < sequence,
        Message.state == MessageState.QUEUED,
    )


def select_outdated(message_id: int, now: datetime) -> Select[int]:
    """Return the statement that finds the message when nobody should get it any more."""
    return select(_ITSELF.id).where(_ITSELF.id == message_id, is_outdated(_ITSELF, now))


def is_outdated(message: type[Message], now: datetime) -> ColumnElement[bool]:
    """Return the condition for messages that nobody should get any more, whatever their state."""
    over = and_(message.useful_until.is_not(None), message.useful_until <= now)
    return or_(over, _has_newer(message), _tells_of_changed_visit(message))


def _tells_of_changed_visit(message: type[Message]) -> ColumnElement[bool]:
    as_told = and_(
        Booking.state.in_(STANDING_STATES),
        Booking.slot_id == ToldVisit.slot_id,
        Slot.state == SlotState.OPEN,
        Slot.starts_at == ToldVisit.starts_at,
        Slot.ends_at == ToldVisit.ends_at,
        Slot.address == ToldVisit.address,
    )
    return (
        exists()
        .where(ToldVisit.message_id == message.id, ~as_told)
        .where(Booking.id == ToldVisit.booking_id, Slot.id == Booking.slot_id)
    )


def _has_newer(message: type[Message]) -> ColumnElement[bool]:
    return exists().where(*_same_line(_NEWER, message), _NEWER.sequence > message.sequence)


def _has_older_on_its_way(message: type[Message], now: datetime) -> ColumnElement[bool]:
    return exists().where(
        *_same_line(_OLDER, message),
        _OLDER.sequence < message.sequence,
        _OLDER.state == MessageState.LEASED,
        _OLDER.lease_until >= now,
    )


def _same_line(one: type[Message], other: type[Message]) -> tuple[ColumnElement[bool], ...]:
    """A cause is a conversation with somebody: what is newer replaces what is older, whatever its kind."""
    return (one.cause == other.cause, one.recipient == other.recipient)

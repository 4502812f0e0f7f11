"""Reads of the outbox for delivery: which message is next, and which ones are overtaken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from matchmaker.domain.runs import MessageState
from matchmaker.models import Message


def select_next_due(now: datetime) -> Select[int]:
    """Return the statement that finds the id of the message to send next.

    Due is what is queued and whose time has come, and what a worker leased and then let go of. Urgent
    mail comes first. A message waits while an older one of its cause is on its way, and is passed over
    when there is a newer one. On PostgreSQL rows that another worker is leasing are skipped.
    """
    due = aliased(Message)
    queued = and_(due.state == MessageState.QUEUED, due.next_attempt_at <= now)
    let_go = and_(due.state == MessageState.LEASED, due.lease_until < now)
    return (
        select(due.id)
        .where(or_(queued, let_go), ~_has_newer(due), ~_has_older_on_its_way(due, now))
        .order_by(due.lane, due.next_attempt_at, due.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=due)
    )


def is_overtaken(now: datetime) -> ColumnElement[bool]:
    """Return the condition for messages that nobody sends any more: a newer one of their cause exists."""
    waiting = or_(
        Message.state == MessageState.QUEUED,
        and_(Message.state == MessageState.LEASED, Message.lease_until < now),
    )
    return and_(waiting, _has_newer(Message))


def select_newer(message_id: int) -> Select[int]:
    """Return the statement that finds newer messages of the same cause, recipient and kind."""
    message, newer = aliased(Message), aliased(Message)
    return (
        select(newer.id)
        .join(message, and_(*_siblings(newer, message)))
        .where(message.id == message_id, newer.sequence > message.sequence)
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

"""Reads around mail that came in: what came before, and which mail of ours it is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.incoming import IncomingKind, IncomingOutcome
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import IncomingMail, Message

_RETURNED = (IncomingKind.BOUNCE, IncomingKind.COMPLAINT)


def has_come_before(digest: str) -> bool:
    """Tell whether this mail was taken in before."""
    return (
        db.session.scalars(select(IncomingMail.id).where(IncomingMail.digest == digest)).first() is not None
    )


def list_incoming(limit: int) -> list[IncomingMail]:
    """Return the mails that came in last, newest first."""
    return list(db.session.scalars(select(IncomingMail).order_by(IncomingMail.id.desc()).limit(limit)))


def count_incoming(since: datetime) -> dict[tuple[IncomingKind, IncomingOutcome], int]:
    """Return how many mails came in from a moment on, by what they were and what became of them."""
    statement = (
        select(IncomingMail.kind, IncomingMail.outcome, func.count())
        .where(IncomingMail.created_at >= since)
        .group_by(IncomingMail.kind, IncomingMail.outcome)
    )
    return {(kind, outcome): int(number) for kind, outcome, number in db.session.execute(statement)}


def find_own_mail(message_ids: Iterable[str], recipient: str = "") -> Message | None:
    """Return a mail of ours with one of these ids, or None.

    Parameters
    ----------
    recipient
        To whom it went; empty: to anybody.
    """
    statement = select(Message).where(Message.message_id.in_(list(message_ids))).order_by(Message.id)
    if recipient:
        statement = statement.where(func.lower(Message.recipient) == recipient)
    return db.session.scalars(statement.limit(1)).first()


def list_returned(region_id: int, since: datetime) -> list[Message]:
    """Return the region's mails that came back from a moment on, newest first, one for each address."""
    statement = (
        select(Message)
        .where(
            Message.region_id == region_id,
            Message.returned_as.in_(_RETURNED),
            Message.returned_at >= since,
        )
        .options(joinedload(Message.organisation), joinedload(Message.user))
        .order_by(Message.returned_at.desc(), Message.id.desc())
    )
    found: dict[str, Message] = {}
    for message in db.session.scalars(statement):
        found.setdefault(message.recipient, message)
    return list(found.values())


def count_passed_on(cause: str, since: datetime, *, region_id: int | None = None) -> int:
    """Return how many mails of people were passed on from a moment on whose cause begins like this."""
    statement = select(func.count()).where(
        Message.kind == MessageKind.PASSED_ON,
        Message.cause.startswith(cause, autoescape=True),
        Message.created_at >= since,
    )
    if region_id is not None:
        statement = statement.where(Message.region_id == region_id)
    return db.session.scalars(statement).one()


def find_waiting_since(cause: str, recipient: str) -> datetime | None:
    """Return when the mail of a cause to somebody is due that has not left yet, or None."""
    statement = select(func.min(Message.next_attempt_at)).where(
        Message.cause == cause, Message.recipient == recipient, Message.state == MessageState.QUEUED
    )
    return db.session.scalars(statement).one()


def find_next_number(cause: str) -> int:
    """Return a number above those of all mails with this cause."""
    last = select(func.coalesce(func.max(Message.sequence), -1)).where(Message.cause == cause)
    return db.session.scalars(last).one() + 1

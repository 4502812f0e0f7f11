"""Reads of a region's messages as an organiser looks through them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import joinedload, undefer

from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.retention import PERIODS, Retention
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message
from matchmaker.queries.mail_trouble import select_number_in_trouble
from matchmaker.queries.messages import is_outdated
from matchmaker.queries.slices import Slice, load_slice

SIZE = 25
# Whatever is more than this is shown as "more than"; nobody reads on in such a list.
MOST_COUNTED = 9_999
MOST_SENT_AGAIN = 1_000
_WAITING = (MessageState.QUEUED, MessageState.LEASED)


@dataclass(frozen=True, slots=True)
class MessageFilters:
    """What an organiser looks for; empty means anything."""

    text: str = ""
    state: MessageState | None = None
    kind: MessageKind | None = None


@dataclass(frozen=True, slots=True)
class OpenMail:
    """Mail that asks for attention; of mails at most `MOST_COUNTED` are counted.

    Parameters
    ----------
    waiting
        Mails that have yet to leave.
    failed
        Mails that did not arrive, of the days in which their text is kept.
    people_in_trouble
        People of the region whom mail does not reach.
    """

    waiting: int
    failed: int
    people_in_trouble: int


@dataclass(frozen=True, slots=True)
class FailedMail:
    """A message that did not arrive, and what the mail server said."""

    id: int
    last_error: str


def list_messages(region_id: int, filters: MessageFilters, page: int) -> Slice[Message]:
    """Return the region's messages without their bodies, newest first.

    Mail to sign in belongs to no region: nobody reads somebody else's way in.
    """
    statement = (
        select(Message)
        .where(Message.region_id == region_id)
        .options(joinedload(Message.organisation), joinedload(Message.user))
        .order_by(Message.id.desc())
    )
    if filters.state is not None:
        # Being sent is a matter of seconds; who asks what waits means both.
        states = _WAITING if filters.state in _WAITING else (filters.state,)
        statement = statement.where(Message.state.in_(states))
    if filters.kind is not None:
        statement = statement.where(Message.kind == filters.kind)
    for word in filters.text.split():
        columns = (Message.recipient, Message.subject)
        statement = statement.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return load_slice(statement, page, SIZE)


def get_message(region_id: int, message_id: int) -> Message:
    """Return a message of the region with its body.

    Raises
    ------
    NotFoundError
        When the region has no such message.
    """
    statement = (
        select(Message)
        .where(Message.region_id == region_id, Message.id == message_id)
        .options(undefer(Message.body), joinedload(Message.organisation), joinedload(Message.user))
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def count_open_mail(region_id: int, now: datetime) -> OpenMail:
    """Return what of the region's mail waits or failed, in one query that reads no other rows."""
    since = now - PERIODS[Retention.MAIL_TEXT]
    statement = select(
        _count_up_to_most(region_id, Message.state.in_(_WAITING)),
        _count_up_to_most(region_id, Message.state == MessageState.FAILED, Message.created_at >= since),
        select_number_in_trouble(region_id),
    )
    return OpenMail(*db.session.execute(statement).one())


def count_waiting(region_id: int) -> int:
    """Return how many of the region's mails have yet to leave, at most `MOST_COUNTED`."""
    return db.session.execute(select(_count_up_to_most(region_id, Message.state.in_(_WAITING)))).scalar_one()


def list_sendable_again(region_id: int, now: datetime, user_id: int | None = None) -> list[FailedMail]:
    """Return failed messages of the region whose text is still kept and still true, newest first.

    At most `MOST_SENT_AGAIN`; only those to one person when `user_id` is given.
    """
    statement = (
        select(Message.id, Message.last_error)
        .where(Message.region_id == region_id, Message.state == MessageState.FAILED)
        .where(func.length(Message.body) > 0, ~is_outdated(Message, now))
        .order_by(Message.id.desc())
        .limit(MOST_SENT_AGAIN)
    )
    if user_id is not None:
        statement = statement.where(Message.user_id == user_id)
    return [FailedMail(row.id, row.last_error) for row in db.session.execute(statement)]


def _count_up_to_most(region_id: int, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    found = (
        select(Message.id).where(Message.region_id == region_id, *conditions).limit(MOST_COUNTED).subquery()
    )
    return select(func.count()).select_from(found).scalar_subquery()


def list_last_sent(user_id: int) -> dict[MessageKind, datetime]:
    """Return when the last mail of each kind left for a person; kinds that they never got are missing."""
    statement = (
        select(Message.kind, func.max(Message.sent_at))
        .where(Message.user_id == user_id, Message.state == MessageState.SENT)
        .group_by(Message.kind)
    )
    return {kind: sent_at for kind, sent_at in db.session.execute(statement) if sent_at is not None}


def list_invited_causes(user_id: int) -> frozenset[str]:
    """Return the causes whose appointment a person has from a mail, or will have from one that waits."""
    never = (MessageState.SUPERSEDED, MessageState.FAILED, MessageState.UNWANTED)
    statement = select(Message.cause).where(
        Message.user_id == user_id, Message.with_calendar, Message.state.not_in(never)
    )
    return frozenset(db.session.scalars(statement))

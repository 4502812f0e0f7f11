"""Reads of a region's messages as an organiser looks through them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, undefer

from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message
from matchmaker.queries.slices import Slice, load_slice

SIZE = 25


@dataclass(frozen=True, slots=True)
class MessageFilters:
    """What an organiser looks for; empty means anything."""

    text: str = ""
    state: MessageState | None = None
    kind: MessageKind | None = None


def list_messages(region_id: int, filters: MessageFilters, page: int) -> Slice[Message]:
    """Return the region's messages without their bodies, newest first.

    Mail to sign in belongs to no region: nobody reads somebody else's way in.
    """
    statement = (
        select(Message)
        .where(Message.region_id == region_id)
        .options(joinedload(Message.organisation))
        .order_by(Message.id.desc())
    )
    if filters.state is not None:
        statement = statement.where(Message.state == filters.state)
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
        .options(undefer(Message.body), joinedload(Message.organisation))
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def count_messages(region_id: int) -> dict[MessageState, int]:
    """Return how many messages of the region are in each state."""
    statement = (
        select(Message.state, func.count()).where(Message.region_id == region_id).group_by(Message.state)
    )
    rows = db.session.execute(statement)
    return {state: int(number) for state, number in rows}

"""Reads of the outbox for whoever writes: what was written before."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.domain.kinds import MessageKind
from matchmaker.extensions import db
from matchmaker.models import Message


def list_recipients(cause: str, kind: MessageKind) -> set[str]:
    """Return the addresses for which the outbox holds, or held, a mail of a cause and kind."""
    statement = select(Message.recipient).where(Message.cause == cause, Message.kind == kind)
    return set(db.session.scalars(statement))

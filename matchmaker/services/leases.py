"""Take a message in hand, and write down how it went, each in a transaction of its own.

Whoever dies in between leaves a lease that runs out; the message is queued again. A worker that was too
slow finds its lease token gone and writes nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update, update

from matchmaker import clock
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.failpoints import reach
from matchmaker.models import Message
from matchmaker.models.message import BULK_LANE, URGENT_LANE
from matchmaker.notifications.transport import OutgoingMail
from matchmaker.queries.messages import is_older_in_line, select_next_due
from matchmaker.scope import unscoped
from matchmaker.services import sending_limit
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import DELIVERY

# Longer than any attempt may take, so that nobody else has the message while it is being sent.
LEASE = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Lease:
    """A message that this worker may send until `until`.

    Parameters
    ----------
    attempts
        How often it was taken in hand, this time included.
    first_refused_at
        When a server refused it for the first time; None: not yet.
    replaced
        How many older messages of its conversation will not leave any more.
    """

    id: int
    region_id: int | None
    token: str
    until: datetime
    attempts: int
    first_refused_at: datetime | None
    mail: OutgoingMail
    replaced: int


@unscoped("mail that workers died over")
def take_back_lost() -> None:
    """Queue again what a worker had in hand longer than any attempt takes, behind what is due by now.

    A mail over which workers die must not stand before all others, and take the next worker as well.
    """
    now = clock.now()
    statement = (
        update(Message)
        .where(Message.state == MessageState.LEASED, Message.lease_until < now)
        .values(state=MessageState.QUEUED, lease_token=None, lease_until=None, next_attempt_at=now)
    )
    with write_transaction(DELIVERY):
        execute(statement)


@unscoped("which mail is next")
def lease_next(per_minute: int, *, urgent_only: bool = False) -> Lease | None:
    """Take the next due message in hand, urgent mail before other mail; return None when there is none.

    Parameters
    ----------
    per_minute
        How many mails may leave in any minute; 0: as many as there are.
    urgent_only
        Whether other mail is left to others.
    """
    now = clock.now()
    with write_transaction(DELIVERY):
        has_room = sending_limit.has_room(per_minute, now)
        lanes = (URGENT_LANE, BULK_LANE) if has_room and not urgent_only else (URGENT_LANE,)
        lease = next(filter(None, (_lease(lane, now) for lane in lanes)), None)
        if lease is not None and per_minute:
            sending_limit.take_turn(lease.token, lease.until)
    if lease is not None:
        reach("delivery.leased")
    return lease


def _lease(lane: int, now: datetime) -> Lease | None:
    token, until = secrets.token_hex(16), now + LEASE
    statement = (
        update(Message)
        .where(Message.id == select_next_due(lane, now).scalar_subquery())
        .values(
            state=MessageState.LEASED, lease_token=token, lease_until=until, attempts=Message.attempts + 1
        )
        .returning(
            Message.id,
            Message.region_id,
            Message.attempts,
            Message.first_refused_at,
            Message.cause,
            Message.sequence,
            Message.message_id,
            Message.recipient,
            Message.body,
        )
        .execution_options(synchronize_session=False)
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        return None
    older = update(Message).where(is_older_in_line(row.cause, row.recipient, row.sequence))
    replaced = execute(older.values(state=MessageState.SUPERSEDED))
    mail = OutgoingMail(row.message_id, row.recipient, row.body)
    return Lease(row.id, row.region_id, token, until, row.attempts, row.first_refused_at, mail, replaced)


def let_go(lease: Lease, **values: Any) -> bool:
    """Write the outcome, inside the caller's transaction, if the lease still holds.

    Returns
    -------
    bool
        False: another worker has the message, and its word counts.
    """
    statement = (
        update(Message)
        .where(
            Message.id == lease.id, Message.state == MessageState.LEASED, Message.lease_token == lease.token
        )
        .values(lease_token=None, lease_until=None, **values)
    )
    return execute(statement) == 1


def keep_bytes(lease: Lease, body: bytes) -> bool:
    """Store the bytes that will leave, if the lease still holds; return whether it does."""
    statement = (
        update(Message)
        .where(
            Message.id == lease.id, Message.state == MessageState.LEASED, Message.lease_token == lease.token
        )
        .values(body=body)
    )
    with write_transaction(DELIVERY):
        return execute(statement) == 1


def execute(statement: Update | Delete) -> int:
    """Execute a statement past the session's rows, which nothing here reads; return how many it changed."""
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount

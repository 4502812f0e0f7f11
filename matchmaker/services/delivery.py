"""Send what is due in the outbox: at least once, never an older version after a newer one, nothing outdated.

A message is leased in one transaction, sent outside any, and marked in another. Whoever dies in
between leaves a lease that runs out; the next worker sends the same bytes with the same Message-ID,
which makes a repeat harmless. A worker that was too slow finds its lease token gone and writes nothing.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from flask import current_app
from sqlalchemy import CursorResult, Update, update

from matchmaker import clock
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.failpoints import reach
from matchmaker.models import Message
from matchmaker.notifications.delivery import (
    MailRefusedError,
    OutgoingMail,
    Transport,
    TransportError,
    open_transport,
)
from matchmaker.notifications.trial import compose_trial
from matchmaker.queries.messages import is_overtaken, select_next_due, select_outdated
from matchmaker.scope import unscoped, within
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import DELIVERY

LEASE = timedelta(seconds=60)
# Minutes until the second, third, … attempt; the last holds for all that follow.
BACK_OFF_MINUTES = (1, 5, 30, 120)
# With this back-off about a day.
MOST_ATTEMPTS = 15

_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """How one attempt ended; the value names the field of the report."""

    SENT = "sent"
    POSTPONED = "postponed"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one call did.

    Parameters
    ----------
    sent, postponed, failed, superseded
        Messages that left, will be tried again, are given up, and were overtaken by newer ones.
    late
        Messages that another worker took over while this one was sending.
    problem
        Why nothing leaves at all, in one line; empty when the transport works.
    """

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    superseded: int = 0
    late: int = 0
    problem: str = ""

    @property
    def handled(self) -> int:
        """Messages that were taken in hand."""
        return self.sent + self.postponed + self.failed + self.late


@dataclass(frozen=True, slots=True)
class _Lease:
    """A message that this worker may send until `until`."""

    id: int
    region_id: int | None
    token: str
    until: datetime
    attempts: int
    mail: OutgoingMail


def deliver_due_messages(limit: int = 100, should_stop: Callable[[], bool] = lambda: False) -> DeliveryReport:
    """Send up to `limit` due messages, urgent ones first; safe to call from several workers at once.

    Parameters
    ----------
    limit
        Most messages to take in hand.
    should_stop
        Asked before each message, so that a worker can end early.

    Returns
    -------
    DeliveryReport
        Counts; `problem` says why when the mail server could not be used. Then the rest stays queued.
    """
    outcomes: Counter[Outcome] = Counter({Outcome.SUPERSEDED: _supersede_overtaken()})
    problem = ""
    with open_transport(current_app.config["SETTINGS"]) as transport:
        while outcomes.total() - outcomes[Outcome.SUPERSEDED] < limit and not should_stop():
            lease = _lease_next()
            if lease is None:
                break
            with _scope_of(lease):
                try:
                    outcomes[_deliver(lease, transport)] += 1
                except TransportError as error:
                    problem = str(error)
                    outcomes[_postpone_unsent(lease, problem)] += 1
                    _log.warning("mail cannot leave: %s", problem)
                    break
    return DeliveryReport(**{outcome.value: outcomes[outcome] for outcome in Outcome}, problem=problem)


def send_test_mail(address: str) -> None:
    """Send one mail at once, past the outbox, to try the settings.

    Raises
    ------
    ValueError
        When the address cannot be used.
    matchmaker.notifications.delivery.DeliveryError
        When the mail did not leave; the text says why.
    """
    settings = current_app.config["SETTINGS"]
    with open_transport(settings) as transport:
        transport.send(compose_trial(address, settings, clock.now()))


def _scope_of(lease: _Lease) -> AbstractContextManager[None]:
    return unscoped("mail of no region") if lease.region_id is None else within(lease.region_id)


@unscoped("mail that a newer one overtook")
def _supersede_overtaken() -> int:
    statement = (
        update(Message)
        .where(is_overtaken(clock.now()))
        .values(state=MessageState.SUPERSEDED, lease_token=None, lease_until=None)
    )
    with write_transaction(DELIVERY):
        return _update(statement)


@unscoped("which mail is next")
def _lease_next() -> _Lease | None:
    now, token = clock.now(), secrets.token_hex(16)
    statement = (
        update(Message)
        .where(Message.id.in_(select_next_due(now)))
        .values(
            state=MessageState.LEASED,
            lease_token=token,
            lease_until=now + LEASE,
            attempts=Message.attempts + 1,
        )
        .returning(
            Message.id,
            Message.region_id,
            Message.attempts,
            Message.message_id,
            Message.recipient,
            Message.body,
        )
        .execution_options(synchronize_session=False)
    )
    with write_transaction(DELIVERY) as session:
        row = session.execute(statement).one_or_none()
    if row is None:
        return None
    reach("delivery.leased")
    mail = OutgoingMail(row.message_id, row.recipient, row.body)
    return _Lease(row.id, row.region_id, token, now + LEASE, row.attempts, mail)


def _deliver(lease: _Lease, transport: Transport) -> Outcome:
    """Send one message, unless it is too late or too often for it, and write down how it went."""
    if _is_outdated(lease):
        return _close(lease, Outcome.SUPERSEDED, state=MessageState.SUPERSEDED)
    if lease.attempts > MOST_ATTEMPTS:
        return _fail(lease, f"given up after {MOST_ATTEMPTS} attempts")
    if clock.now() >= lease.until:
        return Outcome.LATE
    try:
        transport.send(lease.mail)
    except MailRefusedError as error:
        if error.permanent or lease.attempts >= MOST_ATTEMPTS:
            return _fail(lease, str(error))
        return _postpone(lease, str(error), _back_off(lease.attempts), lease.attempts)
    reach("delivery.sent_before_mark")
    return _close(lease, Outcome.SENT, state=MessageState.SENT, sent_at=clock.now(), last_error="")


def _is_outdated(lease: _Lease) -> bool:
    """Look once more after the lease is committed: a newer message may have come in between."""
    found = db.session.scalars(select_outdated(lease.id, clock.now())).first()
    # Nothing may stay open while the mail is on its way.
    db.session.rollback()
    return found is not None


def _fail(lease: _Lease, reason: str) -> Outcome:
    _log.warning("message %s is given up: %s", lease.id, reason)
    return _close(lease, Outcome.FAILED, state=MessageState.FAILED, last_error=reason)


def _postpone_unsent(lease: _Lease, reason: str) -> Outcome:
    """Queue a message again that never reached the server: that does not count as an attempt."""
    return _postpone(lease, reason, timedelta(minutes=BACK_OFF_MINUTES[0]), lease.attempts - 1)


def _postpone(lease: _Lease, reason: str, delay: timedelta, attempts: int) -> Outcome:
    return _close(
        lease,
        Outcome.POSTPONED,
        state=MessageState.QUEUED,
        next_attempt_at=clock.now() + delay,
        attempts=attempts,
        last_error=reason,
    )


def _back_off(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts; a little more by chance, so that mails spread."""
    seconds = 60 * BACK_OFF_MINUTES[min(attempts, len(BACK_OFF_MINUTES)) - 1]
    return timedelta(seconds=seconds + secrets.randbelow(seconds // 5 + 1))


def _close(lease: _Lease, outcome: Outcome, **values: Any) -> Outcome:
    """Write the outcome if the lease still holds; else another worker has it, and its word counts."""
    statement = (
        update(Message)
        .where(
            Message.id == lease.id,
            Message.state == MessageState.LEASED,
            Message.lease_token == lease.token,
        )
        .values(lease_token=None, lease_until=None, **values)
    )
    with write_transaction(DELIVERY):
        held = _update(statement) == 1
    return outcome if held else Outcome.LATE


def _update(statement: Update) -> int:
    """Execute an update past the session's rows, which nothing here reads; return how many it changed."""
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount

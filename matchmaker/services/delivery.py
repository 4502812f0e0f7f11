"""Send what is due in the outbox: at least once, never an older version after a newer one, nothing outdated.

A message is leased in one transaction, sent outside any, and marked in another. Whoever dies in
between leaves a lease that runs out; the next worker sends the same bytes with the same Message-ID,
which makes a repeat harmless. What a refusal means is said in `domain.delivery`.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from flask import current_app

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.delivery import GIVE_UP_AFTER, HOLDS, MOST_ATTEMPTS, PERMANENT, Blame, next_attempt
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.failpoints import reach
from matchmaker.notifications.delivery import open_transport
from matchmaker.notifications.signing import Signer, find_signer, is_signed, sign
from matchmaker.notifications.smtp_lines import ATTEMPT_SECONDS
from matchmaker.notifications.transport import MailRefusedError, OutgoingMail, Transport, TransportError
from matchmaker.queries.messages import select_outdated
from matchmaker.queries.sending import get_sending
from matchmaker.scope import unscoped, within
from matchmaker.services import mail_trouble, sending_limit, way_out
from matchmaker.services.delivery_report import DeliveryReport, Outcome
from matchmaker.services.leases import Lease, keep_bytes, lease_next, let_go, take_back_lost
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import DELIVERY

# A server that refuses so many mails in a row is not asked about the next thousand.
MOST_REFUSALS_IN_A_ROW = 10

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Batch:
    """What one call knows while it works."""

    transport: Transport
    chance: Random
    signer: Signer | None
    refusals_in_a_row: int
    problem: str = ""
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    @property
    def handled(self) -> int:
        return self.outcomes.total() - self.outcomes[Outcome.SUPERSEDED]


def deliver_due_messages(
    limit: int = 100,
    should_stop: Callable[[], bool] = lambda: False,
    *,
    urgent_only: bool = False,
    chance: Random | None = None,
) -> DeliveryReport:
    """Send up to `limit` due messages, urgent ones first; safe to call from several workers at once.

    Parameters
    ----------
    limit
        Most messages to take in hand.
    should_stop
        Asked before each message, so that a worker can end early.
    urgent_only
        Whether to leave other mail to others.
    chance
        What spreads the next attempts.

    Returns
    -------
    DeliveryReport
        Counts; `problem` says why when the mail server could not be used. Then the rest stays queued.
    """
    settings: Settings = current_app.config["SETTINGS"]
    take_back_lost()
    # A server that did not work a moment ago gets one chance, not ten.
    in_a_row = MOST_REFUSALS_IN_A_ROW - 1 if get_sending().problem else 0
    chance = chance or Random()  # noqa: S311 - spreads mails, guards nothing
    with open_transport(settings) as transport:
        batch = _Batch(transport, chance, find_signer(settings), in_a_row)
        while batch.handled < limit and not batch.problem and not should_stop():
            lease = lease_next(settings.mail_per_minute, urgent_only=urgent_only)
            if lease is None:
                break
            with _scope_of(lease):
                batch.outcomes[Outcome.SUPERSEDED] += lease.replaced
                batch.outcomes[_handle(lease, batch)] += 1
    return DeliveryReport(
        **{outcome.value: batch.outcomes[outcome] for outcome in Outcome},
        problem=batch.problem,
        resume_at=None if urgent_only else sending_limit.next_turn_at(settings.mail_per_minute, clock.now()),
    )


def _scope_of(lease: Lease) -> AbstractContextManager[None]:
    return unscoped("mail of no region") if lease.region_id is None else within(lease.region_id)


def _handle(lease: Lease, batch: _Batch) -> Outcome:
    """Send one message and write down how it went; note in the batch when no other needs to be tried."""
    try:
        return _deliver(lease, batch)
    except MailRefusedError as error:
        batch.refusals_in_a_row += 1
        outcome = _note_refusal(lease, error, batch.chance)
        if error.blame in HOLDS or batch.refusals_in_a_row >= MOST_REFUSALS_IN_A_ROW:
            _hold(batch, str(error), HOLDS.get(error.blame, HOLDS[Blame.BUSY]))
        return outcome
    except TransportError as error:
        outcome = _put_back(lease, str(error))
        _hold(batch, str(error), error.hold)
        return outcome


def _hold(batch: _Batch, problem: str, hold: timedelta) -> None:
    batch.problem = problem
    way_out.note_problem(problem, hold)
    _log.warning("mail cannot leave: %s", problem)


def _deliver(lease: Lease, batch: _Batch) -> Outcome:
    """Send one message, unless it is outdated, or too late or too often for it."""
    if _is_outdated(lease):
        return _close(lease, Outcome.SUPERSEDED, has_left=False, state=MessageState.SUPERSEDED)
    if lease.attempts > MOST_ATTEMPTS:
        return _fail(lease, f"given up after {MOST_ATTEMPTS} attempts")
    if clock.now() + timedelta(seconds=ATTEMPT_SECONDS) > lease.until:
        return Outcome.LATE
    mail = _sign(lease, batch.signer)
    if mail is None:
        return Outcome.LATE
    batch.transport.send(mail)
    reach("delivery.sent_before_mark")
    outcome = _mark_sent(lease, is_first=not batch.outcomes[Outcome.SENT])
    batch.refusals_in_a_row = 0
    return outcome


def _sign(lease: Lease, signer: Signer | None) -> OutgoingMail | None:
    """Return the mail as it leaves, or None when another worker has it.

    It is signed before its first attempt, and stored so before it leaves: every repeat is identical.
    """
    if signer is None or is_signed(lease.mail):
        return lease.mail
    mail = sign(lease.mail, signer)
    return mail if keep_bytes(lease, mail.body) else None


def _is_outdated(lease: Lease) -> bool:
    """Look once more after the lease is committed: a newer message may have come in between."""
    found = db.session.scalars(select_outdated(lease.id, clock.now())).first()
    # Nothing may stay open while the mail is on its way.
    db.session.rollback()
    return found is not None


def _mark_sent(lease: Lease, *, is_first: bool) -> Outcome:
    with write_transaction(DELIVERY):
        if is_first:
            way_out.note_success()
        mail_trouble.note_arrival(lease.mail.recipient)
        return _let_go(lease, Outcome.SENT, state=MessageState.SENT, sent_at=clock.now(), last_error="")


def _note_refusal(lease: Lease, error: MailRefusedError, chance: Random) -> Outcome:
    """Give a message up, or queue it for another attempt."""
    reason, now = str(error), clock.now()
    if error.blame in PERMANENT:
        return _fail(lease, reason, refused_address=error.blame is Blame.ADDRESS)
    first = lease.first_refused_at or now
    again = next_attempt(first, now, lease.attempts, chance.random())
    if again is None:
        return _fail(lease, f"given up after {GIVE_UP_AFTER.total_seconds() / 3600:.0f} hours: {reason}")
    return _close(
        lease,
        Outcome.POSTPONED,
        state=MessageState.QUEUED,
        next_attempt_at=again,
        first_refused_at=first,
        last_error=reason,
    )


def _fail(lease: Lease, reason: str, *, refused_address: bool = False) -> Outcome:
    _log.warning("message %s is given up: %s", lease.id, reason)
    with write_transaction(DELIVERY):
        outcome = _let_go(lease, Outcome.FAILED, state=MessageState.FAILED, last_error=reason)
        if refused_address and outcome is Outcome.FAILED:
            mail_trouble.mark_address(lease.mail.recipient, MailTrouble.REFUSED, reason)
    return outcome


def _put_back(lease: Lease, reason: str) -> Outcome:
    """Queue a message again that no server heard of: that does not count as an attempt."""
    return _close(
        lease,
        Outcome.POSTPONED,
        has_left=False,
        state=MessageState.QUEUED,
        attempts=lease.attempts - 1,
        last_error=reason,
    )


def _close(lease: Lease, outcome: Outcome, *, has_left: bool = True, **values: Any) -> Outcome:
    with write_transaction(DELIVERY):
        return _let_go(lease, outcome, has_left=has_left, **values)


def _let_go(lease: Lease, outcome: Outcome, *, has_left: bool = True, **values: Any) -> Outcome:
    if not let_go(lease, **values):
        return Outcome.LATE
    sending_limit.end_turn(lease.token, clock.now(), has_left=has_left)
    return outcome

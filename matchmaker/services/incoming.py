"""Take in a mail that came back to the system's own address: each once, and nothing of it is believed.

What may change something has to prove where it comes from. An answer of a calendar is sent to an address
that only the invited person knows; a bounce names a mail of ours by its id, which only those know who had
that mail in hands. Everything else changes nothing: it is noted, refused with a reason, or passed on to
people. The mail itself is not kept.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask import current_app
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from matchmaker import clock, scope
from matchmaker.domain.incoming import IncomingKind, IncomingOutcome
from matchmaker.failpoints import reach
from matchmaker.models import IncomingMail as IncomingRow
from matchmaker.notifications.composing import system_address
from matchmaker.notifications.incoming import IncomingMail, UnreadableMailError, read_incoming
from matchmaker.notifications.wording import one_line, shorten
from matchmaker.queries.incoming import has_come_before
from matchmaker.services.calendar_answers import take_answer
from matchmaker.services.passing_on import pass_on, pass_on_untraced
from matchmaker.services.returned_mails import take_report
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import INCOMING
from matchmaker.services.verdicts import Verdict

_REASON_LIMIT = 200
_log = logging.getLogger(__name__)


class ReceivingPostponedError(Exception):
    """The database does not work now; the same mail later is not a repeat."""


@dataclass(frozen=True, slots=True)
class Received:
    """What a mail was and what became of it; the reason is for logs, in a few words."""

    kind: IncomingKind
    outcome: IncomingOutcome
    reason: str = ""


def receive_mail(raw: bytes) -> Received:
    """Take in one mail, whatever its bytes are; a mail that came before changes nothing.

    Raises
    ------
    ReceivingPostponedError
        When the database does not work now: nothing has happened then, and the mail must be kept and
        tried again.
    """
    try:
        mail = read_incoming(raw, system_address(current_app.config["SETTINGS"]))
    except UnreadableMailError as error:
        return refuse_mail(_digest(raw), str(error))
    return _take(_digest(mail.message_id.encode("utf-8", "replace") or raw), mail)


def refuse_mail(digest: str, reason: str) -> Received:
    """Note that a mail cannot be read.

    Parameters
    ----------
    digest
        By which the same mail is known when it comes again.

    Raises
    ------
    ReceivingPostponedError
        When the database does not work now.
    """
    return _take(digest, IncomingMail(kind=IncomingKind.UNREADABLE, reason=reason))


def _take(digest: str, mail: IncomingMail) -> Received:
    try:
        with scope.unscoped("mail that came in"):
            received = _take_once(digest, mail)
    except IntegrityError:
        # Somebody else takes in the same mail at this moment.
        return Received(mail.kind, IncomingOutcome.REPEATED)
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise ReceivingPostponedError(f"the database does not work: {type(error).__name__}") from None
    _log.info("mail came in: %s, %s %s", received.kind, received.outcome, received.reason)
    return received


def _take_once(digest: str, mail: IncomingMail) -> Received:
    now = clock.now()
    with write_transaction(INCOMING) as session:
        if has_come_before(digest):
            return Received(mail.kind, IncomingOutcome.REPEATED)
        row = IncomingRow(digest=digest, kind=mail.kind, outcome=IncomingOutcome.NOTED, reason="")
        session.add(row)
        # Whoever takes in the same mail waits here until this is done.
        session.flush()
        verdict = _TAKERS[mail.kind](mail, digest, now)
        row.outcome, row.reason = verdict.outcome, shorten(one_line(verdict.reason), _REASON_LIMIT)
        reach("incoming.before_commit")
        received = Received(mail.kind, row.outcome, row.reason)
    reach("incoming.after_commit")
    return received


def _take_calendar(mail: IncomingMail, digest: str, now: datetime) -> Verdict:
    """Mark the visit; where nobody can know whose answer it is, people of the region see it as it is."""
    verdict = take_answer(mail, digest, now)
    return pass_on_untraced(mail, digest, now) or verdict if verdict.is_untraced else verdict


def _note(mail: IncomingMail, _digest: str, _now: datetime) -> Verdict:
    """Out of office and the like: it is counted, and that is all."""
    return Verdict(IncomingOutcome.NOTED, mail.reason)


def _refuse(mail: IncomingMail, _digest: str, _now: datetime) -> Verdict:
    return Verdict(IncomingOutcome.REFUSED, mail.reason)


_TAKERS: Mapping[IncomingKind, Callable[[IncomingMail, str, datetime], Verdict]] = MappingProxyType(
    {
        IncomingKind.CALENDAR: _take_calendar,
        IncomingKind.BOUNCE: take_report,
        IncomingKind.COMPLAINT: take_report,
        IncomingKind.DELAY: take_report,
        IncomingKind.AUTOMATIC: _note,
        IncomingKind.WORDS: pass_on,
        IncomingKind.UNREADABLE: _refuse,
    }
)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

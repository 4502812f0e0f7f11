"""Look into the mailbox for what came back, a bounded number of mails at a time."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.incoming import IncomingOutcome
from matchmaker.extensions import db
from matchmaker.failpoints import reach
from matchmaker.notifications.incoming import LARGEST_MAIL
from matchmaker.notifications.mailbox import (
    HANDLED_FOLDER,
    REFUSED_FOLDER,
    Mailbox,
    MailboxError,
    WaitingMail,
    open_mailbox,
)
from matchmaker.services.incoming import ReceivingPostponedError, receive_mail, refuse_mail

MOST_IN_A_ROUND = 50
MOST_COUNTED = 1000
LONGEST_ROUND = timedelta(seconds=50)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one round did.

    Parameters
    ----------
    taken
        Mails that were dealt with, repeats included.
    refused
        Of these, how many were refused; they lie in the folder for it.
    problem
        Why the round ended early, in one line; empty when it did not.
    """

    taken: int = 0
    refused: int = 0
    problem: str = ""


def poll_mailbox(should_stop: Callable[[], bool] = lambda: False) -> PollReport:
    """Take in the mails of the mailbox, those that came first; without a mailbox in the settings nothing.

    A mail is put away only after what it did is committed. When anything breaks off in between, it is
    found again in the next round and known as a repeat.

    Parameters
    ----------
    should_stop
        Asked before each mail, so that a worker can end early.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.imap_server:
        return PollReport()
    outcomes: Counter[IncomingOutcome] = Counter()
    problem, end = "", clock.now() + LONGEST_ROUND
    try:
        with open_mailbox(settings) as mailbox:
            for waiting in mailbox.list_waiting(MOST_IN_A_ROUND):
                if should_stop() or clock.now() >= end:
                    break
                outcomes[_take(mailbox, waiting)] += 1
    except (MailboxError, ReceivingPostponedError) as error:
        problem = str(error)
        _log.warning("the mailbox cannot be read to its end: %s", problem)
    return PollReport(outcomes.total(), outcomes[IncomingOutcome.REFUSED], problem)


def describe_mailbox() -> str:
    """Return how the mailbox is at this moment, in one line for an operator; empty when none is set."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.imap_server:
        return ""
    try:
        with open_mailbox(settings) as mailbox:
            waiting = len(mailbox.list_waiting(MOST_COUNTED))
    except MailboxError as error:
        return f"cannot be read: {error}"
    more = " or more" if waiting == MOST_COUNTED else ""
    return f"can be read, {waiting}{more} waiting"


def _take(mailbox: Mailbox, waiting: WaitingMail) -> IncomingOutcome:
    if waiting.size > LARGEST_MAIL:
        outcome = _refuse(waiting, "larger than 5 MB")
    else:
        raw = mailbox.fetch(waiting.uid)
        if raw is None:
            return IncomingOutcome.REPEATED
        outcome = _receive(raw, waiting)
    reach("poll.before_put_away")
    mailbox.put_away(waiting.uid, REFUSED_FOLDER if outcome is IncomingOutcome.REFUSED else HANDLED_FOLDER)
    return outcome


def _receive(raw: bytes, waiting: WaitingMail) -> IncomingOutcome:
    try:
        return receive_mail(raw).outcome
    except ReceivingPostponedError:
        raise
    except Exception as error:  # noqa: BLE001 - it is logged, and the mail kept
        # A mistake of ours must not keep all later mails waiting; the mail itself stays to be looked at.
        _log.exception("a mail could not be taken in")
        db.session.rollback()
        return _refuse(waiting, f"error: {type(error).__name__}", raw)


def _refuse(waiting: WaitingMail, reason: str, raw: bytes = b"") -> IncomingOutcome:
    content = raw or f"{waiting.uid} {waiting.size} {clock.now()}".encode()
    refuse_mail(hashlib.sha256(content).hexdigest(), reason)
    return IncomingOutcome.REFUSED

"""What a mail server's answer means for a mail, and when the mail is tried again."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum

# Minutes between one attempt and the next; the last holds for all that follow.
RETRY_MINUTES = (1, 5, 15, 60, 120, 240, 480)
# Chance moves each wait by at most this share, so that mails that failed together do not return together.
SPREAD = 0.2
# Counted from the first attempt that a server refused.
GIVE_UP_AFTER = timedelta(hours=48)
# A bound for mails whose workers die again and again: no schedule has so many attempts.
MOST_ATTEMPTS = 30


class Stage(StrEnum):
    """How far the conversation had come when the server said no."""

    # Greeting, encrypting, logging in.
    WELCOME = "welcome"
    SENDER = "sender"
    RECIPIENT = "recipient"
    TEXT = "text"


class Blame(StrEnum):
    """What stands in the way of a mail."""

    # This mail, for now.
    LATER = "later"
    # This mail's address, for good.
    ADDRESS = "address"
    # This mail itself, for good.
    MAIL = "mail"
    # Any mail, for now.
    BUSY = "busy"
    # Any mail, until somebody changes a setting here or there.
    ACCESS = "access"


PERMANENT = frozenset({Blame.ADDRESS, Blame.MAIL})
# How long nobody tries again after an answer that concerns every mail.
HOLDS = {Blame.BUSY: timedelta(minutes=1), Blame.ACCESS: timedelta(minutes=5)}

_SERVICE_NOT_AVAILABLE = 421
_LOGIN_CODES = frozenset({530, 534, 535, 538})
_TOO_LARGE = 552
_TRANSACTION_FAILED = 554
_ENHANCED = re.compile(r"\b[245]\.(\d{1,3}\.\d{1,3})\b")
# Enhanced codes (RFC 3463) about our own address, and those about somebody else's.
_SENDER_CODES = ("1.7", "1.8")
_ADDRESS_CODES = ("1.", "2.")
_POLICY_CODES = "7."
# Servers may wait until they know the recipient before they say that they do not take mail from us.
_ABOUT_US = re.compile(r"\brelay|\bsender (address |domain )?(rejected|verif)|\bclient host\b", re.I)


def judge_answer(stage: Stage, code: int, text: str) -> Blame:
    """Return what a refusal means.

    Parameters
    ----------
    code
        From 400 to 599 (RFC 5321, section 4.2).
    text
        What came with it; its enhanced code (RFC 3463) is looked at, and words that tell that the server
        does not take mail from us at all.
    """
    if code == _SERVICE_NOT_AVAILABLE:
        return Blame.BUSY
    if code < 500:
        return Blame.BUSY if stage in {Stage.WELCOME, Stage.SENDER} else Blame.LATER
    if stage is Stage.WELCOME or code in _LOGIN_CODES:
        return Blame.ACCESS
    if stage is Stage.SENDER:
        return Blame.MAIL if code == _TOO_LARGE else Blame.ACCESS
    return _judge_late(stage, code, text)


def _judge_late(stage: Stage, code: int, text: str) -> Blame:
    """Judge a permanent refusal after the sender was taken."""
    found = _ENHANCED.search(text)
    enhanced = found.group(1) if found else ""
    if stage is Stage.TEXT:
        return Blame.ADDRESS if enhanced.startswith(_ADDRESS_CODES[0]) else Blame.MAIL
    if enhanced in _SENDER_CODES or _ABOUT_US.search(text):
        return Blame.ACCESS
    if enhanced.startswith(_POLICY_CODES):
        return Blame.MAIL
    if enhanced.startswith(_ADDRESS_CODES) and code != _TOO_LARGE:
        return Blame.ADDRESS
    return Blame.MAIL if code in {_TOO_LARGE, _TRANSACTION_FAILED} else Blame.ADDRESS


def next_attempt(first: datetime, now: datetime, attempts: int, chance: float) -> datetime | None:
    """Return when a mail that was refused for now is tried again, or None to give it up.

    Parameters
    ----------
    first
        When a server refused it for the first time.
    attempts
        How often it was tried, this time included; from 1.
    chance
        From 0 up to 1: where between the shortest and the longest wait.
    """
    last = first + GIVE_UP_AFTER
    if now >= last:
        return None
    minutes = RETRY_MINUTES[min(attempts, len(RETRY_MINUTES)) - 1]
    wait = timedelta(minutes=minutes) * (1 - SPREAD + 2 * SPREAD * chance)
    # In whole seconds, as the clock counts; the last attempt comes exactly when the time is over.
    return min(now + timedelta(seconds=round(wait.total_seconds())), last)


def bulk_share(per_minute: int) -> int:
    """Return how many of the mails that may leave in a minute other than urgent mail may take.

    A fifth is kept free, so that somebody who signs in meanwhile does not bring the total above it.
    """
    return per_minute - per_minute // 5

"""What may change without an entry in the audit log, and why: the whole list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """A reason not to write an entry, and the only tables that it covers."""

    reason: str
    tables: frozenset[str]


SIGN_IN_CODES = Unrecorded(
    "a code that is sent or tried lets nobody in yet; the sign-in that follows is an entry",
    frozenset({"sign_in_token", "message", "second_factor"}),
)
ATTEMPTS = Unrecorded(
    "counts of attempts are kept for a quarter of an hour and name nobody", frozenset({"attempt_count"})
)
DEVICE_USE = Unrecorded(
    "each visit notes that the device is in use and may renew its token; signing in and out are entries",
    frozenset({"signed_in_device"}),
)
PASSWORD_COST = Unrecorded(
    "the same password, stored under today's cost of guessing", frozenset({"user_account"})
)
RUN_LEASE = Unrecorded(
    "which worker has a run in hand, and how far it is; its start and its end are entries",
    frozenset({"allocation_run"}),
)
ANALYSIS_WORK = Unrecorded(
    "an answer of the engine changes nothing for anybody; that a person asked for it is an entry",
    frozenset({"analysis"}),
)
DELIVERY = Unrecorded(
    "the state of a mail on its way stands in the mail log; what caused the mail is an entry",
    frozenset({"mail_departure", "message", "sending_state"}),
)
HEARTBEATS = Unrecorded("that the worker lives, noted each minute, is nobody's act", frozenset({"heartbeat"}))
IDENTITY_USE = Unrecorded(
    "when an account elsewhere was used last; the sign-in that follows is an entry",
    frozenset({"outside_identity"}),
)
INCOMING = Unrecorded(
    "a mail that came in stands in a list of its own; an answer and a marked address are entries",
    frozenset({"incoming_mail", "message"}),
)
CLEAN_UP = Unrecorded(
    "what has been kept long enough goes at night and is counted there; an erased person is an entry",
    frozenset(
        {
            "attempt_count",
            "calendar_reply",
            "incoming_mail",
            "invitation",
            "invitation_list",
            "join_request",
            "message",
            "nightly_run",
            "sign_in_token",
            "signed_in_device",
            "signed_question",
            "user_account",
        }
    ),
)
DUE_LETTERS = Unrecorded(
    "letters that the calendar causes, and what they ask, stand in the mail log; nobody decided on them",
    frozenset({"message", "told_visit", "signed_question"}),
)
EVERY_REASON = (
    DUE_LETTERS,
    SIGN_IN_CODES,
    ATTEMPTS,
    DEVICE_USE,
    PASSWORD_COST,
    RUN_LEASE,
    ANALYSIS_WORK,
    DELIVERY,
    HEARTBEATS,
    IDENTITY_USE,
    INCOMING,
    CLEAN_UP,
)

"""What calendar programs answer to an invitation, and which of it counts.

An answer never changes a booking. It marks the visit, and people decide what happens next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Programs that answer each other could do so without end.
MOST_ANSWERS = 20
# Clocks of computers are off; one that is off by more would keep every later answer from counting.
MOST_AHEAD = timedelta(days=1)


class CalendarAnswer(StrEnum):
    """What the person said; a counter proposes another time."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    COUNTER = "counter"


# Answers after which people must talk to each other. "Maybe" leaves standing what was said before.
WORRYING = frozenset({CalendarAnswer.DECLINED, CalendarAnswer.COUNTER})
SAYING = WORRYING | {CalendarAnswer.ACCEPTED}


class AnswerRefusal(StrEnum):
    """Why an answer changes nothing."""

    PLAIN_ADDRESS = "plain_address"
    WRONG_ADDRESS = "wrong_address"
    UNKNOWN = "unknown"
    NOT_STANDING = "not_standing"
    BEGUN = "begun"
    OLD_VERSION = "old_version"
    NO_STAMP = "no_stamp"
    FUTURE_STAMP = "future_stamp"
    OLD_STAMP = "old_stamp"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of one person's invitation at the moment that an answer comes in.

    Parameters
    ----------
    stands
        Whether the visit is still meant to take place.
    starts_at
        When it begins; aware.
    sent_sequence
        Version of the invitation that went to the person last.
    last_stamp
        When the person gave the answer that was taken last; None before the first.
    answers
        How many were taken before.
    """

    stands: bool
    starts_at: datetime
    sent_sequence: int
    last_stamp: datetime | None
    answers: int


def find_refusal(
    sequence: int, stamp: datetime | None, standing: Standing, now: datetime
) -> AnswerRefusal | None:
    """Return why an answer does not count, or None when it does (RFC 5546 section 2.1.5).

    Parameters
    ----------
    sequence
        Version of the invitation that is answered.
    stamp
        When the answer was given; aware.
    """
    checks = (
        (not standing.stands, AnswerRefusal.NOT_STANDING),
        # Who throws an old appointment away lets the calendar decline it.
        (standing.starts_at <= now, AnswerRefusal.BEGUN),
        (sequence < standing.sent_sequence, AnswerRefusal.OLD_VERSION),
        (stamp is None, AnswerRefusal.NO_STAMP),
        (stamp is not None and stamp > now + MOST_AHEAD, AnswerRefusal.FUTURE_STAMP),
        (_is_old(stamp, standing.last_stamp), AnswerRefusal.OLD_STAMP),
        (standing.answers >= MOST_ANSWERS, AnswerRefusal.TOO_MANY),
    )
    return next((refusal for applies, refusal in checks if applies), None)


def _is_old(stamp: datetime | None, last: datetime | None) -> bool:
    return stamp is not None and last is not None and stamp <= last

"""One question to somebody without an account: what may be asked when, and what the answers mean.

An answer never changes a booking. It marks the visit, and people decide what happens next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from matchmaker.domain.bookings import STANDING_STATES, BookingState
from matchmaker.domain.errors import AnswerRefusedError, NothingToAskError
from matchmaker.domain.retention import PERIODS, Retention

# As long as is kept who was asked.
FEEDBACK_OPEN_FOR = PERIODS[Retention.QUESTION]
RATINGS = range(1, 6)
MOST_REMARK_CHARACTERS = 500
# What people ask. A letter of the calendar is one mail however many visits it asks about, once for each.
MOST_MAILS_A_DAY = 5
MOST_ASKED_A_DAY = 10
# People mistype and change their mind; whoever gets hold of a link must not send mails without end.
MOST_ANSWERS = 20


class QuestionPurpose(StrEnum):
    """What is asked about a visit: before it whether it goes on, afterwards how it was."""

    VISIT = "visit"
    FEEDBACK = "feedback"


class Answer(StrEnum):
    """What somebody can answer."""

    COMING = "coming"
    CANNOT_COME = "cannot_come"
    TOOK_PLACE = "took_place"
    NOT_HELD = "not_held"


ANSWERS: Mapping[QuestionPurpose, tuple[Answer, Answer]] = MappingProxyType(
    {
        QuestionPurpose.VISIT: (Answer.COMING, Answer.CANNOT_COME),
        QuestionPurpose.FEEDBACK: (Answer.TOOK_PLACE, Answer.NOT_HELD),
    }
)
# Answers after which people must talk to each other.
WORRYING = frozenset({Answer.CANNOT_COME, Answer.NOT_HELD})
# Answers that others are told at once by mail, and that are taken back by mail as well.
URGENT = frozenset({Answer.CANNOT_COME})


def find_purpose(
    state: BookingState, starts_at: datetime, ends_at: datetime, now: datetime
) -> QuestionPurpose | None:
    """Return what can be asked about a visit now, or None.

    Parameters
    ----------
    state
        State of the booking; only about a visit that stands, or stood, is anything asked.
    starts_at, ends_at, now
        Aware moments. During the visit nothing is asked, and thirty days after it nothing any more.
    """
    if state not in STANDING_STATES:
        return None
    if now < starts_at:
        return QuestionPurpose.VISIT
    return QuestionPurpose.FEEDBACK if ends_at <= now < ends_at + FEEDBACK_OPEN_FOR else None


def require_purpose(
    state: BookingState, starts_at: datetime, ends_at: datetime, now: datetime
) -> QuestionPurpose:
    """Return what can be asked about a visit now.

    Raises
    ------
    NothingToAskError
        When nothing can.
    """
    purpose = find_purpose(state, starts_at, ends_at, now)
    if purpose is None:
        raise NothingToAskError
    return purpose


def find_expiry(purpose: QuestionPurpose, starts_at: datetime, ends_at: datetime) -> datetime:
    """Return until when a question can be answered: till the visit, or till thirty days after it."""
    return starts_at if purpose == QuestionPurpose.VISIT else ends_at + FEEDBACK_OPEN_FOR


def require_answer(purpose: QuestionPurpose, answer: Answer, rating: int | None) -> None:
    """Check that an answer belongs to its question; a rating goes with a visit that took place, only.

    Raises
    ------
    AnswerRefusedError
        When it does not.
    """
    rated = rating in RATINGS if answer == Answer.TOOK_PLACE else rating is None
    if answer not in ANSWERS[purpose] or not rated:
        raise AnswerRefusedError


def choose_telling(answers: Iterable[Answer | None]) -> Answer | None:
    """Return the one answer that speaks for a visit when several people were asked: a worry goes first.

    None when nobody has answered yet.
    """
    given = [answer for answer in answers if answer is not None]
    return next((answer for answer in given if answer in WORRYING), given[0] if given else None)

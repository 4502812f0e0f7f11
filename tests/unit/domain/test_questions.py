"""What may be asked about a visit when, and which answer speaks for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.domain.bookings import BookingState
from matchmaker.domain.errors import AnswerRefusedError, NothingToAskError
from matchmaker.domain.questions import (
    Answer,
    QuestionPurpose,
    choose_telling,
    find_expiry,
    find_purpose,
    require_answer,
    require_purpose,
)

STARTS = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=2)
SECOND = timedelta(seconds=1)
MONTH = timedelta(days=30)


@pytest.mark.parametrize(
    ("now", "purpose"),
    [
        (STARTS - MONTH, QuestionPurpose.VISIT),
        (STARTS - SECOND, QuestionPurpose.VISIT),
        (STARTS, None),
        (ENDS - SECOND, None),
        (ENDS, QuestionPurpose.FEEDBACK),
        (ENDS + MONTH - SECOND, QuestionPurpose.FEEDBACK),
        (ENDS + MONTH, None),
    ],
)
def test_the_moment_decides_what_can_be_asked(now: datetime, purpose: QuestionPurpose | None) -> None:
    assert find_purpose(BookingState.CONFIRMED, STARTS, ENDS, now) == purpose


@pytest.mark.parametrize(
    ("state", "can_ask"),
    [
        (BookingState.WAITING, False),
        (BookingState.OFFERED, False),
        (BookingState.CONFIRMED, True),
        (BookingState.DECLINED, False),
        (BookingState.CANCELLED, False),
        (BookingState.ATTENDED, True),
        (BookingState.NO_SHOW, True),
    ],
)
def test_only_a_visit_that_stands_or_stood_is_asked_about(state: BookingState, can_ask: bool) -> None:
    assert (find_purpose(state, STARTS, ENDS, ENDS) is not None) == can_ask


def test_asking_when_there_is_nothing_to_ask_is_refused() -> None:
    with pytest.raises(NothingToAskError):
        require_purpose(BookingState.CANCELLED, STARTS, ENDS, STARTS - MONTH)


def test_a_question_lives_till_the_visit_and_feedback_thirty_days_longer() -> None:
    assert find_expiry(QuestionPurpose.VISIT, STARTS, ENDS) == STARTS
    assert find_expiry(QuestionPurpose.FEEDBACK, STARTS, ENDS) == ENDS + MONTH


@pytest.mark.parametrize(
    ("purpose", "answer", "rating"),
    [
        (QuestionPurpose.VISIT, Answer.COMING, None),
        (QuestionPurpose.VISIT, Answer.CANNOT_COME, None),
        (QuestionPurpose.FEEDBACK, Answer.TOOK_PLACE, 1),
        (QuestionPurpose.FEEDBACK, Answer.TOOK_PLACE, 5),
        (QuestionPurpose.FEEDBACK, Answer.NOT_HELD, None),
    ],
)
def test_an_answer_to_the_question_is_taken(
    purpose: QuestionPurpose, answer: Answer, rating: int | None
) -> None:
    require_answer(purpose, answer, rating)


@pytest.mark.parametrize(
    ("purpose", "answer", "rating"),
    [
        (QuestionPurpose.VISIT, Answer.TOOK_PLACE, 3),
        (QuestionPurpose.VISIT, Answer.COMING, 3),
        (QuestionPurpose.FEEDBACK, Answer.COMING, None),
        (QuestionPurpose.FEEDBACK, Answer.TOOK_PLACE, None),
        (QuestionPurpose.FEEDBACK, Answer.TOOK_PLACE, 0),
        (QuestionPurpose.FEEDBACK, Answer.TOOK_PLACE, 6),
        (QuestionPurpose.FEEDBACK, Answer.NOT_HELD, 1),
    ],
)
def test_an_answer_to_another_question_is_refused(
    purpose: QuestionPurpose, answer: Answer, rating: int | None
) -> None:
    with pytest.raises(AnswerRefusedError):
        require_answer(purpose, answer, rating)


def test_one_worry_outweighs_all_confirmations() -> None:
    assert choose_telling([Answer.COMING, None, Answer.CANNOT_COME, Answer.COMING]) == Answer.CANNOT_COME
    assert choose_telling([None, Answer.COMING]) == Answer.COMING
    assert choose_telling([None, None]) is None

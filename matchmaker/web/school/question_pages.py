"""What the page shows on which a school asks a teacher about a visit."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker import clock
from matchmaker.domain.questions import QuestionPurpose, find_expiry, find_purpose
from matchmaker.models import Booking, School, SignedQuestion
from matchmaker.queries import questions, visits
from matchmaker.web.formats import format_day, format_moment
from matchmaker.web.question_words import tell_answer


@dataclass(frozen=True)
class AskedLine:
    """Somebody who was asked, when, and what they said."""

    question: SignedQuestion
    answer: str
    is_open: bool

    @property
    def is_known(self) -> bool:
        """Tell whether it is still kept who this was."""
        return bool(self.question.email)


@dataclass(frozen=True)
class AskPage:
    """A visit, what can be asked about it now, and what was asked."""

    school: School
    booking: Booking
    purpose: QuestionPurpose | None
    asked: list[AskedLine]

    @property
    def is_feedback(self) -> bool:
        """Tell whether the question is how it was."""
        return self.purpose == QuestionPurpose.FEEDBACK

    @property
    def until(self) -> str:
        """Until when the question of now can be answered."""
        if self.purpose is None:
            return ""
        expiry = find_expiry(self.purpose, self.booking.slot.starts_at, self.booking.slot.ends_at)
        return format_day(expiry) if self.is_feedback else format_moment(expiry)


def build_ask_page(school: School, booking_id: int) -> AskPage:
    """Load the visit and all who were asked about it.

    Raises
    ------
    NotFoundError
        When the school has no such booking.
    """
    booking = visits.get_school_booking(school.id, booking_id)
    now = clock.now()
    asked = questions.list_booking_questions([booking.id]).get(booking.id, [])
    return AskPage(
        school=school,
        booking=booking,
        purpose=find_purpose(booking.state, booking.slot.starts_at, booking.slot.ends_at, now),
        asked=[AskedLine(q, tell_answer(q), is_open=q.expires_at > now) for q in asked],
    )

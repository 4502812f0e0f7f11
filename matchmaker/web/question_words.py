"""What teachers were asked and said about a visit, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from matchmaker import clock
from matchmaker.domain.questions import Answer, QuestionPurpose, choose_telling
from matchmaker.models import Booking, SignedQuestion
from matchmaker.web.language import gettext as _

ANSWER_WORDS = {
    Answer.COMING: _l("ja, wij komen"),
    Answer.CANNOT_COME: _l("nee, wij kunnen niet"),
    Answer.TOOK_PLACE: _l("ja, het ging door"),
    Answer.NOT_HELD: _l("nee, het ging niet door"),
}
RATING_WORDS = {
    5: _l("heel goed"),
    4: _l("goed"),
    3: _l("gaat wel"),
    2: _l("matig"),
    1: _l("niet goed"),
}


@dataclass(frozen=True)
class TeacherMark:
    """What stands at a visit about its teacher."""

    text: str
    tone: str


def tell_answer(question: SignedQuestion) -> str:
    """Return what was answered: ``ja, het ging door – heel goed``; that there is nothing yet otherwise."""
    if question.answer is None:
        return _("nog geen antwoord")
    words = str(ANSWER_WORDS[question.answer])
    return f"{words} – {RATING_WORDS[question.rating]}" if question.rating else words


def mark_visits(
    bookings: Sequence[Booking], asked: Mapping[int, Sequence[SignedQuestion]]
) -> dict[int, TeacherMark]:
    """Return what the teachers of these bookings say, by booking id; nothing where nobody was asked."""
    marks = {booking.id: _mark_visit(booking, asked.get(booking.id, ())) for booking in bookings}
    return {key: mark for key, mark in marks.items() if mark is not None}


def _mark_visit(booking: Booking, questions: Sequence[SignedQuestion]) -> TeacherMark | None:
    ended = booking.slot.ends_at <= clock.now()
    purpose = QuestionPurpose.FEEDBACK if ended else QuestionPurpose.VISIT
    # A letter asks everybody about every visit: only what was answered says something.
    asked = [q for q in questions if q.purpose == purpose and (q.answer is not None or not q.by_letter)]
    if not asked:
        return None
    answer = choose_telling(question.answer for question in asked)
    if answer is None:
        return TeacherMark(_("Leerkracht: nog geen antwoord"), "wait")
    if all(question.by_letter for question in asked if question.answer == answer):
        return _mark_contact(answer, asked)
    return {
        Answer.COMING: TeacherMark(_("Leerkracht: wij komen"), "ok"),
        Answer.CANNOT_COME: TeacherMark(_("Leerkracht: kan niet – overleg, en zeg zo nodig af"), "stop"),
        Answer.TOOK_PLACE: TeacherMark(_("Leerkracht: ging door, %(rating)s", rating=_rate(asked)), "ok"),
        Answer.NOT_HELD: TeacherMark(_("Leerkracht: ging niet door – meld het aan het regiobureau"), "stop"),
    }[answer]


def _mark_contact(answer: Answer, asked: Sequence[SignedQuestion]) -> TeacherMark:
    """Return what a contact of the school answered to a letter."""
    return {
        Answer.COMING: TeacherMark(_("Bevestigd: wij komen"), "ok"),
        Answer.CANNOT_COME: TeacherMark(_("Wij kunnen niet – nog niet afgezegd"), "stop"),
        Answer.TOOK_PLACE: TeacherMark(_("Ging door, %(rating)s", rating=_rate(asked)), "ok"),
        Answer.NOT_HELD: TeacherMark(_("Ging niet door – meld het aan het regiobureau"), "stop"),
    }[answer]


def _rate(asked: Sequence[SignedQuestion]) -> str:
    return ", ".join(str(RATING_WORDS[question.rating]) for question in asked if question.rating)

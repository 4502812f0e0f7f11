"""Answer a single question by its link: no account, no session, and nothing else within reach."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from matchmaker import clock, scope
from matchmaker.domain.errors import QuestionGoneError, TooManyAnswersError
from matchmaker.domain.kinds import Role
from matchmaker.domain.questions import (
    MOST_ANSWERS,
    URGENT,
    Answer,
    QuestionPurpose,
    choose_telling,
    require_answer,
)
from matchmaker.domain.tokens import hash_token
from matchmaker.extensions import db
from matchmaker.models import Region, School, SignedQuestion
from matchmaker.notifications.mime import is_usable_address
from matchmaker.notifications.questions import AnswerFacts, AskedVisit, compose_answer
from matchmaker.queries import people, questions
from matchmaker.services import audit
from matchmaker.services.letterheads import contact_of, letterhead_of
from matchmaker.services.question_facts import describe_visit
from matchmaker.services.transaction import write_transaction

_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody answers; `rating` goes with a visit that took place, `remark` may be empty."""

    answer: Answer
    rating: int | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that can be answered, its visit, and what was answered so far.

    Parameters
    ----------
    colleague
        What somebody else of the school answered about the visit; None when nobody did.
    """

    region: Region
    school: School
    purpose: QuestionPurpose
    visit: AskedVisit
    expires_at: datetime
    reply: Reply | None
    colleague: Answer | None = None


def read_question(token: str) -> OpenQuestion:
    """Return the question of a link; reading changes nothing, however often it is done.

    Raises
    ------
    QuestionGoneError
        When the link is unknown, withdrawn, replaced or too old, and when the visit was cancelled.
    """
    question = _get_open(token)
    return OpenQuestion(
        region=question.booking.group.school.region,
        school=question.booking.group.school,
        purpose=question.purpose,
        visit=describe_visit(question.booking),
        expires_at=question.expires_at,
        reply=_reply_of(question),
        colleague=_find_colleague(question),
    )


def _find_colleague(question: SignedQuestion) -> Answer | None:
    """Return what others say about the same visit, a worry first; not who they are."""
    with scope.within(question.region_id):
        asked = questions.list_booking_questions([question.booking_id])[question.booking_id]
    return choose_telling(
        other.answer for other in asked if other.purpose == question.purpose and other.email != question.email
    )


def answer_question(token: str, reply: Reply) -> None:
    """Write an answer down, or change it; who must talk about it is told by mail.

    The same answer once more changes nothing. The booking is never changed: what happens with the
    visit is for people to decide.

    Raises
    ------
    QuestionGoneError
        When the link is unknown, withdrawn, replaced or too old, and when the visit was cancelled.
    AnswerRefusedError
        When the answer does not belong to the question.
    TooManyAnswersError
        When the answer was changed so often that a call is better.
    """
    region_id = _get_open(token).region_id
    with scope.within(region_id), write_transaction():
        _change_answer(_get_open(token, lock=True), reply)


def _get_open(token: str, *, lock: bool = False) -> SignedQuestion:
    found = None
    if _TOKEN.fullmatch(token):
        with scope.unscoped("who answers by a link"):
            found = questions.find_open_question(hash_token(token), clock.now(), lock=lock)
    if found is None:
        raise QuestionGoneError
    return found


def _reply_of(question: SignedQuestion) -> Reply | None:
    if question.answer is None:
        return None
    return Reply(question.answer, question.rating, question.remark)


def _change_answer(question: SignedQuestion, reply: Reply) -> None:
    require_answer(question.purpose, reply.answer, reply.rating)
    before = _reply_of(question)
    if reply == before:
        return
    if question.times_answered >= MOST_ANSWERS:
        raise TooManyAnswersError
    question.answer, question.rating, question.remark = reply.answer, reply.rating, reply.remark
    question.answered_at, question.settled_at = clock.now(), None
    question.times_answered += 1
    _record(question, before)
    if reply.answer in URGENT or (before is not None and before.answer in URGENT):
        _tell_others(question)


def _record(question: SignedQuestion, before: Reply | None) -> None:
    """The words of a remark stay out of the log: they are somebody's own."""
    audit.record(
        "answer_question",
        "signed_question",
        question.id,
        region_id=question.region_id,
        organisation_id=question.booking.group.school_id,
        before=None if before is None else {"answer": before.answer.value, "rating": before.rating},
        after={
            "booking_id": question.booking_id,
            "answer": question.answer.value if question.answer else None,
            "rating": question.rating,
        },
    )


def _tell_others(question: SignedQuestion) -> None:
    """Write one mail to each coordinator of the school and each organiser of the region."""
    school = question.booking.group.school
    letterhead = letterhead_of(school.region)
    coordinators = people.list_contacts([school.id], frozenset({Role.COORDINATOR})).get(school.id, [])
    organisers = people.list_people_of_region(question.region_id, frozenset({Role.ORGANISER}))
    paths = dict.fromkeys(organisers, f"/organisator/{school.region.slug}/antwoorden")
    paths |= dict.fromkeys(coordinators, f"/school/{school.id}")
    answer = AnswerFacts(
        question_id=question.id,
        number=question.times_answered,
        name=question.name,
        cannot_come=question.answer in URGENT,
        school_told=bool(coordinators),
        by_contact=question.by_letter,
        remark=question.remark,
    )
    visit = describe_visit(question.booking)
    for user, path in paths.items():
        if is_usable_address(user.email):
            recipient = contact_of(user)
            db.session.add(compose_answer(answer, visit, recipient, letterhead, path))

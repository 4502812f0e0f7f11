"""Ask a teacher without an account one question about one visit, and take it back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from matchmaker import clock, scope
from matchmaker.domain.errors import TooManyQuestionsError
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.questions import (
    MOST_ASKED_A_DAY,
    MOST_MAILS_A_DAY,
    QuestionPurpose,
    find_expiry,
    require_purpose,
)
from matchmaker.domain.runs import MessageState
from matchmaker.domain.tokens import hash_token
from matchmaker.extensions import db
from matchmaker.models import Booking, Message, SignedQuestion
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.questions import QuestionFacts, compose_question, question_cause
from matchmaker.queries import questions, regions, visits
from matchmaker.services import audit
from matchmaker.services.letterheads import find_language, letterhead_of
from matchmaker.services.question_facts import describe_visit, find_asker
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import CLEAN_UP

# Where the mails of forgotten questions went to, as the log of mails tells it.
NOBODY = "gewist@persoon.invalid"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked: an adult, by name or role, at a work address."""

    name: str
    email: str


def ask_teacher(school_id: int, booking_id: int, asked: Asked, actor_id: int) -> QuestionPurpose:
    """Mail somebody the question that fits the visit now; return which one it was.

    An earlier question for the same purpose to the same address is void from then on, its answer too.

    Raises
    ------
    NotFoundError
        When the school has no such booking.
    NothingToAskError
        When nothing can be asked about this visit now.
    TooManyQuestionsError
        When the address got several questions within a day, from whomever, or the visit was asked about
        very often.
    ValueError
        When the address cannot be used for mail.
    """
    now, token, email = clock.now(), secrets.token_urlsafe(32), asked.email.strip().lower()
    with write_transaction() as session:
        booking = visits.get_school_booking(school_id, booking_id)
        regions.lock_region(booking.region_id)
        slot = booking.slot
        purpose = require_purpose(booking.state, slot.starts_at, slot.ends_at, now)
        _require_few_mails(booking.id, email, now)
        _void(questions.list_same_questions(booking.id, purpose, email), now)
        row = SignedQuestion(
            region_id=booking.region_id,
            booking_id=booking.id,
            purpose=purpose,
            email=email,
            name=asked.name.strip(),
            token_hash=hash_token(token),
            expires_at=find_expiry(purpose, slot.starts_at, slot.ends_at),
            asked_by_id=actor_id,
        )
        session.add(row)
        session.flush()
        session.add(_compose(row, booking, token, now))
        _record("ask_teacher", row, school_id, actor_id)
    return purpose


def withdraw_question(school_id: int, booking_id: int, question_id: int, actor_id: int) -> None:
    """Void the link of a question; an answer that it got no longer marks the visit.

    Raises
    ------
    NotFoundError
        When there is no such question about a booking of the school.
    """
    with write_transaction():
        booking = visits.get_school_booking(school_id, booking_id)
        row = questions.get_booking_question(booking.id, question_id)
        _void([row], clock.now())
        _record("withdraw_question", row, school_id, actor_id)


def void_questions_about(booking_ids: list[int], now: datetime) -> None:
    """Void what is asked about visits that are off or at another time, in the caller's transaction."""
    for rows in questions.list_booking_questions(booking_ids).values():
        _void([row for row in rows if row.purpose == QuestionPurpose.VISIT], now)


def settle_worry(region_id: int, question_id: int, actor_id: int) -> None:
    """Write down that an organiser dealt with a worrying answer; the mark at the visit stays.

    Raises
    ------
    NotFoundError
        When no such answer of the region asks for attention.
    """
    now = clock.now()
    with write_transaction():
        row = questions.get_worry(region_id, question_id, now)
        row.settled_at = now
        _record("settle_answer", row, row.booking.group.school_id, actor_id)


def forget_who_was_asked(question_ids: list[int]) -> None:
    """Blank address and name of everybody who was asked these questions, also where their mail went to.

    The answers stay, because they say something about the visit and nothing about the person.
    """
    with write_transaction(CLEAN_UP) as session:
        session.execute(
            update(SignedQuestion).where(SignedQuestion.id.in_(question_ids)).values(email="", name="")
        )
        session.execute(
            update(Message)
            .where(Message.kind == MessageKind.QUESTION, Message.sequence.in_(question_ids))
            .values(recipient=NOBODY)
        )


def _require_few_mails(booking_id: int, email: str, now: datetime) -> None:
    """An inbox is one, whichever regions write to it; and a visit is no reason to write to everybody."""
    since = now - timedelta(days=1)
    with scope.unscoped("how many mails an address gets"):
        sent = questions.count_mails_since(email, since)
    if sent >= MOST_MAILS_A_DAY or questions.count_asked_since(booking_id, since) >= MOST_ASKED_A_DAY:
        raise TooManyQuestionsError


def _void(rows: Sequence[SignedQuestion], now: datetime) -> None:
    """Void questions; a mail that did not leave yet stays here."""
    for row in rows:
        row.voided_at = now
        cause = question_cause(row.purpose == QuestionPurpose.FEEDBACK, row.booking_id)
        db.session.execute(
            update(Message)
            .where(
                Message.kind == MessageKind.QUESTION,
                Message.cause == cause,
                Message.sequence == row.id,
                Message.state == MessageState.QUEUED,
            )
            .values(state=MessageState.SUPERSEDED)
        )


def _compose(row: SignedQuestion, booking: Booking, token: str, now: datetime) -> Message:
    school = booking.group.school
    facts = QuestionFacts(
        question_id=row.id,
        feedback=row.purpose == QuestionPurpose.FEEDBACK,
        asker=find_asker(row.asked_by_id or 0, school),
        path=f"/vraag/{token}",
        expires_at=row.expires_at,
    )
    language = find_language(row.email, by_id=row.asked_by_id)
    recipient = Contact(name=row.name, email=row.email, language=language)
    return compose_question(facts, describe_visit(booking), recipient, letterhead_of(school.region, now))


def _record(action: str, row: SignedQuestion, school_id: int, actor_id: int) -> None:
    audit.record(
        action,
        "signed_question",
        row.id,
        region_id=row.region_id,
        organisation_id=school_id,
        actor_id=actor_id,
        after={"booking_id": row.booking_id, "purpose": row.purpose.value},
    )

"""Reads of signed questions: by their link, by visit, and what people should talk about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager

from matchmaker.domain.bookings import STANDING_STATES
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.questions import FEEDBACK_OPEN_FOR, WORRYING, QuestionPurpose
from matchmaker.extensions import db
from matchmaker.models import Activity, Booking, Group, School, SignedQuestion, Slot


def find_open_question(token_hash: str, now: datetime, *, lock: bool = False) -> SignedQuestion | None:
    """Return the question of a link while it can be answered, with its whole visit, or None.

    Parameters
    ----------
    lock
        Let others who answer the same question wait until the transaction ends.
    """
    statement = _select_with_visit().where(
        SignedQuestion.token_hash == token_hash,
        SignedQuestion.voided_at.is_(None),
        SignedQuestion.expires_at > now,
        Booking.state.in_(STANDING_STATES),
    )
    if lock:
        statement = statement.with_for_update(of=SignedQuestion)
    return db.session.scalars(statement).one_or_none()


def list_booking_questions(booking_ids: Iterable[int]) -> dict[int, list[SignedQuestion]]:
    """Return the questions that were not withdrawn or replaced, by booking id, newest first."""
    statement = (
        select(SignedQuestion)
        .where(SignedQuestion.booking_id.in_(list(booking_ids)), SignedQuestion.voided_at.is_(None))
        .order_by(SignedQuestion.id.desc())
    )
    found: dict[int, list[SignedQuestion]] = {}
    for question in db.session.scalars(statement):
        found.setdefault(question.booking_id, []).append(question)
    return found


def list_same_questions(booking_id: int, purpose: QuestionPurpose, email: str) -> list[SignedQuestion]:
    """Return what people asked one address about one booking for one purpose and that still counts."""
    statement = select(SignedQuestion).where(
        SignedQuestion.booking_id == booking_id,
        SignedQuestion.purpose == purpose,
        SignedQuestion.email == email,
        SignedQuestion.voided_at.is_(None),
        SignedQuestion.by_letter.is_(False),
    )
    return list(db.session.scalars(statement))


def get_booking_question(booking_id: int, question_id: int) -> SignedQuestion:
    """Return a question about a booking that was not withdrawn or replaced.

    Raises
    ------
    NotFoundError
        When the booking has no such question.
    """
    statement = select(SignedQuestion).where(
        SignedQuestion.id == question_id,
        SignedQuestion.booking_id == booking_id,
        SignedQuestion.voided_at.is_(None),
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def count_mails_since(email: str, since: datetime) -> int:
    """Return how many questions people sent to an address from a moment on, withdrawn ones as well."""
    statement = select(func.count()).where(
        SignedQuestion.email == email,
        SignedQuestion.created_at >= since,
        SignedQuestion.by_letter.is_(False),
    )
    return db.session.scalars(statement).one()


def count_asked_since(booking_id: int, since: datetime) -> int:
    """Return how many questions people asked about a booking from a moment on, withdrawn ones as well."""
    statement = select(func.count()).where(
        SignedQuestion.booking_id == booking_id,
        SignedQuestion.created_at >= since,
        SignedQuestion.by_letter.is_(False),
    )
    return db.session.scalars(statement).one()


def count_worries(region_id: int, now: datetime) -> int:
    """Return how many answers of the region ask for an organiser."""
    statement = (
        select(func.count(SignedQuestion.id))
        .join(SignedQuestion.booking)
        .join(Booking.slot)
        .where(*_is_worry(region_id, now))
    )
    return db.session.scalars(statement).one()


def list_worries(region_id: int, now: datetime) -> list[SignedQuestion]:
    """Return the answers of the region that ask for an organiser, next visit first, with the visit."""
    statement = (
        _select_with_visit().where(*_is_worry(region_id, now)).order_by(Booking.starts_at, SignedQuestion.id)
    )
    return list(db.session.scalars(statement))


def get_worry(region_id: int, question_id: int, now: datetime) -> SignedQuestion:
    """Return an answer of the region that asks for an organiser, with its visit.

    Raises
    ------
    NotFoundError
        When there is none with this id.
    """
    for question in list_worries(region_id, now):
        if question.id == question_id:
            return question
    raise NotFoundError


def _is_worry(region_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SignedQuestion.region_id == region_id,
        SignedQuestion.voided_at.is_(None),
        SignedQuestion.settled_at.is_(None),
        SignedQuestion.answer.in_(WORRYING),
        Booking.state.in_(STANDING_STATES),
        Slot.ends_at > now - FEEDBACK_OPEN_FOR,
    )


def _select_with_visit() -> Select[SignedQuestion]:
    booking = contains_eager(SignedQuestion.booking)
    return (
        select(SignedQuestion)
        .join(SignedQuestion.booking)
        .join(Booking.slot)
        .options(
            booking.joinedload(Booking.group).joinedload(Group.school).joinedload(School.region),
            booking.contains_eager(Booking.slot).joinedload(Slot.activity).joinedload(Activity.host),
        )
    )

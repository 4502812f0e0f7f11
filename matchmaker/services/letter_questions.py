"""The questions in letters: one for each visit and person, with the same link however often it is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from matchmaker.config import Settings
from matchmaker.domain.questions import Answer, QuestionPurpose, choose_telling, find_expiry
from matchmaker.domain.tokens import derive_token, hash_token
from matchmaker.extensions import db
from matchmaker.models import SignedQuestion, User
from matchmaker.queries.visit_letters import VisitRow, list_asked


@dataclass(frozen=True, slots=True)
class OpenLink:
    """Where somebody answers about a visit, and what was answered so far.

    Parameters
    ----------
    path
        Path of the person's own link.
    answer
        The answer that speaks for the visit, whoever gave it; None when nobody did.
    by_colleague
        True when somebody else gave it.
    """

    path: str
    answer: Answer | None
    by_colleague: bool


class LetterQuestions:
    """The questions for one purpose about some visits; makes the ones that a letter needs.

    The caller's transaction stores them. Whoever holds the region's lock makes each only once.
    """

    def __init__(self, purpose: QuestionPurpose, visits: Iterable[VisitRow], now: datetime) -> None:
        self._purpose, self._now = purpose, now
        self._asked: dict[int, list[SignedQuestion]] = defaultdict(list)
        for row in list_asked({visit.booking_id for visit in visits}, purpose):
            self._asked[row.booking_id].append(row)

    def open(self, visit: VisitRow, user: User, region_id: int) -> OpenLink:
        """Return the person's link for a visit, made now when there is none for these times of the visit."""
        row = self._find(visit, user.email) or self._make(visit, user, region_id)
        token = _token_of(row)
        # With another key of the site it is another token; the link of earlier letters is dead then.
        if row.token_hash != hash_token(token):
            row.token_hash = hash_token(token)
        asked = self._asked[visit.booking_id]
        telling = choose_telling(question.answer for question in asked)
        own = any(q.answer == telling and q.email == user.email for q in asked)
        return OpenLink(f"/vraag/{token}", telling, by_colleague=telling is not None and not own)

    def _find(self, visit: VisitRow, email: str) -> SignedQuestion | None:
        expiry = find_expiry(self._purpose, visit.starts_at, visit.ends_at)
        own = [q for q in self._asked[visit.booking_id] if q.by_letter and q.email == email]
        for row in own:
            if row.expires_at != expiry:
                # It was about other times, and so is its answer. Out of the way before another is added.
                row.voided_at = self._now
                db.session.flush()
                self._asked[visit.booking_id].remove(row)
        return next((row for row in own if row.voided_at is None), None)

    def _make(self, visit: VisitRow, user: User, region_id: int) -> SignedQuestion:
        row = SignedQuestion(
            region_id=region_id,
            booking_id=visit.booking_id,
            purpose=self._purpose,
            email=user.email,
            name=user.name,
            created_at=self._now,
            expires_at=find_expiry(self._purpose, visit.starts_at, visit.ends_at),
            by_letter=True,
        )
        row.token_hash = hash_token(_token_of(row))
        db.session.add(row)
        self._asked[visit.booking_id].append(row)
        return row


def list_answers(purpose: QuestionPurpose, booking_ids: Collection[int]) -> dict[int, Answer]:
    """Return the answer that speaks for each of these bookings, those without any left out."""
    given: dict[int, list[Answer | None]] = defaultdict(list)
    for row in list_asked(booking_ids, purpose):
        given[row.booking_id].append(row.answer)
    telling = {booking_id: choose_telling(answers) for booking_id, answers in given.items()}
    return {booking_id: answer for booking_id, answer in telling.items() if answer is not None}


def _token_of(row: SignedQuestion) -> str:
    settings: Settings = current_app.config["SETTINGS"]
    moments = (row.created_at.isoformat(), row.expires_at.isoformat())
    return derive_token(settings.secret_key, row.purpose.value, row.booking_id, row.email, *moments)

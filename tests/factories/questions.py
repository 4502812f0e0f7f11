"""Questions to teachers."""

from __future__ import annotations

import factory

from matchmaker.domain.questions import QuestionPurpose, find_expiry
from matchmaker.domain.tokens import hash_token
from matchmaker.models import SignedQuestion
from tests.factories.allocation import BookingFactory
from tests.factories.base import RowFactory


class SignedQuestionFactory(RowFactory):
    """Whether a visit goes on, not answered yet; `token` is what the link carries."""

    class Meta:
        model = SignedQuestion

    class Params:
        token = factory.Sequence(lambda n: f"vraag-{n}-".ljust(43, "x"))

    booking = factory.SubFactory(BookingFactory)
    region_id = factory.SelfAttribute("booking.region_id")
    purpose = QuestionPurpose.VISIT
    email = factory.Sequence(lambda n: f"leerkracht{n}@school.example")
    name = "Leerkracht groep 7/8"
    token_hash = factory.LazyAttribute(lambda question: hash_token(question.token))
    expires_at = factory.LazyAttribute(
        lambda q: find_expiry(q.purpose, q.booking.slot.starts_at, q.booking.slot.ends_at)
    )

"""A single question to a teacher, answered by a signed link without an account."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import DONE_BY, FACT, Data, DataClass, Eraser, Purpose, held_for
from matchmaker.domain.questions import Answer, QuestionPurpose
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.booking import Booking
from matchmaker.models.columns import (
    Identified,
    LongText,
    Moment,
    RegionScoped,
    ShortText,
    Title,
    enum_type,
)
from matchmaker.models.person import User

_COUNTS_IN_LETTERS = text("by_letter AND voided_at IS NULL AND email != ''")


class SignedQuestion(Identified, RegionScoped, Base):
    """What one person is asked about one booking, and what they said.

    The token of the link is stored hashed. `email` and `name` are blank once the visit is long past.
    """

    __tablename__ = "signed_question"
    __data__ = held_for(
        Purpose.PROGRAMME,
        Retention.PROGRAMME,
        FACT,
        technical="token_hash",
        email=Data(DataClass.CONTACT, Eraser.BLANKED, is_address=True, retention=Retention.QUESTION),
        name=Data(DataClass.IDENTITY, Eraser.BLANKED, retention=Retention.QUESTION),
        remark=Data(DataClass.CONTENT, Eraser.BLANKED),
        asked_by_id=DONE_BY,
    )
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("email = lower(email)", name="email_lower_case"),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating_in_range"),
        Index(
            "uq_signed_question_by_letter",
            "booking_id",
            "purpose",
            "email",
            unique=True,
            sqlite_where=_COUNTS_IN_LETTERS,
            postgresql_where=_COUNTS_IN_LETTERS,
        ),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_moment"),
        # A message names the question's id in its cause, so an id must never come back.
        {"sqlite_autoincrement": True},
    )

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[QuestionPurpose] = mapped_column(enum_type(QuestionPurpose, "purpose"))
    email: Mapped[Title] = mapped_column(index=True)
    name: Mapped[Title]
    token_hash: Mapped[ShortText]
    expires_at: Mapped[Moment]
    voided_at: Mapped[Moment | None]
    # A letter of the calendar asked it, no person: its link is the same in each letter about the visit.
    by_letter: Mapped[bool] = mapped_column(default=False, server_default=false())
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    answer: Mapped[Answer | None] = mapped_column(enum_type(Answer, "answer"))
    rating: Mapped[int | None]
    remark: Mapped[LongText]
    answered_at: Mapped[Moment | None]
    # How often the answer was given or changed; numbers the mails about it.
    times_answered: Mapped[int] = mapped_column(default=0)
    # When an organiser dealt with a worrying answer; a changed answer begins anew.
    settled_at: Mapped[Moment | None]

    booking: Mapped[Booking] = relationship()
    asked_by: Mapped[User | None] = relationship()

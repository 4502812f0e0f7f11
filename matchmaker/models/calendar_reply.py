"""What calendars answer to invitations, and which mails came in."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.calendar_answers import CalendarAnswer
from matchmaker.domain.incoming import IncomingKind, IncomingOutcome
from matchmaker.domain.inventory import FACT, SUBJECT, TECHNICAL, Data, DataClass, Eraser, Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.booking import Booking
from matchmaker.models.columns import Identified, LongText, Moment, RegionScoped, ShortText, Title, enum_type
from matchmaker.models.offer import Slot
from matchmaker.models.person import User


class CalendarReply(Identified, RegionScoped, Base):
    """What one invited person answered about a visit of a school, or about a slot of a host.

    It goes thirty days after the visit. Only the newest answer of a person speaks.
    """

    __tablename__ = "calendar_reply"
    __data__ = held_for(
        Purpose.PROGRAMME,
        Retention.QUESTION,
        FACT,
        technical="mail_digest",
        user_id=SUBJECT,
        email=Data(DataClass.CONTACT, Eraser.REPLACED, is_address=True),
        comment=Data(DataClass.CONTENT, Eraser.BLANKED),
    )
    __table_args__ = (
        UniqueConstraint("mail_digest"),
        # A calendar that sends the same answer twice says nothing new.
        UniqueConstraint("booking_id", "email", "sequence", "stamp"),
        UniqueConstraint("slot_id", "email", "sequence", "stamp"),
        CheckConstraint("(booking_id IS NULL) <> (slot_id IS NULL)", name="booking_or_slot"),
        CheckConstraint(
            "(proposed_starts_at IS NULL) = (proposed_ends_at IS NULL)", name="proposal_has_both_ends"
        ),
        # A message names the reply's id in its sequence, so an id must never come back.
        {"sqlite_autoincrement": True},
    )

    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL"), index=True
    )
    email: Mapped[Title]
    answer: Mapped[CalendarAnswer] = mapped_column(enum_type(CalendarAnswer, "answer"))
    sequence: Mapped[int]
    # When the person answered, as their calendar says.
    stamp: Mapped[Moment]
    comment: Mapped[LongText]
    proposed_starts_at: Mapped[Moment | None]
    proposed_ends_at: Mapped[Moment | None]
    # When the visit was to begin at that time: an answer about another time says nothing about this one.
    about_starts_at: Mapped[Moment]
    mail_digest: Mapped[ShortText]
    # When somebody said that the visit goes on all the same.
    settled_at: Mapped[Moment | None]

    booking: Mapped[Booking | None] = relationship()
    slot: Mapped[Slot | None] = relationship()
    user: Mapped[User | None] = relationship()


class IncomingMail(Identified, Base):
    """That a mail came in, and what became of it: nothing of its content, nor from whom it was."""

    __tablename__ = "incoming_mail"
    __data__ = held_for(
        Purpose.OPERATION, Retention.MAIL_TEXT, TECHNICAL, technical="digest kind outcome reason"
    )
    __table_args__ = (UniqueConstraint("digest"),)

    # Of its Message-ID, or of the whole mail when it has none; a mail that comes again is known by it.
    digest: Mapped[ShortText]
    kind: Mapped[IncomingKind] = mapped_column(enum_type(IncomingKind, "kind", checked=False))
    outcome: Mapped[IncomingOutcome] = mapped_column(enum_type(IncomingOutcome, "outcome", checked=False))
    reason: Mapped[Title]

"""The outbox: every mail is a row, written in the transaction that causes it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.incoming import IncomingKind
from matchmaker.domain.inventory import SUBJECT, Data, DataClass, Eraser, Purpose, held_for
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.retention import Retention
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, LongText, Moment, RegionOrNone, ShortText, Title, enum_type
from matchmaker.models.organisation import Organisation
from matchmaker.models.person import User

URGENT_LANE = 0
BULK_LANE = 1


class Message(Identified, RegionOrNone, Base):
    """One mail to one person. `body` holds the exact bytes, so that a repeat is identical.

    Mail that belongs to no region, such as signing in, has none.
    """

    __tablename__ = "message"
    __data__ = held_for(
        Purpose.MAIL,
        Retention.ACCOUNT,
        technical="cause message_id lease_token",
        user_id=SUBJECT,
        recipient=Data(DataClass.CONTACT, Eraser.REPLACED, is_address=True),
        subject=Data(DataClass.CONTENT, Eraser.BLANKED),
        body=Data(DataClass.CONTENT, Eraser.BLANKED, retention=Retention.MAIL_TEXT),
        last_error=Data(DataClass.CONTENT, Eraser.BLANKED, retention=Retention.MAIL_TEXT),
    )
    __table_args__ = (
        UniqueConstraint("cause", "recipient", "kind", "sequence"),
        UniqueConstraint("message_id"),
        Index("ix_message_due", "state", "lane", "next_attempt_at", "id"),
        Index("ix_message_region_created", "region_id", "created_at"),
        Index("ix_message_region_state", "region_id", "state"),
        Index("ix_message_sent_at", "sent_at"),
    )

    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL"), index=True
    )
    recipient: Mapped[Title]
    kind: Mapped[MessageKind] = mapped_column(enum_type(MessageKind, "kind", checked=False))
    # What made it: noun and id, such as ``booking:17``; with recipient, kind and sequence it is unique.
    cause: Mapped[Title]
    sequence: Mapped[int] = mapped_column(default=0)
    subject: Mapped[Title]
    message_id: Mapped[Title]
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    # It puts an appointment into the calendar, or takes it out.
    with_calendar: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Empty the body as soon as the mail has left: it tells about somebody whose account is gone.
    forget_text: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Urgent mail (signing in) overtakes bulk mail.
    lane: Mapped[int] = mapped_column(default=BULK_LANE)
    state: Mapped[MessageState] = mapped_column(enum_type(MessageState, "state"), default=MessageState.QUEUED)
    lease_token: Mapped[ShortText | None]
    lease_until: Mapped[Moment | None]
    attempts: Mapped[int] = mapped_column(default=0)
    first_refused_at: Mapped[Moment | None]
    next_attempt_at: Mapped[Moment]
    # From then on the mail says nothing that helps: it is dropped, not sent late. None: always useful.
    useful_until: Mapped[Moment | None]
    sent_at: Mapped[Moment | None]
    last_error: Mapped[LongText]
    # What came back after it was sent: that it bounced, is delayed, or was called unwanted.
    returned_as: Mapped[IncomingKind | None] = mapped_column(
        enum_type(IncomingKind, "returned_as", checked=False)
    )
    returned_at: Mapped[Moment | None]

    user: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

"""Calendars that people subscribe to."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import OWNER, SECRET, Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, ShortText
from matchmaker.models.organisation import Organisation
from matchmaker.models.person import User


class CalendarFeed(Identified, Base):
    """One person's link to a calendar that keeps itself up to date; the row goes when it is ended.

    It shows one organisation, or everything of the person when none is named, and no more than the
    person may see at the moment of reading. The link holds a token of which only the hash is kept.
    """

    __tablename__ = "calendar_feed"
    __data__ = held_for(Purpose.ACCOUNT, Retention.ACCOUNT, SECRET, user_id=OWNER, token_hash=SECRET)
    # A page may name the id of a link that is gone, so an id must never come back.
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index(
            "uq_calendar_feed_organisation",
            "user_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("organisation_id IS NOT NULL"),
            postgresql_where=text("organisation_id IS NOT NULL"),
        ),
        Index(
            "uq_calendar_feed_everything",
            "user_id",
            unique=True,
            sqlite_where=text("organisation_id IS NULL"),
            postgresql_where=text("organisation_id IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[ShortText]

    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

"""Accounts elsewhere with which people sign in here."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import OWN, OWNER, Purpose, held_for
from matchmaker.domain.outside_identities import LONGEST_ISSUER, LONGEST_SUBJECT
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, Moment
from matchmaker.models.person import User


class LinkedIdentity(Identified, Base):
    """One account at a provider that a person linked to theirs here; neither name nor address is kept."""

    __tablename__ = "outside_identity"
    __data__ = held_for(Purpose.ACCOUNT, Retention.ACCOUNT, user_id=OWNER, issuer=OWN, subject=OWN)
    # A page may name the id of a link that is gone, so an id must never come back.
    __table_args__ = (UniqueConstraint("issuer", "subject"), {"sqlite_autoincrement": True})

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(LONGEST_ISSUER))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    linked_at: Mapped[Moment]
    last_used_at: Mapped[Moment | None]

    user: Mapped[User] = relationship()

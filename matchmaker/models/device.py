"""Devices on which people are signed in."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.devices import Browser, System
from matchmaker.domain.inventory import OWNER, SECRET, Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, Moment, ShortText, enum_type
from matchmaker.models.person import User


class SignedInDevice(Identified, Base):
    """One browser that may act as a person. The row goes when the person signs out.

    The cookie holds a token of which only the hash is kept here; neither the address of the visitor
    nor the exact browser is.
    """

    __tablename__ = "signed_in_device"
    __data__ = held_for(
        Purpose.SECURITY,
        Retention.SIGN_IN,
        SECRET,
        user_id=OWNER,
        token_hash=SECRET,
        former_token_hash=SECRET,
        rights=SECRET,
    )
    # A page may name the id of a device that is gone, so an id must never come back.
    __table_args__ = (
        UniqueConstraint("token_hash"),
        UniqueConstraint("former_token_hash"),
        {"sqlite_autoincrement": True},
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[ShortText]
    # The token before the last renewal; it works until `former_until`.
    former_token_hash: Mapped[ShortText | None]
    former_until: Mapped[Moment | None]
    browser: Mapped[Browser] = mapped_column(enum_type(Browser, "browser"))
    system: Mapped[System] = mapped_column(enum_type(System, "system"))
    signed_in_at: Mapped[Moment]
    last_used_at: Mapped[Moment]
    # What the person was allowed to do when the token was made; see `domain.devices.mark_rights`.
    rights: Mapped[ShortText]

    # When the second step was given on this device; empty when it was not.
    second_factor_at: Mapped[Moment | None]

    user: Mapped[User] = relationship()

"""The second proof of who somebody is: an authenticator app, and codes for when the phone is gone."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.inventory import OWNER, SECRET, Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, Moment, ShortText, Title


class SecondFactor(Identified, Base):
    """The authenticator app of one person; the secret is encrypted with the site's secret key."""

    __tablename__ = "second_factor"
    __data__ = held_for(Purpose.SECURITY, Retention.ACCOUNT, SECRET, user_id=OWNER, secret_encrypted=SECRET)
    __table_args__ = (UniqueConstraint("user_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    secret_encrypted: Mapped[Title]
    # The time step of the code that was used last: each code works once.
    last_step: Mapped[int] = mapped_column(BigInteger)


class RecoveryCode(Identified, Base):
    """One code that replaces the app once; stored hashed."""

    __tablename__ = "recovery_code"
    __data__ = held_for(Purpose.SECURITY, Retention.ACCOUNT, SECRET, user_id=OWNER, code_hash=SECRET)
    __table_args__ = (UniqueConstraint("code_hash"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[ShortText]
    used_at: Mapped[Moment | None]

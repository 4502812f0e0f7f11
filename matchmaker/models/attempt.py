"""Counts of attempts to get in."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.inventory import Data, DataClass, Eraser, Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, Moment, ShortText


class AttemptCount(Identified, Base):
    """How often one subject tried within one window.

    The subject is a keyed hash: neither a network address nor an e-mail address can be read here.
    """

    __tablename__ = "attempt_count"
    __data__ = held_for(
        Purpose.SECURITY,
        Retention.SIGN_IN,
        # Nobody can tell from the hash whose it is; the row goes within minutes.
        subject_hash=Data(DataClass.SECURITY, Eraser.EXPIRES),
    )
    __table_args__ = (
        UniqueConstraint("subject_hash", "window_starts_at"),
        CheckConstraint("count >= 0", name="count_not_negative"),
    )

    subject_hash: Mapped[ShortText]
    window_starts_at: Mapped[Moment] = mapped_column(index=True)
    count: Mapped[int]

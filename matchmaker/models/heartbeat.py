"""The note of background work that it lives."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from matchmaker.domain.inventory import Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, Moment, ShortText

WORKER = "worker"


class Heartbeat(Identified, Base):
    """When something that should work each minute last did; several workers share one row."""

    __tablename__ = "heartbeat"
    __data__ = held_for(Purpose.OPERATION, Retention.PROGRAMME, technical="name")
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[ShortText]
    beat_at: Mapped[Moment]

"""Which visits a letter tells of, and how they stood then."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.inventory import FACT, Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, Moment, RegionScoped, Title


class ToldVisit(Identified, RegionScoped, Base):
    """A visit in a letter about several: slot, times and place as the letter says them.

    It shows what was told to whom, and keeps a letter from leaving when the visit has changed since.
    """

    __tablename__ = "told_visit"
    __data__ = held_for(Purpose.PROGRAMME, Retention.PROGRAMME, FACT, facts="address")
    __table_args__ = (UniqueConstraint("message_id", "booking_id"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    # Place of that one occasion, as its slot says it.
    address: Mapped[Title] = mapped_column(default="", server_default="")

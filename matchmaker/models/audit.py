"""Who did what, when: append only."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.inventory import DONE_BY, Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, RegionOrNone, ShortText


class AuditEntry(Identified, RegionOrNone, Base):
    """One access-changing or booking-changing act. Rows are added, never changed."""

    __tablename__ = "audit_entry"
    __data__ = held_for(
        Purpose.ACCOUNTABILITY,
        Retention.PROGRAMME,
        # `before` and `after` hold ids and states, never names or addresses.
        technical="before after request_id",
        actor_id=DONE_BY,
        acting_as=DONE_BY,
        action=DONE_BY,
        object_type=DONE_BY,
    )
    __table_args__ = (Index("ix_audit_entry_region_created", "region_id", "created_at"),)

    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    acting_as: Mapped[ShortText] = mapped_column(default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"))
    action: Mapped[ShortText]
    object_type: Mapped[ShortText]
    object_id: Mapped[int | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    request_id: Mapped[ShortText] = mapped_column(default="")

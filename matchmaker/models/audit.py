"""Who did what, when: append only."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import JSON, ForeignKey, Index, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import DONE_BY, Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.append_only import make_append_only
from matchmaker.models.columns import Identified, RegionOrNone, ShortText
from matchmaker.models.organisation import Organisation
from matchmaker.models.person import User


class AuditEntry(Identified, RegionOrNone, Base):
    """One act that changed something. Rows are added, never changed: the database refuses.

    So whatever an entry names stays: regions and organisations are closed, people made anonymous.
    """

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
    __table_args__ = (
        Index("ix_audit_entry_region_created", "region_id", "created_at", "id"),
        Index("ix_audit_entry_organisation_created", "organisation_id", "created_at", "id"),
        Index("ix_audit_entry_actor_created", "actor_id", "created_at", "id"),
    )

    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # A role, or what acted without one; see `matchmaker.trace`.
    acting_as: Mapped[ShortText] = mapped_column(default="")
    # Whether an organiser acted in the place of the organisation.
    on_behalf: Mapped[bool] = mapped_column(default=False)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    action: Mapped[ShortText]
    object_type: Mapped[ShortText]
    object_id: Mapped[int | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    request_id: Mapped[ShortText] = mapped_column(default="")

    actor: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


make_append_only(cast("Table", AuditEntry.__table__))

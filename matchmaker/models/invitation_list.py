"""Lists of people to invite, between reading the file and sending the invitations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import DONE_BY, Data, DataClass, Eraser, Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, Moment, RegionScoped, Title
from matchmaker.models.region import Region


class InvitationList(Identified, RegionScoped, Base):
    """What a file said, kept here so that what is sent is what was shown; empty once it was sent."""

    __tablename__ = "invitation_list"
    __data__ = held_for(
        Purpose.ACCOUNT,
        Retention.IMPORT,
        technical="file_name",
        created_by_id=DONE_BY,
        entries=Data(DataClass.CONTACT, Eraser.EXPIRES),
        problems=Data(DataClass.CONTENT, Eraser.EXPIRES),
    )
    __table_args__ = (CheckConstraint("sent >= 0", name="sent_not_negative"), {"sqlite_autoincrement": True})

    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    file_name: Mapped[Title]
    entries: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # Sheet, row, column and sentence of each.
    problems: Mapped[list[list[Any]]] = mapped_column(JSON)
    sent_at: Mapped[Moment | None]
    sent: Mapped[int] = mapped_column(default=0)

    region: Mapped[Region] = relationship()

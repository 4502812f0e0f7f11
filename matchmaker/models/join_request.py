"""Requests of people who want to take part; only an organiser's decision makes something of them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import DONE_BY, Data, DataClass, Eraser, Purpose, held_for
from matchmaker.domain.join_requests import JoinState
from matchmaker.domain.kinds import HostKind, Role
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import (
    Identified,
    LongText,
    Moment,
    RegionScoped,
    ShortText,
    Title,
    enum_type,
)
from matchmaker.models.organisation import Organisation
from matchmaker.models.person import User

_WAITS = "state = 'waiting'"


class JoinRequest(Identified, RegionScoped, Base):
    """What somebody asked on the region's page, from an address that may not be theirs; grants nothing."""

    __tablename__ = "join_request"
    __data__ = held_for(
        Purpose.ACCOUNT,
        Retention.INVITATION,
        facts="host_name host_place",
        email=Data(DataClass.CONTACT, Eraser.ROW, is_address=True),
        name=Data(DataClass.IDENTITY, Eraser.ROW),
        language=Data(DataClass.IDENTITY, Eraser.ROW),
        remark=Data(DataClass.CONTENT, Eraser.ROW),
        reason=Data(DataClass.CONTENT, Eraser.ROW),
        decided_by_id=DONE_BY,
    )
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower_case"),
        CheckConstraint("organisation_id IS NOT NULL OR host_name <> ''", name="names_a_place"),
        CheckConstraint("(host_name = '') = (host_kind IS NULL)", name="new_host_has_kind"),
        CheckConstraint("(decided_at IS NULL) = (state = 'waiting')", name="decided_has_moment"),
        CheckConstraint("role IN ('coordinator', 'teacher', 'host_contact')", name="role_at_organisation"),
        Index(
            "uq_join_request_waiting_at_organisation",
            "organisation_id",
            "email",
            unique=True,
            sqlite_where=text(f"{_WAITS} AND organisation_id IS NOT NULL"),
            postgresql_where=text(f"{_WAITS} AND organisation_id IS NOT NULL"),
        ),
        Index(
            "uq_join_request_waiting_as_new_host",
            "region_id",
            "email",
            "host_name",
            unique=True,
            sqlite_where=text(f"{_WAITS} AND organisation_id IS NULL"),
            postgresql_where=text(f"{_WAITS} AND organisation_id IS NULL"),
        ),
        # A message names the request's id as its cause, so an id must never come back after a clean-up.
        {"sqlite_autoincrement": True},
    )

    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    # A host that was not in the list; approving makes its row.
    host_name: Mapped[Title] = mapped_column(default="")
    host_place: Mapped[Title] = mapped_column(default="")
    host_kind: Mapped[HostKind | None] = mapped_column(enum_type(HostKind, "host_kind"))
    name: Mapped[ShortText]
    email: Mapped[Title] = mapped_column(index=True)
    # Of the page on which they asked.
    language: Mapped[ShortText] = mapped_column(default="nl", server_default="nl")
    role: Mapped[Role] = mapped_column(enum_type(Role, "role", checked=False))
    remark: Mapped[LongText]
    state: Mapped[JoinState] = mapped_column(enum_type(JoinState, "state"), default=JoinState.WAITING)
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    reason: Mapped[LongText]

    organisation: Mapped[Organisation | None] = relationship()
    decided_by: Mapped[User | None] = relationship()

    @property
    def place_name(self) -> str:
        """Where the person wants to take part, by name."""
        return self.organisation.name if self.organisation else self.host_name

"""Invitations: a role for somebody who has yet to say yes."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import (
    DONE_BY,
    FACT,
    OWNER,
    SECRET,
    Data,
    DataClass,
    Eraser,
    Purpose,
    held_for,
)
from matchmaker.domain.invitations import RoleAt
from matchmaker.domain.kinds import Role
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, Moment, RegionScoped, ShortText, Title, enum_type
from matchmaker.models.message import Message
from matchmaker.models.organisation import Organisation
from matchmaker.models.person import User
from matchmaker.models.region import Region

_OPEN = "accepted_at IS NULL AND revoked_at IS NULL"


class Invitation(Identified, RegionScoped, Base):
    """An e-mailed offer of one role to one address; works once, and not after a newer one was sent."""

    __tablename__ = "invitation"
    __data__ = held_for(
        Purpose.ACCOUNT,
        Retention.INVITATION,
        Data(DataClass.IDENTITY, Eraser.ROW),
        email=Data(DataClass.CONTACT, Eraser.ROW, is_address=True),
        name=Data(DataClass.IDENTITY, Eraser.ROW),
        language=Data(DataClass.IDENTITY, Eraser.ROW),
        board=FACT,
        token_hash=SECRET,
        invited_by_id=DONE_BY,
        accepted_by_id=OWNER,
    )
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("email = lower(email)", name="email_lower_case"),
        CheckConstraint(
            "(organisation_id IS NULL) = (role IN ('organiser', 'viewer', 'administrator', 'board'))",
            name="region_roles_have_no_organisation",
        ),
        CheckConstraint("(board <> '') = (role = 'board')", name="board_roles_name_a_board"),
        CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="accepted_or_revoked"),
        Index(
            "uq_invitation_open_in_organisation",
            "organisation_id",
            "email",
            "role",
            unique=True,
            sqlite_where=text(f"{_OPEN} AND organisation_id IS NOT NULL"),
            postgresql_where=text(f"{_OPEN} AND organisation_id IS NOT NULL"),
        ),
        Index(
            "uq_invitation_open_in_region",
            "region_id",
            "email",
            "role",
            "board",
            unique=True,
            sqlite_where=text(f"{_OPEN} AND organisation_id IS NULL"),
            postgresql_where=text(f"{_OPEN} AND organisation_id IS NULL"),
        ),
        # A message names the invitation's id as its cause, so an id must never come back after a clean-up.
        {"sqlite_autoincrement": True},
    )

    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[Title] = mapped_column(index=True)
    name: Mapped[Title]
    # In which the mail is written; a new account begins with it.
    language: Mapped[ShortText] = mapped_column(default="nl", server_default="nl")
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"))
    # The school board that the role is at; empty for other roles.
    board: Mapped[Title] = mapped_column(default="")
    token_hash: Mapped[ShortText]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    expires_at: Mapped[Moment]
    accepted_at: Mapped[Moment | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    # Withdrawn by somebody, or void because a newer one was sent.
    revoked_at: Mapped[Moment | None]
    # The role that ends when this one begins: its holder hands it over.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))

    region: Mapped[Region] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    invited_by: Mapped[User | None] = relationship(foreign_keys=[invited_by_id])
    message: Mapped[Message | None] = relationship()

    @property
    def where(self) -> RoleAt:
        """The role and where it counts."""
        return RoleAt(self.role, self.region_id, self.organisation_id, self.board)

    @property
    def place(self) -> str:
        """The name of the school, host, school board or region."""
        return self.board or (self.organisation.name if self.organisation else self.region.name)

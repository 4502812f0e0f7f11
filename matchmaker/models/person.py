"""People, what they are a member of, and how they get in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import (
    DONE_BY,
    OWNER,
    SECRET,
    SUBJECT,
    Data,
    DataClass,
    Eraser,
    Purpose,
    held_for,
)
from matchmaker.domain.kinds import Role
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, LongText, Moment, RegionScoped, ShortText, Title, enum_type
from matchmaker.models.organisation import Organisation
from matchmaker.models.region import Region
from matchmaker.models.second_factor import SecondFactor


class User(Identified, Base):
    """One adult with a work e-mail address. `name` may be a role, such as ``W&T-coördinator``."""

    __tablename__ = "user_account"
    __data__ = held_for(
        Purpose.ACCOUNT,
        Retention.ACCOUNT,
        Data(DataClass.SECURITY, Eraser.NAMELESS),
        id=SUBJECT,
        email=Data(DataClass.CONTACT, Eraser.REPLACED, is_address=True),
        name=Data(DataClass.IDENTITY, Eraser.REPLACED),
        phone=Data(DataClass.CONTACT, Eraser.BLANKED),
        language=Data(DataClass.IDENTITY, Eraser.NAMELESS),
        wants_calendar=Data(DataClass.IDENTITY, Eraser.NAMELESS),
        mutes=Data(DataClass.IDENTITY, Eraser.BLANKED),
        mail_trouble=Data(DataClass.CONTACT, Eraser.BLANKED),
        mail_trouble_at=Data(DataClass.CONTACT, Eraser.BLANKED),
        mail_trouble_reason=Data(DataClass.CONTENT, Eraser.BLANKED),
        password_hash=Data(DataClass.SECURITY, Eraser.BLANKED),
        password_set_at=Data(DataClass.SECURITY, Eraser.BLANKED),
    )
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_lower_case"),
    )

    email: Mapped[Title]
    name: Mapped[Title]
    phone: Mapped[ShortText] = mapped_column(default="")
    language: Mapped[ShortText] = mapped_column(default="nl")
    active: Mapped[bool] = mapped_column(default=True)
    # Whether new appointments come with the mail about them; else the person follows a link.
    wants_calendar: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Families of mail that the person does without; see `domain.muting`.
    mutes: Mapped[list[str]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    # What is wrong with the address, since when, and what the mail server or the person said.
    mail_trouble: Mapped[MailTrouble | None] = mapped_column(
        enum_type(MailTrouble, "mail_trouble", checked=False)
    )
    mail_trouble_at: Mapped[Moment | None]
    mail_trouble_reason: Mapped[LongText] = mapped_column(server_default="")
    last_seen_at: Mapped[Moment | None]
    # When the person was told that the account goes because nobody uses it.
    inactive_notice_at: Mapped[Moment | None]
    erased_at: Mapped[Moment | None]
    # Nobody needs a password; who has none gets in by mail.
    password_hash: Mapped[Title | None]
    password_set_at: Mapped[Moment | None]

    second_factor: Mapped[SecondFactor | None] = relationship()
    memberships: Mapped[list[Membership]] = relationship(back_populates="user")


class Membership(Identified, RegionScoped, Base):
    """A person's role in an organisation, at a school board, or in the region itself."""

    __tablename__ = "membership"
    __data__ = held_for(Purpose.ACCOUNT, Retention.ACCOUNT, DONE_BY, facts="board", user_id=SUBJECT)
    __table_args__ = (
        CheckConstraint(
            "(organisation_id IS NULL) = (role IN ('organiser', 'viewer', 'administrator', 'board'))",
            name="region_roles_have_no_organisation",
        ),
        CheckConstraint("(board <> '') = (role = 'board')", name="board_roles_name_a_board"),
        CheckConstraint("until IS NULL OR since <= until", name="dates_in_order"),
        Index(
            "uq_membership_active_in_organisation",
            "user_id",
            "organisation_id",
            "role",
            unique=True,
            sqlite_where=text("until IS NULL AND organisation_id IS NOT NULL"),
            postgresql_where=text("until IS NULL AND organisation_id IS NOT NULL"),
        ),
        Index(
            "uq_membership_active_in_region",
            "user_id",
            "region_id",
            "role",
            "board",
            unique=True,
            sqlite_where=text("until IS NULL AND organisation_id IS NULL"),
            postgresql_where=text("until IS NULL AND organisation_id IS NULL"),
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"))
    # The school board, as `School.board` names it; the role counts for its schools in the region.
    board: Mapped[Title] = mapped_column(default="")
    since: Mapped[date]
    until: Mapped[date | None]

    user: Mapped[User] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation | None] = relationship()
    region: Mapped[Region] = relationship()


class SignInToken(Identified, Base):
    """One e-mailed way in: a link and a code, stored hashed, used once, void when a newer one exists."""

    __tablename__ = "sign_in_token"
    __data__ = held_for(
        Purpose.SECURITY, Retention.SIGN_IN, SECRET, user_id=OWNER, token_hash=SECRET, code_hash=SECRET
    )
    # A message names the token's id as its cause, so an id must never come back after a clean-up.
    __table_args__ = (UniqueConstraint("token_hash"), {"sqlite_autoincrement": True})

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[ShortText]
    code_hash: Mapped[Title]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    voided_at: Mapped[Moment | None]
    attempts: Mapped[int] = mapped_column(default=0)

    user: Mapped[User] = relationship()

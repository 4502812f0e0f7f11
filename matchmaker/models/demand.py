"""What schools ask: groups and their wishes in a round."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import FACT, Purpose, held_for
from matchmaker.domain.kinds import ActivityKind
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import (
    Changing,
    Identified,
    Levels,
    Moment,
    RegionScoped,
    ShortText,
    Title,
    enum_type,
)
from matchmaker.models.offer import Activity
from matchmaker.models.organisation import School
from matchmaker.models.region import Round, SchoolYear


class Group(Identified, RegionScoped, Base):
    """One class of a school in a year; a combined class has more than one level. No pupil is stored."""

    __tablename__ = "school_group"
    __data__ = held_for(Purpose.PROGRAMME, Retention.PROGRAMME, FACT, facts="name levels")
    __table_args__ = (
        UniqueConstraint("school_id", "school_year_id", "name"),
        CheckConstraint("pupils >= 1", name="pupils_positive"),
    )

    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    school_year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id", ondelete="CASCADE"), index=True)
    name: Mapped[ShortText]
    levels: Mapped[Levels]
    pupils: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    school: Mapped[School] = relationship()
    school_year: Mapped[SchoolYear] = relationship()
    wish_lists: Mapped[list[WishList]] = relationship(back_populates="group")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


class WishList(Identified, Changing, RegionScoped, Base):
    """What a group asks in a round: how much, how far, when not, and its ranked wishes."""

    __tablename__ = "wish_list"
    __data__ = held_for(Purpose.PROGRAMME, Retention.PROGRAMME, FACT)
    __table_args__ = (
        UniqueConstraint("group_id", "round_id"),
        CheckConstraint("wanted >= 1", name="wanted_positive"),
        CheckConstraint("max_km IS NULL OR max_km >= 0", name="max_km_not_negative"),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("school_group.id", ondelete="CASCADE"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    wanted: Mapped[int] = mapped_column(default=1)
    open_to_other: Mapped[bool] = mapped_column(default=False)
    max_km: Mapped[float | None]
    # Null while it is a draft; only submitted lists take part in the allocation.
    submitted_at: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(default=1)

    group: Mapped[Group] = relationship(back_populates="wish_lists")
    round: Mapped[Round] = relationship()
    wishes: Mapped[list[Wish]] = relationship(
        back_populates="wish_list", order_by="Wish.rank", cascade="all, delete-orphan"
    )
    blocked_times: Mapped[list[BlockedTime]] = relationship(
        back_populates="wish_list", order_by="BlockedTime.starts_at", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


class Wish(Identified, RegionScoped, Base):
    """A ranked wish for one activity or for a kind of activity."""

    __tablename__ = "wish"
    __data__ = held_for(Purpose.PROGRAMME, Retention.PROGRAMME, FACT)
    __table_args__ = (
        UniqueConstraint("wish_list_id", "rank"),
        CheckConstraint("rank >= 1", name="rank_positive"),
        CheckConstraint("(activity_id IS NULL) <> (kind IS NULL)", name="activity_or_kind"),
    )

    wish_list_id: Mapped[int] = mapped_column(ForeignKey("wish_list.id", ondelete="CASCADE"))
    rank: Mapped[int]
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ActivityKind | None] = mapped_column(enum_type(ActivityKind, "kind"))

    wish_list: Mapped[WishList] = relationship(back_populates="wishes")
    activity: Mapped[Activity | None] = relationship()


class BlockedTime(Identified, RegionScoped, Base):
    """A time at which the group cannot come, from `starts_at` up to but not including `ends_at`."""

    __tablename__ = "blocked_time"
    __data__ = held_for(Purpose.PROGRAMME, Retention.PROGRAMME, FACT, notes="reason")
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="times_in_order"),)

    wish_list_id: Mapped[int] = mapped_column(ForeignKey("wish_list.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    reason: Mapped[Title] = mapped_column(default="")

    wish_list: Mapped[WishList] = relationship(back_populates="blocked_times")

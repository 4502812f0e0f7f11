"""What hosts offer: activities and their dated slots."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import FACT, Purpose, held_for
from matchmaker.domain.kinds import ActivityKind, ApprovalState, SlotState
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import (
    Changing,
    Identified,
    Levels,
    LongText,
    Moment,
    RegionScoped,
    ShortText,
    Title,
    enum_type,
)
from matchmaker.models.labelling import HOLDING
from matchmaker.models.organisation import Host, School
from matchmaker.models.region import Round


class Activity(Identified, RegionScoped, Base):
    """What a host offers. Place null means the host's own place; a mobile activity comes to the school."""

    __tablename__ = "activity"
    __data__ = held_for(
        Purpose.PROGRAMME,
        Retention.PROGRAMME,
        FACT,
        facts="code title levels address",
        notes="description practical",
    )
    __table_args__ = (
        UniqueConstraint("region_id", "code"),
        CheckConstraint(
            "min_pupils IS NULL OR max_pupils IS NULL OR min_pupils <= max_pupils", name="pupils_in_order"
        ),
        CheckConstraint("min_pupils IS NULL OR min_pupils >= 1", name="min_pupils_positive"),
        CheckConstraint("range_km IS NULL OR range_km >= 0", name="range_not_negative"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="both_coordinates"),
    )

    host_id: Mapped[int] = mapped_column(ForeignKey("host.id", ondelete="CASCADE"), index=True)
    code: Mapped[ShortText]
    kind: Mapped[ActivityKind] = mapped_column(enum_type(ActivityKind, "kind"))
    title: Mapped[Title]
    description: Mapped[LongText]
    # Shown to schools once they come: what to bring, where to report.
    practical: Mapped[LongText]
    levels: Mapped[Levels]
    min_pupils: Mapped[int | None]
    max_pupils: Mapped[int | None]
    duration_minutes: Mapped[int | None]
    address: Mapped[Title] = mapped_column(default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    mobile: Mapped[bool] = mapped_column(default=False)
    range_km: Mapped[float | None]
    approval: Mapped[ApprovalState] = mapped_column(
        enum_type(ApprovalState, "approval"), default=ApprovalState.APPROVED
    )
    version: Mapped[int] = mapped_column(default=1)

    host: Mapped[Host] = relationship()
    slots: Mapped[list[Slot]] = relationship(back_populates="activity", order_by="Slot.starts_at")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


slot_reserved_school = Table(
    "slot_reserved_school",
    Base.metadata,
    Column("slot_id", ForeignKey("slot.id", ondelete="CASCADE"), primary_key=True),
    Column("school_id", ForeignKey("school.id", ondelete="CASCADE"), primary_key=True),
    info={HOLDING: held_for(Purpose.PROGRAMME, Retention.PROGRAMME, FACT)},
)


class Slot(Identified, Changing, RegionScoped, Base):
    """A dated occasion of an activity, with places for groups and for pupils."""

    __tablename__ = "slot"
    __data__ = held_for(
        Purpose.PROGRAMME,
        Retention.PROGRAMME,
        FACT,
        facts="code series multi_stop_day address",
        technical="calendar_uid",
    )
    __table_args__ = (
        UniqueConstraint("region_id", "code"),
        UniqueConstraint("calendar_uid"),
        CheckConstraint("starts_at < ends_at", name="times_in_order"),
        CheckConstraint("capacity_groups >= 1", name="capacity_groups_positive"),
        CheckConstraint("capacity_pupils IS NULL OR capacity_pupils >= 1", name="capacity_pupils_positive"),
        CheckConstraint("min_groups >= 0 AND min_groups <= capacity_groups", name="min_groups_in_range"),
        CheckConstraint(
            "taken_groups >= 0 AND taken_groups <= capacity_groups", name="taken_groups_within_capacity"
        ),
        CheckConstraint(
            "taken_pupils >= 0 AND (capacity_pupils IS NULL OR taken_pupils <= capacity_pupils)",
            name="taken_pupils_within_capacity",
        ),
        CheckConstraint(
            "reserved_groups >= 0 AND reserved_groups <= capacity_groups", name="reserved_within_capacity"
        ),
        Index("ix_slot_round_starts", "round_id", "starts_at"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    code: Mapped[ShortText]
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    # Where this occasion is, when not where the activity is otherwise.
    address: Mapped[Title] = mapped_column(default="", server_default="")
    capacity_groups: Mapped[int]
    capacity_pupils: Mapped[int | None]
    min_groups: Mapped[int] = mapped_column(default=0)
    taken_groups: Mapped[int] = mapped_column(default=0)
    taken_pupils: Mapped[int] = mapped_column(default=0)
    series: Mapped[ShortText | None]
    multi_stop_day: Mapped[ShortText | None]
    reserved_groups: Mapped[int] = mapped_column(default=0)
    state: Mapped[SlotState] = mapped_column(enum_type(SlotState, "state"), default=SlotState.OPEN)
    calendar_uid: Mapped[Title]
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    activity: Mapped[Activity] = relationship(back_populates="slots")
    round: Mapped[Round] = relationship()
    reserved_schools: Mapped[list[School]] = relationship(secondary=slot_reserved_school, order_by=School.id)

    @property
    def venue(self) -> str:
        """The address, when it is not the host's own; empty otherwise."""
        return self.address or self.activity.address

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape

"""What counts: bookings, and activities a school did elsewhere."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.bookings import HOLDING_STATES, BookingSource, BookingState
from matchmaker.domain.inventory import DONE_BY, FACT, Purpose, held_for
from matchmaker.domain.kinds import ActivityKind
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.allocation import AllocationRun
from matchmaker.models.columns import Changing, Identified, LongText, Moment, RegionScoped, Title, enum_type
from matchmaker.models.demand import Group
from matchmaker.models.offer import Slot

_HOLDS_A_PLACE = text("state IN (" + ", ".join(sorted(f"'{s.value}'" for s in HOLDING_STATES)) + ")")


class Booking(Identified, Changing, RegionScoped, Base):
    """A group and a slot that counts. `calendar_uid` stays for ever, `calendar_sequence` only rises."""

    __tablename__ = "booking"
    __data__ = held_for(
        Purpose.PROGRAMME, Retention.PROGRAMME, FACT, technical="calendar_uid", notes="cancel_reason"
    )
    __table_args__ = (
        UniqueConstraint("calendar_uid"),
        Index(
            "uq_booking_group_slot_active",
            "group_id",
            "slot_id",
            unique=True,
            sqlite_where=_HOLDS_A_PLACE,
            postgresql_where=_HOLDS_A_PLACE,
        ),
        # The part of "a group is never in two places" that both databases can keep by themselves.
        Index(
            "uq_booking_group_start_active",
            "group_id",
            "starts_at",
            unique=True,
            sqlite_where=_HOLDS_A_PLACE,
            postgresql_where=_HOLDS_A_PLACE,
        ),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("school_group.id", ondelete="CASCADE"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    run_id: Mapped[int | None] = mapped_column(
        ForeignKey("allocation_run.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[BookingState] = mapped_column(
        enum_type(BookingState, "state"), default=BookingState.CONFIRMED
    )
    source: Mapped[BookingSource] = mapped_column(enum_type(BookingSource, "source"))
    rank: Mapped[int | None]
    km: Mapped[float | None]
    # Copy of the slot's start, for the index above.
    starts_at: Mapped[Moment]
    calendar_uid: Mapped[Title]
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    cancel_reason: Mapped[LongText]
    version: Mapped[int] = mapped_column(default=1)

    group: Mapped[Group] = relationship()
    slot: Mapped[Slot] = relationship()
    run: Mapped[AllocationRun | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


class ExternalActivity(Identified, RegionScoped, Base):
    """A technology activity outside the system; counts once an organiser approved it."""

    __tablename__ = "external_activity"
    __data__ = held_for(
        Purpose.PROGRAMME, Retention.PROGRAMME, FACT, notes="title evidence", approved_by_id=DONE_BY
    )

    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"), index=True)
    school_year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("school_group.id", ondelete="SET NULL"))
    kind: Mapped[ActivityKind] = mapped_column(enum_type(ActivityKind, "kind"))
    title: Mapped[Title]
    held_on: Mapped[date]
    evidence: Mapped[LongText]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    approved_at: Mapped[Moment | None]

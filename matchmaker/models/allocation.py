"""Recorded solves and what they propose."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.inventory import DONE_BY, FACT, Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.domain.runs import RunState, Verdict
from matchmaker.extensions import Base
from matchmaker.models.columns import Facts, Identified, LongText, Moment, RegionScoped, ShortText, enum_type
from matchmaker.models.demand import Group
from matchmaker.models.offer import Slot
from matchmaker.models.person import User
from matchmaker.models.region import Round


class AllocationRun(Identified, RegionScoped, Base):
    """One recorded solve: problem snapshot, seed, parameters, result with bounds, checker's verdict.

    The worker that solves it holds a lease and proves with `lease_token` that it still does;
    whoever lost the lease writes nothing.
    """

    __tablename__ = "allocation_run"
    __data__ = held_for(
        Purpose.PROGRAMME,
        Retention.PROGRAMME,
        technical="settings versions progress problem_json problem_sha256 result_json status reasons "
        "violations error publish_error lease_token",
        statistics="objectives figures satisfaction participations",
        notes="name",
        started_by_id=DONE_BY,
        publish_requested_by_id=DONE_BY,
    )
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("limit_seconds > 0", name="limit_positive"),
        Index(
            "uq_allocation_run_published",
            "round_id",
            unique=True,
            sqlite_where=text("published_at IS NOT NULL"),
            postgresql_where=text("published_at IS NOT NULL"),
        ),
        Index(
            "uq_allocation_run_active",
            "round_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'running')"),
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    number: Mapped[int]
    # What the organiser calls it; empty: it goes by its number.
    name: Mapped[ShortText] = mapped_column(default="", server_default="")
    # What differs from the round as it stands, as `RunSettings.as_document` writes it.
    settings: Mapped[Facts] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    state: Mapped[RunState] = mapped_column(enum_type(RunState, "state"), default=RunState.WAITING)
    seed: Mapped[int] = mapped_column(default=1)
    limit_seconds: Mapped[int]
    versions: Mapped[Facts]
    # What the organiser sees while it runs: level, incumbent, bound, seconds, fraction.
    progress: Mapped[Facts]
    problem_json: Mapped[str] = mapped_column(Text, deferred=True)
    problem_sha256: Mapped[ShortText]
    result_json: Mapped[str | None] = mapped_column(Text, deferred=True)
    status: Mapped[ShortText | None]
    objectives: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # Counts for people: placements, first wishes, schools at the guarantee, kilometres.
    figures: Mapped[Facts]
    # Share of its wish points that each school was granted, 0 … 1, by school id: the luck that the next
    # round of the year takes into account.
    satisfaction: Mapped[dict[str, float]] = mapped_column(JSON, default=dict, deferred=True)
    # Participations of every school with this result, by school id.
    participations: Mapped[dict[str, int]] = mapped_column(
        JSON, default=dict, server_default=text("'{}'"), deferred=True
    )
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True)
    verdict: Mapped[Verdict] = mapped_column(enum_type(Verdict, "verdict"), default=Verdict.PENDING)
    violations: Mapped[list[str]] = mapped_column(JSON, default=list)
    error: Mapped[LongText]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    started_at: Mapped[Moment | None]
    finished_at: Mapped[Moment | None]
    # Publishing is done by the worker; until then the request stands here, a refusal in `publish_error`.
    publish_requested_at: Mapped[Moment | None]
    publish_requested_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    publish_error: Mapped[ShortText] = mapped_column(default="")
    published_at: Mapped[Moment | None]
    cancel_requested_at: Mapped[Moment | None]
    lease_token: Mapped[ShortText | None]
    lease_until: Mapped[Moment | None]
    attempts: Mapped[int] = mapped_column(default=0)

    round: Mapped[Round] = relationship()
    started_by: Mapped[User | None] = relationship(foreign_keys=[started_by_id])
    placements: Mapped[list[Placement]] = relationship(
        back_populates="run", order_by="Placement.id", cascade="all, delete-orphan"
    )


class Placement(Identified, RegionScoped, Base):
    """A group and a slot proposed by a run."""

    __tablename__ = "placement"
    __data__ = held_for(Purpose.PROGRAMME, Retention.PROGRAMME, FACT)
    __table_args__ = (UniqueConstraint("run_id", "group_id", "slot_id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("allocation_run.id", ondelete="CASCADE"))
    group_id: Mapped[int] = mapped_column(ForeignKey("school_group.id", ondelete="CASCADE"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    # Null when the group got an activity it had not wished but was open to.
    rank: Mapped[int | None]
    km: Mapped[float]

    run: Mapped[AllocationRun] = relationship(back_populates="placements")
    group: Mapped[Group] = relationship()
    slot: Mapped[Slot] = relationship()

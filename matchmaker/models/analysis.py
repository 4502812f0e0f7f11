"""What the engine calculates beside its runs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.analyses import AnalysisKind, AnalysisState
from matchmaker.domain.inventory import DONE_BY, Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Facts, Identified, LongText, Moment, RegionScoped, ShortText, enum_type
from matchmaker.models.region import Round


class Analysis(Identified, RegionScoped, Base):
    """The newest answer of one kind about a round or a run, and the calculation of a newer one.

    Of each kind and subject there is one row: asking again sets it waiting, and its document stays
    readable until the new one takes its place. The worker holds a lease, as it does for a run.
    """

    __tablename__ = "analysis"
    __data__ = held_for(
        Purpose.PROGRAMME,
        Retention.PROGRAMME,
        technical="subject progress problem_sha256 input_mark error lease_token",
        statistics="document",
        requested_by_id=DONE_BY,
    )
    __table_args__ = (
        UniqueConstraint("round_id", "kind", "subject"),
        CheckConstraint("limit_seconds > 0", name="limit_positive"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(
        ForeignKey("allocation_run.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[AnalysisKind] = mapped_column(enum_type(AnalysisKind, "kind"))
    # What it is about within the round: empty, the run, or a school or group and activity of the run.
    subject: Mapped[ShortText]
    state: Mapped[AnalysisState] = mapped_column(
        enum_type(AnalysisState, "state"), default=AnalysisState.WAITING
    )
    limit_seconds: Mapped[int]
    progress: Mapped[Facts]
    # The answer, and which problem it is about; null until there is one.
    document: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    problem_sha256: Mapped[ShortText | None]
    # What the round's rows looked like, cheaply told: while it is the same, nothing has to be built anew.
    input_mark: Mapped[ShortText | None]
    computed_at: Mapped[Moment | None]
    error: Mapped[LongText]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    lease_token: Mapped[ShortText | None]
    lease_until: Mapped[Moment | None]
    attempts: Mapped[int] = mapped_column(default=0)

    round: Mapped[Round] = relationship()

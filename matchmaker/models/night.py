"""The nightly clean-up: one row for each night, so that it is done once."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.inventory import Purpose, held_for
from matchmaker.domain.retention import Retention
from matchmaker.extensions import Base
from matchmaker.models.columns import Identified, Moment, ShortText


class NightlyRun(Identified, Base):
    """The clean-up of one night; who does it holds a lease, and proves so with `lease_token`."""

    __tablename__ = "nightly_run"
    __data__ = held_for(
        Purpose.OPERATION, Retention.PROGRAMME, technical="lease_token", statistics="cleaned_up"
    )
    __table_args__ = (UniqueConstraint("night"),)

    night: Mapped[date]
    lease_token: Mapped[ShortText | None]
    lease_until: Mapped[Moment | None]
    finished_at: Mapped[Moment | None]
    # How many rows each step cleaned up.
    cleaned_up: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))

"""Load what the mails of a publication tell, in one query per table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from matchmaker.config import Settings
from matchmaker.extensions import db
from matchmaker.models import AllocationRun, Placement
from matchmaker.notifications.calendar import new_calendar_uid


@dataclass(frozen=True, slots=True)
class PlannedBooking:
    """A booking that publishing will make; its calendar uid is in the mails already."""

    group_id: int
    slot_id: int
    pupils: int
    starts_at: datetime
    rank: int | None
    km: float
    calendar_uid: str


def plan_bookings(run: AllocationRun) -> list[PlannedBooking]:
    """Return one planned booking for each placement of the run, by slot start and group."""
    settings: Settings = current_app.config["SETTINGS"]
    statement = (
        select(Placement)
        .join(Placement.group)
        .join(Placement.slot)
        .where(Placement.run_id == run.id)
        .options(contains_eager(Placement.group), contains_eager(Placement.slot))
        .order_by(Placement.id)
    )
    return [
        PlannedBooking(
            group_id=placement.group_id,
            slot_id=placement.slot_id,
            pupils=placement.group.pupils,
            starts_at=placement.slot.starts_at,
            rank=placement.rank,
            km=placement.km,
            calendar_uid=new_calendar_uid(settings.mail_domain),
        )
        for placement in db.session.scalars(statement)
    ]

"""Reads of hosts' offers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from matchmaker.domain.kinds import ApprovalState, SlotState
from matchmaker.extensions import db
from matchmaker.models import Activity, Host, Slot


def list_allocatable_slots(round_id: int) -> list[Slot]:
    """Return the open slots of approved activities of active hosts, by id, with activity and host."""
    statement = (
        select(Slot)
        .join(Slot.activity)
        .join(Activity.host)
        .where(
            Slot.round_id == round_id,
            Slot.state == SlotState.OPEN,
            Activity.approval == ApprovalState.APPROVED,
            Host.active,
        )
        .options(
            contains_eager(Slot.activity).contains_eager(Activity.host),
            selectinload(Slot.reserved_schools),
        )
        .order_by(Slot.id)
    )
    return list(db.session.scalars(statement))


def list_slots_by_id(region_id: int, slot_ids: Iterable[int]) -> dict[int, Slot]:
    """Return these slots of the region by id, with activity and host."""
    statement = (
        select(Slot)
        .where(Slot.region_id == region_id, Slot.id.in_(list(slot_ids)))
        .options(joinedload(Slot.activity).joinedload(Activity.host))
    )
    return {slot.id: slot for slot in db.session.scalars(statement)}


def name_activities(region_id: int) -> dict[int, str]:
    """Return the titles of all activities of a region by id."""
    statement = select(Activity.id, Activity.title).where(Activity.region_id == region_id)
    return {row.id: row.title for row in db.session.execute(statement)}

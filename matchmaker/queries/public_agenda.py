"""Reads of the dates that everybody may know of: those of published rounds, whoever comes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import contains_eager

from matchmaker.domain.kinds import ApprovalState, SlotState
from matchmaker.domain.phases import RESULT_PHASES
from matchmaker.extensions import db
from matchmaker.models import Activity, Host, Round, Slot
from matchmaker.queries.slices import Slice, load_slice

SIZE = 25


def list_agenda_slots(region_id: int, since: datetime) -> list[Slot]:
    """Return the slots from a moment on, earliest first, with activity and host.

    Those that were withdrawn are among them if everybody could have known of them: after publication.
    """
    withdrawn = and_(Slot.state == SlotState.WITHDRAWN, Slot.changed_at >= Round.published_at)
    statement = _select(region_id, since).where(or_(Slot.state == SlotState.OPEN, withdrawn))
    return list(db.session.scalars(statement))


def list_agenda_page(region_id: int, now: datetime, page: int) -> Slice[Slot]:
    """Return a page of the slots that are still to come and go on, earliest first."""
    return load_slice(_select(region_id, now).where(Slot.state == SlotState.OPEN), page, SIZE)


def _select(region_id: int, since: datetime) -> Select[Slot]:
    return (
        select(Slot)
        .join(Slot.round)
        .join(Slot.activity)
        .join(Activity.host)
        .where(
            Slot.region_id == region_id,
            Slot.ends_at > since,
            Round.phase.in_(RESULT_PHASES),
            Activity.approval == ApprovalState.APPROVED,
            Host.active.is_(True),
        )
        .options(contains_eager(Slot.round), contains_eager(Slot.activity).contains_eager(Activity.host))
        .order_by(Slot.starts_at, Slot.id)
    )

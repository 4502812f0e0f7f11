"""Places in slots: taken by bookings, and free again when those are gone."""

from __future__ import annotations

from sqlalchemy import func, select

from matchmaker.domain.bookings import HOLDING_STATES
from matchmaker.extensions import db
from matchmaker.models import Booking, Group
from matchmaker.queries.visits import lock_slot


def count_places(slot_id: int) -> None:
    """Set the taken places of a slot to what its bookings hold now, as part of the caller's transaction.

    Counted anew instead of subtracted, so that a group that grew since gives back what it holds now.
    """
    slot = lock_slot(slot_id)
    statement = (
        select(func.count(Booking.id), func.coalesce(func.sum(Group.pupils), 0))
        .join(Booking.group)
        .where(Booking.slot_id == slot_id, Booking.state.in_(HOLDING_STATES))
    )
    slot.taken_groups, slot.taken_pupils = db.session.execute(statement).one()
    db.session.flush()

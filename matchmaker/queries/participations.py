"""What counts for the guarantee: distinct slots attended by a school, and approved external activities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from matchmaker.domain.bookings import COUNTING_STATES, HOLDING_STATES
from matchmaker.extensions import db
from matchmaker.models import Booking, ExternalActivity, Group, Round, Slot


def count_participations(school_year_id: int, except_round_id: int | None = None) -> dict[int, int]:
    """Return participations by school id in a school year; schools without any are absent.

    Parameters
    ----------
    except_round_id
        Leave out what this round gave: a round's own result is not something its schools had already.
    """
    counts = _count_booked_slots(school_year_id, except_round_id)
    for school_id, number in _count_external(school_year_id).items():
        counts[school_id] = counts.get(school_id, 0) + number
    return counts


def list_other_bookings(
    group_ids: Sequence[int], except_round_id: int
) -> dict[int, list[tuple[datetime, int]]]:
    """Return, by group id, start and activity id of what the groups do in other rounds of their year."""
    statement = (
        select(Booking.group_id, Booking.starts_at, Slot.activity_id)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(
            Booking.group_id.in_(group_ids),
            Booking.state.in_(HOLDING_STATES),
            Slot.round_id != except_round_id,
        )
        .order_by(Booking.group_id, Booking.starts_at)
    )
    found: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for row in db.session.execute(statement):
        found[row.group_id].append((row.starts_at, row.activity_id))
    return found


def _count_booked_slots(school_year_id: int, except_round_id: int | None) -> dict[int, int]:
    statement = (
        select(Group.school_id, func.count(Booking.slot_id.distinct()).label("number"))
        .join(Booking, Booking.group_id == Group.id)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Round, Round.id == Slot.round_id)
        .where(Round.school_year_id == school_year_id, Booking.state.in_(COUNTING_STATES))
        .group_by(Group.school_id)
    )
    if except_round_id is not None:
        statement = statement.where(Slot.round_id != except_round_id)
    return {row.school_id: row.number for row in db.session.execute(statement)}


def _count_external(school_year_id: int) -> dict[int, int]:
    statement = (
        select(ExternalActivity.school_id, func.count().label("number"))
        .where(ExternalActivity.school_year_id == school_year_id, ExternalActivity.approved_at.is_not(None))
        .group_by(ExternalActivity.school_id)
    )
    return {row.school_id: row.number for row in db.session.execute(statement)}

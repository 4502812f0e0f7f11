"""Reads of school boards: their schools, and what those have and do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from matchmaker import clock
from matchmaker.domain.bookings import HOLDING_STATES
from matchmaker.extensions import db
from matchmaker.models import Booking, Group, School, WishList


@dataclass(frozen=True, slots=True)
class ComingVisits:
    """How many slots a school goes to from now on, and when the first one starts."""

    number: int
    first: datetime


@dataclass(frozen=True, slots=True)
class Submissions:
    """How many groups a school has in a year, and how many of them submitted wishes in a round."""

    groups: int
    submitted: int


def list_boards(region_id: int) -> list[tuple[str, int]]:
    """Return the boards that occur among a region's active schools with their number of schools, by name."""
    statement = (
        select(School.board, func.count())
        .where(School.region_id == region_id, School.active, School.board != "")
        .group_by(School.board)
        .order_by(School.board)
    )
    return [(board, number) for board, number in db.session.execute(statement)]


def list_board_schools(region_id: int, board: str) -> list[School]:
    """Return the active schools of a board in a region, by name."""
    statement = select(School).where(
        School.region_id == region_id, School.active, School.board == board, School.board != ""
    )
    return list(db.session.scalars(statement.order_by(School.name, School.id)))


def count_coming_visits(school_ids: Sequence[int]) -> dict[int, ComingVisits]:
    """Return the visits to come by school id; several groups in one slot are one visit."""
    statement = (
        select(Group.school_id, func.count(Booking.slot_id.distinct()), func.min(Booking.starts_at))
        .join(Booking, Booking.group_id == Group.id)
        .where(
            Group.school_id.in_(school_ids),
            Booking.state.in_(HOLDING_STATES),
            Booking.starts_at >= clock.now(),
        )
        .group_by(Group.school_id)
    )
    return {school: ComingVisits(number, first) for school, number, first in db.session.execute(statement)}


def count_submissions(
    school_ids: Sequence[int], school_year_id: int, round_id: int
) -> dict[int, Submissions]:
    """Return by school id who handed in wishes in a round; schools without groups are absent."""
    statement = (
        select(Group.school_id, func.count(Group.id), func.count(WishList.submitted_at))
        .outerjoin(WishList, (WishList.group_id == Group.id) & (WishList.round_id == round_id))
        .where(Group.school_id.in_(school_ids), Group.school_year_id == school_year_id)
        .group_by(Group.school_id)
    )
    return {school: Submissions(groups, sent) for school, groups, sent in db.session.execute(statement)}

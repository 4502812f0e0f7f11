"""Reads of wishes as receipts tell them: which schools changed theirs, and what they are now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, selectinload

from matchmaker.extensions import db
from matchmaker.models import Activity, Group, School, Wish, WishList


@dataclass(frozen=True, slots=True)
class WishChange:
    """A school whose wishes changed: the last time, and how many of its lists are submitted now."""

    school_id: int
    changed_at: datetime
    submitted: int


def list_changes(round_id: int, since: datetime) -> list[WishChange]:
    """Return the active schools whose wishes in a round changed after a moment, by id."""
    newest = func.max(WishList.changed_at)
    statement = (
        select(Group.school_id, newest, func.count(WishList.submitted_at))
        .select_from(WishList)
        .join(WishList.group)
        .join(Group.school)
        .where(WishList.round_id == round_id, School.active)
        .group_by(Group.school_id)
        .having(newest > since)
        .order_by(Group.school_id)
    )
    return [WishChange(*row) for row in db.session.execute(statement)]


def list_groups_of(school_ids: Iterable[int], school_year_id: int) -> list[Group]:
    """Return the groups of some schools in a year with their schools, by school, levels and name."""
    statement = (
        select(Group)
        .join(Group.school)
        .where(Group.school_id.in_(list(school_ids)), Group.school_year_id == school_year_id)
        .options(contains_eager(Group.school))
    )
    return sorted(
        db.session.scalars(statement), key=lambda group: (group.school_id, sorted(group.levels), group.name)
    )


def list_wish_lists_of(school_ids: Iterable[int], round_id: int) -> dict[int, WishList]:
    """Return the submitted wish lists of some schools in a round by group id, with all that is in them."""
    statement = (
        select(WishList)
        .join(WishList.group)
        .where(
            Group.school_id.in_(list(school_ids)),
            WishList.round_id == round_id,
            WishList.submitted_at.is_not(None),
        )
        .options(
            selectinload(WishList.wishes).joinedload(Wish.activity).joinedload(Activity.host),
            selectinload(WishList.blocked_times),
        )
        .execution_options(populate_existing=True)
    )
    return {own.group_id: own for own in db.session.scalars(statement)}

"""Reads of groups, wish lists and days off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, selectinload

from matchmaker.extensions import db
from matchmaker.models import Activity, ClosedDay, Group, School, Wish, WishList


def list_submitted_wish_lists(round_id: int) -> list[WishList]:
    """Return the submitted wish lists of a round by group id, with group, wishes and blocked times."""
    statement = (
        select(WishList)
        .join(WishList.group)
        .where(WishList.round_id == round_id, WishList.submitted_at.is_not(None))
        .options(
            contains_eager(WishList.group),
            selectinload(WishList.wishes).joinedload(Wish.activity).joinedload(Activity.host),
            selectinload(WishList.blocked_times),
        )
        .order_by(Group.id)
    )
    return list(db.session.scalars(statement))


def list_group_wish_lists(group_ids: list[int], round_id: int) -> dict[int, WishList]:
    """Return the wish lists of these groups for a round by group id, with blocked times."""
    statement = (
        select(WishList)
        .where(WishList.group_id.in_(group_ids), WishList.round_id == round_id)
        .options(selectinload(WishList.blocked_times))
    )
    return {wish_list.group_id: wish_list for wish_list in db.session.scalars(statement)}


def list_closed_days(region_id: int, first_day: date, last_day: date) -> list[ClosedDay]:
    """Return the region's days off that touch the period, both days included."""
    statement = (
        select(ClosedDay)
        .where(
            ClosedDay.region_id == region_id,
            ClosedDay.first_day <= last_day,
            ClosedDay.last_day >= first_day,
        )
        .order_by(ClosedDay.first_day, ClosedDay.id)
    )
    return list(db.session.scalars(statement))


def list_groups(school_id: int, school_year_id: int) -> list[Group]:
    """Return a school's groups of a year by levels and name."""
    statement = select(Group).where(Group.school_id == school_id, Group.school_year_id == school_year_id)
    return sorted(db.session.scalars(statement), key=lambda group: (sorted(group.levels), group.name))


def count_wishes(school_id: int, round_id: int) -> dict[int, tuple[int, bool]]:
    """Return, by group id, how many wishes its list of a round holds and if it is submitted."""
    statement = (
        select(WishList.group_id, func.count(Wish.id), WishList.submitted_at.is_not(None))
        .join(WishList.group)
        .outerjoin(WishList.wishes)
        .where(Group.school_id == school_id, WishList.round_id == round_id)
        .group_by(WishList.group_id, WishList.submitted_at)
    )
    return {
        group_id: (number, bool(submitted)) for group_id, number, submitted in db.session.execute(statement)
    }


def list_wishes(school_id: int, round_id: int) -> dict[int, list[Wish]]:
    """Return, by group id, the submitted wishes of a school's groups in a round by rank, with activities."""
    statement = (
        select(WishList)
        .join(WishList.group)
        .where(
            Group.school_id == school_id,
            WishList.round_id == round_id,
            WishList.submitted_at.is_not(None),
        )
        .options(selectinload(WishList.wishes).joinedload(Wish.activity))
    )
    return {
        own.group_id: sorted(own.wishes, key=lambda wish: wish.rank) for own in db.session.scalars(statement)
    }


def list_groups_by_id(region_id: int, group_ids: Iterable[int]) -> list[Group]:
    """Return these groups of the region with their schools, by name of the school and the group."""
    statement = (
        select(Group)
        .join(Group.school)
        .where(Group.region_id == region_id, Group.id.in_(list(group_ids)))
        .options(contains_eager(Group.school))
        .order_by(School.name, Group.name, Group.id)
    )
    return list(db.session.scalars(statement))

"""Reads of the people whom mail does not reach."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from matchmaker import clock
from matchmaker.extensions import db
from matchmaker.models import Membership, User
from matchmaker.queries.slices import Slice, load_slice

SIZE = 50


def list_members_in_trouble(region_id: int, page: int = 1) -> Slice[Membership]:
    """Return one page of the roles in a region whose people mail does not reach, newest trouble first.

    Each comes with its person and organisation; who has several roles comes several times.
    """
    statement = (
        _select_in_trouble(region_id)
        .options(contains_eager(Membership.user), joinedload(Membership.organisation))
        .order_by(User.mail_trouble_at.desc(), User.id, Membership.id)
    )
    return load_slice(statement, page, SIZE)


def count_people_in_trouble(region_id: int) -> int:
    """Return how many people of a region mail does not reach."""
    return db.session.execute(select(select_number_in_trouble(region_id))).scalar_one()


def select_number_in_trouble(region_id: int) -> ScalarSelect[int]:
    """Return the same number as part of another statement."""
    return _select_in_trouble(region_id).with_only_columns(func.count(User.id.distinct())).scalar_subquery()


def _select_in_trouble(region_id: int) -> Select[Membership]:
    return (
        select(Membership)
        .join(Membership.user)
        .where(
            Membership.region_id == region_id,
            or_(Membership.until.is_(None), Membership.until >= clock.today()),
            User.active,
            User.mail_trouble.is_not(None),
        )
    )

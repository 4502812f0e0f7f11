"""What an organiser steers by: counts of a round, and the schools behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from matchmaker.domain.kinds import ApprovalState, SlotState
from matchmaker.extensions import db
from matchmaker.models import Activity, Group, Placement, Round, School, Slot, WishList
from matchmaker.queries.slices import Slice, load_slice

SIZE = 25


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """Counts of a round: who takes part, what is offered and what was asked."""

    schools: int
    schools_with_wishes: int
    groups: int
    groups_with_wishes: int
    hosts: int
    slots: int
    places: int


def count_round(round_: Round) -> RoundFigures:
    """Count who takes part in a round, what is offered and what was asked."""
    schools = db.session.scalars(
        select(func.count(School.id)).where(School.region_id == round_.region_id, School.active)
    ).one()
    groups = db.session.scalars(
        select(func.count(Group.id)).where(Group.school_year_id == round_.school_year_id)
    ).one()
    asked = (
        select(func.count(), func.count(Group.school_id.distinct()))
        .select_from(WishList)
        .join(WishList.group)
        .where(WishList.round_id == round_.id, WishList.submitted_at.is_not(None))
    )
    offered = (
        select(func.count(), func.count(Activity.host_id.distinct()), func.sum(Slot.capacity_groups))
        .select_from(Slot)
        .join(Slot.activity)
        .where(
            Slot.round_id == round_.id,
            Slot.state == SlotState.OPEN,
            Activity.approval == ApprovalState.APPROVED,
        )
    )
    with_wishes, schools_with_wishes = db.session.execute(asked).one()
    slots, hosts, places = db.session.execute(offered).one()
    return RoundFigures(schools, schools_with_wishes, groups, with_wishes, hosts, slots, places or 0)


def list_schools_without_wishes(round_: Round) -> list[School]:
    """Return the active schools of which no group submitted wishes in the round, by name."""
    asked = (
        select(Group.school_id)
        .join(WishList, WishList.group_id == Group.id)
        .where(WishList.round_id == round_.id, WishList.submitted_at.is_not(None))
    )
    statement = (
        select(School)
        .where(School.region_id == round_.region_id, School.active, School.id.not_in(asked))
        .order_by(School.name, School.id)
    )
    return list(db.session.scalars(statement))


def list_schools(region_id: int, school_ids: Iterable[int]) -> list[School]:
    """Return the schools of a region with these ids, by name."""
    statement = (
        select(School)
        .where(School.region_id == region_id, School.id.in_(list(school_ids)))
        .order_by(School.name, School.id)
    )
    return list(db.session.scalars(statement))


def list_placements(run_id: int, page: int) -> Slice[Placement]:
    """Return a page of a run's placements by slot start, with group, school, slot, activity and host."""
    statement = (
        select(Placement)
        .join(Placement.group)
        .join(Group.school)
        .join(Placement.slot)
        .join(Slot.activity)
        .where(Placement.run_id == run_id)
        .options(
            contains_eager(Placement.group).contains_eager(Group.school),
            contains_eager(Placement.slot).contains_eager(Slot.activity).selectinload(Activity.host),
        )
        .order_by(Slot.starts_at, School.name, Group.name, Placement.id)
    )
    return load_slice(statement, page, SIZE)

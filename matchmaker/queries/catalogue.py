"""Reads of what a region offers to everybody: approved activities and their open dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from matchmaker import clock
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.kinds import ActivityKind, ApprovalState, SlotState
from matchmaker.domain.phases import RESULT_PHASES, Phase
from matchmaker.extensions import db
from matchmaker.models import Activity, Host, Round, Slot
from matchmaker.queries.slices import Slice, load_slice

SIZE = 12


@dataclass(frozen=True, slots=True)
class CatalogueFilters:
    """What a visitor looks for; empty means anything."""

    text: str = ""
    level: str = ""
    kind: ActivityKind | None = None


def list_activities(region_id: int, filters: CatalogueFilters, page: int) -> Slice[Activity]:
    """Return approved activities of active hosts; those with the first free date come first."""
    first_date = (
        select(Slot.activity_id, func.min(Slot.starts_at).label("starts_at"))
        .where(Slot.region_id == region_id, *_is_free())
        .group_by(Slot.activity_id)
        .subquery()
    )
    statement = (
        _visible(region_id)
        .outerjoin(first_date, first_date.c.activity_id == Activity.id)
        .order_by(first_date.c.starts_at.is_(None), first_date.c.starts_at, Activity.title, Activity.id)
    )
    return load_slice(_filter(statement, filters), page, SIZE)


def get_activity(region_id: int, activity_id: int) -> Activity:
    """Return an activity that everybody may see.

    Raises
    ------
    NotFoundError
        When the region offers no such activity.
    """
    found = db.session.scalars(_visible(region_id).where(Activity.id == activity_id)).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def list_free_slots(activity_ids: Iterable[int]) -> dict[int, list[Slot]]:
    """Return the slots to come that have places left, by activity id, earliest first."""
    statement = (
        select(Slot)
        .where(Slot.activity_id.in_(list(activity_ids)), *_is_free())
        .options(joinedload(Slot.round))
        .order_by(Slot.starts_at, Slot.id)
    )
    found: dict[int, list[Slot]] = {}
    for slot in db.session.scalars(statement):
        found.setdefault(slot.activity_id, []).append(slot)
    return found


def list_next_slots(region_id: int, limit: int) -> list[Slot]:
    """Return the first slots to come that have places left, with activity and host."""
    statement = (
        select(Slot)
        .join(Slot.activity)
        .join(Activity.host)
        .where(Slot.region_id == region_id, *_is_free(), *_is_visible())
        .options(contains_eager(Slot.activity).contains_eager(Activity.host))
        .order_by(Slot.starts_at, Slot.id)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def count_catalogue(region_id: int) -> tuple[int, int]:
    """Return how many activities and how many hosts with an activity the region shows."""
    statement = (
        select(func.count(), func.count(Activity.host_id.distinct()))
        .select_from(Activity)
        .join(Activity.host)
        .where(Activity.region_id == region_id, *_is_visible())
    )
    activities, hosts = db.session.execute(statement).one()
    return activities, hosts


def _visible(region_id: int) -> Select[Activity]:
    return (
        select(Activity)
        .join(Activity.host)
        .where(Activity.region_id == region_id, *_is_visible())
        .options(contains_eager(Activity.host))
    )


def _is_visible() -> tuple[ColumnElement[bool], ...]:
    return (Activity.approval == ApprovalState.APPROVED, Host.active.is_(True))


def _is_free() -> tuple[ColumnElement[bool], ...]:
    """Conditions of a slot that somebody can still get: what a published round left is given to nobody."""
    open_rounds = select(Round.id).where(Round.phase.not_in([Phase.PREPARING, *RESULT_PHASES]))
    return (
        Slot.state == SlotState.OPEN,
        Slot.starts_at > clock.now(),
        Slot.taken_groups < Slot.capacity_groups,
        Slot.round_id.in_(open_rounds),
    )


def _filter(statement: Select[Activity], filters: CatalogueFilters) -> Select[Activity]:
    if filters.kind is not None:
        statement = statement.where(Activity.kind == filters.kind)
    if filters.level:
        # Levels are stored as a JSON list of labels; as text that reads the same in both databases.
        labels = cast(Activity.levels, Text)
        statement = statement.where(labels.contains(f'"{filters.level}"', autoescape=True))
    for word in filters.text.split():
        columns = (Activity.title, Activity.description, Activity.address, Host.name, Host.place)
        statement = statement.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return statement

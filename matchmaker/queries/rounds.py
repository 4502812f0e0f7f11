"""Reads of rounds."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.phases import RESULT_PHASES
from matchmaker.extensions import db
from matchmaker.models import Round


def get_round(round_id: int) -> Round:
    """Return the round.

    Raises
    ------
    NotFoundError
        When there is none with this id.
    """
    found = db.session.get(Round, round_id)
    if found is None:
        raise NotFoundError
    return found


def lock_round(round_id: int) -> Round:
    """Return the round as it is now and keep others from changing it until the transaction ends."""
    statement = select(Round).where(Round.id == round_id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def list_earlier_published_rounds(round_: Round) -> list[Round]:
    """Return the rounds of the same school year that were published before this one, oldest first."""
    statement = (
        select(Round)
        .where(
            Round.school_year_id == round_.school_year_id,
            Round.id != round_.id,
            Round.phase.in_(RESULT_PHASES),
            Round.visits_from <= round_.visits_from,
        )
        .order_by(Round.visits_from, Round.id)
    )
    return list(db.session.scalars(statement))


def get_round_of(region_id: int, round_id: int) -> Round:
    """Return the round when it belongs to the region.

    Raises
    ------
    NotFoundError
        When the region has no such round.
    """
    found = get_round(round_id)
    if found.region_id != region_id:
        raise NotFoundError
    return found


def list_rounds(region_id: int) -> list[Round]:
    """Return the rounds of a region with their school years, latest visits first."""
    statement = (
        select(Round)
        .where(Round.region_id == region_id)
        .options(joinedload(Round.school_year))
        .order_by(Round.visits_from.desc(), Round.id.desc())
    )
    return list(db.session.scalars(statement))

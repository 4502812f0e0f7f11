"""Reads of requests to join."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.join_requests import JoinAsk, JoinState
from matchmaker.extensions import db
from matchmaker.models import JoinRequest

_DECIDED_SHOWN = 25


def has_same_waiting(ask: JoinAsk) -> bool:
    """Tell whether the same was asked before and waits."""
    statement = select(JoinRequest.id).where(
        JoinRequest.region_id == ask.region_id,
        JoinRequest.email == ask.email,
        JoinRequest.state == JoinState.WAITING,
        JoinRequest.organisation_id == ask.organisation_id
        if ask.organisation_id is not None
        else JoinRequest.organisation_id.is_(None) & (JoinRequest.host_name == ask.host_name),
    )
    return db.session.scalars(statement.limit(1)).first() is not None


def count_waiting(region_id: int, email: str | None = None) -> int:
    """Return how many requests wait in a region, of everybody or of one address."""
    statement = select(func.count()).where(
        JoinRequest.region_id == region_id, JoinRequest.state == JoinState.WAITING
    )
    if email is not None:
        statement = statement.where(JoinRequest.email == email)
    return db.session.scalars(statement).one()


def list_waiting(region_id: int) -> list[JoinRequest]:
    """Return the requests that wait, oldest first, with the place."""
    statement = (
        select(JoinRequest)
        .where(JoinRequest.region_id == region_id, JoinRequest.state == JoinState.WAITING)
        .options(joinedload(JoinRequest.organisation))
        .order_by(JoinRequest.created_at, JoinRequest.id)
    )
    return list(db.session.scalars(statement))


def list_decided(region_id: int) -> list[JoinRequest]:
    """Return the requests that were decided last, newest decision first, with the place."""
    statement = (
        select(JoinRequest)
        .where(JoinRequest.region_id == region_id, JoinRequest.state != JoinState.WAITING)
        .options(joinedload(JoinRequest.organisation), joinedload(JoinRequest.decided_by))
        .order_by(JoinRequest.decided_at.desc(), JoinRequest.id.desc())
        .limit(_DECIDED_SHOWN)
    )
    return list(db.session.scalars(statement))


def get_join_request(region_id: int, join_request_id: int, *, lock: bool = False) -> JoinRequest:
    """Return a request of the region; locked, others who decide on it wait.

    Raises
    ------
    NotFoundError
        When the region has no such request.
    """
    statement = select(JoinRequest).where(
        JoinRequest.id == join_request_id, JoinRequest.region_id == region_id
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def list_others_of_address(row: JoinRequest) -> list[JoinRequest]:
    """Return what else this address asked in the region, newest first, with the place."""
    statement = (
        select(JoinRequest)
        .where(
            JoinRequest.region_id == row.region_id, JoinRequest.email == row.email, JoinRequest.id != row.id
        )
        .options(joinedload(JoinRequest.organisation))
        .order_by(JoinRequest.created_at.desc(), JoinRequest.id.desc())
    )
    return list(db.session.scalars(statement))

"""Reads of invitations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from matchmaker import clock
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.invitations import Invited
from matchmaker.extensions import db
from matchmaker.models import Invitation


def is_open() -> ColumnElement[bool]:
    """Return the condition for invitations that nobody accepted or withdrew; they may be too old to use."""
    return Invitation.accepted_at.is_(None) & Invitation.revoked_at.is_(None)


def find_usable_invitation(token_hash: str) -> Invitation | None:
    """Return the invitation with this hash while it can be accepted, or None."""
    statement = (
        select(Invitation)
        .where(Invitation.token_hash == token_hash, is_open(), Invitation.expires_at > clock.now())
        .options(
            joinedload(Invitation.organisation),
            joinedload(Invitation.region),
            joinedload(Invitation.invited_by),
        )
    )
    return db.session.scalars(statement).one_or_none()


def find_accepted_invitation(token_hash: str, user_id: int) -> Invitation | None:
    """Return the invitation with this hash when this person accepted it, or None."""
    statement = (
        select(Invitation)
        .where(Invitation.token_hash == token_hash, Invitation.accepted_by_id == user_id)
        .options(joinedload(Invitation.organisation), joinedload(Invitation.region))
    )
    return db.session.scalars(statement).one_or_none()


def get_open_invitation(region_id: int, organisation_id: int | None, invitation_id: int) -> Invitation:
    """Return an open invitation in the region, or to this organisation of it when one is named.

    Raises
    ------
    NotFoundError
        When there is none.
    """
    statement = select(Invitation).where(
        Invitation.id == invitation_id, Invitation.region_id == region_id, is_open()
    )
    if organisation_id is not None:
        statement = statement.where(Invitation.organisation_id == organisation_id)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def list_same_open(invited: Invited) -> list[Invitation]:
    """Return the open invitations of this address to the same role at the same place: one at most."""
    statement = select(Invitation).where(
        Invitation.email == invited.email,
        Invitation.region_id == invited.region_id,
        Invitation.organisation_id == invited.organisation_id,
        Invitation.role == invited.role,
        Invitation.board == invited.board,
        is_open(),
    )
    return list(db.session.scalars(statement))


def count_invitations_since(region_id: int, email: str, since: datetime) -> int:
    """Return how often an address was invited in the region from a moment on."""
    statement = select(func.count()).where(
        Invitation.region_id == region_id, Invitation.email == email, Invitation.created_at >= since
    )
    return db.session.scalars(statement).one()

"""Reads of the accounts elsewhere that people linked."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import LinkedIdentity, User


def find_linked_user(issuer: str, subject: str) -> User | None:
    """Return who is linked to this identity and may sign in, or None."""
    statement = (
        select(User)
        .join(LinkedIdentity, LinkedIdentity.user_id == User.id)
        .where(LinkedIdentity.issuer == issuer, LinkedIdentity.subject == subject, User.active)
    )
    return db.session.scalars(statement).one_or_none()


def find_linked_identity(issuer: str, subject: str) -> LinkedIdentity | None:
    """Return the link of this identity, whoever's it is, or None."""
    statement = select(LinkedIdentity).where(
        LinkedIdentity.issuer == issuer, LinkedIdentity.subject == subject
    )
    return db.session.scalars(statement).one_or_none()


def list_linked_identities(user_id: int) -> list[LinkedIdentity]:
    """Return the identities that a person linked, oldest first."""
    statement = select(LinkedIdentity).where(LinkedIdentity.user_id == user_id).order_by(LinkedIdentity.id)
    return list(db.session.scalars(statement))

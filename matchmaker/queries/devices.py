"""Reads of the devices on which people are signed in."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager

from matchmaker import clock
from matchmaker.extensions import db
from matchmaker.models import SignedInDevice, User


def find_device_by_token(token_hash: str) -> SignedInDevice | None:
    """Return the device that carries this token, with its active user, or None.

    Whether the device has been idle for too long is not looked at: that depends on the roles.
    """
    former = and_(SignedInDevice.former_token_hash == token_hash, SignedInDevice.former_until > clock.now())
    statement = (
        select(SignedInDevice)
        .join(SignedInDevice.user)
        .where(or_(SignedInDevice.token_hash == token_hash, former), User.active)
        .options(contains_eager(SignedInDevice.user).joinedload(User.second_factor))
    )
    return db.session.scalars(statement).one_or_none()


def list_devices(user_id: int) -> list[SignedInDevice]:
    """Return the devices of a person, the one used last first; those idle for too long are among them."""
    statement = (
        select(SignedInDevice)
        .where(SignedInDevice.user_id == user_id)
        .order_by(SignedInDevice.last_used_at.desc(), SignedInDevice.id.desc())
    )
    return list(db.session.scalars(statement))

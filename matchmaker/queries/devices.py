"""Reads of the devices on which people are signed in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager

from matchmaker import clock
from matchmaker.domain.devices import Browser, System
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, SignedInDevice, User
from matchmaker.scope import unscoped

# So many of the last times that somebody signed in tell what they are used to.
_REMEMBERED = 50


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


def is_unusual_device(user_id: int, browser: Browser, system: System) -> bool:
    """Tell whether a person who signed in before did so with other browsers or devices than this one.

    Who signs out leaves no device behind, so the log of sign-ins counts as well.
    """
    known = {(device.browser.value, device.system.value) for device in list_devices(user_id)}
    known |= {(str(after["browser"]), str(after["system"])) for after in _list_sign_ins(user_id)}
    return bool(known) and (browser.value, system.value) not in known


@unscoped("how one person signed in")
def _list_sign_ins(user_id: int) -> list[dict[str, Any]]:
    """Return what the log tells of the last sign-ins of which it tells the device."""
    statement = (
        select(AuditEntry.after)
        .where(AuditEntry.actor_id == user_id, AuditEntry.action == "sign_in")
        .order_by(AuditEntry.created_at.desc(), AuditEntry.id.desc())
        .limit(_REMEMBERED)
    )
    return [after for after in db.session.scalars(statement) if after and "browser" in after]

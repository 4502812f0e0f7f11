"""Sign devices in and out; keep them signed in while they are used.

The token of a device is made anew at every sign-in and whenever the person's rights change, so a
token that somebody planted or copied before is worth nothing after.
"""

from __future__ import annotations

import logging
import secrets

from sqlalchemy import delete, or_, update
from sqlalchemy.exc import OperationalError

from matchmaker import clock
from matchmaker.domain.devices import (
    MEMBER_LIFETIME,
    RENEWAL_GRACE,
    USE_GRAIN,
    KnownDevice,
    describe_browser,
    mark_rights,
)
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.security_events import SecurityEvent
from matchmaker.domain.tokens import hash_token
from matchmaker.extensions import db
from matchmaker.models import SignedInDevice, User
from matchmaker.queries import people
from matchmaker.queries.devices import is_unusual_device
from matchmaker.scope import unscoped
from matchmaker.services import audit
from matchmaker.services.security_notices import Occurrence, tell_owner
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import DEVICE_USE

log = logging.getLogger(__name__)


def sign_in_device(
    user_id: int, user_agent: str, *, instead_of: str | None = None, second_step: bool = False
) -> str:
    """Let a browser act as the person; return the token for its cookie.

    Parameters
    ----------
    user_id
        Somebody who has just proved who they are; that is not checked here.
    user_agent
        The header of this name, any text; kept as two words at most.
    instead_of
        The token that the browser carried until now, if any; it stops working.
    second_step
        Whether the person gave their second factor as well.

    Returns
    -------
    str
        256 random bits as text; only the hash is stored.
    """
    token = secrets.token_urlsafe(32)
    browser, system = describe_browser(user_agent)
    with write_transaction() as session:
        if is_unusual_device(user_id, browser, system):
            tell_owner(user_id, Occurrence(SecurityEvent.NEW_DEVICE, (browser, system)))
        _forget_old(user_id)
        if instead_of is not None:
            _delete_by_token(instead_of)
        session.execute(
            update(User).where(User.id == user_id).values(last_seen_at=clock.now(), inactive_notice_at=None)
        )
        session.add(
            SignedInDevice(
                user_id=user_id,
                token_hash=hash_token(token),
                browser=browser,
                system=system,
                signed_in_at=clock.now(),
                last_used_at=clock.now(),
                rights=_rights_of(user_id),
                second_factor_at=clock.now() if second_step else None,
            )
        )
        after = {"second_step": second_step, "browser": browser.value, "system": system.value}
        audit.record("sign_in", "user", user_id, actor_id=user_id, after=after)
    return token


def keep_device(device: KnownDevice, token: str, rights: str) -> str | None:
    """Note that the device is in use; return a new token when the person's rights have changed.

    Nothing is written when nothing changed and the last use is less than five minutes ago. When the
    database has no time for it, the visit goes on and the next one tries again.

    Parameters
    ----------
    device
        The device that carries the token.
    token
        The token that the browser sent: the device's own, or its former one just after a renewal.
    rights
        What the person may do now, as `domain.devices.mark_rights` gives it.
    """
    renews = device.rights != rights and not device.is_renewed
    if not renews and clock.now() < device.last_used_at + USE_GRAIN:
        return None
    try:
        if renews:
            return _renew(device.id, token, rights)
        _touch(device.id)
    except OperationalError:
        db.session.rollback()
        log.warning("the use of a device could not be written down", exc_info=True)
    return None


def sign_out_token(token: str) -> None:
    """End the device that carries this token; no such device is no mistake."""
    with write_transaction(DEVICE_USE):
        for user_id in _delete_by_token(token):
            audit.record("sign_out", "user", user_id, actor_id=user_id)


def sign_out_device(user_id: int, device_id: int) -> None:
    """End one device of a person.

    Raises
    ------
    NotFoundError
        When there is no such device, or it is somebody else's.
    """
    with write_transaction() as session:
        statement = delete(SignedInDevice).where(
            SignedInDevice.id == device_id, SignedInDevice.user_id == user_id
        )
        if session.execute(statement.returning(SignedInDevice.id)).one_or_none() is None:
            raise NotFoundError
        audit.record("sign_out_device", "signed_in_device", device_id, actor_id=user_id)


def sign_out_everywhere(user_id: int, actor_id: int | None, *, keep_id: int | None = None) -> int:
    """End all devices of a person, or all but one; return how many.

    Parameters
    ----------
    user_id
        Whose devices.
    actor_id
        Who asks for it: the person, an administrator, or None for the system itself.
    keep_id
        The device that stays signed in.
    """
    with write_transaction(DEVICE_USE):
        return end_devices(user_id, actor_id, keep_id=keep_id)


def end_devices(user_id: int, actor_id: int | None, *, keep_id: int | None = None) -> int:
    """Do what `sign_out_everywhere` does, as part of the caller's transaction."""
    statement = delete(SignedInDevice).where(
        SignedInDevice.user_id == user_id,
        SignedInDevice.id != (keep_id or 0),
    )
    ended = len(db.session.scalars(statement.returning(SignedInDevice.id)).all())
    if ended:
        audit.record("sign_out_everywhere", "user", user_id, actor_id=actor_id, after={"devices": ended})
    return ended


@unscoped("what a person may do")
def _rights_of(user_id: int) -> str:
    return mark_rights(
        (m.region_id, m.organisation_id, m.role, m.board) for m in people.list_memberships(user_id)
    )


def _touch(device_id: int) -> None:
    with write_transaction(DEVICE_USE) as session:
        session.execute(
            update(SignedInDevice).where(SignedInDevice.id == device_id).values(last_used_at=clock.now())
        )


def _renew(device_id: int, token: str, rights: str) -> str | None:
    """Swap the token, unless another request of this browser has just done so."""
    new = secrets.token_urlsafe(32)
    statement = (
        update(SignedInDevice)
        .where(SignedInDevice.id == device_id, SignedInDevice.token_hash == hash_token(token))
        .values(
            token_hash=hash_token(new),
            former_token_hash=hash_token(token),
            former_until=clock.now() + RENEWAL_GRACE,
            last_used_at=clock.now(),
            rights=rights,
        )
        .returning(SignedInDevice.id)
    )
    with write_transaction(DEVICE_USE) as session:
        swapped = session.scalars(statement).one_or_none()
    return None if swapped is None else new


def _delete_by_token(token: str) -> list[int]:
    """End the device that carries the token, if any; return whose it was."""
    hashed = hash_token(token)
    statement = delete(SignedInDevice).where(
        or_(SignedInDevice.token_hash == hashed, SignedInDevice.former_token_hash == hashed)
    )
    return list(db.session.scalars(statement.returning(SignedInDevice.user_id)))


def _forget_old(user_id: int) -> None:
    """Delete devices that cannot be in use any more under any role."""
    db.session.execute(
        delete(SignedInDevice).where(
            SignedInDevice.user_id == user_id,
            or_(
                SignedInDevice.last_used_at < clock.now() - MEMBER_LIFETIME.idle,
                SignedInDevice.signed_in_at < clock.now() - MEMBER_LIFETIME.total,
            ),
        )
    )

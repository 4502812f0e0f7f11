"""A password of one's own: set it, change it, remove it, sign in with it. Nobody needs one."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from matchmaker import clock
from matchmaker.domain.errors import PasswordRefusedError, WeakPasswordError
from matchmaker.domain.passwords import LONGEST, find_weakness
from matchmaker.domain.security_events import SecurityEvent
from matchmaker.extensions import db
from matchmaker.models import User
from matchmaker.queries import people
from matchmaker.services import audit
from matchmaker.services.devices import end_devices
from matchmaker.services.security_notices import Occurrence, find_device_kind, tell_owner
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import PASSWORD_COST

_hasher = PasswordHasher()


def set_password(user_id: int, password: str, *, keep_device_id: int) -> None:
    """Give a person a password, or another one.

    Links and codes that were mailed stop working, and every other device is signed out: whoever
    changes a password may have lost control of one.

    Parameters
    ----------
    user_id
        Somebody who proved just now who they are; that is not checked here.
    password
        As typed; only its hash (argon2id) is stored.
    keep_device_id
        The device on which this is done.

    Raises
    ------
    WeakPasswordError
        When it is too short, too long or easy to guess; it says which.
    """
    user = db.session.get_one(User, user_id)
    weakness = find_weakness(password, [user.name, user.email])
    if weakness is not None:
        raise WeakPasswordError(weakness)
    _store(user_id, _hasher.hash(password), keep_device_id)


def remove_password(user_id: int, *, keep_device_id: int) -> None:
    """Let a person get in by mail only; every other device is signed out."""
    _store(user_id, None, keep_device_id)


def use_password(email: str, password: str) -> int:
    """Sign in with a password; return the id of the user.

    Raises
    ------
    PasswordRefusedError
        When the password is wrong, the person has none or the address is unknown: all look the same
        from outside and take as much work.
    """
    password = password[: LONGEST + 1]
    user = people.find_active_user_by_email(email)
    if user is None or user.password_hash is None:
        _hasher.hash(password)
        raise PasswordRefusedError
    try:
        _hasher.verify(user.password_hash, password)
    except (VerificationError, InvalidHashError):
        raise PasswordRefusedError from None
    if _hasher.check_needs_rehash(user.password_hash):
        _strengthen(user.id, user.password_hash, _hasher.hash(password))
    return user.id


def _store(user_id: int, password_hash: str | None, keep_device_id: int) -> None:
    with write_transaction() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        action = "set_password" if password_hash else "remove_password"
        occurrence = Occurrence(_event(user, password_hash), find_device_kind(keep_device_id))
        user.password_hash = password_hash
        user.password_set_at = clock.now() if password_hash else None
        for token in people.list_live_tokens(user_id):
            token.voided_at = clock.now()
        end_devices(user_id, user_id, keep_id=keep_device_id)
        audit.record(action, "user", user_id, actor_id=user_id)
        tell_owner(user_id, occurrence)


def _event(user: User, password_hash: str | None) -> SecurityEvent:
    if password_hash is None:
        return SecurityEvent.PASSWORD_REMOVED
    return SecurityEvent.PASSWORD_CHANGED if user.password_hash else SecurityEvent.PASSWORD_SET


def _strengthen(user_id: int, old_hash: str, new_hash: str) -> None:
    """Store the same password under today's cost, unless it was changed meanwhile."""
    with write_transaction(PASSWORD_COST) as session:
        user = session.get_one(User, user_id, with_for_update=True)
        if user.password_hash == old_hash:
            user.password_hash = new_hash

"""The second factor: add an authenticator app, give its code, remove it; recovery codes beside it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app
from sqlalchemy import delete, select, update

from matchmaker import clock
from matchmaker.domain.errors import NotFoundError, SecondFactorError
from matchmaker.domain.second_factor import find_step, make_recovery_codes, normalise_recovery_code
from matchmaker.domain.security_events import SecurityEvent
from matchmaker.domain.tokens import hash_token
from matchmaker.extensions import db
from matchmaker.models import RecoveryCode, SecondFactor, User
from matchmaker.queries import people
from matchmaker.services import audit
from matchmaker.services.devices import end_devices
from matchmaker.services.security_notices import Occurrence, find_device_kind, tell_owner
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import SIGN_IN_CODES

log = logging.getLogger(__name__)


def add_second_factor(user_id: int, secret: str, code: str, *, keep_device_id: int) -> list[str]:
    """Add an authenticator app to an account that has none; return the recovery codes, in clear, once.

    Parameters
    ----------
    user_id
        Somebody who proved just now who they are; that is not checked here.
    secret
        The secret that the app took over.
    code
        What the app shows now, as proof that it did.
    keep_device_id
        The device on which this is done; all others are signed out.

    Raises
    ------
    SecondFactorError
        When the code is not what the app shows, or the account has an app already.
    """
    step = find_step(secret, code, clock.now(), after=0)
    if step is None:
        raise SecondFactorError
    codes = make_recovery_codes()
    with write_transaction() as session:
        session.get_one(User, user_id, with_for_update=True)
        if _find_factor(user_id) is not None:
            raise SecondFactorError
        encrypted = _cipher().encrypt(secret.encode()).decode()
        session.add(SecondFactor(user_id=user_id, secret_encrypted=encrypted, last_step=step))
        session.add_all(RecoveryCode(user_id=user_id, code_hash=hash_token(code)) for code in codes)
        end_devices(user_id, user_id, keep_id=keep_device_id)
        audit.record("add_second_factor", "user", user_id, actor_id=user_id)
        device = find_device_kind(keep_device_id)
        tell_owner(user_id, Occurrence(SecurityEvent.SECOND_STEP_ADDED, device))
    return codes


def use_second_factor(user_id: int, code: str) -> None:
    """Accept the code of the app, or a recovery code; each works once.

    Raises
    ------
    SecondFactorError
        When the code is wrong or was used before.
    """
    with write_transaction(SIGN_IN_CODES) as session:
        session.get_one(User, user_id, with_for_update=True)
        is_right = _use_app_code(user_id, code) or _use_recovery_code(user_id, code)
        if not is_right:
            audit.record("refuse_second_factor", "user", user_id, actor_id=user_id)
    if not is_right:
        raise SecondFactorError


def remove_second_factor(user_id: int, actor_id: int | None, *, keep_device_id: int | None = None) -> None:
    """Remove the app and the recovery codes; every other device is signed out.

    Parameters
    ----------
    user_id
        Whose app.
    actor_id
        The person, or None when the operator does it for somebody who lost the app.
    keep_device_id
        The device that stays signed in, if any.
    """
    with write_transaction() as session:
        session.get_one(User, user_id, with_for_update=True)
        session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
        end_devices(user_id, actor_id, keep_id=keep_device_id)
        audit.record("remove_second_factor", "user", user_id, actor_id=actor_id)
        device = find_device_kind(keep_device_id)
        tell_owner(user_id, Occurrence(SecurityEvent.SECOND_STEP_REMOVED, device))


def reset_second_factor(email: str) -> None:
    """Remove the app of somebody who lost it and the recovery codes, as the operator decides.

    Raises
    ------
    NotFoundError
        When nobody has this address.
    """
    user = people.find_active_user_by_email(email)
    if user is None:
        raise NotFoundError
    remove_second_factor(user.id, None)


def _use_app_code(user_id: int, code: str) -> bool:
    factor = _find_factor(user_id)
    if factor is None:
        return False
    try:
        secret = _cipher().decrypt(factor.secret_encrypted.encode()).decode()
    except InvalidToken:
        log.exception("the secret key has changed: the second factor of user %s cannot be read", user_id)
        return False
    step = find_step(secret, code, clock.now(), after=factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    return True


def _use_recovery_code(user_id: int, code: str) -> bool:
    statement = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == hash_token(normalise_recovery_code(code)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    )
    used = db.session.scalars(statement).one_or_none()
    if used is None:
        return False
    audit.record("use_recovery_code", "user", user_id, actor_id=user_id)
    tell_owner(user_id, Occurrence(SecurityEvent.RECOVERY_CODE_USED))
    return True


def _find_factor(user_id: int) -> SecondFactor | None:
    return db.session.scalars(select(SecondFactor).where(SecondFactor.user_id == user_id)).one_or_none()


def _cipher() -> Fernet:
    """Return what encrypts secrets at rest, under a key of its own made from the site's secret key."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return Fernet(base64.urlsafe_b64encode(hmac.new(key, b"second factor", hashlib.sha256).digest()))

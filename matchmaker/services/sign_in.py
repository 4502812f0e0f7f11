"""Sign in by e-mail: a link and a six-digit code, stored hashed, used once, fifteen minutes long.

The answer to a visitor is the same whether an address is known or not, and takes as much work.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import current_app
from sqlalchemy import ColumnElement, select, update

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.errors import SignInCodeError
from matchmaker.domain.tokens import hash_token
from matchmaker.extensions import db
from matchmaker.models import Message, SignInToken, User
from matchmaker.notifications.facts import SignInFacts
from matchmaker.notifications.sign_in import compose_sign_in
from matchmaker.queries import people
from matchmaker.services.letterheads import contact_of
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import SIGN_IN_CODES

LIFETIME = timedelta(minutes=15)
MOST_LINKS = 5
MOST_WRONG_CODES = 5
CODE_DIGITS = 6

_hasher = PasswordHasher()
# For whom a mail is made, and thrown away, when no mail may go out: it takes as much work.
_NOBODY = User(id=0, email="niemand@techniek.example", name="W&T-coördinator")


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """What was made for an address; empty when the address is unknown or asked too often."""

    token: str = ""
    code: str = ""


def request_sign_in(email: str) -> SignInRequest:
    """Make a link and a code for a known address and queue the mail; a newer one voids the older.

    Parameters
    ----------
    email
        Any text; what is no known address of an active user has no effect.

    Returns
    -------
    SignInRequest
        Link token and code in clear, for the demonstration only; the caller must not tell whether
        it is empty.
    """
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    code_hash = _hasher.hash(code)
    with write_transaction(SIGN_IN_CODES) as session:
        user = people.find_active_user_by_email(email)
        if user is None or not _may_have_mail(user.id):
            _compose_mail(_NOBODY, 0, token, code)
            return SignInRequest()
        _void_tokens(user.id)
        row = SignInToken(
            user_id=user.id,
            token_hash=hash_token(token),
            code_hash=code_hash,
            expires_at=clock.now() + LIFETIME,
        )
        session.add(row)
        session.flush()
        session.add(_compose_mail(user, row.id, token, code))
    return SignInRequest(token, code)


def use_code(email: str, code: str) -> int:
    """Sign in with the code that was sent to an address; return the id of the user.

    Raises
    ------
    SignInCodeError
        When the code is wrong, used, replaced or older than fifteen minutes, when the address is
        unknown, and when five wrong codes were tried for this mail: all look the same from outside.
    """
    digits = "".join(character for character in code if character.isdigit())
    token_id, code_hash = _take_attempt(email)
    try:
        _hasher.verify(code_hash, digits)
    except VerificationError:
        raise SignInCodeError from None
    return _use(token_id)


def use_link(token: str) -> int:
    """Sign in with the token of a link; return the id of the user.

    Raises
    ------
    SignInCodeError
        When the link is unknown, used, replaced or older than fifteen minutes.
    """
    found = people.find_live_token(hash_token(token))
    if found is None:
        raise SignInCodeError
    return _use(found.id)


def _may_have_mail(user_id: int) -> bool:
    """Tell whether one more mail may go out; other requests for this user wait until this one is done."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    return people.count_tokens_since(user_id, clock.now() - LIFETIME) < MOST_LINKS


def _take_attempt(email: str) -> tuple[int, str]:
    """Count the attempt before the code is compared; return the id and the hash to compare with."""
    with write_transaction(SIGN_IN_CODES):
        user = people.find_active_user_by_email(email)
        taken = _count_attempt(user.id) if user else None
    if taken is None:
        _hasher.hash("as much work as a known address")
        raise SignInCodeError
    return taken


def _count_attempt(user_id: int) -> tuple[int, str] | None:
    """Take one of the attempts that are left, None when there is none.

    One statement asks and counts, so that attempts at the same moment cannot share a number.
    """
    tokens = people.list_live_tokens(user_id)
    if not tokens:
        return None
    statement = (
        update(SignInToken)
        .where(*_is_live(tokens[0].id), SignInToken.attempts < MOST_WRONG_CODES)
        .values(attempts=SignInToken.attempts + 1)
        .returning(SignInToken.id, SignInToken.code_hash)
    )
    row = db.session.execute(statement).one_or_none()
    return None if row is None else (row.id, row.code_hash)


def _is_live(token_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return what must hold at the moment of writing for a token that still works."""
    return (
        SignInToken.id == token_id,
        SignInToken.used_at.is_(None),
        SignInToken.voided_at.is_(None),
        SignInToken.expires_at > clock.now(),
    )


def _use(token_id: int) -> int:
    """Mark the token used, once: of two at the same moment one gets in."""
    statement = (
        update(SignInToken)
        .where(*_is_live(token_id))
        .values(used_at=clock.now())
        .returning(SignInToken.user_id)
    )
    with write_transaction(SIGN_IN_CODES) as session:
        user_id = session.scalars(statement).one_or_none()
    if user_id is None:
        raise SignInCodeError
    return user_id


def _void_tokens(user_id: int) -> None:
    for token in people.list_live_tokens(user_id):
        token.voided_at = clock.now()


def _compose_mail(user: User, token_id: int, token: str, code: str) -> Message:
    settings: Settings = current_app.config["SETTINGS"]
    facts = SignInFacts(
        token_id=token_id,
        contact=contact_of(user),
        path=f"/inloggen/link/{token}",
        code=code,
        minutes=LIFETIME // timedelta(minutes=1),
    )
    return compose_sign_in(facts, settings, clock.now())

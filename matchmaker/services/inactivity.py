"""People who have stayed away: tell them that their account goes, and let them keep it."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from matchmaker import clock
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.retention import INACTIVE_MONTHS, NOTICE
from matchmaker.extensions import db
from matchmaker.models import Membership, Message, User
from matchmaker.notifications.departures import compose_inactive_notice
from matchmaker.notifications.facts import InactiveFacts
from matchmaker.notifications.mime import is_usable_address
from matchmaker.queries import people
from matchmaker.scope import unscoped
from matchmaker.services import audit
from matchmaker.services.letterheads import contact_of, letterhead_of
from matchmaker.services.transaction import write_transaction


def warn_people(user_ids: list[int]) -> None:
    """Tell these people that their account goes; whoever alone runs a region keeps it and hears nothing."""
    statement = (
        select(User)
        .where(User.id.in_(user_ids), User.inactive_notice_at.is_(None))
        .options(selectinload(User.memberships).joinedload(Membership.region))
        .order_by(User.id)
    )
    with unscoped("people who stayed away"), write_transaction() as session:
        for user in session.scalars(statement).all():
            if people.list_sole_regions(user.id):
                continue
            user.inactive_notice_at = clock.now()
            audit.record("warn_inactive", "user", user.id)
            if is_usable_address(user.email):
                session.add(_notice_for(user))


def find_keeper(token: str) -> User | None:
    """Return whose account the link of a notice keeps; None when it is no such link, or comes too late."""
    try:
        user_id, noticed_at = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    statement = select(User).where(User.id == user_id, User.active, User.erased_at.is_(None))
    user = db.session.scalars(statement).one_or_none()
    if user is None or user.inactive_notice_at is None:
        return None
    return user if user.inactive_notice_at.isoformat() == noticed_at else None


def keep_account(token: str) -> None:
    """Let somebody stay; this signs nobody in.

    Raises
    ------
    NotFoundError
        When the link is not one of ours, was used before, or comes too late.
    """
    with write_transaction() as session:
        user = find_keeper(token)
        if user is None:
            raise NotFoundError
        session.execute(
            update(User).where(User.id == user.id).values(last_seen_at=clock.now(), inactive_notice_at=None)
        )
        audit.record("keep_account", "user", user.id, actor_id=user.id)


def _notice_for(user: User) -> Message:
    token = sign_keeping(user.id, clock.now())
    facts = InactiveFacts(
        months=_months_of(user), goes_at=clock.now() + NOTICE, path=f"/account-houden/{token}"
    )
    newest = max(user.memberships, key=lambda membership: membership.id, default=None)
    return compose_inactive_notice(facts, contact_of(user), letterhead_of(newest.region if newest else None))


def sign_keeping(user_id: int, noticed_at: datetime) -> str:
    """Return the token that keeps an account as long as this notice stands."""
    return str(_signer().dumps([user_id, noticed_at.isoformat()]))


def _months_of(user: User) -> int:
    return max(
        (membership.region.retention_months for membership in user.memberships), default=INACTIVE_MONTHS
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="keep account")

"""Reads of people, their roles and their ways in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from matchmaker import clock
from matchmaker.domain.invitations import RoleAt
from matchmaker.domain.kinds import BOARD_ROLES, Role
from matchmaker.extensions import db
from matchmaker.models import Membership, Region, SignInToken, User


def find_active_user(user_id: int) -> User | None:
    """Return the user when they may sign in, or None."""
    return db.session.scalars(select(User).where(User.id == user_id, User.active)).one_or_none()


def find_active_user_by_email(email: str) -> User | None:
    """Return the user with this address when they may sign in, or None."""
    statement = select(User).where(User.email == email.strip().lower(), User.active)
    return db.session.scalars(statement).one_or_none()


def has_password(user_id: int) -> bool:
    """Tell whether the person can get in with a password too."""
    return bool(db.session.scalars(select(User.password_hash.is_not(None)).where(User.id == user_id)).one())


def list_memberships(user_id: int) -> list[Membership]:
    """Return the roles a user has today, oldest first, with organisation and region."""
    today = clock.today()
    statement = (
        select(Membership)
        .where(
            Membership.user_id == user_id,
            Membership.since <= today,
            or_(Membership.until.is_(None), Membership.until >= today),
        )
        .options(joinedload(Membership.organisation), joinedload(Membership.region))
        .order_by(Membership.id)
    )
    return list(db.session.scalars(statement))


def find_board_membership(membership_id: int) -> Membership | None:
    """Return somebody's role at a school board that counts today, with its region, or None."""
    today = clock.today()
    statement = (
        select(Membership)
        .where(
            Membership.id == membership_id,
            Membership.role.in_(BOARD_ROLES),
            Membership.since <= today,
            or_(Membership.until.is_(None), Membership.until >= today),
        )
        .options(joinedload(Membership.region))
    )
    return db.session.scalars(statement).one_or_none()


def find_membership(user_id: int, where: RoleAt) -> Membership | None:
    """Return the user's membership with this role there, unless it has ended, or None."""
    statement = select(Membership).where(
        Membership.user_id == user_id,
        Membership.role == where.role,
        Membership.region_id == where.region_id,
        Membership.organisation_id == where.organisation_id,
        Membership.board == where.board,
        or_(Membership.until.is_(None), Membership.until >= clock.today()),
    )
    return db.session.scalars(statement.order_by(Membership.id).limit(1)).one_or_none()


def list_contacts(organisation_ids: list[int], roles: frozenset[Role]) -> dict[int, list[User]]:
    """Return the active people with one of the roles today, by organisation id."""
    today = clock.today()
    statement = (
        select(Membership)
        .join(Membership.user)
        .where(
            Membership.organisation_id.in_(organisation_ids),
            Membership.role.in_(roles),
            Membership.since <= today,
            or_(Membership.until.is_(None), Membership.until >= today),
            User.active,
        )
        .options(joinedload(Membership.user))
        .order_by(Membership.id)
    )
    people: dict[int, list[User]] = {}
    for membership in db.session.scalars(statement):
        if membership.organisation_id is not None:
            people.setdefault(membership.organisation_id, []).append(membership.user)
    return people


def find_example_member(role: Role) -> Membership | None:
    """Return the oldest membership with this role in an example region, with its user, or None."""
    today = clock.today()
    statement = (
        select(Membership)
        .join(Membership.user)
        .join(Membership.region)
        .where(
            Region.is_example,
            Membership.role == role,
            Membership.since <= today,
            or_(Membership.until.is_(None), Membership.until >= today),
            User.active,
        )
        .options(joinedload(Membership.user), joinedload(Membership.organisation))
        .order_by(Membership.id)
        .limit(1)
    )
    return db.session.scalars(statement).one_or_none()


def is_example_person(email: str) -> bool:
    """Tell whether this address belongs to example regions only."""
    statement = (
        select(Region.is_example)
        .join(Membership, Membership.region_id == Region.id)
        .join(User, User.id == Membership.user_id)
        .where(User.email == email.strip().lower())
    )
    found = db.session.scalars(statement).all()
    return bool(found) and all(found)


def count_tokens_since(user_id: int, since: datetime) -> int:
    """Return how many sign-in tokens were made for a user from a moment on."""
    statement = select(func.count()).where(SignInToken.user_id == user_id, SignInToken.created_at >= since)
    return db.session.scalars(statement).one()


def list_live_tokens(user_id: int) -> list[SignInToken]:
    """Return the tokens with which this user can still sign in, newest first."""
    statement = (
        select(SignInToken)
        .where(
            SignInToken.user_id == user_id,
            SignInToken.used_at.is_(None),
            SignInToken.voided_at.is_(None),
            SignInToken.expires_at > clock.now(),
        )
        .order_by(SignInToken.id.desc())
    )
    return list(db.session.scalars(statement))


def find_live_token(token_hash: str) -> SignInToken | None:
    """Return the token with this hash when it still works, or None."""
    statement = (
        select(SignInToken)
        .join(SignInToken.user)
        .where(
            SignInToken.token_hash == token_hash,
            SignInToken.used_at.is_(None),
            SignInToken.voided_at.is_(None),
            SignInToken.expires_at > clock.now(),
            User.active,
        )
    )
    return db.session.scalars(statement).one_or_none()

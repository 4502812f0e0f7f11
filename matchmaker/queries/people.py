"""Reads of people, their roles and their ways in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from matchmaker import clock
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.invitations import RoleAt
from matchmaker.domain.kinds import BOARD_ROLES, HOST_ROLES, SCHOOL_ROLES, Role
from matchmaker.domain.permissions import Permission, roles_with
from matchmaker.extensions import db
from matchmaker.models import Membership, Organisation, Region, SignInToken, User
from matchmaker.scope import unscoped

MANAGING_ROLES = roles_with(Permission.MANAGE_ROUNDS)


def find_active_user(user_id: int) -> User | None:
    """Return the user when they may sign in, or None."""
    return db.session.scalars(select(User).where(User.id == user_id, User.active)).one_or_none()


def find_active_user_by_email(email: str) -> User | None:
    """Return the user with this address when they may sign in, or None."""
    statement = select(User).where(User.email == email.strip().lower(), User.active)
    return db.session.scalars(statement).one_or_none()


def get_user(user_id: int) -> User:
    """Return an account, whether it may sign in or not.

    Raises
    ------
    NotFoundError
        When there is no such account.
    """
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFoundError
    return found


def find_user_id(email: str) -> int | None:
    """Return whose address this is, whether they may sign in or not, or None."""
    return db.session.scalars(select(User.id).where(User.email == email.strip().lower())).one_or_none()


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


def list_region_ids(user_id: int) -> list[int]:
    """Return the regions in which somebody has, or had, a role, in order."""
    statement = select(Membership.region_id).where(Membership.user_id == user_id).distinct()
    return sorted(db.session.scalars(statement))


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


def list_contacts_of_region(region_id: int, roles: frozenset[Role]) -> dict[User, list[Organisation]]:
    """Return the active people with one of the roles today at active schools or hosts of a region.

    In order of their addresses, each with their organisations by name.
    """
    today = clock.today()
    statement = (
        select(Membership)
        .join(Membership.user)
        .join(Membership.organisation)
        .where(
            Membership.region_id == region_id,
            Membership.role.in_(roles),
            Membership.since <= today,
            or_(Membership.until.is_(None), Membership.until >= today),
            User.active,
            Organisation.active,
        )
        .options(contains_eager(Membership.user), contains_eager(Membership.organisation))
        .order_by(User.email, Organisation.name, Organisation.id)
    )
    people: dict[User, list[Organisation]] = {}
    for membership in db.session.scalars(statement):
        if membership.organisation is not None:
            people.setdefault(membership.user, []).append(membership.organisation)
    return people


def list_people_of_region(region_id: int, roles: frozenset[Role]) -> list[User]:
    """Return the active people with one of the roles in the region itself today, in order of their ids."""
    today = clock.today()
    members = select(Membership.user_id).where(
        Membership.region_id == region_id,
        Membership.organisation_id.is_(None),
        Membership.role.in_(roles),
        Membership.since <= today,
        or_(Membership.until.is_(None), Membership.until >= today),
    )
    return list(db.session.scalars(select(User).where(User.id.in_(members), User.active).order_by(User.id)))


@unscoped("people of example regions")
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


def list_sole_regions(user_id: int) -> list[Region]:
    """Return the regions that nobody but this person runs today."""
    return [row.region for row in _sole(user_id, MANAGING_ROLES)]


def list_sole_organisations(user_id: int) -> list[Organisation]:
    """Return the schools and hosts that have nobody but this person today."""
    found = _sole(user_id, SCHOOL_ROLES | HOST_ROLES)
    return [row.organisation for row in found if row.organisation is not None]


def _sole(user_id: int, roles: frozenset[Role]) -> list[Membership]:
    """Return the person's roles where nobody else who may sign in has one of the same sort, one per place."""
    other, today = aliased(Membership), clock.today()
    others = (
        select(other.id)
        .join(User, User.id == other.user_id)
        .where(
            User.active,
            other.user_id != user_id,
            other.role.in_(roles),
            other.region_id == Membership.region_id,
            other.organisation_id.is_not_distinct_from(Membership.organisation_id),
            or_(other.until.is_(None), other.until >= today),
        )
    )
    statement = (
        select(Membership)
        .where(
            Membership.user_id == user_id,
            Membership.role.in_(roles),
            or_(Membership.until.is_(None), Membership.until >= today),
            ~others.exists(),
        )
        .options(joinedload(Membership.organisation), joinedload(Membership.region))
        .order_by(Membership.id)
    )
    found = db.session.scalars(statement)
    return list({(row.region_id, row.organisation_id): row for row in found}.values())


def list_organisers(region_id: int) -> list[User]:
    """Return who runs a region today and may sign in."""
    today = clock.today()
    running = exists().where(
        Membership.user_id == User.id,
        Membership.region_id == region_id,
        Membership.role.in_(MANAGING_ROLES),
        or_(Membership.until.is_(None), Membership.until >= today),
    )
    return list(db.session.scalars(select(User).where(User.active, running).order_by(User.id)))


@unscoped("people of example regions")
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

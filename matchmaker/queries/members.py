"""Reads of who works where, and of who has yet to say yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from matchmaker import clock
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.kinds import Role
from matchmaker.domain.permissions import Permission, roles_with
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Invitation, Membership, Message, Organisation, User
from matchmaker.queries.invitations import is_open
from matchmaker.queries.slices import Slice, load_slice
from matchmaker.scope import unscoped

SIZE = 50


@dataclass(frozen=True, slots=True)
class MemberFilters:
    """What an organiser looks for; empty means anybody."""

    text: str = ""
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class DeliveryFigures:
    """How far the mails of a region's open invitations are."""

    total: int
    sent: int
    failed: int
    expired: int

    @property
    def waiting(self) -> int:
        """How many mails have yet to leave."""
        return self.total - self.sent - self.failed - self.expired


def list_members(organisation_id: int) -> list[Membership]:
    """Return the roles of active people at an organisation, by name of the person."""
    statement = _select_members().where(Membership.organisation_id == organisation_id)
    return list(db.session.scalars(statement))


def search_members(region_id: int, filters: MemberFilters, page: int) -> Slice[Membership]:
    """Return one page of all roles in a region, by name of the person."""
    statement = _select_members().outerjoin(Membership.organisation).where(Membership.region_id == region_id)
    statement = statement.options(contains_eager(Membership.organisation))
    if filters.roles:
        statement = statement.where(Membership.role.in_(filters.roles))
    for word in filters.text.split():
        columns = (User.name, User.email, Organisation.name, Organisation.place, Membership.board)
        statement = statement.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return load_slice(statement, page, SIZE)


def get_member(region_id: int, membership_id: int, organisation_id: int | None) -> Membership:
    """Return a role that counts, in the region, or at this organisation of it when one is named.

    Raises
    ------
    NotFoundError
        When there is none.
    """
    statement = _select_members().where(Membership.id == membership_id, Membership.region_id == region_id)
    if organisation_id is not None:
        statement = statement.where(Membership.organisation_id == organisation_id)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def list_colleagues(membership: Membership) -> list[User]:
    """Return the others at the same place who do not have this role yet, by name."""
    there = _is_there(membership)
    having = select(Membership.user_id).where(there, _counts(), Membership.role == membership.role)
    others = select(Membership.user_id).where(there, _counts(), Membership.user_id.not_in(having))
    statement = select(User).where(User.id.in_(others), User.active).order_by(User.name, User.id)
    return list(db.session.scalars(statement))


def count_others_in_charge(membership: Membership) -> int:
    """Return how many other people may manage the same place as this role does."""
    statement = (
        select(func.count(Membership.user_id.distinct()))
        .join(Membership.user)
        .where(
            _is_there(membership),
            _counts(),
            User.active,
            Membership.role.in_(roles_with(Permission.MANAGE_MEMBERS)),
            Membership.user_id != membership.user_id,
        )
    )
    return db.session.scalars(statement).one()


def list_role_keys(region_id: int) -> set[tuple[str, Role, int | None]]:
    """Return address, role and organisation of everybody in a region."""
    statement = (
        select(User.email, Membership.role, Membership.organisation_id)
        .join(Membership.user)
        .where(Membership.region_id == region_id, _counts(), User.active)
    )
    return {(email, role, where) for email, role, where in db.session.execute(statement)}


def list_open_invitations(region_id: int, organisation_id: int) -> list[Invitation]:
    """Return who was invited to an organisation and did not answer yet, newest first."""
    statement = _select_invitations(region_id).where(Invitation.organisation_id == organisation_id)
    # Mails of invitations belong to no region, so that nobody reads somebody else's way in.
    with unscoped("the mails of a region's invitations"):
        return list(db.session.scalars(statement))


def search_open_invitations(region_id: int, text: str, page: int) -> Slice[Invitation]:
    """Return one page of all open invitations of a region, those that failed to arrive first."""
    statement = _select_invitations(region_id).outerjoin(Invitation.organisation)
    for word in text.split():
        columns = (Invitation.name, Invitation.email, Organisation.name, Invitation.board)
        statement = statement.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    with unscoped("the mails of a region's invitations"):
        return load_slice(statement, page, SIZE)


def count_deliveries(region_id: int, now: datetime) -> DeliveryFigures:
    """Return how far the mails of a region's open invitations are; what expired counts as that alone."""
    alive = Invitation.expires_at > now
    is_failed = Message.state == MessageState.FAILED
    # A mail that was cleaned up had been sent.
    is_sent = or_(Message.id.is_(None), Message.state == MessageState.SENT)
    statement = (
        select(
            func.count(),
            func.count(case((alive & is_sent, 1))),
            func.count(case((alive & is_failed, 1))),
            func.count(case((~alive, 1))),
        )
        .select_from(Invitation)
        .outerjoin(Invitation.message)
        .where(Invitation.region_id == region_id, is_open())
    )
    with unscoped("the mails of a region's invitations"):
        return DeliveryFigures(*db.session.execute(statement).one())


def _select_members() -> Select[Membership]:
    return (
        select(Membership)
        .join(Membership.user)
        .where(_counts(), User.active)
        .options(contains_eager(Membership.user))
        .order_by(User.name, Membership.id)
    )


def _select_invitations(region_id: int) -> Select[Invitation]:
    failed_first = case((Message.state == MessageState.FAILED, 0), else_=1)
    return (
        select(Invitation)
        .outerjoin(Invitation.message)
        .where(Invitation.region_id == region_id, is_open())
        .options(
            contains_eager(Invitation.message),
            joinedload(Invitation.organisation),
            joinedload(Invitation.region),
        )
        .order_by(failed_first, Invitation.id.desc())
    )


def _counts() -> ColumnElement[bool]:
    today = clock.today()
    return (Membership.since <= today) & or_(Membership.until.is_(None), Membership.until >= today)


def _is_there(membership: Membership) -> ColumnElement[bool]:
    """Return the condition for roles at the same school, host or board, or in the region itself."""
    return (
        (Membership.region_id == membership.region_id)
        & (Membership.organisation_id == membership.organisation_id)
        & (Membership.board == membership.board)
    )

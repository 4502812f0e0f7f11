"""End a role and hand it over: who leaves loses the rights at once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from matchmaker import scope
from matchmaker.domain.errors import LastOrganiserError, NotFoundError, RoleNotAllowedError
from matchmaker.domain.invitations import Invited, RoleAt, may_invite
from matchmaker.domain.permissions import Permission, roles_with
from matchmaker.extensions import db
from matchmaker.models import Membership, User
from matchmaker.queries import members
from matchmaker.queries.regions import lock_region
from matchmaker.services import audit
from matchmaker.services.invitations import add_invitation, list_own_roles
from matchmaker.services.memberships import add_membership, end_membership
from matchmaker.services.transaction import write_transaction

_IN_CHARGE = roles_with(Permission.MANAGE_ROUNDS)


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody new who takes a role over; `name` may be empty."""

    email: str
    name: str


def end_role(
    region_id: int, membership_id: int, actor_id: int, *, organisation_id: int | None = None
) -> None:
    """End somebody's role, or one's own; all their devices notice with their next request.

    Parameters
    ----------
    organisation_id
        The organisation that the role must be at; None: any role in the region.

    Raises
    ------
    NotFoundError
        When there is no such role there.
    RoleNotAllowedError
        When this person may not end it.
    LastOrganiserError
        When nobody would be left to manage the region.
    """
    with scope.within(region_id), write_transaction():
        row = _lock_role(region_id, membership_id, actor_id, organisation_id)
        _refuse_last(row)
        end_membership(row.id, actor_id=actor_id)


def hand_over_to_colleague(
    region_id: int, membership_id: int, user_id: int, actor_id: int, *, organisation_id: int | None = None
) -> None:
    """Give a role to somebody who works there already, and end it for who had it.

    Raises
    ------
    NotFoundError
        When there is no such role there, or no such colleague without it.
    RoleNotAllowedError
        When this person may not give the role away.
    """
    with scope.within(region_id), write_transaction() as session:
        row = _lock_role(region_id, membership_id, actor_id, organisation_id)
        if user_id not in {user.id for user in members.list_colleagues(row)}:
            raise NotFoundError
        session.execute(select(User.id).where(User.id == user_id).with_for_update())
        added = add_membership(user_id, _where(row), actor_id=actor_id)
        _record_handing_over(row, actor_id, {"membership": added.id})
        end_membership(row.id, actor_id=actor_id)


def hand_over_by_invitation(
    region_id: int,
    membership_id: int,
    successor: Successor,
    actor_id: int,
    *,
    organisation_id: int | None = None,
) -> None:
    """Invite somebody to take a role over; it ends for who has it when the other accepts.

    Raises
    ------
    NotFoundError
        When there is no such role there.
    RoleNotAllowedError
        When this person may not give the role away.
    AlreadyMemberError, UnusableAddressError
        As with `services.invitations.invite`.
    """
    with scope.within(region_id), write_transaction():
        row = _lock_role(region_id, membership_id, actor_id, organisation_id)
        invited = Invited(
            successor.email, successor.name, row.role, row.region_id, row.organisation_id, row.board
        )
        invitation = add_invitation(invited, actor_id, replaces_id=row.id)
        _record_handing_over(row, actor_id, {"invitation": invitation.id})


def _lock_role(region_id: int, membership_id: int, actor_id: int, organisation_id: int | None) -> Membership:
    """Return the role when this person may end it; of those who end roles of a region one goes at a time."""
    lock_region(region_id)
    row = members.get_member(region_id, membership_id, organisation_id)
    holder = Invited("", "", row.role, row.region_id, row.organisation_id, row.board)
    if row.user_id != actor_id and not may_invite(list_own_roles(actor_id), holder):
        raise RoleNotAllowedError
    return row


def _refuse_last(row: Membership) -> None:
    if row.role in _IN_CHARGE and members.count_others_in_charge(row) == 0:
        raise LastOrganiserError((row.region.name,))


def _where(row: Membership) -> RoleAt:
    return RoleAt(row.role, row.region_id, row.organisation_id, row.board)


def _record_handing_over(row: Membership, actor_id: int, after: dict[str, int]) -> None:
    audit.record(
        "hand_over_role",
        "membership",
        row.id,
        region_id=row.region_id,
        organisation_id=row.organisation_id,
        actor_id=actor_id,
        after={"role": row.role.value, **after},
    )
    db.session.flush()

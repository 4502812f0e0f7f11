"""Invite people to a role and let them accept: an e-mailed link, stored hashed, used once.

Knowing an address, a domain or a school's code grants nothing; only the link that was mailed does, and
only the role that its invitation names.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from matchmaker import clock, scope
from matchmaker.config import Settings
from matchmaker.domain.errors import (
    AlreadyMemberError,
    InvitationError,
    RoleNotAllowedError,
    TooManyInvitationsError,
    UnusableAddressError,
)
from matchmaker.domain.invitations import MOST_PER_DAY, Invited, RoleAt, find_expiry, may_invite
from matchmaker.domain.kinds import BOARD_ROLES, HOST_ROLES, SCHOOL_ROLES
from matchmaker.domain.runs import MessageState
from matchmaker.domain.tokens import hash_token
from matchmaker.extensions import db
from matchmaker.models import Host, Invitation, Message, Organisation, School, User
from matchmaker.notifications.facts import Contact, InvitationFacts
from matchmaker.notifications.invitation import compose_invitation
from matchmaker.notifications.mime import is_usable_address
from matchmaker.queries import invitations, people
from matchmaker.queries.regions import lock_region
from matchmaker.services import audit
from matchmaker.services.letterheads import find_language
from matchmaker.services.memberships import add_membership, end_membership
from matchmaker.services.region_facts import describe_region
from matchmaker.services.transaction import write_transaction


def invite(invited: Invited, actor_id: int, *, replaces_id: int | None = None) -> int:
    """Invite somebody and queue the mail; an older invitation to the same is void. Return the new one's id.

    Raises
    ------
    RoleNotAllowedError
        When this person may not give the role, or there is no such role there.
    AlreadyMemberError
        When who is invited has the role already.
    UnusableAddressError
        When no mail can be addressed to them.
    TooManyInvitationsError
        When the address was invited five times within a day.
    """
    with scope.within(invited.region_id), write_transaction():
        if not may_invite(list_own_roles(actor_id), invited):
            raise RoleNotAllowedError
        _refuse_flood(invited)
        return add_invitation(invited, actor_id, replaces_id=replaces_id).id


def invite_again(region_id: int, organisation_id: int | None, invitation_id: int, actor_id: int) -> int:
    """Send a new link to somebody who did not accept yet; the old link is void. Return the new id.

    Parameters
    ----------
    organisation_id
        The organisation that the invitation must be for; None: any in the region.

    Raises
    ------
    NotFoundError
        When the organisation has no such open invitation.
    RoleNotAllowedError, AlreadyMemberError, TooManyInvitationsError
        As with `invite`.
    """
    with scope.within(region_id):
        old = invitations.get_open_invitation(region_id, organisation_id, invitation_id)
        return invite(_describe(old), actor_id, replaces_id=old.replaces_id)


def revoke_invitation(region_id: int, organisation_id: int | None, invitation_id: int, actor_id: int) -> None:
    """Withdraw an invitation; a mail that is still waiting is not sent.

    Parameters
    ----------
    organisation_id
        The organisation that the invitation must be for; None: any in the region.

    Raises
    ------
    NotFoundError
        When the organisation has no such open invitation.
    RoleNotAllowedError
        When this person could not have sent it.
    """
    with scope.within(region_id), write_transaction():
        row = invitations.get_open_invitation(region_id, organisation_id, invitation_id)
        if not may_invite(list_own_roles(actor_id), _describe(row)):
            raise RoleNotAllowedError
        _void(row)
        _record("revoke_invitation", row, actor_id)


def add_invitation(
    invited: Invited,
    actor_id: int | None,
    *,
    send_at: datetime | None = None,
    replaces_id: int | None = None,
) -> Invitation:
    """Invite somebody as part of the caller's transaction: row, mail and audit entry.

    Whether the actor may do so is the caller's to decide.

    Parameters
    ----------
    actor_id
        Whom the mail names as the one who invites; None: the region.
    send_at
        Before when the mail does not leave; None: at once.
    replaces_id
        The membership that ends when this invitation is accepted: its holder hands it over.

    Raises
    ------
    RoleNotAllowedError
        When there is no such role there.
    AlreadyMemberError
        When who is invited has the role already.
    UnusableAddressError
        When no mail can be addressed to them.
    """
    if not is_usable_address(invited.email):
        raise UnusableAddressError
    with scope.within(invited.region_id):
        _lock_place(invited)
        _refuse_member(invited)
        for older in invitations.list_same_open(invited):
            _void(older)
        db.session.flush()
        token = secrets.token_urlsafe(32)
        row = _add_row(invited, token, actor_id, replaces_id)
        message = _compose_mail(row, token)
        # One invitation leaves at once: whoever invites has just told of it.
        message.next_attempt_at = send_at or clock.now()
        row.message = message
        _record("invite", row, actor_id)
        return row


def accept_invitation(token: str, name: str) -> int:
    """Take the role that the invitation names; return the id of the user, who is made when new.

    The link reached the address, so whoever carries it proved the address: that counts as the first step of
    signing in.

    Parameters
    ----------
    name
        What to call somebody who is new; somebody who is known keeps their name.

    Raises
    ------
    InvitationError
        When the invitation is unknown, used, withdrawn, replaced or too old, or its address belongs to
        an account that was closed.
    """
    with scope.unscoped("an invitation by its link"), write_transaction():
        _lock_region_of(token)
        row = _take(token)
        user = _find_or_add_user(row.email, " ".join(name.split()) or row.name, row.language)
        if not user.active:
            raise InvitationError
        row.accepted_by_id = user.id
        add_membership(user.id, row.where, actor_id=user.id)
        if row.replaces_id is not None:
            end_membership(row.replaces_id, actor_id=user.id)
        _record("accept_invitation", row, user.id)
        return user.id


def list_own_roles(user_id: int) -> list[RoleAt]:
    """Return the roles that somebody has today."""
    with scope.unscoped("the roles of one person"):
        memberships = people.list_memberships(user_id)
    return [RoleAt(m.role, m.region_id, m.organisation_id, m.board) for m in memberships]


def _describe(row: Invitation) -> Invited:
    return Invited(row.email, row.name, row.role, row.region_id, row.organisation_id, row.board, row.language)


def _refuse_flood(invited: Invited) -> None:
    since = clock.now() - timedelta(days=1)
    if invitations.count_invitations_since(invited.region_id, invited.email, since) >= MOST_PER_DAY:
        raise TooManyInvitationsError


def _lock_place(invited: Invited) -> None:
    """Check that the role exists there; others who invite to the same place wait until this is done."""
    if invited.organisation_id is None:
        if invited.role in SCHOOL_ROLES | HOST_ROLES or (invited.role in BOARD_ROLES) != bool(invited.board):
            raise RoleNotAllowedError
        lock_region(invited.region_id)
        return
    kind = School if invited.role in SCHOOL_ROLES else Host if invited.role in HOST_ROLES else None
    db.session.execute(
        select(Organisation.id).where(Organisation.id == invited.organisation_id).with_for_update()
    )
    organisation = db.session.get(kind, invited.organisation_id) if kind else None
    if organisation is None or organisation.region_id != invited.region_id:
        raise RoleNotAllowedError


def _refuse_member(invited: Invited) -> None:
    user = people.find_active_user_by_email(invited.email)
    if user is not None and people.find_membership(user.id, invited.where):
        raise AlreadyMemberError


def _void(row: Invitation) -> None:
    """End an open invitation; of a mail on its way nothing can be taken back."""
    row.revoked_at = clock.now()
    if row.message_id is None:
        return
    statement = (
        update(Message)
        .where(Message.id == row.message_id, Message.state == MessageState.QUEUED)
        .values(state=MessageState.SUPERSEDED)
    )
    # The mail belongs to no region, so that nobody reads somebody else's way in.
    with scope.unscoped("the mail of an invitation"):
        db.session.execute(statement)


def _add_row(invited: Invited, token: str, actor_id: int | None, replaces_id: int | None) -> Invitation:
    row = Invitation(
        region_id=invited.region_id,
        organisation_id=invited.organisation_id,
        email=invited.email,
        name=invited.name,
        language=find_language(invited.email, invited.language, actor_id),
        role=invited.role,
        board=invited.board,
        token_hash=hash_token(token),
        invited_by_id=actor_id,
        expires_at=find_expiry(clock.now()),
        replaces_id=replaces_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _compose_mail(row: Invitation, token: str) -> Message:
    settings: Settings = current_app.config["SETTINGS"]
    inviter = row.invited_by
    facts = InvitationFacts(
        invitation_id=row.id,
        contact=Contact(name=row.name, email=row.email, language=row.language),
        inviter=Contact(name=inviter.name, email=inviter.email) if inviter else None,
        role=row.role,
        place=row.place,
        path=f"/uitnodiging/{token}",
        valid_until=row.expires_at - timedelta(seconds=1),
    )
    return compose_invitation(facts, describe_region(row.region), settings, clock.now())


def _lock_region_of(token: str) -> None:
    """Lock the region first: whoever else gives or ends roles locks it before invitations and people."""
    statement = select(Invitation.region_id).where(Invitation.token_hash == hash_token(token))
    region_id = db.session.scalars(statement).one_or_none()
    if region_id is None:
        raise InvitationError
    lock_region(region_id)


def _take(token: str) -> Invitation:
    """Mark the invitation accepted, once: of two at the same moment one gets in."""
    statement = (
        update(Invitation)
        .where(
            Invitation.token_hash == hash_token(token),
            invitations.is_open(),
            Invitation.expires_at > clock.now(),
        )
        .values(accepted_at=clock.now())
        .returning(Invitation.id)
    )
    invitation_id = db.session.scalars(statement).one_or_none()
    if invitation_id is None:
        raise InvitationError
    return db.session.get_one(Invitation, invitation_id)


def _find_or_add_user(email: str, name: str, language: str) -> User:
    """Return the one user with this address, locked; two first roles at one moment make one user."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    row = {"email": email, "name": name, "phone": "", "language": language, "active": True}
    statement = insert(User).values(created_at=clock.now(), **row)
    db.session.execute(statement.on_conflict_do_nothing(index_elements=["email"]))
    return db.session.scalars(select(User).where(User.email == email).with_for_update()).one()


def _record(action: str, row: Invitation, actor_id: int | None) -> None:
    audit.record(
        action,
        "invitation",
        row.id,
        region_id=row.region_id,
        organisation_id=row.organisation_id,
        actor_id=actor_id,
        after={"role": row.role.value},
    )

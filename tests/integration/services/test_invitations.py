"""Invitations: made, replaced, withdrawn and accepted, also when two do it at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.errors import (
    AlreadyMemberError,
    InvitationError,
    NotFoundError,
    RoleNotAllowedError,
    TooManyInvitationsError,
    UnusableAddressError,
)
from matchmaker.domain.invitations import MOST_PER_DAY, Invited
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Invitation, Membership, Message, School, User
from matchmaker.services import invitations
from matchmaker.services.transaction import write_transaction
from tests.factories import HostFactory, MembershipFactory, RegionFactory, UserFactory

COLLEAGUE = "collega@deeiken.example"


@pytest.fixture
def school(app: Flask) -> School:
    """A school with one coordinator."""
    membership = MembershipFactory(user__email="wt@deeiken.example", user__name="W&T-coördinator")
    db.session.commit()
    school: School = membership.organisation
    return school


@pytest.fixture
def actor(school: School) -> int:
    """The coordinator of the school."""
    return db.session.scalars(sa.select(User.id).where(User.email == "wt@deeiken.example")).one()


def somebody(school: School, role: Role = Role.TEACHER, email: str = COLLEAGUE) -> Invited:
    return Invited(email, "Leerkracht groep 7", role, school.region_id, school.id)


def newest_token() -> str:
    statement = sa.select(Message.body).where(Message.kind == MessageKind.INVITATION)
    body = db.session.scalars(statement.order_by(Message.id.desc()).limit(1)).one()
    text = message_from_bytes(body, policy=policy.default).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    token: str = text.split("/uitnodiging/")[1].split()[0]
    return token


def roles_of(email: str) -> list[tuple[Role, int | None]]:
    statement = sa.select(Membership.role, Membership.organisation_id).join(Membership.user)
    return [tuple(row) for row in db.session.execute(statement.where(User.email == email))]  # type: ignore[misc]


def do_at_once(app: Flask, work: Callable[[], object], times: int = 6) -> list[Any]:
    """Do the same in threads that start together; return what each gave or the refusal it met."""
    barrier = Barrier(times, timeout=30)

    def join_in(_: int) -> object:
        with app.app_context():
            barrier.wait()
            try:
                return work()
            except (InvitationError, AlreadyMemberError) as error:
                return type(error)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(join_in, range(times)))


def test_an_invitation_grants_the_role_that_it_names_and_nothing_else(school: School, actor: int) -> None:
    invitations.invite(somebody(school), actor)
    assert roles_of(COLLEAGUE) == []
    user_id = invitations.accept_invitation(newest_token(), "Leerkracht groep 7/8")
    assert roles_of(COLLEAGUE) == [(Role.TEACHER, school.id)]
    assert db.session.get_one(User, user_id).name == "Leerkracht groep 7/8"


def test_the_token_is_long_and_only_its_hash_is_kept(school: School, actor: int) -> None:
    invitation_id = invitations.invite(somebody(school), actor)
    token, row = newest_token(), db.session.get_one(Invitation, invitation_id)
    assert len(token) == 43
    assert token not in repr([getattr(row, column.key) for column in sa.inspect(Invitation).columns])


def test_nobody_reads_the_link_in_the_mail_log_of_the_region(school: School, actor: int) -> None:
    invitations.invite(somebody(school), actor)
    message = db.session.scalars(sa.select(Message)).one()
    assert (message.region_id, message.recipient) == (None, COLLEAGUE)


def test_somebody_who_is_known_keeps_name_and_roles_and_gets_one_more(school: School, actor: int) -> None:
    known = MembershipFactory(
        user__email=COLLEAGUE, user__name="Leerkracht", organisation=HostFactory(), role="host_contact"
    )
    db.session.commit()
    invitations.invite(somebody(school), actor)
    assert invitations.accept_invitation(newest_token(), "Iemand anders") == known.user_id
    assert roles_of(COLLEAGUE) == [(Role.HOST_CONTACT, known.organisation_id), (Role.TEACHER, school.id)]
    assert known.user.name == "Leerkracht"


def test_an_invitation_speaks_the_language_of_who_invites_and_so_does_the_new_account(
    school: School, actor: int
) -> None:
    db.session.get_one(User, actor).language = "en"
    db.session.commit()
    invitation_id = invitations.invite(somebody(school), actor)
    assert "invites you" in db.session.scalars(sa.select(Message.subject)).one()
    user_id = invitations.accept_invitation(newest_token(), "Leerkracht")
    assert db.session.get_one(Invitation, invitation_id).language == "en"
    assert db.session.get_one(User, user_id).language == "en"


def test_somebody_who_is_known_is_invited_in_their_own_language(school: School, actor: int) -> None:
    UserFactory(email=COLLEAGUE, language="en")
    db.session.commit()
    invitations.invite(somebody(school), actor)
    assert "invites you" in db.session.scalars(sa.select(Message.subject)).one()


def test_an_invitation_that_is_sent_again_keeps_its_language(school: School, actor: int) -> None:
    first = invitations.invite(replace(somebody(school), language="en"), actor)
    invitations.invite_again(school.region_id, school.id, first, actor)
    subjects = db.session.scalars(sa.select(Message.subject)).all()
    assert ["invites you" in subject for subject in subjects] == [True, True]


def test_an_invitation_works_once(school: School, actor: int) -> None:
    invitations.invite(somebody(school), actor)
    token = newest_token()
    invitations.accept_invitation(token, "Leerkracht")
    with pytest.raises(InvitationError):
        invitations.accept_invitation(token, "Leerkracht")


def test_an_invitation_is_good_for_fourteen_days(school: School, actor: int) -> None:
    invitations.invite(somebody(school), actor)
    token = newest_token()
    with time_machine.travel(clock.now() + timedelta(days=15)), pytest.raises(InvitationError):
        invitations.accept_invitation(token, "Leerkracht")
    with time_machine.travel(clock.now() + timedelta(days=14)):
        invitations.accept_invitation(token, "Leerkracht")


def test_a_newer_invitation_voids_the_older_and_its_waiting_mail(school: School, actor: int) -> None:
    first = invitations.invite(somebody(school), actor)
    old = newest_token()
    invitations.invite_again(school.region_id, school.id, first, actor)
    states = db.session.scalars(sa.select(Message.state).order_by(Message.id)).all()
    assert states == [MessageState.SUPERSEDED, MessageState.QUEUED]
    with pytest.raises(InvitationError):
        invitations.accept_invitation(old, "Leerkracht")
    invitations.accept_invitation(newest_token(), "Leerkracht")


def test_invitations_to_two_roles_stand_beside_each_other(school: School, actor: int) -> None:
    invitations.invite(somebody(school), actor)
    invitations.invite(somebody(school, Role.COORDINATOR), actor)
    open_ = db.session.scalars(sa.select(Invitation.role).where(Invitation.revoked_at.is_(None))).all()
    assert set(open_) == {Role.TEACHER, Role.COORDINATOR}


def test_a_withdrawn_invitation_and_its_mail_are_gone(school: School, actor: int) -> None:
    invitation_id = invitations.invite(somebody(school), actor)
    invitations.revoke_invitation(school.region_id, school.id, invitation_id, actor)
    assert db.session.scalars(sa.select(Message.state)).all() == [MessageState.SUPERSEDED]
    with pytest.raises(InvitationError):
        invitations.accept_invitation(newest_token(), "Leerkracht")
    with pytest.raises(NotFoundError):
        invitations.revoke_invitation(school.region_id, school.id, invitation_id, actor)


def test_an_invitation_is_found_in_its_own_place_only(school: School, actor: int) -> None:
    invitation_id = invitations.invite(somebody(school), actor)
    for region_id, organisation_id in (
        (school.region_id, school.id + 1),
        (99, school.id),
    ):
        with pytest.raises(NotFoundError):
            invitations.invite_again(region_id, organisation_id, invitation_id, actor)


def test_who_is_a_member_already_is_not_invited(school: School, actor: int) -> None:
    with pytest.raises(AlreadyMemberError):
        invitations.invite(somebody(school, Role.COORDINATOR, "WT@deeiken.example"), actor)


@pytest.mark.parametrize("email", ["", "geen adres", "a@b@c", "naam@school.nl\nBcc: x@y.example"])
def test_an_address_that_cannot_be_used_is_refused(school: School, actor: int, email: str) -> None:
    with pytest.raises(UnusableAddressError):
        invitations.invite(somebody(school, email=email), actor)


def test_nobody_gives_a_role_that_is_not_theirs_to_give(school: School, actor: int) -> None:
    host = HostFactory()
    db.session.commit()
    for invited in (
        Invited(COLLEAGUE, "", Role.ORGANISER, school.region_id),
        Invited(COLLEAGUE, "", Role.HOST_CONTACT, school.region_id, host.id),
        Invited(COLLEAGUE, "", Role.HOST_CONTACT, school.region_id, school.id),
    ):
        with pytest.raises(RoleNotAllowedError):
            invitations.invite(invited, actor)
    assert db.session.scalars(sa.select(Invitation)).all() == []


def test_a_role_is_never_given_where_it_does_not_exist(school: School) -> None:
    elsewhere, host = RegionFactory(slug="elders"), HostFactory()
    db.session.commit()
    for invited in (
        Invited(COLLEAGUE, "", Role.COORDINATOR, school.region_id),
        Invited(COLLEAGUE, "", Role.ORGANISER, school.region_id, school.id),
        Invited(COLLEAGUE, "", Role.COORDINATOR, school.region_id, host.id),
        Invited(COLLEAGUE, "", Role.COORDINATOR, elsewhere.id, school.id),
        Invited(COLLEAGUE, "", Role.COORDINATOR, school.region_id, 99_999),
        Invited(COLLEAGUE, "", Role.BOARD, school.region_id),
        Invited(COLLEAGUE, "", Role.VIEWER, school.region_id, board="Stichting"),
    ):
        with pytest.raises(RoleNotAllowedError), write_transaction():
            invitations.add_invitation(invited, None)


def test_somebody_of_a_school_board_gets_a_role_at_that_board(school: School, actor: int) -> None:
    for board in ("Stichting Noord", "Stichting Zuid"):
        with write_transaction():
            invited = Invited(COLLEAGUE, "", Role.BOARD, school.region_id, board=board)
            invitations.add_invitation(invited, None)
        invitations.accept_invitation(newest_token(), "Bestuurder")
    boards = db.session.scalars(sa.select(Membership.board).where(Membership.role == Role.BOARD)).all()
    assert set(boards) == {"Stichting Noord", "Stichting Zuid"}


def test_an_address_gets_five_invitations_a_day_at_most(school: School, actor: int) -> None:
    for _ in range(MOST_PER_DAY):
        invitations.invite(somebody(school), actor)
    with pytest.raises(TooManyInvitationsError):
        invitations.invite(somebody(school), actor)
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        invitations.invite(somebody(school), actor)


def test_a_closed_account_does_not_open_again(school: School, actor: int) -> None:
    UserFactory(email=COLLEAGUE, active=False)
    db.session.commit()
    invitations.invite(somebody(school), actor)
    with pytest.raises(InvitationError):
        invitations.accept_invitation(newest_token(), "Leerkracht")
    assert roles_of(COLLEAGUE) == []


def test_the_domain_of_an_address_and_the_code_of_a_school_grant_nothing(school: School, actor: int) -> None:
    newcomer = UserFactory(email="iemand@deeiken.example", name=school.code)
    db.session.commit()
    with pytest.raises(InvitationError):
        invitations.accept_invitation(school.code, "Iemand")
    assert roles_of(newcomer.email) == []
    with pytest.raises(RoleNotAllowedError):
        invitations.invite(somebody(school, email="iemand@deeiken.example"), newcomer.id)


def test_of_many_who_accept_at_once_one_gets_in(app: Flask, school: School, actor: int) -> None:
    invitations.invite(somebody(school), actor)
    token = newest_token()
    db.session.rollback()
    results = do_at_once(app, lambda: invitations.accept_invitation(token, "Leerkracht"))
    assert results.count(InvitationError) == len(results) - 1
    assert roles_of(COLLEAGUE) == [(Role.TEACHER, school.id)]


def test_many_who_invite_at_once_leave_one_open_invitation(app: Flask, school: School, actor: int) -> None:
    invited = somebody(school)
    db.session.rollback()
    do_at_once(app, lambda: invitations.invite(invited, actor), times=MOST_PER_DAY)
    rows = db.session.scalars(sa.select(Invitation)).all()
    assert len(rows) == MOST_PER_DAY
    assert sum(row.revoked_at is None for row in rows) == 1
    queued = sa.select(Message).where(Message.state == MessageState.QUEUED)
    assert len(db.session.scalars(queued).all()) == 1


def test_two_first_roles_accepted_at_once_make_one_person(app: Flask, school: School, actor: int) -> None:
    tokens = []
    for role in (Role.TEACHER, Role.COORDINATOR):
        invitations.invite(somebody(school, role), actor)
        tokens.append(newest_token())
    db.session.rollback()
    ids = do_at_once(app, lambda: invitations.accept_invitation(tokens.pop(), "Leerkracht"), times=2)
    assert len(set(ids)) == 1
    assert {role for role, _ in roles_of(COLLEAGUE)} == {Role.TEACHER, Role.COORDINATOR}


def test_every_step_is_written_down_without_names_or_addresses(school: School, actor: int) -> None:
    invitation_id = invitations.invite(somebody(school), actor)
    invitations.invite_again(school.region_id, school.id, invitation_id, actor)
    invitations.accept_invitation(newest_token(), "Leerkracht")
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["invite", "invite", "add_membership", "accept_invitation"]
    assert {entry.organisation_id for entry in entries} == {school.id}
    assert "@" not in repr([(entry.before, entry.after) for entry in entries])

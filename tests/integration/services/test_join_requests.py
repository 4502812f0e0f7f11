"""Asking to join grants nothing; an organiser decides, and an approval is an invitation to the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from matchmaker import clock
from matchmaker.domain.errors import (
    AlreadyMemberError,
    JoiningClosedError,
    JoinRequestDecidedError,
    NotFoundError,
)
from matchmaker.domain.join_requests import MOST_WAITING, JoinAsk, JoinState
from matchmaker.domain.kinds import CoordinateSource, HostKind, MessageKind, Role
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Host, Invitation, JoinRequest, Membership, Message, School, User
from matchmaker.services.join_requests import (
    approve_join_request,
    ask_to_join,
    refuse_join_request,
)
from tests.factories import (
    HostFactory,
    JoinRequestFactory,
    MembershipFactory,
    RegionFactory,
    SchoolFactory,
    UserFactory,
)

EMAIL = "nieuw@de-eiken.example"


@pytest.fixture
def school(app: Flask) -> School:
    """A school whose website has the same domain as the person who asks."""
    school: School = SchoolFactory(website="https://www.de-eiken.example")
    db.session.commit()
    return school


@pytest.fixture
def organiser(school: School) -> User:
    """The organiser of the region."""
    user: User = MembershipFactory(
        user=UserFactory(email="bureau@achterhoek.example"), role=Role.ORGANISER, region=school.region
    ).user
    db.session.commit()
    return user


def ask_of(school: School, **other: object) -> JoinAsk:
    values: dict[str, object] = {
        "region_id": school.region_id,
        "name": "W&T-coördinator",
        "email": EMAIL,
        "role": Role.COORDINATOR,
        "organisation_id": school.id,
    }
    return JoinAsk(**{**values, **other})  # type: ignore[arg-type]


def ask_as_host(region_id: int, name: str = "Smederij De Hamer") -> JoinAsk:
    return JoinAsk(
        region_id,
        "Contactpersoon",
        "info@hamer.example",
        Role.HOST_CONTACT,
        host_name=name,
        host_place="Ulft",
        host_kind=HostKind.TRAINING_COMPANY,
    )


def rows() -> Sequence[JoinRequest]:
    return db.session.scalars(sa.select(JoinRequest).order_by(JoinRequest.id)).all()


def mails(kind: MessageKind) -> Sequence[Message]:
    return db.session.scalars(sa.select(Message).where(Message.kind == kind).order_by(Message.id)).all()


def test_who_asks_is_answered_in_the_language_of_the_page(school: School, organiser: User) -> None:
    ask_to_join(ask_of(school, language="en"))
    ask_to_join(ask_of(school, language="en", email="tweede@de-eiken.example"))
    approve_join_request(school.region_id, rows()[0].id, organiser.id)
    refuse_join_request(school.region_id, rows()[1].id, organiser.id, "Wij kennen u niet.")
    received, refused, invited, asked = (
        mails(kind)[0].subject
        for kind in (
            MessageKind.JOIN_RECEIVED,
            MessageKind.JOIN_REFUSED,
            MessageKind.INVITATION,
            MessageKind.JOIN_ASKED,
        )
    )
    assert received == "We have your request to join"
    assert refused == "Your request to join"
    assert "invites you" in invited
    assert asked == "Iemand wil meedoen"


def count(model: type) -> int:
    return db.session.scalars(sa.select(sa.func.count()).select_from(model)).one()


def text_of(message: Message) -> str:
    part = message_from_bytes(message.body, policy=policy.default).get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_knowing_the_school_and_its_domain_grants_nothing(school: School, organiser: User) -> None:
    before = (count(Membership), count(User), count(Invitation))
    ask_to_join(ask_of(school, remark="BRIN 00ZZ00, KvK 12345678"))
    assert (count(Membership), count(User), count(Invitation)) == before
    assert [row.state for row in rows()] == [JoinState.WAITING]


def test_who_asks_gets_a_receipt_without_anything_they_typed(school: School, organiser: User) -> None:
    ask_to_join(ask_of(school, name="KOOP NU https://kwaad.example", remark="https://kwaad.example"))
    (receipt,) = mails(MessageKind.JOIN_RECEIVED)
    assert receipt.recipient == EMAIL
    assert school.name in text_of(receipt)
    assert b"kwaad" not in receipt.body


def test_a_double_request_is_one_request(school: School, organiser: User) -> None:
    ask_to_join(ask_of(school))
    ask_to_join(ask_of(school, email=f" {EMAIL.upper()}", name="Anders"))
    assert len(rows()) == len(mails(MessageKind.JOIN_RECEIVED)) == 1


def test_the_database_keeps_doubles_out_as_well(school: School) -> None:
    JoinRequestFactory(organisation=school, email=EMAIL)
    with pytest.raises(IntegrityError):
        JoinRequestFactory(organisation=school, email=EMAIL)


def test_a_new_host_is_asked_for_once_by_name(school: School) -> None:
    ask_to_join(ask_as_host(school.region_id))
    ask_to_join(ask_as_host(school.region_id, " Smederij  De Hamer "))
    ask_to_join(ask_as_host(school.region_id, "Een andere smederij"))
    assert [row.host_name for row in rows()] == ["Smederij De Hamer", "Een andere smederij"]


def test_one_address_cannot_fill_the_list(school: School, organiser: User) -> None:
    for _ in range(MOST_WAITING + 2):
        other = SchoolFactory(region=school.region)
        db.session.commit()
        ask_to_join(ask_of(other))
    assert len(rows()) == len(mails(MessageKind.JOIN_RECEIVED)) == MOST_WAITING


@pytest.mark.parametrize("role", [Role.HOST_CONTACT, Role.ORGANISER, Role.ADMINISTRATOR, Role.BOARD])
def test_nobody_asks_for_a_role_that_a_school_does_not_have(school: School, role: Role) -> None:
    with pytest.raises(NotFoundError):
        ask_to_join(ask_of(school, role=role))
    assert not rows()


def test_a_school_of_another_region_or_one_that_stopped_cannot_be_chosen(school: School) -> None:
    elsewhere = SchoolFactory(region=RegionFactory())
    stopped = SchoolFactory(region=school.region, active=False)
    db.session.commit()
    for place in (elsewhere, stopped):
        with pytest.raises(NotFoundError):
            ask_to_join(ask_of(school, organisation_id=place.id))


def test_a_closed_door_takes_no_requests(school: School) -> None:
    school.region.joining_open = False
    db.session.commit()
    with pytest.raises(JoiningClosedError):
        ask_to_join(ask_of(school))
    assert not rows()


def test_organisers_get_one_mail_a_day_and_the_next_in_the_morning(school: School, organiser: User) -> None:
    moment = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        for number in range(3):
            ask_to_join(ask_of(school, email=f"vrager{number}@school.example"))
    told = mails(MessageKind.JOIN_ASKED)
    assert [mail.recipient for mail in told] == [organiser.email] * 2
    assert [mail.next_attempt_at for mail in told] == [moment, datetime(2026, 12, 2, 7, 0, tzinfo=UTC)]


def test_the_mail_of_tomorrow_is_called_off_when_nothing_waits(school: School, organiser: User) -> None:
    for number in range(2):
        ask_to_join(ask_of(school, email=f"vrager{number}@school.example"))
    first, second = rows()
    refuse_join_request(school.region_id, first.id, organiser.id, "Nee.")
    assert len(mails(MessageKind.JOIN_ASKED)) == 2
    refuse_join_request(school.region_id, second.id, organiser.id, "Nee.")
    (left,) = mails(MessageKind.JOIN_ASKED)
    assert left.next_attempt_at <= clock.now()
    # The next request is told all the same.
    ask_to_join(ask_of(school, email="vrager9@school.example"))
    assert [mail.state for mail in mails(MessageKind.JOIN_ASKED)] == [MessageState.QUEUED] * 2


def test_approving_invites_the_address_and_still_grants_nothing(school: School, organiser: User) -> None:
    ask_to_join(ask_of(school))
    memberships = count(Membership)
    approve_join_request(school.region_id, rows()[0].id, organiser.id)
    invitation = db.session.scalars(sa.select(Invitation)).one()
    assert (invitation.email, invitation.role, invitation.organisation_id) == (
        EMAIL,
        Role.COORDINATOR,
        school.id,
    )
    assert [mail.recipient for mail in mails(MessageKind.INVITATION)] == [EMAIL]
    assert count(Membership) == memberships
    row = rows()[0]
    assert (row.state, row.decided_by_id, row.decided_at is None) == (JoinState.APPROVED, organiser.id, False)


def test_a_refusal_mails_the_reason(school: School, organiser: User) -> None:
    ask_to_join(ask_of(school))
    refuse_join_request(school.region_id, rows()[0].id, organiser.id, "Vraag uw collega.\nZij kan het.")
    (mail,) = mails(MessageKind.JOIN_REFUSED)
    assert mail.recipient == EMAIL
    assert "Vraag uw collega.\nZij kan het." in text_of(mail)
    assert count(Invitation) == 0


def test_a_decision_is_made_once(school: School, organiser: User) -> None:
    ask_to_join(ask_of(school))
    refuse_join_request(school.region_id, rows()[0].id, organiser.id, "Nee.")
    with pytest.raises(JoinRequestDecidedError):
        approve_join_request(school.region_id, rows()[0].id, organiser.id)
    assert count(Invitation) == 0


def test_after_a_refusal_one_may_ask_again(school: School, organiser: User) -> None:
    ask_to_join(ask_of(school))
    refuse_join_request(school.region_id, rows()[0].id, organiser.id, "Nee.")
    ask_to_join(ask_of(school))
    assert [row.state for row in rows()] == [JoinState.REFUSED, JoinState.WAITING]


def test_who_has_the_role_already_is_not_invited_and_the_request_waits(
    school: School, organiser: User
) -> None:
    MembershipFactory(user=UserFactory(email=EMAIL), role=Role.COORDINATOR, organisation=school)
    db.session.commit()
    ask_to_join(ask_of(school))
    with pytest.raises(AlreadyMemberError):
        approve_join_request(school.region_id, rows()[0].id, organiser.id)
    db.session.expire_all()
    assert [row.state for row in rows()] == [JoinState.WAITING]


def test_another_region_decides_nothing(school: School, organiser: User) -> None:
    ask_to_join(ask_of(school))
    elsewhere = RegionFactory()
    db.session.commit()
    with pytest.raises(NotFoundError):
        approve_join_request(elsewhere.id, rows()[0].id, organiser.id)


def test_approving_makes_the_row_of_a_new_host(school: School, organiser: User) -> None:
    ask_to_join(ask_as_host(school.region_id))
    approve_join_request(school.region_id, rows()[0].id, organiser.id)
    host = db.session.scalars(sa.select(Host)).one()
    assert (host.name, host.place, host.kind) == ("Smederij De Hamer", "Ulft", HostKind.TRAINING_COMPANY)
    assert (host.code, host.coordinate_source) == ("NIEUW-1", CoordinateSource.PLACE)
    assert db.session.scalars(sa.select(Invitation.organisation_id)).one() == host.id


def test_a_new_host_that_is_in_the_list_after_all_is_not_made_twice(school: School, organiser: User) -> None:
    known = HostFactory(region=school.region, name="Smederij de Hamer BV")
    db.session.commit()
    ask_to_join(ask_as_host(school.region_id))
    approve_join_request(school.region_id, rows()[0].id, organiser.id, host_id=known.id)
    assert count(Host) == 1
    assert db.session.scalars(sa.select(Invitation.organisation_id)).one() == known.id


def test_a_school_is_not_taken_for_a_host(school: School, organiser: User) -> None:
    ask_to_join(ask_as_host(school.region_id))
    with pytest.raises(NotFoundError):
        approve_join_request(school.region_id, rows()[0].id, organiser.id, host_id=school.id)


def test_every_step_is_written_down_without_names(school: School, organiser: User) -> None:
    ask_to_join(ask_of(school))
    approve_join_request(school.region_id, rows()[0].id, organiser.id)
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.object_type == "join_request").order_by(AuditEntry.id)
    ).all()
    assert [(entry.action, entry.actor_id) for entry in entries] == [
        ("ask_to_join", None),
        ("approve_join_request", organiser.id),
    ]
    assert EMAIL not in str([(entry.before, entry.after) for entry in entries])

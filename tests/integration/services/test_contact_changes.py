"""Visits stand in the calendars of who answers for them: they come with the role and go with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.domain.bookings import BookingState
from matchmaker.domain.invitations import Invited
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Membership, Message, School, User
from matchmaker.services.cancelling import cancel_booking
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.erasing import erase_person
from matchmaker.services.invitations import accept_invitation, invite
from matchmaker.services.members import end_role, hand_over_to_colleague
from matchmaker.services.retention import clean_up_tonight
from tests.factories import BookingFactory, InvitationFactory, SlotFactory
from tests.integration.services.coming_visits import (
    EIKEN,
    HOST,
    LINDE,
    ORGANISER,
    Coming,
    event_of,
    mails_to,
    make_coming,
    nine_in,
    person,
    user_named,
)
from tests.unit.notifications.reading_mail import parse_mail, text_of

NEW = "nieuw@de-eiken.example"
VISITS = (
    MessageKind.VISIT_SCHOOL,
    MessageKind.VISIT_HOST,
    MessageKind.VISIT_CHANGED_SCHOOL,
    MessageKind.VISIT_CHANGED_HOST,
    MessageKind.VISIT_CANCELLED_SCHOOL,
    MessageKind.VISIT_CANCELLED_HOST,
)


@pytest.fixture
def coming(app: Flask) -> Coming:
    return make_coming()


def about_visits(*recipients: str) -> list[Message]:
    return [message for message in mails_to(*recipients) if message.kind in VISITS]


def join(
    coming: Coming, email: str = NEW, role: Role = Role.COORDINATOR, replaces_id: int | None = None
) -> None:
    school, host = db.session.get_one(School, coming.schools[0]), coming.slot.activity.host
    InvitationFactory(
        email=email,
        role=role,
        organisation=host if role is Role.HOST_CONTACT else school,
        token=f"token of {email}",
        replaces_id=replaces_id,
    )
    db.session.commit()
    accept_invitation(f"token of {email}", "Nieuw")


def role_of(email: str) -> Membership:
    statement = sa.select(Membership).join(Membership.user).where(User.email == email)
    return db.session.scalars(statement.order_by(Membership.id.desc()).limit(1)).one()


def leave(coming: Coming, email: str) -> None:
    end_role(coming.region_id, role_of(email).id, coming.people[ORGANISER])


def test_who_accepts_an_invitation_gets_every_coming_visit_and_nobody_else_does(coming: Coming) -> None:
    second = SlotFactory(starts_at=nine_in(30), ends_at=nine_in(30) + timedelta(hours=1))
    past = SlotFactory(starts_at=nine_in(-3), ends_at=nine_in(-3) + timedelta(hours=1))
    booked = [BookingFactory(group=coming.booking().group, slot=slot) for slot in (second, past)]
    db.session.commit()
    join(coming)
    mails = about_visits()
    assert {(m.recipient, m.kind) for m in mails} == {(NEW, MessageKind.VISIT_SCHOOL)}
    events = [event_of(message) for message in mails]
    assert {event["x-method"] for event in events} == {"REQUEST"}
    assert {str(e["uid"]) for e in events} == {coming.booking().calendar_uid, booked[0].calendar_uid}


def test_a_new_contact_of_a_host_gets_its_slots(coming: Coming) -> None:
    join(coming, "nieuw@metaal.example", Role.HOST_CONTACT)
    (message,) = about_visits()
    assert (message.recipient, message.kind) == ("nieuw@metaal.example", MessageKind.VISIT_HOST)
    assert event_of(message)["uid"] == coming.slot.calendar_uid


def test_a_teacher_answers_for_no_visit(coming: Coming) -> None:
    join(coming, role=Role.TEACHER)
    assert about_visits() == []


def test_whose_role_ends_has_the_visits_taken_out(coming: Coming) -> None:
    leave(coming, EIKEN)
    (message,) = about_visits()
    assert (message.recipient, message.kind) == (EIKEN, MessageKind.VISIT_CANCELLED_SCHOOL)
    event = event_of(message)
    assert (event["x-method"], event["sequence"]) == ("CANCEL", 1)
    assert "U bent geen contactpersoon meer van De Eiken." in " ".join(text_of(parse_mail(message)).split())
    assert "Dit bezoek gaat gewoon door" in " ".join(text_of(parse_mail(message)).split())


def test_a_contact_of_a_host_who_leaves_has_the_slot_taken_out(coming: Coming) -> None:
    leave(coming, HOST)
    (message,) = about_visits()
    assert (message.recipient, event_of(message)["x-method"]) == (HOST, "CANCEL")


def test_handing_over_moves_the_visits_from_one_calendar_to_the_other(coming: Coming) -> None:
    colleague = person(
        "collega@de-eiken.example", Role.TEACHER, db.session.get_one(School, coming.schools[0])
    )
    db.session.commit()
    role = role_of(EIKEN)
    hand_over_to_colleague(coming.region_id, role.id, colleague.user_id, coming.people[EIKEN])
    new, old = about_visits("collega@de-eiken.example"), about_visits(EIKEN)
    assert [event_of(m)["x-method"] for m in new + old] == ["REQUEST", "CANCEL"]
    assert {event_of(m)["uid"] for m in new + old} == {coming.booking().calendar_uid}


def test_handing_over_by_invitation_takes_effect_when_it_is_accepted(coming: Coming) -> None:
    role = role_of(EIKEN)
    invited = Invited(NEW, "Nieuw", Role.COORDINATOR, coming.region_id, coming.schools[0])
    invite(invited, coming.people[EIKEN], replaces_id=role.id)
    assert about_visits() == []
    join(coming, "opvolger@de-eiken.example", replaces_id=role.id)
    assert [event_of(m)["x-method"] for m in about_visits(EIKEN)] == ["CANCEL"]
    assert [event_of(m)["x-method"] for m in about_visits("opvolger@de-eiken.example")] == ["REQUEST"]


def test_who_leaves_and_comes_back_has_the_visit_again(coming: Coming) -> None:
    leave(coming, EIKEN)
    join(coming, EIKEN)
    events = [event_of(message) for message in about_visits(EIKEN)]
    assert [event["x-method"] for event in events] == ["CANCEL", "REQUEST"]
    assert [event["sequence"] for event in events] == [1, 2]


def test_later_changes_reach_old_and_new_contacts_with_a_higher_sequence(coming: Coming) -> None:
    join(coming)
    cancel_booking(coming.region_id, coming.host_id, coming.bookings[0], coming.people[HOST])
    for recipient in (EIKEN, NEW):
        sequences = [m.sequence for m in about_visits(recipient)]
        assert sequences == sorted(set(sequences))
        assert event_of(about_visits(recipient)[-1])["x-method"] == "CANCEL"


def test_other_schools_and_the_host_hear_nothing_of_a_new_contact(coming: Coming) -> None:
    join(coming)
    assert about_visits(LINDE, HOST, EIKEN) == []
    assert coming.booking(1).calendar_sequence == 0


def test_who_is_erased_has_the_visits_taken_out_and_is_forgotten_then(coming: Coming) -> None:
    user_id = coming.people[EIKEN]
    erase_person(user_id)
    (message,) = about_visits(EIKEN)
    assert (event_of(message)["x-method"], message.state) == ("CANCEL", MessageState.QUEUED)
    deliver_due_messages()
    clean_up_tonight()
    db.session.refresh(message, ["recipient", "body", "state"])
    assert message.state is MessageState.SENT
    assert (message.recipient, message.body) == (f"gewist-{user_id}@persoon.invalid", b"")
    assert about_visits(EIKEN) == []


def test_mails_of_an_erased_person_about_other_things_still_do_not_leave(coming: Coming) -> None:
    join(coming)
    waiting = about_visits(NEW)
    erase_person(user_named(NEW).id)
    for message in waiting:
        db.session.refresh(message)
    assert {message.state for message in waiting} == {MessageState.SUPERSEDED}


def test_a_place_that_is_only_offered_is_no_visit_yet(coming: Coming) -> None:
    coming.booking().state = BookingState.OFFERED
    db.session.commit()
    join(coming)
    assert about_visits() == []

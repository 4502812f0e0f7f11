"""Mail that came back, on both databases: it marks an address only where it proves to be about our mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.domain.incoming import IncomingKind, IncomingOutcome
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message, User
from matchmaker.services.incoming import receive_mail
from tests.factories import MessageFactory, UserFactory
from tests.integration.incoming import programs
from tests.integration.incoming.conftest import NOW, Place, entries, invite, mails, rows
from tests.integration.incoming.programs import Invited
from tests.unit.notifications.reading_mail import parse_mail, text_of

BOUNCES = [programs.postfix_bounce, programs.exchange_bounce, programs.gmail_bounce]


def trouble(place: Place) -> MailTrouble | None:
    return place.user(place.coordinator_id).mail_trouble


def the_mail(invited: Invited) -> Message:
    found: Message = rows(sa.select(Message).where(Message.message_id == invited.message_id))[0]
    return found


@pytest.mark.parametrize("bounce", BOUNCES)
def test_a_bounce_of_any_server_marks_the_address_and_the_mail(
    place: Place, bounce: Callable[[Invited], bytes]
) -> None:
    received = receive_mail(bounce(place.school))
    assert (received.kind, received.outcome) == (IncomingKind.BOUNCE, IncomingOutcome.HANDLED)
    user, message = place.user(place.coordinator_id), the_mail(place.school)
    assert (user.mail_trouble, user.mail_trouble_at) == (MailTrouble.BOUNCED, NOW)
    assert "550" in user.mail_trouble_reason
    assert (message.state, message.returned_as, message.returned_at) == (
        MessageState.SENT,
        IncomingKind.BOUNCE,
        NOW,
    )


def test_a_complaint_marks_the_address(place: Place) -> None:
    receive_mail(programs.complaint(place.school))
    assert trouble(place) is MailTrouble.COMPLAINED
    assert the_mail(place.school).returned_as is IncomingKind.COMPLAINT


def test_a_delay_is_noted_at_the_mail_only(place: Place) -> None:
    assert receive_mail(programs.delay(place.school)).outcome is IncomingOutcome.NOTED
    assert trouble(place) is None
    assert the_mail(place.school).returned_as is IncomingKind.DELAY
    assert mails(MessageKind.MAIL_RETURNED) == []


def test_a_delay_says_nothing_about_a_mail_that_came_back(place: Place) -> None:
    receive_mail(programs.postfix_bounce(place.school))
    receive_mail(programs.delay(place.school))
    assert the_mail(place.school).returned_as is IncomingKind.BOUNCE


@pytest.mark.parametrize("status", ["4.4.7", "5.2.2", "5.7.1", "5.7.26", "5.3.4", "5.6.0"])
def test_what_is_not_the_address_s_fault_marks_the_mail_only(place: Place, status: str) -> None:
    receive_mail(programs.postfix_bounce(place.school, status))
    assert trouble(place) is None
    assert the_mail(place.school).returned_as is IncomingKind.BOUNCE


@pytest.mark.parametrize(
    "change",
    [
        # A stranger knows the address of a school, and may know how ids look.
        {"message_id": "<visit-school.ffffffffffffffffffffffffffffffff@techniek.example>"},
        {"message_id": ""},
        # An own mail says nothing about somebody else's address.
        {"email": "scholen@metaal.example"},
        {"email": "vreemde@elders.example"},
    ],
)
@pytest.mark.parametrize("report", [*BOUNCES, programs.complaint])
def test_a_stranger_cannot_silence_a_school(
    place: Place, report: Callable[[Invited], bytes], change: dict[str, str]
) -> None:
    assert receive_mail(report(replace(place.school, **change))).outcome is IncomingOutcome.REFUSED
    assert [user.mail_trouble for user in rows(sa.select(User))] == [None, None, None]
    assert the_mail(place.school).returned_as is None
    assert mails(MessageKind.MAIL_RETURNED) == []


def test_the_organisers_hear_of_it_a_little_later(place: Place) -> None:
    receive_mail(programs.postfix_bounce(place.school))
    (mail,) = mails(MessageKind.MAIL_RETURNED)
    assert (mail.recipient, mail.next_attempt_at) == (
        "organisator@regio.example",
        NOW + timedelta(minutes=10),
    )
    text = text_of(parse_mail(mail))
    assert "* wt@de-eiken.example (De Eiken): de mail kwam terug" in text
    assert "/organisator/eiken/adressen" in text


def test_many_addresses_come_in_one_mail(place: Place, app: Flask, clock_hand: Any) -> None:
    others = [UserFactory(email=f"persoon{n}@school.example") for n in range(3)]
    sent = [
        invite(app, f"boeking-{n}@techniek.example", user, "booking", place.region_id, place.school_id)
        for n, user in enumerate(others)
    ]
    db.session.commit()
    for invited in sent:
        receive_mail(programs.postfix_bounce(invited))
        clock_hand.shift(timedelta(minutes=4))
    *_, newest = mails(MessageKind.MAIL_RETURNED)
    assert newest.subject == "3 e-mailadressen vragen uw aandacht"
    # The first decides when it leaves; what comes later does not put it off.
    assert {mail.next_attempt_at for mail in mails(MessageKind.MAIL_RETURNED)} == {
        NOW + timedelta(minutes=10)
    }
    assert [mail.sequence for mail in mails(MessageKind.MAIL_RETURNED)] == [0, 1, 2]


def test_about_an_address_that_is_marked_already_nobody_hears_again(place: Place, app: Flask) -> None:
    user = place.user(place.coordinator_id)
    second = invite(app, "boeking-2@techniek.example", user, "booking", place.region_id, place.school_id)
    db.session.commit()
    receive_mail(programs.postfix_bounce(place.school))
    receive_mail(programs.exchange_bounce(second))
    assert len(mails(MessageKind.MAIL_RETURNED)) == 1
    assert the_mail(second).returned_as is IncomingKind.BOUNCE


def test_an_address_of_nobody_is_told_to_the_organisers(place: Place) -> None:
    """An invitation to somebody new came back: nobody would ever know."""
    message = MessageFactory(
        region_id=place.region_id, recipient="nieuw@school.example", state=MessageState.SENT
    )
    invited = replace(place.school, email="nieuw@school.example", message_id=message.message_id)
    db.session.commit()
    receive_mail(programs.postfix_bounce(invited))
    (mail,) = mails(MessageKind.MAIL_RETURNED)
    assert "nieuw@school.example" in text_of(parse_mail(mail))


def test_an_organiser_is_not_told_about_the_own_address(place: Place, app: Flask) -> None:
    organiser = place.user(place.organiser_id)
    invited = invite(
        app, "boeking-9@techniek.example", organiser, "booking", place.region_id, place.school_id
    )
    db.session.commit()
    receive_mail(programs.postfix_bounce(invited))
    assert mails(MessageKind.MAIL_RETURNED) == []


def test_mail_to_sign_in_marks_its_address_too(place: Place) -> None:
    message = MessageFactory(
        region_id=None, recipient=place.school.email, kind=MessageKind.SIGN_IN, state=MessageState.SENT
    )
    invited = replace(place.school, message_id=message.message_id)
    db.session.commit()
    receive_mail(programs.postfix_bounce(invited))
    assert trouble(place) is MailTrouble.BOUNCED


def test_a_receipt_of_delivery_is_no_bounce(place: Place) -> None:
    raw = programs.postfix_bounce(place.school, "2.0.0").replace(b"Action: failed", b"Action: delivered")
    assert receive_mail(raw).reason == "delivered"
    assert the_mail(place.school).returned_as is None


def test_nothing_of_a_mail_is_kept_but_what_became_of_it(place: Place) -> None:
    receive_mail(programs.postfix_bounce(place.school))
    (entry,) = entries()
    assert (entry.kind, entry.outcome, entry.reason) == (
        IncomingKind.BOUNCE,
        IncomingOutcome.HANDLED,
        "bounced 5.1.1",
    )
    assert len(entry.digest) == 64

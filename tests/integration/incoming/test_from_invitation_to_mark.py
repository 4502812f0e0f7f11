"""From the invitation that leaves the house to the mark at the visit, by what the standard says alone."""

from __future__ import annotations

import base64
from datetime import timedelta
from email.utils import make_msgid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from matchmaker import clock, scope
from matchmaker.config import Settings
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message, Region
from matchmaker.notifications.visits import compose_host_visit, compose_school_visit
from matchmaker.queries import calendar_answers as reads
from matchmaker.services.cancelling import cancel_booking
from matchmaker.services.incoming import receive_mail
from matchmaker.services.letterheads import contact_of, letterhead_of
from matchmaker.services.visit_facts import load_occasions
from tests.integration.incoming.conftest import NOW, Place, rows
from tests.unit.notifications.reading_mail import calendar_of, parse_mail


def invite_again(place: Place) -> list[Message]:
    """Send the school and the host their invitations, as publishing does."""
    coordinator = contact_of(place.user(place.coordinator_id))
    with scope.within(place.region_id):
        db.session.execute(sa.delete(Message))
        occasion = load_occasions([place.slot_id])[place.slot_id]
        letterhead = letterhead_of(db.session.get_one(Region, place.region_id))
        sent = [
            compose_school_visit(occasion.visits[0], coordinator, letterhead),
            compose_host_visit(occasion, occasion.host.contacts[0], letterhead),
        ]
        for message in sent:
            message.state, message.sent_at = MessageState.SENT, clock.now()
        db.session.add_all(sent)
        db.session.commit()
        return sent


def press(message: Message, status: str, minutes: int) -> bytes:
    """Answer as a program that knows the standard alone: copy, change one word, send to the organiser."""
    ics = calendar_of(parse_mail(message))
    assert ics is not None
    calendar = Calendar.from_ical(ics)
    (event,) = calendar.walk("VEVENT")
    calendar["METHOD"] = "REPLY"
    event["ATTENDEE"].params["PARTSTAT"] = status
    event["DTSTAMP"].dt = NOW + timedelta(minutes=minutes)
    organiser = str(event["ORGANIZER"]).removeprefix("mailto:")
    lines = [
        f"From: <{message.recipient}>",
        f"To: <{organiser}>",
        f"Message-ID: {make_msgid(domain='program.example')}",
        'Content-Type: text/calendar; charset="utf-8"; method=REPLY',
        "Content-Transfer-Encoding: base64",
        "",
        base64.encodebytes(calendar.to_ical()).decode(),
    ]
    return "\r\n".join(lines).encode()


def count_worries(place: Place) -> int:
    with scope.within(place.region_id):
        db.session.rollback()
        return reads.count_worries(place.region_id, clock.now())


def test_a_press_on_no_marks_the_visit_and_one_on_yes_takes_it_back(place: Place, app: Flask) -> None:
    school, host = invite_again(place)
    assert receive_mail(press(school, "DECLINED", 1)).reason == "declined"
    assert receive_mail(press(host, "DECLINED", 2)).reason == "declined"
    assert count_worries(place) == 2
    assert receive_mail(press(school, "ACCEPTED", 3)).reason == "accepted"
    assert receive_mail(press(host, "ACCEPTED", 4)).reason == "accepted"
    assert count_worries(place) == 0
    assert place.booking().state is BookingState.CONFIRMED
    settings: Settings = app.config["SETTINGS"]
    assert settings.read_replies


def test_after_the_visit_was_called_off_no_press_counts(place: Place) -> None:
    school, host = invite_again(place)
    receive_mail(press(school, "DECLINED", 1))
    cancel_booking(place.region_id, place.school_id, place.booking_id, place.coordinator_id, "Studiedag")
    assert count_worries(place) == 0
    assert receive_mail(press(school, "ACCEPTED", 5)).reason == "not_standing"
    assert receive_mail(press(host, "ACCEPTED", 5)).reason == "not_standing"


@pytest.mark.parametrize("status", ["NEEDS-ACTION", "DELEGATED"])
def test_what_says_nothing_changes_nothing(place: Place, status: str) -> None:
    school, _ = invite_again(place)
    receive_mail(press(school, status, 1))
    assert place.replies() == []


def test_the_address_is_the_only_secret(place: Place) -> None:
    """Whoever reads the calendar of a colleague, who shares it, sees no more than the organiser's address."""
    school, _ = invite_again(place)
    ics: Any = calendar_of(parse_mail(school))
    assert ics.count(b"boekingen+") == 1
    assert rows(sa.select(Message.id)) != []

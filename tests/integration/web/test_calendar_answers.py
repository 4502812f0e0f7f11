"""What calendars answered, as schools, hosts and organisers see it and deal with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from matchmaker import clock, scope
from matchmaker.domain.calendar_answers import CalendarAnswer
from matchmaker.domain.incoming import IncomingKind
from matchmaker.domain.kinds import Role
from matchmaker.extensions import db
from matchmaker.models import Booking, CalendarReply, Message, School, Slot, User
from tests.conftest import database_url
from tests.factories import CalendarReplyFactory, MembershipFactory, UserFactory
from tests.site import Site, StrictClient, sign_in_as

__all__ = ["database_url"]


@pytest.fixture
def declined(site_app: Flask, site: Site) -> None:
    """The coordinator's calendar declined the visit of the own school."""
    with site_app.app_context(), scope.unscoped("what a test makes"):
        reply = db.session.get_one(CalendarReply, site.own.reply_id)
        reply.settled_at, reply.comment = None, "Dan is er <studiedag>"
        reply.user = db.session.get_one(User, site.coordinator)
        db.session.commit()


def home(site: Site) -> str:
    return f"/school/{site.own.school_id}"


def answers(site: Site) -> str:
    return f"/organisator/{site.own.slug}/antwoorden"


@pytest.mark.usefixtures("declined")
def test_the_school_sees_it_at_the_visit_and_says_that_it_goes_on(
    site: Site, coordinator: StrictClient, organiser: StrictClient
) -> None:
    keep = f"{home(site)}/bezoek/{site.own.booking_id}/gaat-door"
    coordinator.get(home(site))
    assert "In de agenda afgeslagen door coordinator achterhoek" in coordinator.text()
    assert "Dan is er <studiedag>" in coordinator.text()
    assert "Bezoek afzeggen" in coordinator.text()
    assert coordinator.submit(keep).location == home(site)
    coordinator.get(home(site))
    assert "Duidelijk: dit bezoek gaat door." in coordinator.text()
    assert "In de agenda afgeslagen" not in coordinator.text()
    organiser.get(answers(site))
    assert "Er wacht niets op u" in organiser.text()


@pytest.mark.usefixtures("declined")
def test_a_teacher_sees_it_and_decides_nothing(site_app: Flask, site: Site) -> None:
    with site_app.app_context(), scope.unscoped("what a test makes"):
        teacher = UserFactory(email="leerkracht@eiken.example")
        MembershipFactory(
            user=teacher, role=Role.TEACHER, organisation=db.session.get_one(School, site.own.school_id)
        )
        db.session.commit()
        teacher_id = teacher.id
    client = sign_in_as(site_app, teacher_id)
    client.get(home(site))
    assert "In de agenda afgeslagen" in client.text()
    assert "Het bezoek gaat door" not in client.text()


@pytest.mark.usefixtures("declined")
def test_the_organiser_sees_whom_to_call_and_settles_it(site: Site, organiser: StrictClient) -> None:
    organiser.get(f"/organisator/{site.own.slug}")
    assert "bezoek is in een agenda afgeslagen" in organiser.text()
    page = organiser.get(answers(site)).get_data(as_text=True)
    assert "In de agenda afgeslagen door coordinator achterhoek" in organiser.text()
    assert "coordinator@achterhoek.example" in organiser.text()
    assert f"/school/{site.own.school_id}/bezoek/{site.own.booking_id}/afzeggen" in page
    settle = f"{answers(site)}/agenda/{site.own.reply_id}/afgehandeld"
    assert organiser.submit(settle).location == answers(site)
    organiser.get(answers(site))
    assert "Er wacht niets op u" in organiser.text()
    assert organiser.submit(settle).status_code == 404


def test_a_host_sees_it_at_the_slot_and_says_that_it_goes_on(
    site_app: Flask, site: Site, host_contact: StrictClient
) -> None:
    own = f"/aanbieder/{site.own.host_id}"
    with site_app.app_context(), scope.unscoped("what a test makes"):
        slot = db.session.get_one(Slot, site.own.slot_id)
        CalendarReplyFactory(booking=None, slot=slot)
        db.session.commit()
    host_contact.get(own)
    assert "In de agenda afgeslagen door een contactpersoon" in host_contact.text()
    host_contact.submit(f"{own}/tijdvak/{site.own.slot_id}/gaat-door")
    host_contact.get(own)
    assert "In de agenda afgeslagen" not in host_contact.text()


def test_another_time_that_is_asked_for_is_told(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    with site_app.app_context(), scope.unscoped("what a test makes"):
        booking = db.session.get_one(Booking, site.own.booking_id)
        CalendarReplyFactory(
            booking=booking,
            answer=CalendarAnswer.COUNTER,
            proposed_starts_at=booking.slot.starts_at + timedelta(hours=2),
            proposed_ends_at=booking.slot.ends_at + timedelta(hours=2),
        )
        db.session.commit()
    coordinator.get(home(site))
    assert "Andere tijd gevraagd door een contactpersoon: " in coordinator.text()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (IncomingKind.BOUNCE, "kwam terug"),
        (IncomingKind.COMPLAINT, "niet gewenst"),
        (IncomingKind.DELAY, "Vertraagd"),
    ],
)
def test_the_mail_log_shows_what_came_back(
    site_app: Flask, site: Site, organiser: StrictClient, kind: IncomingKind, words: str
) -> None:
    with site_app.app_context(), scope.unscoped("what a test makes"):
        message = db.session.get_one(Message, site.own.message_id)
        message.returned_as, message.returned_at = kind, clock.now()
        message.last_error = "550 5.1.1 user unknown"
        db.session.commit()
    organiser.get(f"/organisator/{site.own.slug}/berichten")
    assert words in organiser.text()
    organiser.get(f"/organisator/{site.own.slug}/berichten/{site.own.message_id}")
    assert words in organiser.text()

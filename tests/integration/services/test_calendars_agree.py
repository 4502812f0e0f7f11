"""After every step mail, feed and download say the same; of what waits only the newest leaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from icalendar import Calendar, Event

from matchmaker.domain.errors import DomainError, VisitGoneError
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Host, Message, School
from matchmaker.queries.visits import list_school_bookings
from matchmaker.scope import within
from matchmaker.services.calendars import build_host_calendar, build_school_calendar
from matchmaker.services.cancelling import cancel_booking
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.feeds import make_feed, read_feed
from matchmaker.services.invitations import accept_invitation
from matchmaker.services.moving import move_slot, withdraw_slot
from matchmaker.services.slot_clashes import SlotTarget
from tests.factories import InvitationFactory
from tests.integration.services.coming_visits import (
    EIKEN,
    HOST,
    LINDE,
    Coming,
    event_of,
    mails_to,
    make_coming,
    nine_in,
)

Seen = tuple[str, int, datetime, str]


@pytest.fixture
def coming(app: Flask) -> Coming:
    return make_coming()


class Readers:
    """A coordinator and a host contact who follow a link, download, and get mail."""

    def __init__(self, coming: Coming) -> None:
        self.coming = coming
        self.links = {
            EIKEN: make_feed(coming.people[EIKEN], coming.schools[0]),
            HOST: make_feed(coming.people[HOST], coming.host_id),
        }

    def feed(self, person: str) -> Seen:
        """What the link shows of the one visit."""
        (event,) = Calendar.from_ical(read_feed(self.links[person])[0]).events
        return seen(event)

    def mail(self, person: str) -> Seen:
        """What the newest mail with an appointment says."""
        newest = [m for m in mails_to(person) if m.with_calendar][-1]
        return seen(event_of(newest))

    def download(self, person: str) -> list[Seen]:
        """What a file holds that is taken now."""
        if person == HOST:
            host = db.session.get_one(Host, self.coming.host_id)
            file = build_host_calendar(host, "nl")
        else:
            school = db.session.get_one(School, self.coming.schools[0])
            year = self.coming.booking().group.school_year_id
            file = build_school_calendar(school, list_school_bookings(school.id, year), "nl")
        return [seen(event) for event in Calendar.from_ical(file).events]


def seen(event: Event) -> Seen:
    return str(event["uid"]), int(event["sequence"]), event.start, str(event["status"])


def move(coming: Coming, days: int) -> None:
    target = SlotTarget(nine_in(days), nine_in(days) + timedelta(hours=2))
    version = coming.slot.version
    move_slot(coming.region_id, coming.host_id, coming.slot_id, target, coming.people[HOST], version=version)


def cancel(coming: Coming, number: int) -> None:
    cancel_booking(coming.region_id, coming.host_id, coming.bookings[number], coming.people[HOST])


def join(coming: Coming, email: str) -> None:
    school = db.session.get_one(School, coming.schools[0])
    InvitationFactory(email=email, role=Role.COORDINATOR, organisation=school, token=email)
    db.session.commit()
    accept_invitation(email, "Nieuw")


def test_feed_and_download_follow_every_mail(coming: Coming) -> None:
    readers = Readers(coming)
    for days in (25, 26):
        move(coming, days)
        for person in (EIKEN, HOST):
            assert readers.feed(person) == readers.mail(person)
            assert readers.download(person) == [readers.mail(person)]
            assert readers.feed(person)[2] == nine_in(days)


def test_what_is_off_is_cancelled_in_the_feed_as_in_the_mail_and_gone_from_the_download(
    coming: Coming,
) -> None:
    readers = Readers(coming)
    cancel(coming, 0)
    assert readers.feed(EIKEN) == readers.mail(EIKEN)
    assert readers.feed(EIKEN)[3] == "CANCELLED"
    assert readers.download(EIKEN) == []
    assert readers.feed(HOST) == readers.mail(HOST)
    assert readers.feed(HOST)[3] == "CONFIRMED"
    cancel(coming, 1)
    assert readers.feed(HOST) == readers.mail(HOST)
    assert readers.feed(HOST)[3] == "CANCELLED"
    assert readers.download(HOST) == []


def test_a_withdrawn_slot_is_cancelled_in_every_feed(coming: Coming) -> None:
    readers = Readers(coming)
    withdraw_slot(coming.region_id, coming.host_id, coming.slot_id, coming.people[HOST])
    for person in (EIKEN, HOST):
        assert readers.feed(person) == readers.mail(person)
        assert readers.feed(person)[3] == "CANCELLED"


def test_a_change_of_contacts_lets_no_feed_fall_behind_a_mail(coming: Coming) -> None:
    readers = Readers(coming)
    move(coming, 25)
    join(coming, "nieuw@de-eiken.example")
    uid, sequence, start, status = readers.mail(EIKEN)
    assert readers.feed(EIKEN) == (uid, sequence + 1, start, status)
    assert readers.feed(EIKEN) == readers.mail("nieuw@de-eiken.example")


def test_what_the_outbox_still_held_is_overtaken_whatever_its_kind(coming: Coming) -> None:
    join(coming, "nieuw@de-eiken.example")
    move(coming, 25)
    cancel(coming, 0)
    deliver_due_messages()
    found = [(m.kind, m.state) for m in mails_to("nieuw@de-eiken.example") if m.cause.startswith("booking")]
    assert found == [
        (MessageKind.VISIT_SCHOOL, MessageState.SUPERSEDED),
        (MessageKind.VISIT_CHANGED_SCHOOL, MessageState.SUPERSEDED),
        (MessageKind.VISIT_CANCELLED_SCHOOL, MessageState.SENT),
    ]


def test_a_cancellation_of_a_visit_that_was_never_told_reads_by_itself(coming: Coming) -> None:
    join(coming, "nieuw@de-eiken.example")
    cancel(coming, 0)
    deliver_due_messages()
    (sent,) = [
        m for m in mails_to("nieuw@de-eiken.example") if m.state is MessageState.SENT and m.with_calendar
    ]
    assert event_of(sent)["x-method"] == "CANCEL"
    assert sent.subject.startswith("Afgezegd: groep")


def test_organisers_read_of_every_change_though_mails_wait(coming: Coming) -> None:
    cancel(coming, 0)
    cancel(coming, 1)
    deliver_due_messages()
    news = [m for m in mails_to() if m.kind is MessageKind.VISIT_CHANGED_OFFICE]
    assert [m.state for m in news] == [MessageState.SENT] * 2


def test_of_two_who_call_off_at_once_one_does_and_one_is_told(app: Flask, coming: Coming) -> None:
    outcomes: list[DomainError | None] = []
    start = Barrier(2)
    people = [(coming.schools[0], coming.people[EIKEN]), (coming.host_id, coming.people[HOST])]
    db.session.rollback()

    def call_off(organisation_id: int, user_id: int) -> None:
        with app.app_context(), within(coming.region_id):
            start.wait(20)
            try:
                cancel_booking(coming.region_id, organisation_id, coming.bookings[0], user_id)
                outcomes.append(None)
            except VisitGoneError as refusal:
                outcomes.append(refusal)

    threads = [Thread(target=call_off, args=pair) for pair in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.expire_all()
    assert sorted(outcome is None for outcome in outcomes) == [False, True]
    assert len(visit_mails(EIKEN)) == len(visit_mails(HOST)) == 1
    assert visit_mails(LINDE) == []
    assert coming.slot.taken_groups == 1


def visit_mails(person: str) -> list[Message]:
    return [message for message in mails_to(person) if message.with_calendar]

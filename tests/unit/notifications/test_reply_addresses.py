"""Where replies are read, each person's invitation is organised by an address of its own."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parseaddr

from icalendar import Calendar

from matchmaker.config import Settings
from matchmaker.domain.reply_addresses import is_reply_token
from matchmaker.models import Message
from matchmaker.notifications.publication import PublicationFacts, compose_publication
from tests.unit.notifications.publication_facts import PUBLICATION, SETTINGS
from tests.unit.notifications.reading_mail import calendar_of, parse_mail

READING = replace(SETTINGS, read_replies=True, secret_key="for tests only")


def invitations(settings: Settings, facts: PublicationFacts = PUBLICATION) -> list[Message]:
    return [m for m in compose_publication(facts, settings) if m.kind.value.startswith("visit_")]


def calendar_file(message: Message) -> bytes:
    """The calendar part of a mail."""
    found = calendar_of(parse_mail(message))
    assert found is not None
    return found


def organiser(message: Message) -> str:
    """The organiser's address in the calendar part."""
    (event,) = Calendar.from_ical(calendar_file(message)).walk("VEVENT")
    return str(event["organizer"]).removeprefix("mailto:")


def uid(message: Message) -> str:
    """Which appointment the calendar part is about."""
    (event,) = Calendar.from_ical(calendar_file(message)).walk("VEVENT")
    return str(event["uid"])


def test_as_long_as_nobody_reads_replies_the_plain_address_organises() -> None:
    assert {organiser(message) for message in invitations(SETTINGS)} == {"boekingen@techniek.example"}


def test_every_invitation_is_answered_to_an_address_that_proves_whose_answer_it_is() -> None:
    mails = invitations(READING)
    addresses = [organiser(message) for message in mails]
    assert len(set(addresses)) == len(mails) > 3
    for message, address in zip(mails, addresses, strict=True):
        token = address.partition("@")[0].removeprefix("boekingen+")
        assert is_reply_token(token, READING.secret_key, uid(message), message.recipient)


def test_the_organiser_keeps_the_domain_of_the_sender() -> None:
    for message in invitations(READING):
        _, sender = parseaddr(str(parse_mail(message)["From"]))
        assert organiser(message).partition("@")[2] == sender.partition("@")[2] == "techniek.example"


def test_a_later_version_is_organised_by_the_same_address() -> None:
    slots = tuple(replace(slot, calendar_sequence=4) for slot in PUBLICATION.slots)
    bookings = tuple(replace(booking, calendar_sequence=4) for booking in PUBLICATION.bookings)
    later = invitations(READING, replace(PUBLICATION, slots=slots, bookings=bookings))
    assert [organiser(m) for m in later] == [organiser(m) for m in invitations(READING)]


def test_no_answer_is_asked_for() -> None:
    for message in invitations(READING):
        assert b"RSVP=FALSE" in calendar_file(message).replace(b"\r\n ", b"")

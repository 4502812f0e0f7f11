"""Create, move, move, call off: three readers see one appointment, and each mail says what it is."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
import vobject
from icalendar import Calendar

from tests.integration.calendars.lives import SIDES, Step
from tests.unit.notifications.calendar_readers import read_with_ical_js


def parse(step: Step) -> EmailMessage:
    mail = email.message_from_bytes(step.body, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def part(mail: EmailMessage, kind: str) -> EmailMessage:
    (found,) = [p for p in mail.walk() if p.get_content_type() == kind]
    assert isinstance(found, EmailMessage)
    return found


def file_of(step: Step) -> bytes:
    content = part(parse(step), "text/calendar").get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


@pytest.mark.parametrize("side", SIDES)
def test_each_mail_says_what_its_file_says(lives: dict[str, list[Step]], side: str) -> None:
    methods = []
    for step in lives[side]:
        mail = parse(step)
        calendar = Calendar.from_ical(file_of(step))
        assert part(mail, "text/calendar").get_param("method") == calendar["method"]
        assert part(mail, "application/ics").get_payload(decode=True) == file_of(step)
        assert len(calendar.timezones) == 1
        methods.append(str(calendar["method"]))
    assert methods == ["REQUEST"] * (len(methods) - 1) + ["CANCEL"]
    assert len(methods) >= 4


@pytest.mark.parametrize("side", SIDES)
def test_it_is_one_appointment_with_rising_sequence_and_one_organiser(
    lives: dict[str, list[Step]], side: str
) -> None:
    events = [Calendar.from_ical(file_of(step)).events[0] for step in lives[side]]
    assert len({str(event["uid"]) for event in events}) == 1
    sequences = [int(event["sequence"]) for event in events]
    assert sequences == sorted(set(sequences))
    organisers = {(str(event["organizer"]), event["organizer"].params["CN"]) for event in events}
    assert len(organisers) == 1
    assert {str(event["attendee"]) for event in events} == {f"mailto:{side}"}
    assert [str(event["status"]) for event in events][-2:] == ["CONFIRMED", "CANCELLED"]


@pytest.mark.parametrize("side", SIDES)
def test_three_readers_agree_on_every_hour(lives: dict[str, list[Step]], side: str) -> None:
    steps = [step for step in lives[side] if step.starts_at is not None]
    files = [file_of(step) for step in steps]
    expected = [step.starts_at for step in steps]
    with_icalendar = [Calendar.from_ical(file).events[0].start.astimezone(UTC) for file in files]
    with_vobject = [vobject.readOne(f.decode()).vevent.dtstart.value.astimezone(UTC) for f in files]
    with_ical_js = [datetime.fromisoformat(c["events"][0]["starts"]) for c in read_with_ical_js(*files)]
    assert with_icalendar == with_vobject == with_ical_js == expected


@pytest.mark.parametrize("side", SIDES)
def test_a_cancellation_names_the_last_time_and_the_zone(lives: dict[str, list[Step]], side: str) -> None:
    *_, before, last = (Calendar.from_ical(file_of(step)) for step in lives[side])
    assert last.events[0].start == before.events[0].start
    assert vobject.readOne(file_of(lives[side][-1]).decode()).method.value == "CANCEL"

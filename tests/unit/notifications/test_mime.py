"""The bytes that leave the house are a mail that every reader understands."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from matchmaker.notifications.calendar import Mailbox
from matchmaker.notifications.mime import CalendarPart, Mail, build_mime, is_usable_address

ICS = "BEGIN:VCALENDAR\r\nSUMMARY:Bezoek café €\r\nEND:VCALENDAR\r\n".encode()
MAIL = Mail(
    sender=Mailbox(name="School, Het Baken", email="boekingen@techniek.example"),
    recipient=Mailbox(name='W&T "De Eiken"', email="wt@de-eiken.example"),
    reply_to=Mailbox(name="Bureau", email="bureau@techniekpact.example"),
    subject="Uw bezoek: één groep",
    text="Tot ziens in café ’t Hoekje.\n",
    html="<!doctype html><p>Tot ziens in café ’t Hoekje.</p>\n",
    date=datetime(2026, 12, 23, 9, 30, tzinfo=UTC),
    message_id="<visit.1@techniek.example>",
    calendar=CalendarPart(ics=ICS, method="REQUEST"),
)


def parse(mail: Mail) -> email.message.EmailMessage:
    parsed = email.message_from_bytes(build_mime(mail), policy=email.policy.default)
    assert isinstance(parsed, email.message.EmailMessage)
    return parsed


def test_a_mail_with_calendar_has_the_shape_that_calendars_know() -> None:
    mixed = parse(MAIL)
    alternative, attachment = mixed.iter_parts()
    assert mixed.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert (attachment.get_content_type(), attachment.get_filename()) == (
        "application/ics",
        "uitnodiging.ics",
    )


def test_the_method_of_the_part_is_the_one_in_the_file() -> None:
    alternative, _ = parse(MAIL).iter_parts()
    *_, calendar = alternative.iter_parts()
    assert calendar["Content-Type"].params == {"method": "REQUEST", "charset": "utf-8"}


def test_part_and_attachment_are_the_calendar_byte_by_byte() -> None:
    alternative, attachment = parse(MAIL).iter_parts()
    *_, calendar = alternative.iter_parts()
    assert calendar.get_payload(decode=True) == attachment.get_payload(decode=True) == ICS


def test_a_mail_without_calendar_is_text_and_html() -> None:
    mail = parse(replace(MAIL, calendar=None))
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_names_with_commas_and_quotation_marks_stay_names() -> None:
    mail = parse(MAIL)
    assert mail["From"].addresses[0].display_name == "School, Het Baken"
    assert mail["To"].addresses[0].display_name == 'W&T "De Eiken"'
    assert mail["Reply-To"].addresses[0].addr_spec == "bureau@techniekpact.example"


def test_machines_are_told_not_to_answer() -> None:
    mail = parse(MAIL)
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


def test_a_machine_has_no_reply_address_of_its_own() -> None:
    assert parse(replace(MAIL, reply_to=None))["Reply-To"] is None


def test_the_mail_is_ascii_with_short_lines_and_proper_line_ends() -> None:
    mail = replace(MAIL, text="é" * 3000 + "\n", subject="é" * 150)
    content = build_mime(mail)
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 100
    assert max(len(word) for word in content.split() if word.startswith(b"=?")) <= 75
    assert parse(mail)["Subject"] == "é" * 150


def test_the_same_mail_is_the_same_bytes() -> None:
    assert build_mime(MAIL) == build_mime(MAIL)
    assert build_mime(MAIL) != build_mime(replace(MAIL, message_id="<visit.2@techniek.example>"))


@pytest.mark.parametrize("name", ["Message-ID", "List-Unsubscribe"])
def test_long_words_in_headers_are_not_encoded(name: str) -> None:
    value = f"<{'a' * 200}@techniek.example>"
    mail = (
        replace(MAIL, message_id=value)
        if name == "Message-ID"
        else replace(MAIL, headers=(("List-Unsubscribe", value),))
    )
    assert f"{name}: {value}\r\n".encode() in build_mime(mail)


@pytest.mark.parametrize(
    "evil", ["Uw bezoek\n", "Uw bezoek\r\nBcc: a@b.example", "Uw bezoek\nBcc: a@b.example", "a\rb"]
)
def test_line_ends_in_headers_are_refused(evil: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)newline|linefeed|carriage|cr"):
        build_mime(replace(MAIL, subject=evil))
    with pytest.raises(ValueError, match=r"(?i)newline|linefeed|carriage|cr"):
        build_mime(replace(MAIL, headers=(("List-Unsubscribe", evil),)))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "niemand",
        "a@b@c.example",
        "a b@c.example",
        "a@b.example\r\nBcc: x@y.example",
        "ë@b.example",
        "@b",
        ";@b.example",
        "a@[b",
    ],
)
def test_an_address_that_cannot_be_used_is_refused(address: str) -> None:
    assert not is_usable_address(address)
    with pytest.raises(ValueError, match="usable"):
        build_mime(replace(MAIL, recipient=replace(MAIL.recipient, email="x")))


def test_ordinary_addresses_can_be_used() -> None:
    assert is_usable_address("w.t+school@de-eiken.example")
    assert is_usable_address("o'neil@b.example")

"""Answers of calendars, bounces, complaints and out of office are told apart; no mail crashes the reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import pytest

from matchmaker.domain.calendar_answers import CalendarAnswer
from matchmaker.domain.incoming import IncomingKind
from matchmaker.notifications.calendar_replies import (
    Unreadable,
    UnreadableReplyError,
    read_calendar_reply,
)
from matchmaker.notifications.incoming import (
    LARGEST_MAIL,
    IncomingMail,
    UnreadableMailError,
    read_incoming,
)
from tests.unit.notifications.incoming_samples import (
    MAILS,
    OWN,
    PERSON,
    TOKEN,
    UID,
    alternative,
    calendar,
    headers,
)

FUZZED = 10_000


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("google accepts", CalendarAnswer.ACCEPTED),
        ("outlook declines", CalendarAnswer.DECLINED),
        ("apple is not sure", CalendarAnswer.TENTATIVE),
        ("exchange proposes another time", CalendarAnswer.COUNTER),
        ("a reply outside and a counter inside", CalendarAnswer.COUNTER),
    ],
)
def test_a_calendar_answers_for_one_person_about_one_booking(name: str, answer: CalendarAnswer) -> None:
    mail = read_incoming(MAILS[name], OWN)
    assert (mail.kind, mail.token, mail.sender) == (IncomingKind.CALENDAR, TOKEN, PERSON)
    assert mail.reply is not None
    assert (mail.reply.uid, mail.reply.attendee, mail.reply.sequence) == (UID, PERSON, 2)
    assert mail.reply.answer is answer
    assert mail.reply.stamp == datetime(2026, 12, 1, 10, 15, tzinfo=UTC)


def test_another_time_is_read_in_windows_own_words_for_our_zone() -> None:
    reply = read_incoming(MAILS["exchange proposes another time"], OWN).reply
    assert reply is not None
    assert reply.proposed == (
        datetime(2027, 1, 12, 8, 0, tzinfo=UTC),
        datetime(2027, 1, 12, 10, 0, tzinfo=UTC),
    )
    assert reply.comment == "Kan het later?"


def test_only_a_counter_proposes_a_time() -> None:
    reply = read_incoming(MAILS["google accepts"], OWN).reply
    assert reply is not None
    assert reply.proposed is None


def test_words_beside_an_answer_are_kept() -> None:
    assert read_incoming(MAILS["outlook declines"], OWN).words == "Die dag is er studiedag."


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("bounce", IncomingKind.BOUNCE, "smtp; 550 5.1.1 unknown user"),
        ("delay", IncomingKind.DELAY, "4.4.1"),
        ("complaint", IncomingKind.COMPLAINT, "abuse"),
    ],
)
def test_a_report_names_whose_mail_it_is_about(name: str, kind: IncomingKind, reason: str) -> None:
    mail = read_incoming(MAILS[name], OWN)
    assert (mail.kind, mail.failed_recipient, mail.reason) == (kind, PERSON, reason)
    assert "<visit-school.ab12@techniek.example>" in mail.about


def test_out_of_office_is_no_answer() -> None:
    assert read_incoming(MAILS["out of office"], OWN).kind is IncomingKind.AUTOMATIC


def test_a_calendar_that_answers_by_itself_is_no_mail_server() -> None:
    raw = b"Return-Path: <>\r\n" + MAILS["outlook declines"]
    assert read_incoming(raw, OWN).kind is IncomingKind.CALENDAR


def test_a_mail_without_a_way_back_was_written_by_a_program() -> None:
    raw = b"Return-Path: <>\r\n" + MAILS["words"]
    assert read_incoming(raw, OWN).kind is IncomingKind.AUTOMATIC


def test_an_old_mail_server_says_in_its_own_words_that_a_mail_came_back() -> None:
    raw = (
        headers(f"X-Failed-Recipients: {PERSON}", sender="MAILER-DAEMON@oud.example") + "\r\n550\r\n"
    ).encode()
    mail = read_incoming(raw, OWN)
    assert (mail.kind, mail.failed_recipient, mail.status) == (IncomingKind.BOUNCE, PERSON, "")


def test_a_person_may_just_write() -> None:
    mail = read_incoming(MAILS["words"], OWN)
    assert (mail.kind, mail.words) == (IncomingKind.WORDS, "Kunnen wij ruilen?")


def test_words_without_a_plain_part_are_read_from_the_designed_one() -> None:
    html = "<style>p {}</style><p>Kunnen wij\r\n ruilen?</p><div>Groet &amp; dank</div>"
    raw = headers("Content-Type: text/html; charset=utf-8") + f"\r\n{html}\r\n"
    assert read_incoming(raw.encode(), OWN).words == "Kunnen wij ruilen?\nGroet & dank"


def test_a_bounce_tells_its_code() -> None:
    assert read_incoming(MAILS["bounce"], OWN).status == "5.1.1"
    assert read_incoming(MAILS["complaint"], OWN).status == ""


def test_a_foreign_plus_address_has_no_token_of_ours() -> None:
    raw = (headers(to=f"boekingen+{TOKEN}@elders.example") + "\r\n").encode()
    assert read_incoming(raw, OWN).token == ""


def test_a_forwarded_invitation_is_no_answer() -> None:
    mail = read_incoming(alternative(calendar("REQUEST"), "8bit", method="REQUEST"), OWN)
    assert (mail.kind, mail.reply) == (IncomingKind.WORDS, None)


@pytest.mark.parametrize(
    ("ics", "reason"),
    [
        ("no calendar at all", Unreadable.NO_CALENDAR),
        (calendar("REQUEST"), Unreadable.NO_ANSWER),
        (calendar("REPLY", status="NEEDS-ACTION"), Unreadable.NO_ATTENDEE),
        (calendar("REPLY", status="DELEGATED"), Unreadable.NO_ANSWER),
        (calendar("REPLY").replace(f"UID:{UID}\r\n", ""), Unreadable.NO_UID),
        (calendar("REPLY").replace("VEVENT", "VTODO"), Unreadable.NO_EVENT),
        (
            calendar("REPLY", "ATTENDEE;PARTSTAT=DECLINED:mailto:elders@school.example"),
            Unreadable.SEVERAL_ATTENDEES,
        ),
        (
            calendar("REPLY").replace("END:VEVENT", "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nEND:VEVENT"),
            Unreadable.SEVERAL_EVENTS,
        ),
        (calendar("COUNTER").replace("DTEND", "X-END"), Unreadable.NO_TIME),
    ],
)
def test_what_is_no_clear_answer_is_refused_with_its_reason(ics: str, reason: Unreadable) -> None:
    with pytest.raises(UnreadableReplyError) as refused:
        read_calendar_reply(ics.encode())
    assert refused.value.reason is reason


def test_a_broken_calendar_part_is_refused_as_a_whole() -> None:
    with pytest.raises(UnreadableMailError, match="no_calendar"):
        read_incoming(alternative("no calendar", "8bit"), OWN)


def test_a_mail_without_end_is_not_read() -> None:
    with pytest.raises(UnreadableMailError, match="5 MB"):
        read_incoming(b"x" * (LARGEST_MAIL + 1), OWN)


def test_a_mail_of_very_many_parts_is_not_read() -> None:
    parts = "\r\n".join("--b1\r\n\r\nx" for _ in range(300))
    raw = headers('Content-Type: multipart/mixed; boundary="b1"') + f"\r\n{parts}\r\n--b1--\r\n"
    with pytest.raises(UnreadableMailError, match="parts"):
        read_incoming(raw.encode(), OWN)


def test_no_mail_crashes_the_reader() -> None:
    outcomes = {_outcome(damage(Random(number), SAMPLES)) for number in range(FUZZED)}
    # The damage is neither too light nor too heavy: everything that can come out does.
    assert outcomes == {"refused", *IncomingKind} - {IncomingKind.UNREADABLE}


def _outcome(raw: bytes) -> str:
    try:
        mail = read_incoming(raw, OWN)
    except UnreadableMailError:
        return "refused"
    assert isinstance(mail, IncomingMail)
    return mail.kind


SHARDS = (
    b"\x00", b"\xff\xfe", b"\r\n", b"\n\n", b"=?utf-8?b?////?=", b"=?x-none?q?=C3?=", b"charset=nowhere",
    b"BEGIN:VEVENT\r\n", b"END:VCALENDAR\r\n", b"Content-Transfer-Encoding: base64\r\n", b'boundary="b1"',
    b"--b1", b"DTSTART;TZID=Mars/Olympus:99999999T999999\r\n", b"SEQUENCE:-1e9\r\n", b"METHOD:REPLY\r\n",
    b"RRULE:FREQ=SECONDLY\r\n", b"UID:" + b"x" * 5000, b"PARTSTAT=", b":", b";", b"\xc3", b"<", b"@", b'"',
    b"(" * 200,
)  # fmt: skip


SAMPLES = [raw for _, raw in sorted(MAILS.items())]


def damage(random: Random, samples: Sequence[bytes]) -> bytes:
    """Return a sample with pieces cut out, doubled, swapped with other samples, or replaced by shards."""
    raw = bytearray(random.choice(samples))
    for _ in range(random.randint(1, 6)):
        start = random.randrange(len(raw) + 1)
        end = min(len(raw), start + random.choice((1, 3, 20, 200)))
        other = random.choice(samples)
        cut = random.randrange(len(other))
        raw[start:end] = random.choice(
            (b"", raw[start:end] * 2, other[cut : cut + 200], random.choice(SHARDS), random.randbytes(4))
        )
    return bytes(raw)

"""Answers and reports as widespread programs write them; all words and addresses are ours."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

_numbers = count(1)

ZONE_OF_WINDOWS = """\
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Invited:
    """An invitation as it lies in somebody's inbox.

    Parameters
    ----------
    organiser
        Address that answers go to.
    message_id
        Of the mail with the invitation.
    """

    uid: str
    email: str
    organiser: str
    sequence: int
    starts_at: datetime
    message_id: str = "<visit-school.0f3c@techniek.example>"

    def times(self, later: timedelta = timedelta(0)) -> tuple[str, str]:
        """Start and end on the wall in Amsterdam in winter, as calendars write them."""
        start = self.starts_at + timedelta(hours=1) + later
        return f"{start:%Y%m%dT%H%M%S}", f"{start + timedelta(hours=2):%Y%m%dT%H%M%S}"


def stamp(moment: datetime) -> str:
    """A moment as calendars write it."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def outlook(invited: Invited, status: str, at: datetime, words: str = "") -> bytes:
    """Outlook and Exchange: its own name for the zone, base64, no organiser; the subject in Dutch."""
    start, end = invited.times()
    calendar = (
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nPRODID:Microsoft Exchange Server 2010\nVERSION:2.0\n"
        f"{ZONE_OF_WINDOWS}BEGIN:VEVENT\n"
        f"ATTENDEE;PARTSTAT={status};CN=Coördinator:mailto:{invited.email}\n"
        f"COMMENT;LANGUAGE=nl-NL:{words}\\n\nUID:{invited.uid}\n"
        "SUMMARY;LANGUAGE=nl-NL:Geweigerd: Groep 7/8: Lassen\n"
        f"DTSTART;TZID=W. Europe Standard Time:{start}\nDTEND;TZID=W. Europe Standard Time:{end}\n"
        f"CLASS:PUBLIC\nPRIORITY:5\nDTSTAMP:{stamp(at)}\nTRANSP:OPAQUE\nSTATUS:CONFIRMED\n"
        f"SEQUENCE:{invited.sequence}\nLOCATION;LANGUAGE=nl-NL:Ulft\n"
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    return _mail(
        invited,
        subject="=?iso-8859-1?Q?Geweigerd=3A_Groep_7=2F8=3A_Lassen?=",
        more=["Thread-Topic: Lassen", "X-MS-Has-Attach:", "Content-Language: nl-NL"],
        parts=[
            ("text/plain; charset=iso-8859-1", "quoted-printable", words.encode("iso-8859-1")),
            ("text/html; charset=iso-8859-1", "quoted-printable", b"<html><body></body></html>"),
            ('text/calendar; charset="utf-8"; method=REPLY', "base64", _lines(calendar)),
        ],
    )


def google(invited: Invited, status: str, at: datetime, words: str = "") -> bytes:
    """Google: times in UTC, words at the attendee, the answer twice, and a header that a machine wrote it."""
    calendar = _lines(
        "BEGIN:VCALENDAR\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\nVERSION:2.0\n"
        "CALSCALE:GREGORIAN\nMETHOD:REPLY\nBEGIN:VEVENT\n"
        f"DTSTART:{stamp(invited.starts_at)}\nDTEND:{stamp(invited.starts_at + timedelta(hours=2))}\n"
        f"DTSTAMP:{stamp(at)}\nORGANIZER;CN=Techniekpact:mailto:{invited.organiser}\nUID:{invited.uid}\n"
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={status};CN={invited.email};\n"
        f' X-NUM-GUESTS=0;X-RESPONSE-COMMENT="{words}":mailto:{invited.email}\n'
        f"CREATED:20261201T080000Z\nLAST-MODIFIED:{stamp(at)}\nSEQUENCE:{invited.sequence}\n"
        "STATUS:CONFIRMED\nSUMMARY:Groep 7/8: Lassen\nTRANSP:OPAQUE\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    return _mail(
        invited,
        subject="Declined: Groep 7/8: Lassen",
        more=[
            "Sender: Google Calendar <calendar-notification@google.example>",
            "Auto-Submitted: auto-generated",
        ],
        parts=[
            (
                "text/plain; charset=UTF-8; format=flowed; delsp=yes",
                "base64",
                b"Anna has declined this invitation.",
            ),
            ("text/html; charset=UTF-8", "quoted-printable", b"<p>Anna has declined this invitation.</p>"),
            ("text/calendar; charset=UTF-8; method=REPLY", "7bit", calendar),
            ('application/ics; name="invite.ics"', "base64", calendar),
        ],
    )


def apple(invited: Invited, status: str, at: datetime, words: str = "") -> bytes:
    """Apple's server: the person as a path with the address beside it, quoted-printable, words in German."""
    start, end = invited.times()
    calendar = (
        "BEGIN:VCALENDAR\nCALSCALE:GREGORIAN\nMETHOD:REPLY\nPRODID:-//caldav.icloud.com//CALDAVJ 2426//EN\n"
        "VERSION:2.0\nBEGIN:VEVENT\n"
        f"ATTENDEE;CN=Coördinator;CUTYPE=INDIVIDUAL;EMAIL={invited.email};PARTSTAT={status};\n"
        " ROLE=REQ-PARTICIPANT:/1234567890/principal/\n"
        f"COMMENT:{words}\nDTEND;TZID=Europe/Amsterdam:{end}\nDTSTAMP:{stamp(at)}\n"
        f"DTSTART;TZID=Europe/Amsterdam:{start}\nORGANIZER;CN=Techniekpact:mailto:{invited.organiser.upper()}\n"
        f"SEQUENCE:{invited.sequence}\nSUMMARY:Groep 7/8: Lassen\nUID:{invited.uid}\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    return _mail(
        invited,
        subject="=?UTF-8?B?QWJnZWxlaG50?=: Lassen",
        more=["Reply-To: coordinator@icloud.example"],
        parts=[
            ("text/plain; charset=UTF-8", "quoted-printable", b"Die Einladung wurde abgelehnt."),
            ("text/calendar; charset=UTF-8; method=REPLY", "quoted-printable", _lines(calendar)),
        ],
    )


def exchange_counter(invited: Invited, at: datetime, later: timedelta, words: str = "") -> bytes:
    """Exchange proposes another time: the mail says REPLY and the calendar in it COUNTER; in French."""
    start, end = invited.times(later)
    was, _ = invited.times()
    calendar = (
        "BEGIN:VCALENDAR\nMETHOD:COUNTER\nPRODID:Microsoft Exchange Server 2010\nVERSION:2.0\n"
        f"{ZONE_OF_WINDOWS}BEGIN:VEVENT\n"
        f"ORGANIZER;CN=Techniekpact:mailto:{invited.organiser}\n"
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=TENTATIVE;CN=Coördinator:mailto:{invited.email}\n"
        f"COMMENT;LANGUAGE=fr-FR:{words}\nUID:{invited.uid}\n"
        f"DTSTART;TZID=W. Europe Standard Time:{start}\nDTEND;TZID=W. Europe Standard Time:{end}\n"
        f"DTSTAMP:{stamp(at)}\nSEQUENCE:{invited.sequence}\n"
        f"X-MS-OLK-ORIGINALSTART;TZID=W. Europe Standard Time:{was}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    return _mail(
        invited,
        subject="=?utf-8?B?Tm91dmVsbGUgaGV1cmUgcHJvcG9zw6ll?=",
        more=["Content-Language: fr-FR"],
        parts=[("text/calendar; charset=utf-8; method=REPLY", "base64", _lines(calendar))],
    )


REPLIES: dict[str, Callable[[Invited, str, datetime, str], bytes]] = {
    "outlook": outlook,
    "google": google,
    "apple": apple,
}


def postfix_bounce(invited: Invited, status: str = "5.1.1") -> bytes:
    """Postfix could not deliver: the mail itself goes back."""
    report = (
        "Reporting-MTA: dns; mail.school.example\nX-Postfix-Queue-ID: 4FZ0\n"
        "X-Postfix-Sender: rfc822; boekingen@techniek.example\n\n"
        f"Final-Recipient: rfc822; {invited.email}\nOriginal-Recipient: rfc822;{invited.email}\n"
        f"Action: failed\nStatus: {status}\nRemote-MTA: dns; mx.school.example\n"
        f"Diagnostic-Code: smtp; 550 {status} <{invited.email}>: Recipient address\n rejected\n"
    )
    returned = f"Message-ID: {invited.message_id}\nSubject: Uw bezoek\n\nBeste collega,\n"
    return _report("MAILER-DAEMON@mail.school.example", report, ("message/rfc822", returned))


def exchange_bounce(invited: Invited) -> bytes:
    """Exchange Online could not deliver: in Dutch, with the headers alone."""
    report = (
        "Reporting-MTA: dns;AM0PR01.eurprd01.prod.exchange.example\n"
        "Arrival-Date: Tue, 5 Jan 2027 09:01:02 +0000\n\n"
        f"Final-Recipient: rfc822;{invited.email.upper()}\nAction: failed\nStatus: 5.1.10\n"
        "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found\n"
    )
    returned = f"From: Techniekpact <boekingen@techniek.example>\nMessage-ID: {invited.message_id}\n"
    return _report(
        "MicrosoftExchange329e@school.example",
        report,
        ("text/rfc822-headers", returned),
        "Onbestelbaar: Uw bezoek",
    )


def gmail_bounce(invited: Invited) -> bytes:
    """Google could not deliver: one more header for whom it was, and references to the mail."""
    report = (
        "Reporting-MTA: dns; googlemail.example\nArrival-Date: Tue, 05 Jan 2027 01:01:02 -0800 (PST)\n"
        "X-Original-Message-ID: "
        f"{invited.message_id}\n\nFinal-Recipient: rfc822; {invited.email}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.\n"
    )
    returned = f"Message-ID: {invited.message_id}\nSubject: Uw bezoek\n\nBeste"
    more = [f"X-Failed-Recipients: {invited.email}", f"In-Reply-To: {invited.message_id}"]
    return _report("mailer-daemon@googlemail.example", report, ("message/rfc822", returned), more=more)


def delay(invited: Invited) -> bytes:
    """A mail server tries again later."""
    report = (
        "Reporting-MTA: dns; mail.school.example\n\n"
        f"Final-Recipient: rfc822; {invited.email}\nAction: delayed\nStatus: 4.4.1\n"
    )
    return _report(
        "MAILER-DAEMON@mail.school.example",
        report,
        ("text/rfc822-headers", f"Message-ID: {invited.message_id}\n"),
    )


def complaint(invited: Invited) -> bytes:
    """A provider hands on that somebody called our mail unwanted (RFC 5965)."""
    report = f"Feedback-Type: abuse\nVersion: 1\nUser-Agent: loop\nOriginal-Rcpt-To: {invited.email}\n"
    returned = f"Message-ID: {invited.message_id}\nSubject: Uw bezoek\n\nBeste collega,\n"
    return _report("fbl@provider.example", report, ("message/rfc822", returned), kind="feedback-report")


def out_of_office(invited: Invited) -> bytes:
    """Nobody is there, and nobody has to know."""
    return _plain(
        invited, "Automatisch antwoord: Uw bezoek", "Ik ben er maandag weer.", "Auto-Submitted: auto-replied"
    )


def words(sender: str, text: str = "Kunnen wij ruilen?", about: str = "", subject: str = "Ruilen") -> bytes:
    """A person writes to the address that our mails come from."""
    invited = Invited("", sender, "boekingen@techniek.example", 0, datetime(2027, 1, 12, tzinfo=UTC), about)
    return _plain(invited, subject, text)


def _plain(invited: Invited, subject: str, text: str, *more: str) -> bytes:
    head = _head(invited, subject, ["Content-Type: text/plain; charset=utf-8", *more])
    return f"{head}\r\n{text}\r\n".encode()


def _mail(invited: Invited, subject: str, more: list[str], parts: list[tuple[str, str, bytes]]) -> bytes:
    head = _head(invited, subject, [*more, 'Content-Type: multipart/alternative; boundary="_000_x"'])
    body = b"".join(
        f"\r\n--_000_x\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + _encode(content, encoding)
        for kind, encoding, content in parts
    )
    return head.encode() + body + b"\r\n--_000_x--\r\n"


def _head(invited: Invited, subject: str, more: list[str]) -> str:
    lines = [
        f"Delivered-To: {invited.organiser}",
        f"From: =?utf-8?q?Co=C3=B6rdinator?= <{invited.email}>",
        f"To: <{invited.organiser}>",
        f"Subject: {subject}",
        "Date: Tue, 05 Jan 2027 09:05:00 +0000",
        f"Message-ID: <answer.{next(_numbers)}@school.example>",
        "MIME-Version: 1.0",
        *([f"In-Reply-To: {invited.message_id}"] if invited.message_id else []),
        *more,
    ]
    return "\r\n".join(lines) + "\r\n"


def _report(
    sender: str,
    report: str,
    returned: tuple[str, str],
    subject: str = "Undelivered Mail Returned to Sender",
    kind: str = "delivery-status",
    more: list[str] | None = None,
) -> bytes:
    lines = [
        "Return-Path: <>",
        "To: boekingen@techniek.example",
        f"From: Mail Delivery System <{sender}>",
        f"Subject: {subject}",
        f"Message-ID: <report.{next(_numbers)}@mail.example>",
        "Auto-Submitted: auto-replied",
        *(more or []),
        f'Content-Type: multipart/report; report-type={kind}; boundary="=_r"',
        "",
        "--=_r",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Uw bericht kon niet worden bezorgd.",
        "",
        "--=_r",
        f"Content-Type: message/{kind}",
        "",
        *report.splitlines(),
        "",
        "--=_r",
        f"Content-Type: {returned[0]}",
        "",
        *returned[1].splitlines(),
        "--=_r--",
        "",
    ]
    return "\r\n".join(lines).encode()


def _lines(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def _encode(content: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(content).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(content.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return content

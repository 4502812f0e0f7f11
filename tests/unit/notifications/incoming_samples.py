"""Mails that come back, shaped as widespread programs write them; all words and addresses are ours."""

from __future__ import annotations

import base64
import quopri

OWN = "boekingen@techniek.example"
TOKEN = "k3vq7m2xw4"
UID = "boeking-0f3c@techniek.example"
PERSON = "wt@de-eiken.example"


def calendar(method: str, *lines: str, zone: str = "Europe/Amsterdam", status: str = "ACCEPTED") -> str:
    """A calendar part that answers; `lines` come into the event."""
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            f"METHOD:{method}",
            "PRODID:-//A calendar//NL",
            "VERSION:2.0",
            "BEGIN:VEVENT",
            f'ATTENDEE;PARTSTAT={status};CN="W&T-coördinator, De Eiken":MAILTO:{PERSON.upper()}',
            f"UID:{UID}",
            f"DTSTART;TZID={zone}:20270112T090000",
            f"DTEND;TZID={zone}:20270112T110000",
            "DTSTAMP:20261201T101500Z",
            "SEQUENCE:2",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def headers(*more: str, sender: str = PERSON, to: str = f"boekingen+{TOKEN}@techniek.example") -> str:
    """The head of a mail."""
    return "\r\n".join(
        [
            f'From: "=?utf-8?q?W=26T-co=C3=B6rdinator?=" <{sender}>',
            f"To: Techniekpact <{to}>",
            "Message-ID: <answer.1@de-eiken.example>",
            "In-Reply-To: <visit-school.ab12@techniek.example>",
            "Subject: Antwoord",
            "MIME-Version: 1.0",
            *more,
            "",
        ]
    )


def quoted(text: str) -> str:
    """Text in quoted-printable."""
    return quopri.encodestring(text.replace("\r\n", "\n").encode()).decode().replace("\n", "\r\n")


def coded(text: str) -> str:
    """Text in base64."""
    return base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")


def alternative(ics: str, encoding: str, method: str = "REPLY", words: str = "") -> bytes:
    """A mail with words beside the calendar part."""
    write = {"base64": coded, "quoted-printable": quoted, "8bit": str}[encoding]
    return "\r\n".join(
        [
            headers('Content-Type: multipart/alternative; boundary="b1"'),
            "--b1",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: 8bit",
            "",
            words,
            "--b1",
            f'Content-Type: text/calendar; charset="utf-8"; method={method}',
            f"Content-Transfer-Encoding: {encoding}",
            "",
            write(ics),
            "--b1--",
            "",
        ]
    ).encode()


def report(
    kind: str, *blocks: str, about: str = "<visit-school.ab12@techniek.example>", more: str = ""
) -> bytes:
    """A report of a mail server or provider."""
    return "\r\n".join(
        [
            headers(
                f'Content-Type: multipart/report; report-type={kind}; boundary="r"',
                *([more] if more else []),
                sender="mailer-daemon@mail.example",
            ),
            "--r",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "Your message could not be delivered.",
            "--r",
            f"Content-Type: message/{kind}",
            "",
            "\r\n\r\n".join(blocks),
            "",
            "--r",
            "Content-Type: message/rfc822",
            "",
            f"Message-ID: {about}",
            "Subject: Uw bezoek",
            "",
            "Beste collega,",
            "--r--",
            "",
        ]
    ).encode()


WINDOWS_ZONE = "W. Europe Standard Time"

MAILS: dict[str, bytes] = {
    "google accepts": alternative(calendar("REPLY"), "8bit", words="W&T-coördinator accepteert."),
    "outlook declines": alternative(
        calendar("REPLY", zone=WINDOWS_ZONE, status="DECLINED"), "base64", words="Die dag is er studiedag."
    ),
    "apple is not sure": alternative(
        calendar("REPLY", "COMMENT:Ik moet het nog vragen\\, hoor.", status="TENTATIVE"), "quoted-printable"
    ),
    "exchange proposes another time": alternative(
        calendar("COUNTER", "COMMENT;LANGUAGE=nl-NL:Kan het later?", zone=WINDOWS_ZONE, status="TENTATIVE"),
        "base64",
    ),
    "a reply outside and a counter inside": alternative(calendar("COUNTER"), "8bit", method="REPLY"),
    "bounce": report(
        "delivery-status",
        "Reporting-MTA: dns; mail.example",
        f"Final-Recipient: rfc822; {PERSON}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 unknown\r\n user",
    ),
    "delay": report(
        "delivery-status",
        "Reporting-MTA: dns; mail.example",
        f"Final-Recipient: rfc822; {PERSON}\r\nAction: delayed\r\nStatus: 4.4.1",
    ),
    "complaint": report(
        "feedback-report", f"Feedback-Type: abuse\r\nVersion: 1\r\nOriginal-Rcpt-To: <{PERSON}>"
    ),
    "out of office": (headers("Auto-Submitted: auto-replied") + "\r\nIk ben er maandag weer.\r\n").encode(),
    "words": (headers("Content-Type: text/plain; charset=utf-8") + "\r\nKunnen wij ruilen?\r\n").encode(),
}

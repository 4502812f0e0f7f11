"""A stored mail taken apart for reading: headers, text, page and appointment."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from matchmaker.notifications.calendar import CalendarEntry, read_entries

SHOWN_HEADERS = ("From", "Reply-To", "To", "Subject", "Date", "Message-ID")


@dataclass(frozen=True)
class ReadMail:
    """The parts of a mail that people read."""

    headers: list[tuple[str, str]]
    text: str
    html: str
    entries: list[CalendarEntry]
    method: str


def read_mail(body: bytes) -> ReadMail:
    """Take the bytes of a mail apart; a part that is not there is empty."""
    mail = message_from_bytes(body, policy=policy.default)
    calendar = _content(mail, "text/calendar")
    part = _part(mail, "text/calendar")
    return ReadMail(
        headers=[(name, str(mail[name])) for name in SHOWN_HEADERS if mail[name]],
        text=_content(mail, "text/plain"),
        html=_content(mail, "text/html"),
        entries=read_entries(calendar.encode()) if calendar else [],
        method=str(part.get_param("method", "")).upper() if part is not None else "",
    )


def _part(mail: EmailMessage, content_type: str) -> EmailMessage | None:
    for part in mail.walk():
        if part.get_content_type() == content_type and not part.is_attachment():
            return part
    return None


def _content(mail: EmailMessage, content_type: str) -> str:
    part = _part(mail, content_type)
    return str(part.get_content()) if part is not None else ""

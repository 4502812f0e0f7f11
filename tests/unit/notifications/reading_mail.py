"""Mails as a mail reader takes them apart."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from matchmaker.models import Message


def parse_mail(message: Message) -> EmailMessage:
    """Return the mail of an outbox row, parsed."""
    mail = email.message_from_bytes(message.body, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    assert [part.defects for part in mail.walk() if part.defects] == []
    return mail


def text_of(mail: EmailMessage) -> str:
    """Return the plain text part."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    """Return the HTML part."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def calendar_of(mail: EmailMessage) -> bytes | None:
    """Return the calendar file as it is in the body of the mail, None without one."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            return bytes(part.get_payload(decode=True))
    return None

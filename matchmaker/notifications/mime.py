"""A mail as the exact bytes that leave the house (RFC 5322, 2045, 6047).

Built on the standard library's `EmailMessage`: it quotes names, encodes what is not ASCII and refuses
line ends in headers. The boundaries follow from the content, so the same mail is the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any

from matchmaker.notifications.calendar import Mailbox
from matchmaker.notifications.wording import shorten

_NAME_LIMIT = 70
_ADDRESSES = frozenset({"from", "to", "reply-to"})
_LONG_LINES = SMTP.clone(max_line_length=998)


class _MailPolicy(EmailPolicy):
    """Leaves addresses to the library and keeps every other header as it was given.

    The library's folding at 78 characters turns one long word, such as a Message-ID, into encoded
    words that nobody reads back; ASCII may be 998 long (RFC 5322 section 2.1.1). In subjects it loses
    blanks between encoded words and takes what looks like an encoded word for one. And its parsing of
    each header that we wrote ourselves costs more than all the rest of a mail.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Refuse line ends everywhere; parse addresses only."""
        if isinstance(value, str) and value and value.splitlines() != [value]:
            raise ValueError(f"a header may not hold a newline: {name}")
        return super().header_store_parse(name, value) if name.lower() in _ADDRESSES else (name, value)

    def header_fetch_parse(self, name: str, value: str) -> Any:  # noqa: ARG002 - the signature of the library
        """Give back what is stored."""
        return value

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return one header as it is sent."""
        if name.lower() in _ADDRESSES:
            policy = _LONG_LINES if value.isascii() else SMTP
            return policy.fold_binary(name, value)
        if not value.isascii() or "=?" in value:
            value = Header(value, "utf-8", 76, name).encode(linesep="\r\n")
        return f"{name}: {value}\r\n".encode("ascii")


_POLICY = _MailPolicy(linesep="\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPart:
    """A calendar file that goes with a mail; `method` must be the one written in the file."""

    ics: bytes
    method: str
    filename: str = "uitnodiging.ics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Everything of one mail to one person. `headers` are added as they are."""

    sender: Mailbox
    recipient: Mailbox
    reply_to: Mailbox | None
    subject: str
    text: str
    html: str
    date: datetime
    message_id: str
    calendar: CalendarPart | None = None
    headers: tuple[tuple[str, str], ...] = ()


def build_mime(mail: Mail) -> bytes:
    r"""Return the mail with ``\r\n`` line ends, ready for SMTP.

    Without calendar it is ``multipart/alternative(text, html)``; with calendar it is
    ``multipart/mixed(alternative(text, html, calendar), application/ics)``, the shape that calendars of
    the large providers recognise as an invitation.

    Raises
    ------
    ValueError
        When a header holds a line end, or an address cannot be used.
    """
    message = EmailMessage(policy=_POLICY)
    _write_headers(message, mail)
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.calendar:
        _add_calendar(message, mail.calendar)
    _fix_boundaries(message, mail.message_id)
    return message.as_bytes()


def is_usable_address(email: str) -> bool:
    """Tell whether mail can be addressed to `email`: ASCII, one @, no blanks, at most 254 characters."""
    local, at, domain = email.rpartition("@")
    if not (at and local and domain and email.isascii() and len(email) <= 254) or "@" in local:
        return False
    try:
        return Address(addr_spec=email).addr_spec == email
    except (ValueError, IndexError, AttributeError, HeaderParseError):
        # The last two are what the library itself stumbles over.
        return False


def _write_headers(message: EmailMessage, mail: Mail) -> None:
    message["From"] = _address(mail.sender)
    message["To"] = _address(mail.recipient)
    if mail.reply_to:
        message["Reply-To"] = _address(mail.reply_to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.date)
    message["Message-ID"] = mail.message_id
    # Nobody's absence note shall answer a machine.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    for name, value in mail.headers:
        message[name] = value


def _address(mailbox: Mailbox) -> Address:
    if not is_usable_address(mailbox.email):
        raise ValueError(f"not a usable e-mail address: {mailbox.email!r}")
    # A name that looks like an encoded word would be decoded by the library and then read as addresses.
    name = shorten(mailbox.name.replace("=?", "= ?"), _NAME_LIMIT)
    return Address(name, addr_spec=mailbox.email)


def _add_calendar(message: EmailMessage, part: CalendarPart) -> None:
    # Base64 keeps the line ends of the file, which its readers insist on.
    message.add_alternative(
        part.ics.decode("utf-8"), subtype="calendar", params={"method": part.method}, cte="base64"
    )
    message.add_attachment(
        part.ics,
        maintype="application",
        subtype="ics",
        filename=part.filename,
        params={"name": part.filename},
    )


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    """Give every multipart a boundary that cannot occur in quoted-printable or base64 text."""
    for number, part in enumerate(p for p in message.walk() if p.is_multipart()):
        digest = hashlib.sha256(f"{message_id}/{number}".encode()).hexdigest()[:32]
        part.set_boundary(f"=_{digest}")

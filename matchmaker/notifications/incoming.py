"""Read what comes back to the system's own address: answers of calendars, bounces, complaints, out of office.

Every mail ends as one of the kinds below or as `UnreadableMailError`; whatever a stranger sends, nothing
else comes out. Nothing here is believed: who may say what about which booking is for the service to judge.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser

from matchmaker.domain.incoming import IncomingKind
from matchmaker.notifications.calendar_replies import (
    CalendarReply,
    Unreadable,
    UnreadableReplyError,
    read_calendar_reply,
)
from matchmaker.notifications.wording import many_lines, one_line, shorten

LARGEST_MAIL = 5 * 2**20
MOST_PARTS = 200
_LONGEST_WORDS = 2000
_LONGEST_SUBJECT = 150
_RECIPIENT_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_CALENDAR_TYPES = frozenset({"text/calendar", "application/ics"})
_BOUNCERS = ("mailer-daemon@", "postmaster@")
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,250}>")


class UnreadableMailError(Exception):
    """The mail cannot be read; the text says why in a few words, for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMail:
    """A mail to the system's own address.

    Parameters
    ----------
    token
        What stands behind the plus sign of our address; empty when it was written without.
    sender
        Address of the From header, lower case; proves nothing.
    message_id
        Of this mail; empty when it has none.
    about
        Message ids of ours that it names: what it answers or could not deliver.
    failed_recipient
        Of a bounce, delay or complaint: the address it is about, lower case.
    reason
        Of a bounce or delay: what the server said, in one line.
    status
        Of a bounce or delay: the code of its kind, such as ``5.1.1`` (RFC 3463); empty when there is none.
    reply
        Of a calendar's answer.
    subject, words
        What a person wrote, shortened.
    """

    kind: IncomingKind
    token: str = ""
    sender: str = ""
    message_id: str = ""
    about: tuple[str, ...] = ()
    failed_recipient: str = ""
    reason: str = ""
    status: str = ""
    reply: CalendarReply | None = None
    subject: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Report:
    """A machine's report about a mail of ours."""

    kind: IncomingKind
    recipient: str
    reason: str
    status: str = ""


def read_incoming(raw: bytes, own_address: str) -> IncomingMail:
    """Return what a mail is.

    Parameters
    ----------
    raw
        The mail as it came, any bytes.
    own_address
        The address without token that our mails come from, such as ``boekingen@techniek.example``.

    Raises
    ------
    UnreadableMailError
        When it is too large, has too many parts, or holds a calendar part that is no answer.
    """
    if len(raw) > LARGEST_MAIL:
        raise UnreadableMailError("larger than 5 MB")
    mail = _parse(raw)
    parts = list(_walk(mail))
    report = _find_report(parts)
    reply = None if report else _find_reply(parts)
    # Calendars that answer by themselves leave the sender empty, as mail servers do: the answer counts.
    report = report or (None if reply else _guess_report(mail))
    return IncomingMail(
        kind=_kind_of(mail, report, reply),
        token=_find_token(mail, own_address),
        sender=next(iter(_addresses(mail, "from")), ""),
        message_id=next(iter(_MESSAGE_ID.findall(_header(mail, "message-id"))), ""),
        about=_list_subjects(mail, parts),
        failed_recipient=report.recipient if report else "",
        reason=report.reason if report else "",
        status=report.status if report else "",
        reply=reply,
        subject=shorten(one_line(_header(mail, "subject")), _LONGEST_SUBJECT),
        words=_find_words(parts),
    )


def _parse(raw: bytes) -> Message:
    try:
        return email.message_from_bytes(raw, policy=email.policy.compat32)
    except Exception:  # noqa: BLE001 - whatever a stranger's bytes do to the library
        raise UnreadableMailError("no mail") from None


def _walk(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            raise UnreadableMailError(f"more than {MOST_PARTS} parts")
        yield part


def _kind_of(mail: Message, report: _Report | None, reply: CalendarReply | None) -> IncomingKind:
    if report is not None:
        return report.kind
    if reply is not None:
        return IncomingKind.CALENDAR
    return IncomingKind.AUTOMATIC if _is_automatic(mail) else IncomingKind.WORDS


def _find_reply(parts: list[Message]) -> CalendarReply | None:
    """Return the answer of the first calendar part that is one; programs attach the same one twice."""
    refusal: Unreadable | None = None
    for part in parts:
        if part.get_content_type() not in _CALENDAR_TYPES:
            continue
        try:
            reply = read_calendar_reply(_content(part))
        except UnreadableReplyError as error:
            refusal = refusal or error.reason
        else:
            return reply
    # An old invitation that somebody quotes or forwards is no answer, and no mistake either.
    if refusal is not None and refusal is not Unreadable.NO_ANSWER:
        raise UnreadableMailError(f"calendar part: {refusal}")
    return None


def _find_report(parts: list[Message]) -> _Report | None:
    """Return what a mail server reports (RFC 3464), or a mailbox provider about a complaint (RFC 5965)."""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            return _read_status(part)
        if kind == "message/feedback-report":
            fields = _fields(part)
            recipient = fields.get("original-rcpt-to") or fields.get("removal-recipient", "")
            return _Report(IncomingKind.COMPLAINT, _plain_address(recipient), fields.get("feedback-type", ""))
    return None


def _guess_report(mail: Message) -> _Report | None:
    """Return what an old mail server says in its own words."""
    sender = next(iter(_addresses(mail, "from")), "")
    if not sender.startswith(_BOUNCERS):
        return None
    failed = next(iter(_addresses(mail, "x-failed-recipients")), "")
    return _Report(IncomingKind.BOUNCE, failed, one_line(_header(mail, "subject")))


def _read_status(part: Message) -> _Report:
    fields = _fields(part)
    delayed = fields.get("action", "").lower() in {"delayed", "delivered", "relayed", "expanded"}
    # The status decides: 5 for ever, 4 for now (RFC 3463). Some servers say failed for a 4 that expired.
    kind = IncomingKind.DELAY if delayed or fields.get("status", "5").startswith("2") else IncomingKind.BOUNCE
    recipient = fields.get("original-recipient") or fields.get("final-recipient", "")
    reason = fields.get("diagnostic-code") or fields.get("status", "")
    status = re.match(r"[245]\.\d{1,3}\.\d{1,3}", fields.get("status", ""))
    return _Report(
        kind, _plain_address(recipient), shorten(one_line(reason), 300), status[0] if status else ""
    )


def _fields(part: Message) -> dict[str, str]:
    """Return the fields of all blocks of a report, the first of each name."""
    found: dict[str, str] = {}
    blocks = part.get_payload()
    texts = [str(b) for b in blocks] if isinstance(blocks, list) else [_text(part)]
    for line in re.sub(r"\r?\n[ \t]+", " ", "\n".join(texts)).splitlines():
        name, separator, value = line.partition(":")
        if separator:
            found.setdefault(name.strip().lower(), one_line(value))
    return found


def _plain_address(field: str) -> str:
    """Return the address in ``rfc822; somebody@school.example``."""
    address = field.rpartition(";")[2].strip().strip("<>").lower()
    return address if "@" in address and len(address) <= 254 else ""


def _is_automatic(mail: Message) -> bool:
    """Tell whether a program wrote it, such as out of office (RFC 3834)."""
    if _header(mail, "auto-submitted").strip().lower() not in {"", "no"}:
        return True
    if _header(mail, "return-path").strip() == "<>":
        return True
    if _header(mail, "precedence").strip().lower() in {"bulk", "junk", "auto_reply", "list"}:
        return True
    return any(_header(mail, name) for name in ("x-autoreply", "x-autorespond", "x-auto-reply"))


def _find_token(mail: Message, own_address: str) -> str:
    local, _, domain = own_address.lower().partition("@")
    shape = re.compile(rf"{re.escape(local)}\+([a-z0-9_-]{{1,80}})@{re.escape(domain)}", re.ASCII)
    for name in _RECIPIENT_HEADERS:
        for address in _addresses(mail, name):
            found = shape.fullmatch(address)
            if found:
                return found[1]
    return ""


def _list_subjects(mail: Message, parts: list[Message]) -> tuple[str, ...]:
    """Return the message ids that the mail refers to, in its own header and in what it returns."""
    texts = [_header(mail, "in-reply-to"), _header(mail, "references")]
    for part in parts[1:]:
        if part.get_content_type() == "text/rfc822-headers":
            texts.append(_text(part))
        elif part is not mail and part.get("message-id"):
            texts.append(_header(part, "message-id"))
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(" ".join(texts))))[:50]


def _find_words(parts: list[Message]) -> str:
    """Return what a person wrote: the plain part, or what can be read in the designed one."""
    for kind, read in (("text/plain", str), ("text/html", _read_html)):
        for part in parts:
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                return shorten(many_lines(read(_text(part))), _LONGEST_WORDS)
    return ""


class _Words(HTMLParser):
    """Collects the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Begin a new line at what stands apart; leave out what is not for people."""
        self._hidden = tag in {"style", "script", "title"}
        if tag in {"br", "p", "div", "li", "tr"}:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        """Go on with words."""
        self._hidden = False

    def handle_data(self, data: str) -> None:
        """Keep words; line ends in the source have no meaning."""
        if not self._hidden:
            self.found.append(re.sub(r"\s+", " ", data))


def _read_html(text: str) -> str:
    words = _Words()
    try:
        words.feed(text)
    except Exception:  # noqa: BLE001 - pages that only a browser understands
        return ""
    return re.sub(r"\n\s*\n+", "\n\n", "".join(words.found))


def _addresses(mail: Message, name: str) -> list[str]:
    values = [_decoded(value) for value in mail.get_all(name) or []]
    try:
        found = getaddresses(values)
    except Exception:  # noqa: BLE001 - odd headers have crashed the library before
        return []
    return [address.strip().lower() for _, address in found if "@" in address and len(address) <= 254]


def _header(mail: Message, name: str) -> str:
    value = mail.get(name)
    return "" if value is None else _decoded(value)


def _decoded(value: object) -> str:
    text = str(value)
    try:
        return str(make_header(decode_header(text)))
    except Exception:  # noqa: BLE001 - encodings that do not exist, broken base64
        return text


def _text(part: Message) -> str:
    content = _content(part)
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _content(part: Message) -> bytes:
    """Return the bytes of a part, decoded from base64 or quoted-printable."""
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - transfer encodings that are none
        payload = None
    if isinstance(payload, bytes):
        return payload
    whole = part.get_payload()
    return "\n".join(map(str, whole)).encode("utf-8", "replace") if isinstance(whole, list) else b""

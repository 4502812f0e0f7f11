"""Mails to people of the region about what came in: words for them, and mail that came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker.domain.calendar_answers import CalendarAnswer
from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import Message
from matchmaker.notifications.calendar import Mailbox
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import CleanFacts, Contact, lines
from matchmaker.notifications.mime import is_usable_address


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsFacts(CleanFacts):
    """What somebody wrote to the system's own address, where nobody reads.

    Parameters
    ----------
    sender, email
        Name and address as the mail gives them; nobody has proved them. The name may be empty.
    words
        Line ends are kept; empty when there was nothing to read.
    answer
        Of a calendar, when the mail was one that could not be traced to an invitation.
    """

    email: str
    sender: str = ""
    subject: str = ""
    words: str = lines()
    answer: CalendarAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedFacts(CleanFacts):
    """A mail that came back, or that somebody called unwanted.

    Parameters
    ----------
    organisation
        Empty when it is about nobody's school or host.
    reason
        What the mail server said.
    """

    email: str
    organisation: str = ""
    complaint: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedList(CleanFacts):
    """All addresses of a region that sent mail back on one day.

    Parameters
    ----------
    cause
        Names the region and the day; the mails of one day overtake each other.
    number
        Rises with each address.
    path
        Page of the region's addresses that mail does not reach.
    """

    cause: str
    number: int
    path: str
    lines: tuple[ReturnedFacts, ...]


def compose_passed_on(words: WordsFacts, recipient: Contact, cause: str, letterhead: Letterhead) -> Message:
    """Return the mail that hands on what somebody wrote; an answer to it goes to whoever wrote it.

    Raises
    ------
    ValueError
        When the recipient's address cannot be used.
    """
    reply_to = Mailbox(name=words.sender, email=words.email) if is_usable_address(words.email) else None
    draft = Draft(
        kind=MessageKind.PASSED_ON,
        recipient=recipient,
        cause=cause,
        reply_to=reply_to,
        facts={"words": words, "saying": str(words.answer or "")},
    )
    return compose_message(draft, letterhead)


def compose_returned(returned: ReturnedList, recipient: Contact, letterhead: Letterhead) -> Message:
    """Return the mail that tells an organiser which addresses sent mail back today.

    Raises
    ------
    ValueError
        When the organiser's address cannot be used.
    """
    draft = Draft(
        kind=MessageKind.MAIL_RETURNED,
        recipient=recipient,
        cause=returned.cause,
        sequence=returned.number,
        facts={"returned": returned.lines, "path": returned.path},
    )
    return compose_message(draft, letterhead)


def hold_back(message: Message, until: datetime) -> Message:
    """Return the message, which leaves at this moment: more of the same may come until then."""
    message.next_attempt_at = until
    return message

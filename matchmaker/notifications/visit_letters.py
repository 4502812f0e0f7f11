"""Letters around the days of visits: to schools with a question for each visit, to hosts with a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.quiet_hours import is_pressing
from matchmaker.models.message import BULK_LANE, URGENT_LANE, Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import CleanFacts, Contact
from matchmaker.notifications.host_days import DaySheet
from matchmaker.notifications.visits import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the outbox keeps about a letter besides its words.

    Parameters
    ----------
    cause, sequence
        With recipient and kind unique in the outbox; a higher sequence replaces what did not leave yet.
    useful_until
        When the first of its visits is too near, or too long ago; aware.
    """

    cause: str
    sequence: int
    useful_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAbout(CleanFacts):
    """A visit in a letter to a school, with the question about it and what is known already.

    Parameters
    ----------
    path
        Path of the person's own link, such as ``/vraag/…``; the site's address is put before it.
    yes, no
        Whether the school said that it comes, or came; or that it cannot come, or did not. At most one.
    by_colleague
        True when somebody else than the recipient said so.
    """

    visit: Visit
    path: str
    yes: bool = False
    no: bool = False
    by_colleague: bool = False


def compose_reminder(
    asked: tuple[AskedAbout, ...], envelope: Envelope, recipient: Contact, letterhead: Letterhead
) -> Message:
    """Return the letter that reminds one person of a school of visits to come and asks if they go on.

    Raises
    ------
    ValueError
        When the person's address cannot be used.
    """
    return _write_school(MessageKind.VISIT_REMINDER, asked, envelope, recipient, letterhead)


def compose_day_sheet(
    sheet: DaySheet, envelope: Envelope, recipient: Contact, letterhead: Letterhead
) -> Message:
    """Return the letter that tells one person of a host who comes on the next day.

    It leaves at once, also by night or on a Sunday, when the first group is near.

    Raises
    ------
    ValueError
        When the person's address cannot be used.
    """
    draft = Draft(
        kind=MessageKind.DAY_SHEET,
        recipient=recipient,
        cause=envelope.cause,
        sequence=envelope.sequence,
        organisation_id=sheet.hosts[0].id if sheet.hosts else None,
        lane=URGENT_LANE if is_pressing(envelope.useful_until, letterhead.moment) else BULK_LANE,
        useful_until=envelope.useful_until,
        facts={"sheet": sheet},
    )
    return compose_message(draft, letterhead)


def compose_thanks(
    asked: tuple[AskedAbout, ...], envelope: Envelope, recipient: Contact, letterhead: Letterhead
) -> Message:
    """Return the letter that thanks one person of a school for visits and asks how they were.

    Raises
    ------
    ValueError
        When the person's address cannot be used.
    """
    return _write_school(MessageKind.VISIT_THANKS, asked, envelope, recipient, letterhead)


def compose_feedback_reminder(
    asked: tuple[AskedAbout, ...], envelope: Envelope, recipient: Contact, letterhead: Letterhead
) -> Message:
    """Return the letter that asks one person of a school a second, last time how visits were.

    Raises
    ------
    ValueError
        When the person's address cannot be used.
    """
    return _write_school(MessageKind.FEEDBACK_REMINDER, asked, envelope, recipient, letterhead)


def compose_host_thanks(
    held: DaySheet, envelope: Envelope, recipient: Contact, letterhead: Letterhead
) -> Message:
    """Return the letter that thanks one person of a host for the days on which groups came.

    Raises
    ------
    ValueError
        When the person's address cannot be used.
    """
    draft = Draft(
        kind=MessageKind.HOST_THANKS,
        recipient=recipient,
        cause=envelope.cause,
        sequence=envelope.sequence,
        organisation_id=held.hosts[0].id if held.hosts else None,
        useful_until=envelope.useful_until,
        facts={"held": held},
    )
    return compose_message(draft, letterhead)


def _write_school(
    kind: MessageKind,
    asked: tuple[AskedAbout, ...],
    envelope: Envelope,
    recipient: Contact,
    letterhead: Letterhead,
) -> Message:
    schools = {line.visit.school.id: line.visit.school for line in asked}
    draft = Draft(
        kind=kind,
        recipient=recipient,
        cause=envelope.cause,
        sequence=envelope.sequence,
        organisation_id=next(iter(schools), None),
        useful_until=envelope.useful_until,
        facts={
            "asked": asked,
            "schools": tuple(schools.values()),
            "open": any(not line.yes for line in asked),
        },
    )
    return compose_message(draft, letterhead)

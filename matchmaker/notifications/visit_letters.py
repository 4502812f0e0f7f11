"""Letters around the days of visits: to schools with a question for each visit, to hosts with a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker import clock
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.quiet_hours import is_pressing
from matchmaker.models.message import BULK_LANE, URGENT_LANE, Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import CleanFacts, Contact, OrganisationFacts
from matchmaker.notifications.visits import Occasion, Visit


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A group on the list of a host, with what its school said about coming; at most one of the three.

    Parameters
    ----------
    doubted
        Whether somebody of the school took the visit out of a calendar, or proposed another time there.
    """

    visit: Visit
    confirmed: bool
    declined: bool
    doubted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSlot:
    """A slot on the list of a host, its groups by school."""

    occasion: Occasion
    expected: tuple[Expected, ...]

    @property
    def schools(self) -> tuple[OrganisationFacts, ...]:
        """The schools that come, each once, in the order of their groups."""
        return tuple({line.visit.school.id: line.visit.school for line in self.expected}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDay:
    """One day of a host, or of several for which one person answers, in order of time."""

    slots: tuple[SheetSlot, ...]

    @property
    def starts_at(self) -> datetime:
        """When the first group comes."""
        return self.slots[0].occasion.slot.starts_at

    @property
    def iso(self) -> str:
        """The date as it stands in the address of a page: ``2027-01-12``."""
        return clock.local(self.starts_at).date().isoformat()

    @property
    def lines(self) -> tuple[Expected, ...]:
        """All groups of the day."""
        return tuple(line for slot in self.slots for line in slot.expected)

    @property
    def coming(self) -> tuple[Expected, ...]:
        """The groups to count on: all but those that said that they cannot come."""
        return tuple(line for line in self.lines if not line.declined)

    @property
    def pupils(self) -> int:
        """Pupils to count on."""
        return sum(line.visit.group.pupils for line in self.coming)

    @property
    def confirmed(self) -> int:
        """How many groups said that they come."""
        return sum(line.confirmed for line in self.lines)

    @property
    def declined(self) -> int:
        """How many groups said that they cannot come."""
        return sum(line.declined for line in self.lines)

    @property
    def doubted(self) -> int:
        """How many groups are to be asked whether they come."""
        return sum(line.doubted for line in self.lines)

    @property
    def silent(self) -> int:
        """How many groups said nothing yet."""
        return len(self.lines) - self.confirmed - self.declined - self.doubted

    @property
    def hosts(self) -> tuple[OrganisationFacts, ...]:
        """Whose day it is, each once."""
        return tuple({slot.occasion.host.id: slot.occasion.host for slot in self.slots}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySheet:
    """The list of who comes, for one day or for the days on both sides of a weekend."""

    days: tuple[SheetDay, ...]

    @property
    def hosts(self) -> tuple[OrganisationFacts, ...]:
        """Whose days they are, each once."""
        return tuple({host.id: host for day in self.days for host in day.hosts}.values())

    @property
    def groups(self) -> int:
        """Groups to count on."""
        return sum(len(day.coming) for day in self.days)


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

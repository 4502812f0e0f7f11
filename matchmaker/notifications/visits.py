"""Mails about one visit, with an invitation: to the school per booking, to the host per slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import Message
from matchmaker.notifications.calendar import CalendarEntry, Mailbox, build_cancellation, build_invitation
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import (
    BookingFacts,
    Contact,
    GroupFacts,
    HostFacts,
    OrganisationFacts,
    SlotFacts,
)
from matchmaker.notifications.mime import CalendarPart
from matchmaker.notifications.speech import gettext as _
from matchmaker.notifications.speech import speaking
from matchmaker.notifications.wording import capitalise, format_groups, format_pupils, format_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A booking with everything around it."""

    school: OrganisationFacts
    group: GroupFacts
    host: HostFacts
    slot: SlotFacts
    booking: BookingFacts

    @property
    def location(self) -> str:
        """Where it is, in one line: at the school when the host comes along, else at the host."""
        if self.slot.mobile:
            return ", ".join(part for part in (self.school.name, self.school.address) if part)
        address = self.slot.address or self.host.address
        return ", ".join(part for part in (self.host.name, address) if part)

    @property
    def town(self) -> str:
        """The place alone, for overviews."""
        return self.school.place if self.slot.mobile else self.host.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A slot of a host with the visits of all groups that come; none when it stays empty."""

    host: HostFacts
    slot: SlotFacts
    visits: tuple[Visit, ...]

    @property
    def pupils(self) -> int:
        """Pupils of all groups together."""
        return sum(visit.group.pupils for visit in self.visits)

    @property
    def schools(self) -> tuple[OrganisationFacts, ...]:
        """The schools that come, each once, in the order of their groups."""
        return tuple({visit.school.id: visit.school for visit in self.visits}.values())

    @property
    def groups_and_pupils(self) -> str:
        """How many come: ``2 groepen, 48 leerlingen``."""
        return f"{format_groups(len(self.visits))}, {format_pupils(self.pupils)}"

    @property
    def location(self) -> str:
        """Where it is; for a host that travels, the schools it goes to."""
        if not self.slot.mobile:
            return ", ".join(p for p in (self.host.name, self.slot.address or self.host.address) if p)
        return format_words(list(dict.fromkeys(visit.location for visit in self.visits)))


def compose_school_visit(visit: Visit, recipient: Contact, letterhead: Letterhead) -> Message:
    """Return the mail that tells one person of a school about one booking."""
    entry = describe_school_visit(visit, recipient, letterhead)
    draft = Draft(
        kind=MessageKind.VISIT_SCHOOL,
        recipient=recipient,
        cause=f"booking:{visit.booking.calendar_uid}",
        sequence=visit.booking.calendar_sequence,
        organisation_id=visit.school.id,
        calendar=invite(entry, recipient),
        starts_at=visit.slot.starts_at,
        facts={"visit": visit},
    )
    return compose_message(draft, letterhead)


def compose_host_visit(occasion: Occasion, recipient: Contact, letterhead: Letterhead) -> Message:
    """Return the mail that tells one person of a host who comes to one slot."""
    entry = describe_occasion(occasion, recipient, letterhead)
    draft = Draft(
        kind=MessageKind.VISIT_HOST,
        recipient=recipient,
        cause=f"slot:{occasion.slot.calendar_uid}",
        sequence=occasion.slot.calendar_sequence,
        organisation_id=occasion.host.id,
        calendar=invite(entry, recipient),
        starts_at=occasion.slot.starts_at,
        facts={"occasion": occasion},
    )
    return compose_message(draft, letterhead)


def describe_school_visit(visit: Visit, recipient: Contact, letterhead: Letterhead) -> CalendarEntry:
    """Return a booking as it stands in the calendar of one person of a school, without contact data."""
    slot, path = visit.slot, f"/school/{visit.school.id}"
    with speaking(recipient.language):
        group = capitalise(visit.group.title)
        lines = [f"{group} ({format_pupils(visit.group.pupils)})", slot.practical]
        return CalendarEntry(
            uid=visit.booking.calendar_uid,
            sequence=visit.booking.calendar_sequence,
            stamp=letterhead.moment,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            summary=_summarise(group, visit),
            organiser=letterhead.organiser_of(visit.host.name, visit.booking.calendar_uid, recipient),
            location=visit.location,
            url=letterhead.link(path),
            description=_describe(lines, letterhead.link(path)),
        )


def describe_occasion(occasion: Occasion, recipient: Contact, letterhead: Letterhead) -> CalendarEntry:
    """Return a slot as it stands in the calendar of one person of a host, without contact data."""
    slot, path = occasion.slot, f"/aanbieder/{occasion.host.id}"
    with speaking(recipient.language):
        lines = [
            f"{visit.school.name}: {visit.group.title}, {format_pupils(visit.group.pupils)}"
            for visit in occasion.visits
        ]
        return CalendarEntry(
            uid=slot.calendar_uid,
            sequence=slot.calendar_sequence,
            stamp=letterhead.moment,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            summary=f"{slot.activity}: {occasion.groups_and_pupils}" if occasion.visits else slot.activity,
            # Never after those who come: they change, and the organiser of an appointment must not.
            organiser=letterhead.organiser_of("", slot.calendar_uid, recipient),
            location=occasion.location,
            url=letterhead.link(path),
            description=_describe(lines, letterhead.link(path)),
        )


def _summarise(group: str, visit: Visit) -> str:
    if visit.slot.mobile:
        return _("%(group)s: %(activity)s op school", group=group, activity=visit.slot.activity)
    host = visit.host.name
    return _("%(group)s: %(activity)s bij %(host)s", group=group, activity=visit.slot.activity, host=host)


def _describe(lines: Sequence[str], link: str) -> str:
    parts = [line for line in lines if line]
    return "\n".join([*parts, "", _("Alle gegevens: %(link)s", link=link)])


def invite(entry: CalendarEntry, recipient: Contact) -> CalendarPart:
    """Return the part that puts an appointment into one person's calendar, or moves it there."""
    with speaking(recipient.language):
        filename = f"{_('uitnodiging')}.ics"
    return CalendarPart(
        ics=build_invitation(entry, _attendee(recipient)), method="REQUEST", filename=filename
    )


def withdraw(entry: CalendarEntry, recipient: Contact) -> CalendarPart:
    """Return the part that takes an appointment out of one person's calendar."""
    with speaking(recipient.language):
        filename = f"{_('afzegging')}.ics"
    return CalendarPart(
        ics=build_cancellation(entry, _attendee(recipient)), method="CANCEL", filename=filename
    )


def _attendee(recipient: Contact) -> Mailbox:
    return Mailbox(name=recipient.name, email=recipient.email)

"""Visits and occasions as calendar entries, and the files that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.bookings import GONE_STATES
from matchmaker.domain.kinds import SlotState
from matchmaker.models import Booking, Host, Region, School, Slot
from matchmaker.notifications.calendar import CalendarEntry, Mailbox, build_publication
from matchmaker.notifications.speech import speaking
from matchmaker.notifications.wording import capitalise, format_group, format_groups, format_pupils
from matchmaker.queries.visits import list_host_slots, list_slot_bookings

# How far back a host's download goes: what was this month is still worth having in a calendar.
HISTORY = timedelta(days=30)


def build_school_calendar(school: School, bookings: Sequence[Booking], language: str) -> bytes:
    """Return the school's visits as a calendar file; the entries have the UIDs of the invitations.

    Parameters
    ----------
    bookings
        Bookings of the school's groups, loaded with group, slot, activity and host.
    language
        Of who downloads it.
    """
    with speaking(language):
        entries = [describe_visit(school, booking) for booking in bookings]
    return build_publication(entries, school.name)


def build_host_calendar(host: Host, language: str) -> bytes:
    """Return the host's occasions to which somebody comes, from a month ago on."""
    slots = list_host_slots(host.id, clock.now() - HISTORY)
    bookings = list_slot_bookings([slot.id for slot in slots])
    with speaking(language):
        entries = [describe_occasion(host, slot, bookings[slot.id]) for slot in slots if slot.id in bookings]
    return build_publication(entries, host.name)


def describe_visit(school: School, booking: Booking) -> CalendarEntry:
    """Return a booking as it stands in a school's calendar, without contact data, in the language spoken."""
    slot, activity = booking.slot, booking.slot.activity
    group = capitalise(format_group(booking.group.name, booking.group.levels))
    place = school if activity.mobile else activity.host
    return CalendarEntry(
        uid=booking.calendar_uid,
        sequence=booking.calendar_sequence,
        # What changed last, so that an unchanged calendar is the same to the byte.
        stamp=max(booking.changed_at, slot.changed_at),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=f"{group}: {activity.title} ({activity.host.name})",
        organiser=_organiser(school.region),
        location=_location(place, "" if activity.mobile else slot.venue),
        url=f"{_settings().base_url}/school/{school.id}",
        description=activity.practical,
        cancelled=booking.state in GONE_STATES,
    )


def describe_occasion(host: Host, slot: Slot, bookings: Sequence[Booking]) -> CalendarEntry:
    """Return a slot as it stands in a host's calendar, in the language spoken; off when nobody comes."""
    groups = [
        f"{b.group.school.name}: {format_group(b.group.name, b.group.levels)}, "
        f"{format_pupils(b.group.pupils)}"
        for b in bookings
    ]
    return CalendarEntry(
        uid=slot.calendar_uid,
        sequence=slot.calendar_sequence,
        stamp=max([slot.changed_at, *(booking.changed_at for booking in bookings)]),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=f"{slot.activity.title}: {format_groups(len(bookings))}",
        organiser=_organiser(host.region),
        location=_location(
            bookings[0].group.school if slot.activity.mobile and bookings else host, slot.venue
        ),
        url=f"{_settings().base_url}/aanbieder/{host.id}",
        description="\n".join(groups),
        cancelled=not bookings or slot.state is SlotState.WITHDRAWN,
    )


def _organiser(region: Region) -> Mailbox:
    return Mailbox(name=region.sender_name or region.name, email=f"boekingen@{_settings().mail_domain}")


def _location(place: School | Host, address: str) -> str:
    own = ", ".join(part for part in (place.street, f"{place.postcode} {place.place}".strip()) if part)
    return ", ".join(part for part in (place.name, address or own) if part)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings

"""Calendar files: invitations, cancellations and downloads (RFC 5545, 5546). The only importer of icalendar.

The output is a function of the facts alone, so that the same facts give the same bytes: no random
calendar UID, no time of its own. Wall-clock times refer to one static time zone definition, because
generated ones (lists of dates) are misread by widespread readers and a missing one shifts by an hour.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration, vText

from matchmaker import clock
from matchmaker.notifications.facts import CleanFacts, lines
from matchmaker.notifications.wording import one_line

# How soon a calendar should look again; most take longer.
ASK_AGAIN = timedelta(hours=1)
PRODUCT = "-//matchmaker//technology activities//NL"

# Rules of the European Union since 1996, written as yearly rules that every reader understands.
_AMSTERDAM = b"""\
BEGIN:VTIMEZONE\r
TZID:Europe/Amsterdam\r
X-LIC-LOCATION:Europe/Amsterdam\r
BEGIN:DAYLIGHT\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
TZNAME:CEST\r
DTSTART:19700329T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
TZNAME:CET\r
DTSTART:19701025T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
END:STANDARD\r
END:VTIMEZONE\r
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox(CleanFacts):
    """A name and an address, as organiser or attendee."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry(CleanFacts):
    """One appointment.

    Parameters
    ----------
    uid
        Stays for ever; the same in mail, download and feed.
    sequence
        Rises with every change, from 0.
    stamp
        When these facts were composed (mail) or last changed (download); aware.
    description
        Goes into calendars that are shared: no personal secrets.
    cancelled
        In a feed: it will not take place, and calendars take it out or strike it through.
    is_busy
        Whether who has it in a calendar is away then; False for what one only likes to know.
    """

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    organiser: Mailbox
    location: str = ""
    url: str = ""
    description: str = lines()
    cancelled: bool = False
    is_busy: bool = True


def new_calendar_uid(domain: str, noun: str = "boeking") -> str:
    """Return a UID that says nothing about its row: ``boeking-<32 hex>@domain``."""
    return f"{noun}-{secrets.token_hex(16)}@{domain}"


def make_public_uid(calendar_uid: str) -> str:
    """Return the UID of an appointment in a calendar for everybody; nobody finds the way back.

    With the same UID the entry of everybody's calendar would take the place of the host's own.
    """
    digest = hashlib.sha256(f"public agenda:{calendar_uid}".encode()).hexdigest()[:32]
    return f"agenda-{digest}@{calendar_uid.rpartition('@')[2]}"


def build_invitation(entry: CalendarEntry, attendee: Mailbox) -> bytes:
    """Return a confirmed appointment for one person (METHOD:REQUEST, RFC 5546 section 3.2.2).

    The answer is known already, so the person counts as accepted and no reply is asked for.
    """
    event = _event(entry, "CONFIRMED")
    event.add("attendee", _attendee(attendee))
    return _wrap("REQUEST", [event])


def build_cancellation(entry: CalendarEntry, attendee: Mailbox) -> bytes:
    """Return the withdrawal of an appointment for one person (METHOD:CANCEL, RFC 5546 section 3.2.5).

    `entry.sequence` must be higher than the one last sent. Times and time zone stay in, because
    widespread servers refuse a cancellation without them.
    """
    event = _event(entry, "CANCELLED")
    event.add("attendee", _attendee(attendee))
    return _wrap("CANCEL", [event])


def build_publication(entries: Iterable[CalendarEntry], name: str = "") -> bytes:
    """Return appointments to download (METHOD:PUBLISH, RFC 5546 section 3.2.1: without attendees)."""
    return _wrap("PUBLISH", _published(entries), one_line(name))


def build_feed(entries: Iterable[CalendarEntry], name: str) -> bytes:
    """Return appointments for calendars that ask again by themselves (RFC 7986 section 5.7)."""
    return _wrap("PUBLISH", _published(entries), one_line(name), again=True)


def _published(entries: Iterable[CalendarEntry]) -> list[Event]:
    return [_event(entry, "CANCELLED" if entry.cancelled else "CONFIRMED") for entry in entries]


def _wrap(method: str, events: Iterable[Event], name: str = "", *, again: bool = False) -> bytes:
    head, end = _frame(method, name, again)
    return b"".join([head, *(event.to_ical() for event in events), end])


@lru_cache(maxsize=64)
def _frame(method: str, name: str, again: bool) -> tuple[bytes, bytes]:
    """Return what stands before and after the events; the same for very many mails."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    if again:
        calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(ASK_AGAIN))
    calendar.add_component(Timezone.from_ical(_AMSTERDAM))
    end = b"END:VCALENDAR\r\n"
    return bytes(calendar.to_ical()).removesuffix(end), end


def _event(entry: CalendarEntry, status: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    event.add("dtstart", clock.local(entry.starts_at))
    event.add("dtend", clock.local(_later(entry)))
    event.add("summary", entry.summary)
    event.add("organizer", _address(entry.organiser))
    event.add("status", status)
    event.add("transp", "OPAQUE" if entry.is_busy else "TRANSPARENT")
    for name, value in (("location", entry.location), ("description", entry.description), ("url", entry.url)):
        if value:
            event.add(name, value)
    return event


def _later(entry: CalendarEntry) -> datetime:
    """Return the end, which must lie after the start (RFC 5545 section 3.8.2.2)."""
    return max(entry.ends_at, entry.starts_at + timedelta(minutes=1))


def _attendee(mailbox: Mailbox) -> vCalAddress:
    address = _address(mailbox)
    parameters = {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "ACCEPTED",
        "RSVP": "FALSE",
    }
    for name, value in parameters.items():
        address.params[name] = vText(value)
    return address


def _address(mailbox: Mailbox) -> vCalAddress:
    address = vCalAddress(f"mailto:{mailbox.email}")
    if mailbox.name:
        # A quotation mark would be written as ^' (RFC 6868), which not every calendar reads back.
        address.params["CN"] = vText(mailbox.name.replace('"', "'").replace("^", ""))
    return address


def read_entries(content: bytes) -> list[CalendarEntry]:
    """Return the appointments of one of our own calendar files, for people to read."""
    return [_read(event) for event in Calendar.from_ical(content).walk("VEVENT")]


def _read(event: Any) -> CalendarEntry:
    organiser = event["organizer"]
    return CalendarEntry(
        uid=str(event["uid"]),
        sequence=int(event["sequence"]),
        stamp=event.decoded("dtstamp"),
        starts_at=event.decoded("dtstart"),
        ends_at=event.decoded("dtend"),
        summary=str(event["summary"]),
        organiser=Mailbox(name=str(organiser.params.get("CN", "")), email=organiser.removeprefix("mailto:")),
        location=str(event.get("location", "")),
        url=str(event.get("url", "")),
        description=str(event.get("description", "")),
    )

"""Calendar files mean the same to us, to icalendar and to ical.js."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from matchmaker import clock
from matchmaker.notifications.calendar import (
    CalendarEntry,
    Mailbox,
    build_cancellation,
    build_invitation,
    build_publication,
    new_calendar_uid,
)
from tests.unit.notifications.calendar_readers import read_with_ical_js

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ORGANISER = Mailbox(name="Techniekpact namens Metaalwerken", email="boekingen@techniek.example")
ATTENDEE = Mailbox(name="W&T-coördinator", email="wt@de-eiken.example")
ENTRY = CalendarEntry(
    uid="boeking-1@techniek.example",
    sequence=0,
    stamp=datetime(2026, 12, 23, 9, 30, tzinfo=UTC),
    starts_at=datetime(2027, 1, 12, 8, 0, tzinfo=UTC),
    ends_at=datetime(2027, 1, 12, 10, 0, tzinfo=UTC),
    summary="Groep 7/8: Lassen, zonder vonken; echt",
    organiser=ORGANISER,
    location="Metaalwerken, Industrieweg 10, 7071 AA Ulft",
    description="Meld u bij de receptie.\nDraag dichte schoenen.",
    url="https://techniek.example/school/11",
)


def wall_clock(*parts: int) -> datetime:
    """A time as the clock on the wall shows it."""
    return datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001


def at(entry: CalendarEntry, wall: datetime) -> CalendarEntry:
    starts_at = clock.from_local(wall)
    return replace(entry, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))


def test_an_invitation_is_accepted_and_asks_no_answer() -> None:
    (calendar,) = read_with_ical_js(build_invitation(ENTRY, ATTENDEE))
    (event,) = calendar["events"]
    assert (calendar["method"], event["status"], event["sequence"]) == ("REQUEST", "CONFIRMED", 0)
    assert event["attendees"] == [
        {
            "address": "mailto:wt@de-eiken.example",
            "cn": "W&T-coördinator",
            "partstat": "ACCEPTED",
            "rsvp": "FALSE",
        }
    ]
    assert event["organizer"] == ORGANISER.name
    assert event["organizerAddress"] == "mailto:boekingen@techniek.example"


def test_texts_survive_both_readers() -> None:
    ics = build_invitation(ENTRY, ATTENDEE)
    (event,) = read_with_ical_js(ics)[0]["events"]
    component = Calendar.from_ical(ics).events[0]
    for name in ("summary", "location", "description"):
        assert event[name] == str(component[name]) == getattr(ENTRY, name)


def test_a_change_keeps_the_uid_and_raises_the_sequence() -> None:
    moved = at(replace(ENTRY, sequence=1), wall_clock(2027, 1, 14, 13, 0))
    moved_again = at(replace(ENTRY, sequence=2), wall_clock(2027, 7, 1, 13, 0))
    files = [build_invitation(entry, ATTENDEE) for entry in (ENTRY, moved, moved_again)]
    files.append(build_cancellation(replace(moved_again, sequence=3), ATTENDEE))
    events = [calendar["events"][0] for calendar in read_with_ical_js(*files)]
    assert {event["uid"] for event in events} == {ENTRY.uid}
    assert {event["organizerAddress"] for event in events} == {"mailto:boekingen@techniek.example"}
    assert [event["sequence"] for event in events] == [0, 1, 2, 3]
    assert [event["starts"] for event in events] == [
        "2027-01-12T08:00:00.000Z",
        "2027-01-14T12:00:00.000Z",
        "2027-07-01T11:00:00.000Z",
        "2027-07-01T11:00:00.000Z",
    ]


def test_a_cancellation_keeps_time_zone_start_and_attendee() -> None:
    (calendar,) = read_with_ical_js(build_cancellation(replace(ENTRY, sequence=1), ATTENDEE))
    (event,) = calendar["events"]
    assert (calendar["method"], calendar["zones"], event["status"]) == ("CANCEL", 1, "CANCELLED")
    assert event["starts"] == "2027-01-12T08:00:00.000Z"
    assert event["attendees"][0]["address"] == "mailto:wt@de-eiken.example"


def test_a_download_has_all_events_and_no_attendee() -> None:
    other = replace(ENTRY, uid="boeking-2@techniek.example")
    (calendar,) = read_with_ical_js(build_publication([ENTRY, other], "Bezoeken van De Eiken"))
    assert calendar["method"] == "PUBLISH"
    assert [event["uid"] for event in calendar["events"]] == [ENTRY.uid, other.uid]
    assert all("attendee" not in event["properties"] for event in calendar["events"])
    assert all("organizer" in event["properties"] for event in calendar["events"])


def test_a_download_without_visits_is_a_calendar_too() -> None:
    assert read_with_ical_js(build_publication([]))[0]["events"] == []


def test_the_same_facts_give_the_same_bytes() -> None:
    assert build_invitation(ENTRY, ATTENDEE) == build_invitation(ENTRY, ATTENDEE)
    assert build_publication([ENTRY]) == build_publication([ENTRY])


@pytest.mark.parametrize(
    "wall",
    [
        wall_clock(2027, 1, 12, 9, 0),
        wall_clock(2027, 3, 26, 9, 0),  # the Friday before summer time
        wall_clock(2027, 3, 28, 1, 59),
        wall_clock(2027, 3, 28, 3, 0),
        wall_clock(2027, 3, 29, 9, 0),
        wall_clock(2027, 6, 8, 9, 0),
        wall_clock(2026, 10, 23, 9, 0),  # the Friday before winter time
        wall_clock(2026, 10, 25, 1, 59),
        wall_clock(2026, 10, 25, 3, 0),
        wall_clock(2026, 10, 26, 9, 0),
        wall_clock(2039, 7, 4, 9, 0),  # after 2038
    ],
    ids=str,
)
def test_wall_clock_times_are_right_in_summer_and_winter(wall: datetime) -> None:
    entry = at(ENTRY, wall)
    ics = build_invitation(entry, ATTENDEE)
    (event,) = read_with_ical_js(ics)[0]["events"]
    assert event["wallStart"] == wall.isoformat()
    assert datetime.fromisoformat(event["starts"]) == entry.starts_at
    assert datetime.fromisoformat(event["ends"]) == entry.ends_at
    assert Calendar.from_ical(ics).events[0].start == entry.starts_at


def test_two_thousand_random_moments_are_right() -> None:
    seconds = random.Random(2026).sample(range(7 * 366 * 24 * 3600 // 60), 2000)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [
        moment
        for moment in (begin + timedelta(minutes=second) for second in seconds)
        if not _occurs_twice(moment) and not _occurs_twice(moment + timedelta(hours=2))
    ]
    entries = [
        replace(ENTRY, uid=f"{n}@x.example", starts_at=m, ends_at=m + timedelta(hours=2))
        for n, m in enumerate(moments)
    ]
    (calendar,) = read_with_ical_js(build_publication(entries))
    read = [datetime.fromisoformat(event["starts"]) for event in calendar["events"]]
    assert len(read) > 1990
    assert read == moments


def _occurs_twice(moment: datetime) -> bool:
    """Tell whether the wall clock shows this time twice, in the night winter time begins."""
    wall = moment.astimezone(AMSTERDAM).replace(tzinfo=None)
    first, second = (wall.replace(tzinfo=AMSTERDAM, fold=fold).utcoffset() for fold in (0, 1))
    return first != second


def test_the_static_time_zone_agrees_with_the_time_zone_database() -> None:
    zone = Calendar.from_ical(build_publication([])).timezones[0].to_tz(lookup_tzid=False)
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    while moment.year < 2045:
        wall = moment.astimezone(AMSTERDAM).replace(tzinfo=None)
        if not _occurs_twice(moment):
            assert wall.replace(tzinfo=zone).utcoffset() == wall.replace(tzinfo=AMSTERDAM).utcoffset(), wall
        moment += timedelta(hours=31)


def test_lines_are_short_and_end_as_the_standard_says() -> None:
    ics = build_invitation(replace(ENTRY, summary="é€" * 300), ATTENDEE)
    assert ics.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in ics.replace(b"\r\n", b"")
    assert max(len(line) for line in ics.split(b"\r\n")) <= 75
    assert read_with_ical_js(ics)[0]["events"][0]["summary"] == "é€" * 300


def test_quotation_marks_in_a_name_do_not_reach_the_parameter() -> None:
    odd = Mailbox(name='Jan "de lasser"; B.V., ^Ulft', email="a@b.example")
    (event,) = read_with_ical_js(build_invitation(ENTRY, odd))[0]["events"]
    assert event["attendees"][0]["cn"] == "Jan 'de lasser'; B.V., Ulft"


def test_a_calendar_uid_says_nothing_and_is_new_each_time() -> None:
    first, second = new_calendar_uid("techniek.example"), new_calendar_uid("techniek.example")
    assert first != second
    assert first.startswith("boeking-")
    assert first.endswith("@techniek.example")

"""Two thousand visits from 2026 to 2040 say the right hour to icalendar, to vobject and to ical.js.

Each is an invitation of its own, as it goes by mail. A visit is given by what the clock on the wall shows,
as people agree on it; the UTC time follows from Python's own time zone database.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import chain, islice
from zoneinfo import ZoneInfo

import vobject
from icalendar import Calendar

from matchmaker.notifications.calendar import CalendarEntry, Mailbox, build_invitation
from tests.unit.notifications.calendar_readers import read_with_ical_js

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NUMBER = 2000
FIRST, LAST = date(2026, 1, 1), date(2040, 12, 31)


@dataclass(frozen=True)
class Visit:
    """From when to when, as the clock on the wall shows it."""

    starts: datetime
    ends: datetime

    @property
    def utc(self) -> tuple[datetime, datetime]:
        """The same as moments."""
        starts, ends = (wall.replace(tzinfo=AMSTERDAM).astimezone(UTC) for wall in (self.starts, self.ends))
        return starts, ends


@cache
def visits() -> tuple[Visit, ...]:
    """The same visits every time: at any hour of any day, and around each change of the clock."""
    return tuple(islice(chain(_around_changes(), _random_visits()), NUMBER))


def _random_visits() -> Iterator[Visit]:
    dice, days = random.Random(20262040), (LAST - FIRST).days
    while True:
        day = FIRST + timedelta(days=dice.randrange(days))
        starts = datetime.combine(day, time(dice.randrange(24), dice.choice((0, 15, 30, 45))))
        visit = Visit(starts, starts + timedelta(minutes=dice.randrange(30, 360, 15)))
        if _is_plain(visit):
            yield visit


def _around_changes() -> Iterator[Visit]:
    for year in range(FIRST.year, LAST.year + 1):
        for month in (3, 10):
            last = max(d for d in range(25, 32) if date(year, month, d).weekday() == 6)
            for shift, hour in ((-2, 9), (0, 0), (0, 4), (1, 9)):
                starts = datetime.combine(date(year, month, last) + timedelta(days=shift), time(hour, 30))
                yield Visit(starts, starts + timedelta(hours=1))


def _is_plain(visit: Visit) -> bool:
    """Tell whether both hours exist and come once: nobody agrees on an hour that comes twice."""
    return all(
        len({wall.replace(tzinfo=AMSTERDAM, fold=fold).utcoffset() for fold in (0, 1)}) == 1
        for wall in (visit.starts, visit.ends)
    )


@cache
def files() -> tuple[bytes, ...]:
    """An invitation to each."""
    organiser = Mailbox(name="Techniekpact namens Metaalwerken", email="boekingen@techniek.example")
    attendee = Mailbox(name="W&T-coördinator", email="wt@de-eiken.example")
    return tuple(
        build_invitation(
            CalendarEntry(
                uid=f"boeking-{number}@techniek.example",
                sequence=number % 5,
                stamp=datetime(2026, 12, 23, 9, 30, tzinfo=UTC),
                starts_at=visit.utc[0],
                ends_at=visit.utc[1],
                summary=f"Groep {number}: lassen",
                organiser=organiser,
            ),
            attendee,
        )
        for number, visit in enumerate(visits())
    )


def wrong(read: list[tuple[datetime, datetime, datetime]]) -> list[tuple[Visit, object]]:
    """Return the visits of which a reader made something else: start and end in UTC, start on the wall."""
    assert len(read) == len(visits()) == NUMBER
    expected = [(*visit.utc, visit.starts) for visit in visits()]
    return [(visit, seen) for visit, seen, want in zip(visits(), read, expected, strict=True) if seen != want]


def test_they_lie_in_summer_and_winter_of_every_year() -> None:
    offsets = {(v.starts.year, v.starts.replace(tzinfo=AMSTERDAM).utcoffset()) for v in visits()}
    assert offsets == {(year, timedelta(hours=h)) for year in range(2026, 2041) for h in (1, 2)}
    assert len(set(visits())) > NUMBER - 20


def test_icalendar_reads_the_right_hour() -> None:
    events = [Calendar.from_ical(file).events[0] for file in files()]
    read = [(e.start.astimezone(UTC), e.end.astimezone(UTC), e.start.replace(tzinfo=None)) for e in events]
    assert wrong(read) == []


def test_vobject_reads_the_right_hour_from_the_zone_in_the_file() -> None:
    events = [vobject.readOne(file.decode()).vevent for file in files()]
    pairs = [(event.dtstart.value, event.dtend.value) for event in events]
    read = [(start.astimezone(UTC), end.astimezone(UTC), start.replace(tzinfo=None)) for start, end in pairs]
    assert wrong(read) == []


def test_ical_js_reads_the_right_hour_from_the_zone_in_the_file() -> None:
    events = [calendar["events"][0] for calendar in read_with_ical_js(*files())]
    parse = datetime.fromisoformat
    assert wrong([(parse(e["starts"]), parse(e["ends"]), parse(e["wallStart"])) for e in events]) == []

"""Tell hosts on the day before who comes when: one letter to each person for the days to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from matchmaker import clock, scope
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.kinds import HOST_ROLES, MessageKind
from matchmaker.domain.letter_days import (
    MOST_LATE,
    WorkingDays,
    find_day_sheet_time,
    find_next_midnight,
    is_waking_hour,
)
from matchmaker.domain.questions import Answer, QuestionPurpose
from matchmaker.models import Host, Message, Region
from matchmaker.notifications.visit_letters import DaySheet, Expected, SheetDay, SheetSlot, compose_day_sheet
from matchmaker.notifications.visits import Occasion
from matchmaker.queries import people
from matchmaker.queries.visit_letters import LetterRow, VisitRow, list_visits
from matchmaker.services.letter_questions import list_answers
from matchmaker.services.letterheads import gets_mail, letterhead_of
from matchmaker.services.visit_facts import load_occasions
from matchmaker.services.visit_letters import (
    Addressed,
    LetterSort,
    Planned,
    group_by_person,
    keep_letters,
    told_to,
)
from matchmaker.services.working_days import load_host_days

_AHEAD = MOST_LATE + timedelta(days=3)


def write_day_sheets(now: datetime) -> int:
    """Write the lists for hosts whose time has come; return how many."""
    return keep_letters(DAY_SHEETS, now)


def find_host_day(host: Host, day: date) -> SheetDay | None:
    """Return who comes to a host on a day, in order of time; None when nobody does."""
    first = clock.from_local(datetime.combine(day, time()))
    # What the schools answered is not the host's to find; whether they come is.
    with scope.within(host.region_id):
        rows = list_visits(host.region_id, first, find_next_midnight(first))
        sheet = _build_sheet([row for row in rows if row.host_id == host.id])
    return sheet.days[0] if sheet.days else None


def _build_sheet(rows: Sequence[VisitRow]) -> DaySheet:
    occasions = load_occasions(sorted({row.slot_id for row in rows}))
    return arrange_days(
        rows, occasions, list_answers(QuestionPurpose.VISIT, {row.booking_id for row in rows})
    )


def arrange_days(
    rows: Sequence[VisitRow], occasions: Mapping[int, Occasion], answers: Mapping[int, Answer]
) -> DaySheet:
    """Return visits by day and slot, in order of time.

    Parameters
    ----------
    rows
        Earliest first.
    occasions
        Their slots, by id, with everybody who holds places in them.
    answers
        What schools said about coming, by booking; those that said nothing are left out.
    """
    return DaySheet(
        days=tuple(
            SheetDay(slots=tuple(_build_slots(list(same), occasions, answers)))
            for _day, same in groupby(rows, key=_day_of)
        )
    )


def _build_slots(
    rows: Sequence[VisitRow], occasions: Mapping[int, Occasion], answers: Mapping[int, Answer]
) -> list[SheetSlot]:
    by_slot: dict[int, dict[int, int]] = {}
    for row in rows:
        by_slot.setdefault(row.slot_id, {})[row.group_id] = row.booking_id
    slots = []
    for slot_id, bookings in by_slot.items():
        visits = tuple(v for v in occasions[slot_id].visits if v.group.id in bookings)
        expected = tuple(
            Expected(
                visit=visit,
                confirmed=answers.get(bookings[visit.group.id]) is Answer.COMING,
                declined=answers.get(bookings[visit.group.id]) is Answer.CANNOT_COME,
            )
            for visit in visits
        )
        slots.append(SheetSlot(occasion=occasions[slot_id], expected=expected))
    return slots


def _plan(region_id: int, now: datetime, letters: Sequence[LetterRow]) -> list[Planned]:
    rows = list_visits(region_id, now, now + _AHEAD)
    rows = [row for row in rows if row.state is BookingState.CONFIRMED]
    if not rows:
        return []
    today = clock.local(now).date()
    hosts = sorted({row.host_id for row in rows})
    days = load_host_days(region_id, hosts, today - _AHEAD, today + _AHEAD)
    contacts = people.list_contacts(hosts, HOST_ROLES)
    by_person = group_by_person(rows, lambda row: contacts.get(row.host_id, []))
    planned = []
    for user, own in by_person.items():
        visits = _choose(own, list_told_days(user.email, letters), days, now)
        if visits and gets_mail(user, MessageKind.DAY_SHEET):
            planned.append(Planned(user, visits, visits[0].starts_at, is_waking_hour(now)))
    return planned


def _choose(
    own: Sequence[VisitRow], told: set[date], days: Mapping[int, WorkingDays], now: datetime
) -> tuple[VisitRow, ...]:
    """Return all visits of the days of which one is due, unless the person has a list of that day."""
    due = {_day_of(row) for row in own if find_day_sheet_time(row.starts_at, days[row.host_id]) <= now} - told
    return tuple(row for row in own if _day_of(row) in due)


def list_told_days(email: str, letters: Sequence[LetterRow]) -> set[date]:
    """Return the days of visits about which a person has a letter."""
    return {clock.local(starts_at).date() for _, _, starts_at, _ in told_to(email, letters)}


def _day_of(row: VisitRow) -> date:
    return clock.local(row.starts_at).date()


def _compose(letters: Sequence[Addressed], region: Region, now: datetime) -> list[Message]:
    letterhead = letterhead_of(region, now)
    rows = {row.booking_id: row for letter in letters for row in letter.planned.visits}
    occasions = load_occasions(sorted({row.slot_id for row in rows.values()}))
    answers = list_answers(QuestionPurpose.VISIT, rows)
    return [
        compose_day_sheet(
            arrange_days(letter.planned.visits, occasions, answers),
            letter.envelope,
            letter.contact,
            letterhead,
        )
        for letter in letters
    ]


DAY_SHEETS = LetterSort(MessageKind.DAY_SHEET, _plan, _compose)

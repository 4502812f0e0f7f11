"""Tell hosts on the day before who comes when: one letter to each person for the days to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from matchmaker import clock
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.kinds import HOST_ROLES, MessageKind
from matchmaker.domain.letter_days import MOST_LATE, WorkingDays, find_day_sheet_time, is_waking_hour
from matchmaker.models import Message, Region
from matchmaker.notifications.visit_letters import compose_day_sheet
from matchmaker.queries import people
from matchmaker.queries.visit_letters import LetterRow, VisitRow, list_visits
from matchmaker.services.host_days import arrange_days, day_of, list_sayings
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
    due = {day_of(row) for row in own if find_day_sheet_time(row.starts_at, days[row.host_id]) <= now} - told
    return tuple(row for row in own if day_of(row) in due)


def list_told_days(email: str, letters: Sequence[LetterRow]) -> set[date]:
    """Return the days of visits about which a person has a letter."""
    return {clock.local(starts_at).date() for _, _, starts_at, _ in told_to(email, letters)}


def _compose(letters: Sequence[Addressed], region: Region, now: datetime) -> list[Message]:
    letterhead = letterhead_of(region, now)
    rows = {row.booking_id: row for letter in letters for row in letter.planned.visits}
    occasions = load_occasions(sorted({row.slot_id for row in rows.values()}))
    said = list_sayings(rows)
    return [
        compose_day_sheet(
            arrange_days(letter.planned.visits, occasions, said),
            letter.envelope,
            letter.contact,
            letterhead,
        )
        for letter in letters
    ]


DAY_SHEETS = LetterSort(MessageKind.DAY_SHEET, _plan, _compose)

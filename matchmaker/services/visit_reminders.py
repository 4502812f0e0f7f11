"""Remind schools of visits to come and ask whether they go on: one letter to each person for a week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from matchmaker import clock
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.letter_days import (
    MOST_EARLY,
    WorkingDays,
    find_midnight,
    find_next_midnight,
    find_reminder_time,
    is_letter_hour,
)
from matchmaker.domain.questions import Answer, QuestionPurpose
from matchmaker.models import Message, Region
from matchmaker.notifications.visit_letters import AskedAbout, compose_reminder
from matchmaker.notifications.visits import Visit
from matchmaker.queries import people
from matchmaker.queries.visit_letters import LetterRow, VisitRow, list_visits
from matchmaker.services.letter_questions import LetterQuestions
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
from matchmaker.services.working_days import load_school_days

SCHOOL_CONTACTS = frozenset({Role.COORDINATOR})
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def write_reminders(now: datetime) -> int:
    """Write the reminders whose time has come; return how many.

    A letter leaves when the first visit of a week is due, and tells of all visits of that week, so that a
    school with many visits is not written to every day.
    """
    return keep_letters(REMINDERS, now)


def _plan(region_id: int, now: datetime, letters: Sequence[LetterRow]) -> list[Planned]:
    rows = list_visits(region_id, find_next_midnight(now), now + MOST_EARLY + _WEEK)
    rows = [row for row in rows if row.state is BookingState.CONFIRMED]
    if not rows:
        return []
    days = _load_days(region_id, rows, now)
    contacts = people.list_contacts(sorted({row.school_id for row in rows}), SCHOOL_CONTACTS)
    by_person = group_by_person(rows, lambda row: contacts.get(row.school_id, []))
    planned = []
    for user, own in by_person.items():
        visits = _choose(own, told_to(user.email, letters), days, now)
        if visits and gets_mail(user, MessageKind.VISIT_REMINDER):
            may_leave = any(is_letter_hour(now, days[visit.school_id]) for visit in visits)
            planned.append(Planned(user, visits, find_midnight(visits[0].starts_at), may_leave))
    return planned


def _load_days(region_id: int, rows: Sequence[VisitRow], now: datetime) -> Mapping[int, WorkingDays]:
    first = clock.local(now).date() - MOST_EARLY
    last = clock.local(rows[-1].starts_at).date()
    return load_school_days(region_id, sorted({row.school_id for row in rows}), first, last)


def _choose(
    own: Sequence[VisitRow], told: frozenset[object], days: Mapping[int, WorkingDays], now: datetime
) -> tuple[VisitRow, ...]:
    """Return the visits not told yet in each week in which one of them is due."""
    untold = [row for row in own if row.told not in told]
    due = {_week_of(row) for row in untold if _is_due(row, days[row.school_id], now)}
    return tuple(row for row in untold if _week_of(row) in due)


def _is_due(row: VisitRow, days: WorkingDays, now: datetime) -> bool:
    moment = find_reminder_time(row.starts_at, row.settled_at, days)
    return moment is not None and moment <= now


def _week_of(row: VisitRow) -> date:
    day = clock.local(row.starts_at).date()
    return day - day.weekday() * _DAY


def _compose(letters: Sequence[Addressed], region: Region, now: datetime) -> list[Message]:
    rows = [visit for letter in letters for visit in letter.planned.visits]
    visits = load_visits(rows)
    questions = LetterQuestions(QuestionPurpose.VISIT, rows, now)
    letterhead = letterhead_of(region, now)
    messages = []
    for letter in letters:
        asked = tuple(
            _ask(questions, row, visits[row.booking_id], letter, region.id) for row in letter.planned.visits
        )
        messages.append(compose_reminder(asked, letter.envelope, letter.contact, letterhead))
    return messages


def _ask(
    questions: LetterQuestions, row: VisitRow, visit: Visit, letter: Addressed, region_id: int
) -> AskedAbout:
    link = questions.open(row, letter.planned.user, region_id)
    return AskedAbout(
        visit=visit,
        path=link.path,
        yes=link.answer in {Answer.COMING, Answer.TOOK_PLACE},
        no=link.answer in {Answer.CANNOT_COME, Answer.NOT_HELD},
        by_colleague=link.by_colleague,
    )


def load_visits(rows: Sequence[VisitRow]) -> dict[int, Visit]:
    """Return these visits with everything around them, by booking id."""
    occasions = load_occasions(sorted({row.slot_id for row in rows}))
    found = {
        (slot_id, visit.group.id): visit
        for slot_id, occasion in occasions.items()
        for visit in occasion.visits
    }
    return {row.booking_id: found[row.slot_id, row.group_id] for row in rows}


REMINDERS = LetterSort(MessageKind.VISIT_REMINDER, _plan, _compose)

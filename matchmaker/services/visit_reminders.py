"""Remind schools of visits to come and ask whether they go on: one letter to each person for a week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from matchmaker import clock
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.letter_days import (
    MOST_EARLY,
    WorkingDays,
    find_midnight,
    find_next_midnight,
    find_reminder_time,
    is_letter_hour,
)
from matchmaker.domain.questions import QuestionPurpose
from matchmaker.models import Message, Region
from matchmaker.notifications.visit_letters import compose_reminder
from matchmaker.queries.visit_letters import LetterRow, VisitRow, list_visits
from matchmaker.services.asking_letters import compose_asking, list_by_contact
from matchmaker.services.letterheads import gets_mail
from matchmaker.services.visit_letters import Addressed, LetterSort, Planned, keep_letters, told_to
from matchmaker.services.working_days import load_school_days

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
    planned = []
    for user, own in list_by_contact(rows).items():
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
    untold = [row for row in own if row.told.appointment not in told]
    due = {_week_of(row) for row in untold if _is_due(row, days[row.school_id], now)}
    return tuple(row for row in untold if _week_of(row) in due)


def _is_due(row: VisitRow, days: WorkingDays, now: datetime) -> bool:
    moment = find_reminder_time(row.starts_at, row.settled_at, days)
    return moment is not None and moment <= now


def _week_of(row: VisitRow) -> date:
    day = clock.local(row.starts_at).date()
    return day - day.weekday() * _DAY


def _compose(letters: Sequence[Addressed], region: Region, now: datetime) -> list[Message]:
    return compose_asking(letters, region, now, QuestionPurpose.VISIT, compose_reminder)


REMINDERS = LetterSort(MessageKind.VISIT_REMINDER, _plan, _compose)

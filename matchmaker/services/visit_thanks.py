"""Thank schools after a visit and ask how it was; ask once more a week later, and never a third time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from matchmaker import clock
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.letter_days import (
    PUNCTUAL,
    THANKS_WITHIN,
    WorkingDays,
    find_second_time,
    find_thanks_time,
    is_letter_hour,
)
from matchmaker.domain.questions import FEEDBACK_OPEN_FOR, QuestionPurpose
from matchmaker.domain.runs import MessageState
from matchmaker.models import Message, Region, User
from matchmaker.notifications.visit_letters import compose_feedback_reminder, compose_thanks
from matchmaker.queries.visit_letters import LetterRow, VisitRow, list_letters, list_visits
from matchmaker.services.asking_letters import compose_asking, list_by_contact
from matchmaker.services.letter_questions import list_answers
from matchmaker.services.letterheads import gets_mail
from matchmaker.services.visit_letters import (
    MEMORY,
    Addressed,
    LetterSort,
    Planned,
    keep_letters,
    told_to,
)
from matchmaker.services.working_days import load_school_days

# A visit to which a school is known not to have come is neither thanked for nor asked about.
_THANKED_STATES = frozenset({BookingState.CONFIRMED, BookingState.ATTENDED})
_AROUND, _DAY = timedelta(days=10), timedelta(days=1)

DueTimes = Mapping[VisitRow, datetime]


def write_thanks(now: datetime) -> int:
    """Write the thanks, with a question for each visit, whose time has come; return how many."""
    return keep_letters(THANKS, now)


def write_feedback_reminders(now: datetime) -> int:
    """Ask once more about visits of which nobody of the school said how they were; return how often."""
    return keep_letters(FEEDBACK_REMINDERS, now)


def list_past_visits(region_id: int, now: datetime, within: timedelta) -> list[VisitRow]:
    """Return the visits that ended at most so long ago, earliest first, except no-shows."""
    rows = list_visits(region_id, now - within - _DAY, now)
    return [row for row in rows if row.state in _THANKED_STATES and now - within < row.ends_at <= now]


def may_leave(due_at: datetime, now: datetime, days: WorkingDays) -> bool:
    """Tell whether a letter that is due may leave: at its moment, or later in working hours."""
    return now - due_at < PUNCTUAL or is_letter_hour(now, days)


def _plan_thanks(region_id: int, now: datetime, letters: Sequence[LetterRow]) -> list[Planned]:
    rows = list_past_visits(region_id, now, THANKS_WITHIN)
    if not rows:
        return []
    days = _load_days(region_id, rows, now)

    def find_due(user: User, own: Sequence[VisitRow]) -> DueTimes:
        told = told_to(user.email, letters)
        untold = (row for row in own if row.told.appointment not in told)
        return {row: find_thanks_time(row.ends_at, days[row.school_id]) for row in untold}

    due = {user: find_due(user, own) for user, own in list_by_contact(rows).items()}
    return _plan(MessageKind.VISIT_THANKS, due, days, now, THANKS_WITHIN)


def _plan_second(region_id: int, now: datetime, letters: Sequence[LetterRow]) -> list[Planned]:
    rows = list_past_visits(region_id, now, FEEDBACK_OPEN_FOR - _DAY)
    if not rows:
        return []
    answered = list_answers(QuestionPurpose.FEEDBACK, {row.booking_id for row in rows})
    thanked = list_letters(region_id, MessageKind.VISIT_THANKS, now - MEMORY)
    days = _load_days(region_id, rows, now)

    def find_due(user: User, own: Sequence[VisitRow]) -> DueTimes:
        told, first = told_to(user.email, letters), _list_first_times(user.email, thanked)
        return {
            row: find_second_time(first[row.booking_id], days[row.school_id])
            for row in own
            if row.booking_id in first and row.booking_id not in answered and row.told.appointment not in told
        }

    due = {user: find_due(user, own) for user, own in list_by_contact(rows).items()}
    return _plan(MessageKind.FEEDBACK_REMINDER, due, days, now, FEEDBACK_OPEN_FOR)


def _plan(
    kind: MessageKind,
    due_of: Mapping[User, DueTimes],
    days: Mapping[int, WorkingDays],
    now: datetime,
    useful_for: timedelta,
) -> list[Planned]:
    planned = []
    for user, due in due_of.items():
        visits = tuple(row for row, moment in due.items() if moment <= now)
        if visits and gets_mail(user, kind):
            hour = any(may_leave(due[row], now, days[row.school_id]) for row in visits)
            planned.append(Planned(user, visits, visits[0].ends_at + useful_for, hour))
    return planned


def _list_first_times(email: str, thanked: Sequence[LetterRow]) -> dict[int, datetime]:
    """Return when the letter that asked first was written, by booking; one that never left does not count."""
    return {
        booking_id: letter.written_at
        for letter in thanked
        if letter.recipient == email and letter.state is MessageState.SENT
        for booking_id in {told.booking_id for told in letter.visits}
    }


def _load_days(region_id: int, rows: Sequence[VisitRow], now: datetime) -> Mapping[int, WorkingDays]:
    first, last = clock.local(rows[0].starts_at).date(), clock.local(now).date()
    schools = sorted({row.school_id for row in rows})
    return load_school_days(region_id, schools, first - _AROUND, last + FEEDBACK_OPEN_FOR)


def _compose_thanks(letters: Sequence[Addressed], region: Region, now: datetime) -> list[Message]:
    return compose_asking(letters, region, now, QuestionPurpose.FEEDBACK, compose_thanks)


def _compose_second(letters: Sequence[Addressed], region: Region, now: datetime) -> list[Message]:
    return compose_asking(letters, region, now, QuestionPurpose.FEEDBACK, compose_feedback_reminder)


THANKS = LetterSort(MessageKind.VISIT_THANKS, _plan_thanks, _compose_thanks)
FEEDBACK_REMINDERS = LetterSort(MessageKind.FEEDBACK_REMINDER, _plan_second, _compose_second)

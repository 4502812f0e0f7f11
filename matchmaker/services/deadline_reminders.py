"""Remind hosts and schools of the last day to answer; whoever has answered hears nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import select, update

from matchmaker import clock
from matchmaker.domain.deadlines import LEAST_REST, is_reminder_due
from matchmaker.domain.kinds import HolidayRegion, MessageKind
from matchmaker.domain.phases import Phase
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import ClosedDay, Message, Organisation, Round, User
from matchmaker.notifications.round_letters import call_cause
from matchmaker.queries import people
from matchmaker.queries.demand import list_closed_days
from matchmaker.queries.letters import list_answered, list_holiday_regions, list_recipients, list_rounds_in
from matchmaker.queries.regions import lock_region
from matchmaker.queries.rounds import get_round
from matchmaker.scope import unscoped, within
from matchmaker.services.letterheads import gets_mail
from matchmaker.services.round_letters import ASKED_ROLES, OPENINGS, last_day_of, write_calls
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import DUE_LETTERS

REMINDERS = MappingProxyType(
    {Phase.OFFERING: MessageKind.OFFERING_REMINDER, Phase.WISHING: MessageKind.WISHING_REMINDER}
)
# Written in one transaction, so that others wait for the region a moment only.
BATCH = 50
# Longer than any holiday, to see from when on a place is closed.
_LOOK_BACK = timedelta(days=70)

Asked = dict[User, list[Organisation]]


def remind_of_deadlines(now: datetime) -> int:
    """Write the reminders that are due at this moment, in all regions; return how many."""
    with unscoped("rounds that wait for answers"):
        rounds = list_rounds_in(REMINDERS)
    written = 0
    for round_id, region_id in rounds:
        with within(region_id):
            _take_back(get_round(round_id))
            written += _remind(round_id, region_id, now)
    return written


def _take_back(round_: Round) -> None:
    """Keep reminders that still wait in the outbox from whoever answered meanwhile."""
    if round_.phase not in REMINDERS:
        return
    kind = REMINDERS[round_.phase]
    is_waiting = (
        Message.cause == call_cause(kind, round_.id),
        Message.kind == kind,
        Message.state == MessageState.QUEUED,
    )
    waiting = set(db.session.scalars(select(Message.recipient).where(*is_waiting)))
    answered = waiting - {user.email for user in list_unanswered(round_)} if waiting else set()
    if answered:
        with write_transaction(DUE_LETTERS) as session:
            session.execute(
                update(Message)
                .where(*is_waiting, Message.recipient.in_(answered))
                .values(state=MessageState.SUPERSEDED)
            )


def _remind(round_id: int, region_id: int, now: datetime) -> int:
    """Write what is due in one round; most minutes that is nothing, and nobody waits for it."""
    if not _list_due(get_round(round_id), now):
        return 0
    written = batch = _write_batch(round_id, region_id, now)
    while batch == BATCH:
        batch = _write_batch(round_id, region_id, now)
        written += batch
    return written


def list_unanswered(round_: Round) -> Asked:
    """Return whom the round of now waits for, each with the schools or hosts that have not answered."""
    asked = people.list_contacts_of_region(round_.region_id, ASKED_ROLES[round_.phase])
    answered = list_answered(round_)
    waiting = {
        user: [place for place in places if place.id not in answered] for user, places in asked.items()
    }
    return {user: places for user, places in waiting.items() if places}


def list_days_off(round_: Round, last_day: date) -> defaultdict[int | None, set[date]]:
    """Return the whole days off of each organisation with any, by id; None: those of the whole region."""
    found: defaultdict[int | None, set[date]] = defaultdict(set)
    regions = list_holiday_regions(round_.region_id)
    for row in list_closed_days(round_.region_id, last_day - _LOOK_BACK, last_day):
        if row.half_day is None:
            days = (row.last_day - row.first_day).days + 1
            for key in _list_closed(row, regions):
                found[key] |= {row.first_day + timedelta(days=n) for n in range(days)}
    return found


def _list_closed(row: ClosedDay, regions: Mapping[int, HolidayRegion]) -> list[int | None]:
    if row.holiday_region is None:
        return [row.organisation_id]
    return [
        school_id for school_id, holiday_region in regions.items() if holiday_region == row.holiday_region
    ]


def _list_due(round_: Round, now: datetime) -> Asked:
    """Return who is to be reminded now: of all their places that wait, as soon as it is time for one."""
    if round_.phase not in REMINDERS:
        return {}
    last_day, wall = last_day_of(round_, round_.phase), clock.local(now)
    if not last_day - _LOOK_BACK <= wall.date() <= last_day:
        return {}
    off = list_days_off(round_, last_day)
    skipped = _list_skipped(round_, now)
    return {
        user: places
        for user, places in list_unanswered(round_).items()
        if user.email not in skipped
        and gets_mail(user, REMINDERS[round_.phase])
        and any(is_reminder_due(wall, last_day, off[None] | off[place.id]) for place in places)
    }


def _list_skipped(round_: Round, now: datetime) -> set[str]:
    """Return who was reminded already, or was asked a moment ago."""
    kind, opening = REMINDERS[round_.phase], OPENINGS[round_.phase]
    return list_recipients(call_cause(kind, round_.id), kind) | list_recipients(
        call_cause(opening, round_.id), opening, since=now - LEAST_REST
    )


def _write_batch(round_id: int, region_id: int, now: datetime) -> int:
    """Write some of the reminders, for those who have not answered by now; return how many."""
    with write_transaction(DUE_LETTERS) as session:
        lock_region(region_id)
        round_ = get_round(round_id)
        due = _list_due(round_, now)
        some = dict(list(due.items())[:BATCH])
        letters = write_calls(round_, REMINDERS[round_.phase], some) if some else []
        session.add_all(letters)
        return len(letters)

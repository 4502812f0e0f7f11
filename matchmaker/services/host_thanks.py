"""Thank hosts on the day after their visits: one letter to each person, with how many came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from matchmaker import clock
from matchmaker.domain.kinds import HOST_ROLES, MessageKind
from matchmaker.domain.letter_days import THANKS_WITHIN, find_thanks_time
from matchmaker.domain.questions import WORRYING, QuestionPurpose
from matchmaker.models import Message, Region
from matchmaker.notifications.visit_letters import compose_host_thanks
from matchmaker.queries import people
from matchmaker.queries.visit_letters import LetterRow, VisitRow
from matchmaker.services.day_sheets import list_told_days
from matchmaker.services.host_days import arrange_days, day_of
from matchmaker.services.letter_questions import list_answers
from matchmaker.services.letterheads import gets_mail, letterhead_of
from matchmaker.services.visit_facts import load_occasions
from matchmaker.services.visit_letters import Addressed, LetterSort, Planned, group_by_person, keep_letters
from matchmaker.services.visit_thanks import list_past_visits, may_leave
from matchmaker.services.working_days import load_host_days

_AROUND = timedelta(days=10)


def write_host_thanks(now: datetime) -> int:
    """Write the thanks to hosts whose time has come; return how many."""
    return keep_letters(HOST_THANKS, now)


def _plan(region_id: int, now: datetime, letters: Sequence[LetterRow]) -> list[Planned]:
    rows = _list_held(region_id, now)
    if not rows:
        return []
    hosts, today = sorted({row.host_id for row in rows}), clock.local(now).date()
    first = clock.local(rows[0].starts_at).date()
    days = load_host_days(region_id, hosts, first - _AROUND, today + _AROUND)
    contacts = people.list_contacts(hosts, HOST_ROLES)
    planned = []
    for user, own in group_by_person(rows, lambda row: contacts.get(row.host_id, [])).items():
        told = list_told_days(user.email, letters)
        due = {r: find_thanks_time(r.ends_at, days[r.host_id]) for r in own if day_of(r) not in told}
        visits = tuple(row for row, moment in due.items() if moment <= now)
        if visits and gets_mail(user, MessageKind.HOST_THANKS):
            hour = any(may_leave(due[row], now, days[row.host_id]) for row in visits)
            planned.append(Planned(user, visits, visits[0].ends_at + THANKS_WITHIN, hour))
    return planned


def _list_held(region_id: int, now: datetime) -> list[VisitRow]:
    """Return the visits of late that took place, as far as anybody knows."""
    rows = list_past_visits(region_id, now, THANKS_WITHIN)
    ids = {row.booking_id for row in rows}
    answers = [list_answers(purpose, ids) for purpose in QuestionPurpose] if rows else []
    gone = {booking_id for given in answers for booking_id, answer in given.items() if answer in WORRYING}
    return [row for row in rows if row.booking_id not in gone]


def _compose(letters: Sequence[Addressed], region: Region, now: datetime) -> list[Message]:
    letterhead = letterhead_of(region, now)
    slots = sorted({row.slot_id for letter in letters for row in letter.planned.visits})
    occasions = load_occasions(slots)
    return [
        compose_host_thanks(
            arrange_days(letter.planned.visits, occasions, {}), letter.envelope, letter.contact, letterhead
        )
        for letter in letters
    ]


HOST_THANKS = LetterSort(MessageKind.HOST_THANKS, _plan, _compose)

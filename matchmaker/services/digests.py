"""Write the overview that organisers get: what came in, what waits and what comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from matchmaker import clock
from matchmaker.domain.digests import DATES_WITHIN, LONGEST_PERIOD, is_digest_day, is_digest_hour
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.phases import Phase
from matchmaker.models import Region, Round, User
from matchmaker.notifications.digest import (
    ComingDate,
    DigestFacts,
    Milestone,
    RoundState,
    Waiting,
    WaitingLine,
    compose_digest,
    digest_cause,
)
from matchmaker.queries import calendar_answers, join_requests, people, questions
from matchmaker.queries.demand import list_closed_days
from matchmaker.queries.digests import count_answers_since, count_asked, find_last_digest, list_open_rounds
from matchmaker.queries.letters import count_answered, list_recipients
from matchmaker.queries.mail_log import count_open_mail
from matchmaker.queries.regions import list_regions, lock_region
from matchmaker.scope import within
from matchmaker.services.letterheads import contact_of, gets_mail, letterhead_of
from matchmaker.services.round_letters import last_day_of
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import DUE_LETTERS

_ASKING = (Phase.OFFERING, Phase.WISHING)


def write_digests(now: datetime) -> int:
    """Write the overviews that are due at this moment, in all regions; return how many."""
    wall, written = clock.local(now), 0
    if not is_digest_hour(wall):
        return 0
    for region_id in [region.id for region in list_regions()]:
        with within(region_id):
            if _is_due(region_id, wall.date()) and _list_untold(region_id, now):
                written += _write(region_id, now)
    return written


def build_digest(region: Region, now: datetime) -> DigestFacts:
    """Return the state of a region as its organisers read it in the morning; it may hold no news."""
    today = clock.local(now).date()
    start = clock.from_local(datetime.combine(today, datetime.min.time()))
    last = find_last_digest(region.id, start)
    since = max(last or now - LONGEST_PERIOD, now - LONGEST_PERIOD)
    rounds = list_open_rounds(region.id)
    return DigestFacts(
        region_id=region.id,
        day=today,
        since=clock.local(since).date(),
        rounds=tuple(_describe_round(region, r, since, today) for r in rounds if r.phase in _ASKING),
        waiting=tuple(_list_waiting(region, now)),
        dates=tuple(_list_dates(rounds, today)),
        path=f"/organisator/{region.slug}",
    )


def _write(region_id: int, now: datetime) -> int:
    with write_transaction(DUE_LETTERS) as session:
        lock_region(region_id)
        region = session.get_one(Region, region_id)
        digest = build_digest(region, now)
        if not digest.has_news:
            return 0
        letterhead = letterhead_of(region)
        letters = [
            compose_digest(digest, contact_of(user), letterhead) for user in _list_untold(region_id, now)
        ]
        session.add_all(letters)
        return len(letters)


def _is_due(region_id: int, today: date) -> bool:
    last_days = [last_day_of(r, r.phase) for r in list_open_rounds(region_id) if r.phase in _ASKING]
    return is_digest_day(today, _list_days_off(region_id, today), last_days)


def _list_days_off(region_id: int, today: date) -> set[date]:
    """Return the days of this week on which the whole region is closed."""
    monday = today - timedelta(days=today.weekday())
    closed = [
        row
        for row in list_closed_days(region_id, monday, today)
        if row.organisation_id is None and row.holiday_region is None and row.half_day is None
    ]
    week = [monday + timedelta(days=n) for n in range(7)]
    return {day for day in week if any(row.first_day <= day <= row.last_day for row in closed)}


def _list_untold(region_id: int, now: datetime) -> list[User]:
    told = list_recipients(digest_cause(region_id, clock.local(now).date()), MessageKind.DIGEST)
    organisers = people.list_people_of_region(region_id, frozenset({Role.ORGANISER}))
    return [user for user in organisers if user.email not in told and gets_mail(user, MessageKind.DIGEST)]


def _describe_round(region: Region, round_: Round, since: datetime, today: date) -> RoundState:
    last_day, wishing = last_day_of(round_, round_.phase), round_.phase is Phase.WISHING
    path = f"/organisator/{region.slug}/ronde/{round_.id}"
    return RoundState(
        name=round_.name,
        wishing=wishing,
        asked=count_asked(round_),
        answered=count_answered(round_),
        fresh=count_answers_since(round_, since),
        last_day=last_day if last_day >= today else None,
        path=f"{path}#zonder-wensen" if wishing else path,
    )


def _list_waiting(region: Region, now: datetime) -> Iterator[WaitingLine]:
    """Yield what waits for somebody, with the page where it is dealt with."""
    home, mail = f"/organisator/{region.slug}", count_open_mail(region.id, now)
    worries = questions.count_worries(region.id, now) + calendar_answers.count_worries(region.id, now)
    for what, number, path in (
        (Waiting.WORRIES, worries, f"{home}/antwoorden"),
        (Waiting.JOIN_REQUESTS, join_requests.count_waiting(region.id), f"{home}/verzoeken"),
        (Waiting.FAILED_MAILS, mail.failed, f"{home}/berichten?stand=failed"),
        (Waiting.ADDRESSES, mail.people_in_trouble, f"{home}/adressen"),
    ):
        if number:
            yield WaitingLine(what=what, number=number, path=path)


def _list_dates(rounds: Iterable[Round], today: date) -> list[ComingDate]:
    found = [
        ComingDate(milestone=milestone, day=day, round=round_.name)
        for round_ in rounds
        for milestone, day in (
            (Milestone.OFFERING_OPENS, round_.offering_on),
            (Milestone.WISHING_OPENS, round_.wishing_on),
            (Milestone.WISHING_ENDS, round_.wishing_until),
            (Milestone.RESULT, round_.result_on),
            (Milestone.FIRST_VISITS, round_.visits_from),
        )
        if today <= day <= today + DATES_WITHIN
    ]
    return sorted(found, key=lambda coming: (coming.day, coming.round))

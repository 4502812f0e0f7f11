"""Who has not answered is reminded of the last day, once, at nine in the morning of a working day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.kinds import ClosedDayReason, HolidayRegion, MessageKind, Role
from matchmaker.domain.phases import Phase
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import ClosedDay, Message, Round, School
from matchmaker.scope import unscoped, within
from matchmaker.services import deadline_reminders
from matchmaker.services.deadline_reminders import remind_of_deadlines
from matchmaker.services.rounds import change_phase
from tests.factories import (
    ActivityFactory,
    GroupFactory,
    HostFactory,
    MembershipFactory,
    RoundFactory,
    SchoolFactory,
    SlotFactory,
    UserFactory,
    WishListFactory,
)
from tests.unit.notifications.reading_mail import parse_mail, text_of

# Three days before Friday 18 December, at nine in the Netherlands.
DUE = datetime(2026, 12, 15, 8, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def round_(app: Flask) -> Round:
    """A round in which wishes come in until Friday 18 December 2026."""
    made: Round = RoundFactory(phase=Phase.WISHING)
    return made


def remind(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return remind_of_deadlines(clock.now())


def walk(start: datetime, end: datetime) -> list[str]:
    """Let the hours pass; return when something was written, as clocks in the Netherlands tell it."""
    written, moment = [], start
    while moment < end:
        if remind(moment):
            written.append(f"{clock.local(moment):%Y-%m-%d %H:%M}")
        moment += HOUR
    return written


def reminders() -> list[Message]:
    kinds = (MessageKind.WISHING_REMINDER, MessageKind.OFFERING_REMINDER)
    return list(db.session.scalars(sa.select(Message).where(Message.kind.in_(kinds)).order_by(Message.id)))


def close(first: date, last: date, **more: object) -> None:
    db.session.add(
        ClosedDay(
            region_id=db.session.scalars(sa.select(Round.region_id)).one(),
            first_day=first,
            last_day=last,
            reason=ClosedDayReason.SCHOOL_HOLIDAY,
            source="",
            **more,
        )
    )
    db.session.commit()


def test_a_school_without_wishes_is_reminded_at_nine_and_once(round_: Round) -> None:
    MembershipFactory(organisation=SchoolFactory(name="De Eiken"))
    db.session.commit()
    assert remind(DUE - MINUTE) == 0
    assert remind(DUE) == 1
    assert remind(DUE + MINUTE) == 0
    (letter,) = reminders()
    assert letter.cause == f"reminder:round:{round_.id}:wishing"
    assert "nog geen wensen van De Eiken" in text_of(parse_mail(letter)).replace("\n", " ")
    assert letter.useful_until == datetime(2026, 12, 18, 23, 0, tzinfo=UTC)


def test_who_answered_hears_nothing_also_when_that_was_a_moment_ago(round_: Round) -> None:
    answered, draft = SchoolFactory(), SchoolFactory()
    for school in (answered, draft):
        MembershipFactory(organisation=school)
    WishListFactory(group=GroupFactory(school=draft), submitted_at=None)
    WishListFactory(group=GroupFactory(school=answered))
    db.session.commit()
    assert remind(DUE) == 1
    assert reminders()[0].organisation_id == draft.id


def test_an_answer_between_looking_and_writing_counts(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    school = SchoolFactory()
    MembershipFactory(organisation=school)
    db.session.commit()
    school_id, write = school.id, deadline_reminders._write_batch

    def answer_first(*arguments: Any) -> int:
        WishListFactory(group=GroupFactory(school=db.session.get_one(School, school_id)))
        db.session.commit()
        return write(*arguments)

    monkeypatch.setattr(deadline_reminders, "_write_batch", answer_first)
    assert remind(DUE) == 0
    assert reminders() == []


def test_a_reminder_that_still_waits_is_kept_from_who_answered_meanwhile(round_: Round) -> None:
    quick, slow = SchoolFactory(), SchoolFactory()
    for school in (quick, slow):
        MembershipFactory(organisation=school)
    db.session.commit()
    assert remind(DUE) == 2
    WishListFactory(group=GroupFactory(school=quick))
    db.session.commit()
    remind(DUE + MINUTE)
    db.session.expire_all()
    assert {letter.organisation_id: letter.state for letter in reminders()} == {
        quick.id: MessageState.SUPERSEDED,
        slow.id: MessageState.QUEUED,
    }


def test_a_host_without_a_slot_in_the_round_is_reminded_before_wishes_open(round_: Round) -> None:
    round_.phase = Phase.OFFERING
    busy, idle = HostFactory(), HostFactory()
    for host in (busy, idle):
        MembershipFactory(role=Role.HOST_CONTACT, organisation=host)
    SlotFactory(activity=ActivityFactory(host=busy), round=round_)
    db.session.commit()
    # The last day is Sunday 8 November; three days before is a Thursday.
    due = datetime(2026, 11, 5, 8, 0, tzinfo=UTC)
    assert [remind(due - MINUTE), remind(due), remind(due + HOUR)] == [0, 1, 0]
    (letter,) = reminders()
    assert (letter.kind, letter.organisation_id) == (MessageKind.OFFERING_REMINDER, idle.id)


def test_a_school_that_has_holidays_is_reminded_before_them_and_another_on_time(round_: Round) -> None:
    for holiday_region in (HolidayRegion.SOUTH, HolidayRegion.MIDDLE):
        MembershipFactory(organisation=SchoolFactory(holiday_region=holiday_region))
    close(date(2026, 12, 12), date(2026, 12, 16), holiday_region=HolidayRegion.SOUTH)
    assert walk(datetime(2026, 12, 9, tzinfo=UTC), datetime(2026, 12, 19, tzinfo=UTC)) == [
        "2026-12-11 09:00",
        "2026-12-15 09:00",
    ]


def test_days_off_of_one_school_and_of_the_whole_region_count_and_half_days_do_not(round_: Round) -> None:
    own, other = SchoolFactory(), SchoolFactory()
    for school in (own, other):
        MembershipFactory(organisation=school)
    close(date(2026, 12, 15), date(2026, 12, 15), organisation_id=own.id)
    close(date(2026, 12, 14), date(2026, 12, 14))
    close(date(2026, 12, 11), date(2026, 12, 11), half_day="morning")
    assert walk(datetime(2026, 12, 9, tzinfo=UTC), datetime(2026, 12, 19, tzinfo=UTC)) == [
        "2026-12-11 09:00",
        "2026-12-15 09:00",
    ]


@pytest.mark.parametrize(
    ("last_day", "expected"),
    [
        (date(2027, 4, 1), "2027-03-29 09:00"),
        (date(2027, 3, 30), "2027-03-26 09:00"),
        (date(2026, 10, 29), "2026-10-26 09:00"),
        (date(2026, 10, 27), "2026-10-23 09:00"),
    ],
    ids=[
        "after the clock went forward",
        "before it goes forward",
        "after it went back",
        "before it goes back",
    ],
)
def test_around_both_changes_of_the_clock_it_is_nine_and_once(
    round_: Round, last_day: date, expected: str
) -> None:
    round_.offering_on = round_.wishing_on = last_day - timedelta(days=30)
    round_.wishing_until = last_day
    round_.result_on = round_.visits_from = round_.visits_until = last_day + timedelta(days=9)
    MembershipFactory()
    db.session.commit()
    start = datetime.combine(last_day - timedelta(days=7), time(), UTC)
    assert walk(start, start + timedelta(days=9)) == [expected]


def test_what_a_pause_of_the_worker_missed_is_made_up_for_and_nothing_after_the_last_day(
    round_: Round,
) -> None:
    MembershipFactory()
    db.session.commit()
    late = datetime(2026, 12, 17, 3, 0, tzinfo=UTC)
    assert walk(late, late + timedelta(days=5)) == ["2026-12-17 09:00"]
    MembershipFactory()
    db.session.commit()
    assert walk(datetime(2026, 12, 19, tzinfo=UTC), datetime(2026, 12, 23, tzinfo=UTC)) == []


def test_nobody_is_reminded_of_what_they_heard_a_moment_ago(round_: Round) -> None:
    round_.phase = Phase.OFFERING
    MembershipFactory()
    db.session.commit()
    with time_machine.travel(DUE - HOUR, tick=False), within(round_.region_id):
        change_phase(round_.id, Phase.WISHING, None, tell=True)
    assert walk(DUE, DUE + timedelta(days=4)) == ["2026-12-17 09:00"]


@pytest.mark.parametrize("phase", [Phase.PREPARING, Phase.ALLOCATING, Phase.PUBLISHED])
def test_in_other_phases_nobody_is_reminded(round_: Round, phase: Phase) -> None:
    round_.phase = phase
    MembershipFactory()
    db.session.commit()
    assert remind(DUE) == 0


def test_closed_schools_and_people_who_are_gone_are_left_in_peace(round_: Round) -> None:
    MembershipFactory(organisation=SchoolFactory(active=False))
    MembershipFactory(user=UserFactory(active=False))
    MembershipFactory(role=Role.TEACHER)
    db.session.commit()
    assert remind(DUE) == 0


def test_who_answers_for_two_schools_gets_one_mail_about_those_that_wait(round_: Round) -> None:
    user, schools = UserFactory(), [SchoolFactory(name=name) for name in ("De Eik", "De Beuk", "De Linde")]
    for school in schools:
        MembershipFactory(user=user, organisation=school)
    WishListFactory(group=GroupFactory(school=schools[0]))
    db.session.commit()
    assert remind(DUE) == 1
    text = text_of(parse_mail(reminders()[0]))
    assert "De Beuk en De Linde" in text.replace("\n", " ")
    assert "De Eik" not in text


def test_many_are_written_in_short_transactions(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline_reminders, "BATCH", 2)
    MembershipFactory(user=UserFactory(email="aaa no address"))
    MembershipFactory(user=UserFactory(email="aab@school.example", mutes=["reminders"]))
    for _ in range(5):
        MembershipFactory()
    db.session.commit()
    assert remind(DUE) == 5
    assert len({letter.recipient for letter in reminders()}) == 5


def test_two_workers_at_the_same_moment_write_each_reminder_once(app: Flask, round_: Round) -> None:
    for _ in range(4):
        MembershipFactory()
    db.session.commit()
    start, written = Barrier(2), []

    def work() -> None:
        with app.app_context(), unscoped("rows of tests"):
            start.wait()
            written.append(remind_of_deadlines(DUE))
            db.session.remove()

    with time_machine.travel(DUE, tick=False):
        workers = [Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)
    assert sum(written) == 4
    assert len(reminders()) == 4

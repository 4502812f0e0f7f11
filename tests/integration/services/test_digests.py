"""Organisers read in the morning what came in, what waits and what comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.kinds import ClosedDayReason, MessageKind, Role
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.phases import Phase
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import ClosedDay, Message, Round
from matchmaker.scope import unscoped
from matchmaker.services.digests import write_digests
from tests.factories import (
    GroupFactory,
    JoinRequestFactory,
    MembershipFactory,
    MessageFactory,
    RegionFactory,
    RoundFactory,
    SchoolFactory,
    UserFactory,
    WishListFactory,
)
from tests.factories.regions import the_region
from tests.unit.notifications.reading_mail import parse_mail, text_of

MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def round_(app: Flask) -> Round:
    """A round in which wishes come in until 18 December, in a region with one organiser."""
    MembershipFactory(role=Role.ORGANISER, user=UserFactory(email="bureau@techniek.example"))
    made: Round = RoundFactory(phase=Phase.WISHING, name="Voorjaar 2027")
    db.session.commit()
    return made


def digest(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return write_digests(clock.now())


def walk(start: datetime, days: int) -> list[str]:
    """Let the hours pass; return when something was written, as clocks in the Netherlands tell it."""
    moments = [start + n * HOUR for n in range(24 * days)]
    return [f"{clock.local(moment):%a %d %H:%M}" for moment in moments if digest(moment)]


def digests() -> list[Message]:
    statement = sa.select(Message).where(Message.kind == MessageKind.DIGEST).order_by(Message.id)
    return list(db.session.scalars(statement))


def words() -> str:
    return " ".join(text_of(parse_mail(digests()[-1])).split())


def test_an_overview_comes_on_monday_at_eight_and_once(round_: Round) -> None:
    assert [digest(MONDAY - MINUTE), digest(MONDAY), digest(MONDAY + MINUTE)] == [0, 1, 0]
    assert digests()[0].cause == f"digest:region:{round_.region_id}:2026-11-16"
    assert digests()[0].recipient == "bureau@techniek.example"


def test_in_the_week_before_the_last_day_it_comes_every_working_day(round_: Round) -> None:
    assert walk(datetime(2026, 12, 6, tzinfo=UTC), 15) == [
        "Mon 07 08:00",
        "Fri 11 08:00",
        "Mon 14 08:00",
        "Tue 15 08:00",
        "Wed 16 08:00",
        "Thu 17 08:00",
        "Fri 18 08:00",
    ]


@pytest.mark.parametrize(
    ("start", "written"),
    [
        (datetime(2027, 3, 27, tzinfo=UTC), "Mon 29 08:00"),
        (datetime(2026, 10, 24, tzinfo=UTC), "Mon 26 08:00"),
    ],
    ids=["the clock goes forward", "the clock goes back"],
)
def test_around_both_changes_of_the_clock_it_is_eight_and_once(
    round_: Round, start: datetime, written: str
) -> None:
    JoinRequestFactory()
    db.session.commit()
    assert walk(start, 3) == [written]


def test_it_tells_what_came_in_what_is_missing_and_what_waits(round_: Round) -> None:
    WishListFactory(group=GroupFactory(), submitted_at=MONDAY - timedelta(days=2))
    WishListFactory(group=GroupFactory(), submitted_at=MONDAY - timedelta(days=9))
    SchoolFactory()
    JoinRequestFactory(organisation=SchoolFactory())
    MessageFactory(region_id=round_.region_id, state=MessageState.FAILED, created_at=MONDAY)
    MembershipFactory(user=UserFactory(mail_trouble=MailTrouble.BOUNCED, mail_trouble_at=MONDAY))
    db.session.commit()
    digest(MONDAY)
    home = f"/organisator/{the_region().slug}"
    for part in (
        "2 van 5 scholen hebben wensen ingediend.",
        "Sinds maandag 9 november 2026 kwam 1 wensenlijst binnen.",
        f"{home}/ronde/{round_.id}#zonder-wensen",
        "1 verzoek om mee te doen wacht op u",
        f"{home}/verzoeken",
        "1 mail is niet aangekomen",
        f"{home}/berichten?stand=failed",
        "1 persoon is met mail niet te bereiken",
        f"{home}/adressen",
    ):
        assert part in words()


def test_what_came_in_counts_from_the_overview_before(round_: Round) -> None:
    WishListFactory(group=GroupFactory(), submitted_at=datetime(2026, 12, 14, 9, 0, tzinfo=UTC))
    WishListFactory(group=GroupFactory(), submitted_at=datetime(2026, 12, 13, 9, 0, tzinfo=UTC))
    db.session.commit()
    digest(datetime(2026, 12, 14, 7, 0, tzinfo=UTC))
    digest(datetime(2026, 12, 15, 7, 0, tzinfo=UTC))
    assert "Sinds maandag 14 december 2026 kwam 1 wensenlijst binnen." in words()


def test_dates_that_come_are_told(round_: Round) -> None:
    digest(datetime(2026, 12, 14, 7, 0, tzinfo=UTC))
    assert "vr 18 dec: laatste dag voor wensen (Voorjaar 2027)" in words()
    assert "wo 23 dec: uitslag (Voorjaar 2027)" in words()
    assert "eerste bezoeken" not in words()


def test_where_there_is_nothing_to_tell_nobody_is_written(app: Flask) -> None:
    MembershipFactory(role=Role.ORGANISER)
    RoundFactory(phase=Phase.CLOSED)
    db.session.commit()
    assert digest(MONDAY) == 0


def test_only_organisers_of_the_region_who_want_it_and_are_there_get_it(round_: Round) -> None:
    for more in ({"mutes": ["digest"]}, {"active": False}, {"mail_trouble": MailTrouble.BOUNCED}):
        MembershipFactory(role=Role.ORGANISER, user=UserFactory(**more))
    MembershipFactory(role=Role.VIEWER)
    other = RegionFactory()
    MembershipFactory(role=Role.ORGANISER, region=other)
    db.session.commit()
    assert digest(MONDAY) == 1


def test_a_day_on_which_the_whole_region_is_closed_moves_it_to_the_next(round_: Round) -> None:
    closed = ClosedDay(
        region_id=round_.region_id,
        first_day=date(2026, 11, 16),
        last_day=date(2026, 11, 16),
        reason=ClosedDayReason.PUBLIC_HOLIDAY,
        source="",
    )
    db.session.add(closed)
    db.session.commit()
    assert walk(datetime(2026, 11, 16, tzinfo=UTC), 3) == ["Tue 17 08:00"]


def test_two_workers_at_the_same_moment_write_each_overview_once(app: Flask, round_: Round) -> None:
    start, written = Barrier(2), []

    def work() -> None:
        with app.app_context(), unscoped("rows of tests"):
            start.wait()
            written.append(write_digests(MONDAY))
            db.session.remove()

    with time_machine.travel(MONDAY, tick=False):
        workers = [Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)
    assert sum(written) == 1
    assert len(digests()) == 1

"""A school hears which wishes are in, once they have come to rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.kinds import ActivityKind, MessageKind, Role
from matchmaker.domain.phases import Phase
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import BlockedTime, Group, Message, Round, School, WishList
from matchmaker.scope import unscoped
from matchmaker.services import wish_receipts
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.wish_receipts import confirm_wishes
from tests.factories import (
    ActivityFactory,
    GroupFactory,
    HostFactory,
    MembershipFactory,
    RoundFactory,
    SchoolFactory,
    UserFactory,
    WishFactory,
    WishListFactory,
)
from tests.unit.notifications.reading_mail import parse_mail, text_of

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SETTLED, MINUTE = timedelta(minutes=30), timedelta(minutes=1)


@pytest.fixture
def school(app: Flask) -> School:
    """A school with one coordinator, in a round in which wishes come in."""
    RoundFactory(phase=Phase.WISHING)
    return MembershipFactory(organisation=SchoolFactory(name="De Eiken")).organisation  # type: ignore[no-any-return]


def ask(school: School, name: str = "7/8", **more: object) -> WishList:
    wish_list: WishList = WishListFactory(
        group=GroupFactory(school=school, name=name), changed_at=START, **more
    )
    WishFactory(wish_list=wish_list)
    db.session.commit()
    return wish_list


def change(wish_list: WishList, moment: datetime, **values: object) -> None:
    for name, value in values.items():
        setattr(wish_list, name, value)
    wish_list.changed_at = moment
    db.session.commit()


def confirm(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return confirm_wishes(clock.now())


def receipts() -> list[Message]:
    statement = sa.select(Message).where(Message.kind == MessageKind.WISHES_RECEIVED).order_by(Message.id)
    return list(db.session.scalars(statement))


def words(message: Message) -> str:
    return " ".join(text_of(parse_mail(message)).split())


def test_half_an_hour_after_the_last_change_the_coordinators_get_one_receipt(school: School) -> None:
    MembershipFactory(organisation=school)
    MembershipFactory(organisation=school, role=Role.TEACHER)
    ask(school)
    assert confirm(START + SETTLED - MINUTE) == 0
    assert confirm(START + SETTLED) == 2
    assert confirm(START + SETTLED + MINUTE) == 0
    assert {message.sequence for message in receipts()} == {0}


def test_a_receipt_says_everything_that_was_asked(school: School) -> None:
    own = ask(school, wanted=2, open_to_other=True, max_km=15)
    host = HostFactory(name="Smederij")
    WishFactory(wish_list=own, rank=2, activity=ActivityFactory(title="Smeden", host=host))
    WishFactory(wish_list=own, rank=3, kind=ActivityKind.TECHNIEKDAG)
    nine = datetime(2027, 1, 19, 8, 0, tzinfo=UTC)
    db.session.add(
        BlockedTime(
            region_id=own.region_id,
            wish_list=own,
            starts_at=nine,
            ends_at=nine + timedelta(hours=2),
            reason="zwemmen",
        )
    )
    GroupFactory(school=school, name="3", levels=["po3"])
    change(own, START)
    confirm(START + SETTLED)
    text = words(receipts()[0])
    for part in (
        "GROEP 7/8",
        "2. Smeden, Smederij",
        "3. Een Techniekdag",
        "Zoekt 2 activiteiten. Iets anders mag ook. Hoogstens 15 kilometer ver.",
        "Kan niet: dinsdag 19 januari 2027, 9.00–11.00 uur (zwemmen)",
        "Van groep 3 hebben wij nog geen wensen.",
        "tot en met vrijdag 18 december 2026",
        "Op woensdag 23 december 2026 hoort u",
        f"/school/{school.id}",
    ):
        assert part in text


def test_ten_changes_within_a_while_give_one_receipt(school: School) -> None:
    own = ask(school)
    for minutes in range(0, 100, 10):
        change(own, START + timedelta(minutes=minutes))
        assert confirm(START + timedelta(minutes=minutes)) == 0
    assert confirm(START + timedelta(minutes=120)) == 1


def test_a_newer_receipt_takes_the_place_of_one_that_has_not_left(school: School) -> None:
    own = ask(school)
    confirm(START + SETTLED)
    change(own, START + timedelta(hours=1), wanted=2)
    confirm(START + timedelta(hours=2))
    older, newer = receipts()
    assert (older.cause, older.sequence + 1) == (newer.cause, newer.sequence)
    with time_machine.travel(START + timedelta(hours=3)):
        deliver_due_messages()
    db.session.expire_all()
    assert [message.state for message in receipts()] == [MessageState.SUPERSEDED, MessageState.SENT]


def test_wishes_that_are_withdrawn_are_told_and_drafts_alone_are_not(school: School) -> None:
    own = ask(school, submitted_at=None)
    assert confirm(START + SETTLED) == 0
    change(own, START + timedelta(hours=1), submitted_at=START)
    assert confirm(START + timedelta(hours=2)) == 1
    change(own, START + timedelta(hours=3), submitted_at=None)
    assert confirm(START + timedelta(hours=4)) == 1
    assert "zijn ingetrokken" in words(receipts()[1])


def test_a_receipt_is_complete_and_sorted_for_sixty_groups(school: School) -> None:
    for number in reversed(range(60)):
        ask(school, f"{number:02}")
    confirm(START + SETTLED)
    text = words(receipts()[0])
    places = [text.index(f"GROEP {number:02}") for number in range(60)]
    assert places == sorted(places)
    assert len(receipts()[0].body) < 102_000


@pytest.mark.parametrize("phase", [Phase.OFFERING, Phase.ALLOCATING, Phase.PUBLISHED])
def test_outside_the_phase_of_wishes_nothing_is_confirmed(school: School, phase: Phase) -> None:
    own = ask(school)
    db.session.get_one(Round, own.round_id).phase = phase
    db.session.commit()
    assert confirm(START + SETTLED) == 0


def test_what_changed_days_ago_is_no_news(school: School) -> None:
    ask(school)
    assert confirm(START + timedelta(days=3)) == 0


def test_schools_without_anybody_to_tell_do_not_keep_others_waiting(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wish_receipts, "BATCH", 1)
    lonely, other = SchoolFactory(), SchoolFactory()
    MembershipFactory(organisation=lonely, user=UserFactory(active=False))
    MembershipFactory(organisation=other)
    for asking in (lonely, school, other):
        ask(asking)
    assert confirm(START + SETTLED) == 2


def test_two_workers_at_the_same_moment_write_each_receipt_once(app: Flask, school: School) -> None:
    ask(school)
    start, written = Barrier(2), []

    def work() -> None:
        with app.app_context(), unscoped("rows of tests"):
            start.wait()
            written.append(confirm_wishes(START + SETTLED))
            db.session.remove()

    with time_machine.travel(START + SETTLED, tick=False):
        workers = [Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)
    assert sum(written) == 1
    assert len(receipts()) == 1


def test_more_schools_take_no_more_queries(school: School) -> None:
    few = count_queries(school)
    for _ in range(6):
        asking = MembershipFactory(organisation=SchoolFactory()).organisation
        ask(asking)
    assert count_queries(school) == few


def count_queries(school: School) -> int:
    ask(school, f"8{db.session.scalars(sa.select(sa.func.count()).select_from(Group)).one()}")
    db.session.execute(sa.delete(Message))
    db.session.commit()
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        confirm(START + SETTLED)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)

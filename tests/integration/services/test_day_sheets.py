"""Hosts hear on the day before who comes, once, in order of time; on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker.domain.bookings import BookingState
from matchmaker.domain.calendar_answers import CalendarAnswer
from matchmaker.domain.kinds import ClosedDayReason, MessageKind, Role
from matchmaker.domain.questions import Answer
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import ClosedDay, Message, User
from matchmaker.services.day_sheets import write_day_sheets
from matchmaker.services.host_days import find_host_day
from tests.factories import (
    ActivityFactory,
    CalendarReplyFactory,
    HostFactory,
    MembershipFactory,
    SchoolFactory,
    SignedQuestionFactory,
)
from tests.integration.services.letter_days import (
    CONTACT,
    Field,
    letters,
    make_field,
    wall,
    when_written,
    words,
)

TUESDAY = date(2027, 1, 12)
DAY_BEFORE = wall(date(2027, 1, 11))


@pytest.fixture
def field(app: Flask) -> Field:
    return make_field()


@pytest.fixture
def at() -> Iterator[Callable[[datetime], int]]:
    """Set the clock to a moment, and write what is due then."""
    with time_machine.travel(DAY_BEFORE, tick=False) as traveller:

        def travel(moment: datetime) -> int:
            traveller.move_to(moment)
            return write_day_sheets(moment)

        yield travel


def sheets() -> list[Message]:
    return letters(MessageKind.DAY_SHEET)


def test_the_day_before_at_nine_the_host_hears_who_comes_once(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    assert at(DAY_BEFORE - timedelta(minutes=1)) == 0
    assert at(DAY_BEFORE) == 1
    assert at(DAY_BEFORE + timedelta(minutes=1)) == 0
    assert [mail.recipient for mail in sheets()] == [CONTACT]


def test_the_list_is_in_order_of_time_with_whom_to_call_and_totals(field: Field, at: Any) -> None:
    activity = ActivityFactory(host=field.host, title="Solderen")
    late = field.book(TUESDAY, 13, activity=activity)
    early = field.book(TUESDAY, 9)
    field.book(TUESDAY, slot=early.slot)
    at(DAY_BEFORE)
    text = words(sheets()[0])
    order = [text.index(part) for part in ("9.00–11.00", early.group.name, "13.00–15.00", late.group.name)]
    assert order == sorted(order)
    assert "3 groepen en 72 leerlingen" in text
    assert "coordinator@school.example, 0314 111 111" in text
    assert f"/aanbieder/{field.host.id}/dag/2027-01-12" in text


def test_the_list_says_what_schools_answered(field: Field, at: Any) -> None:
    coming, refusing, silent = (field.book(TUESDAY, hour) for hour in (9, 11, 13))
    for booking, answer in ((coming, Answer.COMING), (refusing, Answer.CANNOT_COME)):
        SignedQuestionFactory(booking=booking, answer=answer, answered_at=DAY_BEFORE)
    SignedQuestionFactory(booking=silent)
    db.session.commit()
    at(DAY_BEFORE)
    text = words(sheets()[0])
    assert re.findall(r"24\s+leerlingen:\s+(.*)", text) == ["komt", "kan niet komen", "nog niet gehoord"]
    # Who cannot come is not counted on.
    assert "2 groepen en 48 leerlingen" in text


def test_who_took_the_visit_out_of_a_calendar_is_to_be_asked(field: Field, at: Any) -> None:
    doubtful, refusing = field.book(TUESDAY, 9), field.book(TUESDAY, 11)
    for booking in (doubtful, refusing):
        CalendarReplyFactory(booking=booking, answer=CalendarAnswer.DECLINED)
    for booking, answer in ((doubtful, Answer.COMING), (refusing, Answer.CANNOT_COME)):
        SignedQuestionFactory(booking=booking, answer=answer, answered_at=DAY_BEFORE)
    db.session.commit()
    at(DAY_BEFORE)
    text = words(sheets()[0])
    assert re.findall(r"24\s+leerlingen:\s+(.*)", text) == ["afgeslagen in de agenda", "kan niet komen"]
    assert "vraag de school of zij komt" in text.replace("\n", " ")


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        (date(2027, 1, 11), "Fri 08 Jan 09:00"),
        (date(2027, 1, 10), "Fri 08 Jan 09:00"),
        (date(2027, 1, 9), "Fri 08 Jan 09:00"),
        # Both nights in which the clock changes: a Sunday itself, and the days after it.
        (date(2026, 10, 25), "Fri 23 Oct 09:00"),
        (date(2026, 10, 26), "Fri 23 Oct 09:00"),
        (date(2027, 3, 28), "Fri 26 Mar 09:00"),
        # 29 March is Easter Monday.
        (date(2027, 3, 30), "Fri 26 Mar 09:00"),
        # A school holiday is none of a company's; New Year's Day is.
        (date(2027, 1, 4), "Thu 31 Dec 09:00"),
        (date(2026, 12, 31), "Wed 30 Dec 09:00"),
    ],
)
def test_the_day_is_a_working_day(field: Field, visit: date, expected: str) -> None:
    field.book(visit)
    assert when_written(write_day_sheets, visit - timedelta(days=9), visit + timedelta(days=1)) == [expected]


def test_a_host_that_is_closed_for_weeks_hears_of_it_on_the_day_before(field: Field) -> None:
    db.session.add(
        ClosedDay(
            region_id=field.region.id,
            organisation_id=field.host.id,
            first_day=TUESDAY - timedelta(days=15),
            last_day=TUESDAY - timedelta(days=1),
            reason=ClosedDayReason.CLOSED,
            source="",
        )
    )
    field.book(TUESDAY)
    found = when_written(write_day_sheets, TUESDAY - timedelta(days=17), TUESDAY)
    assert found == ["Mon 11 Jan 09:00"]


def test_on_friday_one_letter_tells_of_saturday_and_monday(field: Field, at: Any) -> None:
    for day in (date(2027, 1, 9), date(2027, 1, 11), date(2027, 1, 12)):
        field.book(day)
    assert at(wall(date(2027, 1, 8))) == 1
    text = words(sheets()[0])
    assert "ZATERDAG 9 JANUARI" in text
    assert "MAANDAG 11 JANUARI" in text
    assert "DINSDAG" not in text


def test_a_person_of_two_hosts_gets_one_letter(field: Field, at: Any) -> None:
    other = HostFactory(region=field.region, name="ICER")
    user = db.session.scalars(sa.select(User).where(User.email == CONTACT)).one()
    MembershipFactory(user=user, organisation=other, role=Role.HOST_CONTACT)
    field.book(TUESDAY)
    field.book(TUESDAY, 13, host=other)
    assert at(DAY_BEFORE) == 1
    assert "ICER" in words(sheets()[0])


def test_after_the_letter_left_no_second_one_follows_for_that_day(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    at(DAY_BEFORE)
    sheets()[0].state = MessageState.SENT
    db.session.commit()
    field.book(TUESDAY, 13)
    assert at(DAY_BEFORE + timedelta(hours=2)) == 0


def test_what_changes_before_the_letter_leaves_is_in_it(field: Field, at: Any) -> None:
    gone = field.book(TUESDAY)
    at(DAY_BEFORE)
    gone.state = BookingState.CANCELLED
    added = field.book(TUESDAY, 13)
    db.session.commit()
    assert at(DAY_BEFORE + timedelta(minutes=1)) == 1
    (mail,) = sheets()
    assert added.group.name in words(mail)
    assert "9.00–11.00" not in words(mail)


def test_a_day_on_which_nobody_comes_any_more_causes_no_letter(field: Field, at: Any) -> None:
    booking = field.book(TUESDAY)
    at(DAY_BEFORE)
    booking.state = BookingState.CANCELLED
    db.session.commit()
    at(DAY_BEFORE + timedelta(minutes=1))
    assert sheets() == []


def test_after_a_weekend_without_a_worker_it_comes_before_the_first_group(field: Field, at: Any) -> None:
    field.book(date(2027, 1, 11), 10)
    assert at(wall(date(2027, 1, 11), 5, 59)) == 0
    assert at(wall(date(2027, 1, 11), 6)) == 1
    assert sheets()[0].useful_until == wall(date(2027, 1, 11), 10)


def test_what_is_over_is_not_told(field: Field, at: Any) -> None:
    field.book(TUESDAY, 9)
    field.book(TUESDAY, 13)
    assert at(wall(TUESDAY, 9, 1)) == 1
    assert "9.00–11.00" not in words(sheets()[0])
    assert at(wall(TUESDAY, 13, 1)) == 0


def test_two_workers_write_one_letter(field: Field, app: Flask) -> None:
    field.book(TUESDAY)

    def work(_number: int) -> int:
        with app.app_context():
            return write_day_sheets(DAY_BEFORE)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert len(sheets()) == 1


def test_four_hundred_visits_of_one_day_cost_as_many_queries_as_two(field: Field, at: Any) -> None:
    def visit(day: date, groups: int) -> int:
        slots = [field.book(day, 8 + n).slot for n in range(2)]
        schools = [SchoolFactory(region=field.region) for _ in range(10)]
        for number in range(groups - 2):
            field.book(day, slot=slots[number % 2], school=schools[number % 10])
        return count_selects(lambda: at(wall(day - timedelta(days=1))))

    few = visit(date(2027, 1, 13), 2)
    many = visit(date(2027, 1, 14), 60)
    assert many <= few
    assert "60 groepen en 1440 leerlingen" in words(sheets()[-1])


def count_selects(work: Callable[[], object]) -> int:
    """Return how many queries some work needs."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    assert work() == 1
    sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_the_page_of_a_day_tells_the_same(field: Field) -> None:
    booking = field.book(TUESDAY)
    field.book(TUESDAY, host=HostFactory(region=field.region))
    SignedQuestionFactory(booking=booking, answer=Answer.COMING, answered_at=DAY_BEFORE)
    db.session.commit()
    day = find_host_day(field.host, TUESDAY)
    assert day is not None
    assert [(line.visit.group.id, line.confirmed) for line in day.lines] == [(booking.group_id, True)]
    assert find_host_day(field.host, TUESDAY + timedelta(days=1)) is None

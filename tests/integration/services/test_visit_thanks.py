"""After a visit people are thanked and asked once, and once more; on both databases."""

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
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.muting import MailFamily
from matchmaker.domain.questions import Answer, QuestionPurpose
from matchmaker.extensions import db
from matchmaker.models import Message, SignedQuestion, User
from matchmaker.services.answers import Reply, answer_question, read_question
from matchmaker.services.host_thanks import write_host_thanks
from matchmaker.services.letters import WRITERS
from matchmaker.services.visit_thanks import write_feedback_reminders, write_thanks
from tests.factories import SignedQuestionFactory
from tests.integration.services.letter_days import (
    CONTACT,
    COORDINATOR,
    Field,
    letters,
    make_field,
    send_all,
    wall,
    when_written,
    words,
)

TUESDAY = date(2027, 1, 12)
DAY_AFTER = wall(date(2027, 1, 13), 15, 30)
A_WEEK_LATER = wall(date(2027, 1, 20), 15, 30)

Write = Callable[[Callable[[datetime], int], datetime], int]


@pytest.fixture
def field(app: Flask) -> Field:
    return make_field()


@pytest.fixture
def at() -> Iterator[Write]:
    """Set the clock to a moment, and let a writer write what is due then."""
    with time_machine.travel(DAY_AFTER, tick=False) as traveller:

        def travel(write: Callable[[datetime], int], moment: datetime) -> int:
            traveller.move_to(moment)
            return write(moment)

        yield travel


def thanks() -> list[Message]:
    return letters(MessageKind.VISIT_THANKS)


def seconds() -> list[Message]:
    return letters(MessageKind.FEEDBACK_REMINDER)


def tokens(message: Message) -> list[str]:
    return re.findall(r"/vraag/([\w-]{43})\?antwoord=ja", words(message))


def mute_thanks(email: str) -> None:
    user = db.session.scalars(sa.select(User).where(User.email == email)).one()
    user.mutes = [MailFamily.THANKS.value]
    db.session.commit()


def test_the_day_after_at_half_past_three_the_school_is_thanked_and_asked_once(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    assert at(write_thanks, DAY_AFTER - timedelta(minutes=1)) == 0
    assert at(write_thanks, DAY_AFTER) == 1
    assert at(write_thanks, DAY_AFTER + timedelta(minutes=1)) == 0
    (mail,) = thanks()
    assert mail.recipient == COORDINATOR
    question = read_question(tokens(mail)[0])
    assert question.purpose is QuestionPurpose.FEEDBACK


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        # A Friday and a Saturday: the next school day is Monday's.
        (date(2027, 1, 15), "Mon 18 Jan 15:30"),
        (date(2027, 1, 16), "Mon 18 Jan 15:30"),
        # The last day before the autumn holiday, in which the clock goes back, and before Christmas.
        (date(2026, 10, 16), "Fri 16 Oct 15:30"),
        (date(2026, 12, 18), "Fri 18 Dec 15:30"),
        # A long weekend is no holiday: 28 and 29 March are Easter, and the clock goes forward.
        (date(2027, 3, 26), "Tue 30 Mar 15:30"),
    ],
)
def test_the_day_is_a_school_day(field: Field, visit: date, expected: str) -> None:
    field.book(visit)
    assert when_written(write_thanks, visit, visit + timedelta(days=16)) == [expected]


def test_one_letter_asks_about_all_visits_of_the_day(field: Field, at: Any) -> None:
    for hour in (9, 11, 13):
        field.book(TUESDAY, hour)
    assert at(write_thanks, DAY_AFTER) == 1
    assert len(set(tokens(thanks()[0]))) == 3


@pytest.mark.parametrize(
    "state", [BookingState.NO_SHOW, BookingState.CANCELLED, BookingState.DECLINED, BookingState.WAITING]
)
def test_what_was_no_visit_is_not_thanked_for(field: Field, at: Any, state: BookingState) -> None:
    field.book(TUESDAY, state=state)
    assert at(write_thanks, DAY_AFTER) == 0
    assert at(write_host_thanks, DAY_AFTER) == 0


def test_a_week_later_who_did_not_answer_is_asked_once_more_and_never_again(field: Field) -> None:
    field.book(TUESDAY)
    found = [
        when_written(_then_send(write), TUESDAY, TUESDAY + timedelta(days=31))
        for write in (write_thanks, write_feedback_reminders)
    ]
    assert found == [["Wed 13 Jan 15:30"], ["Wed 20 Jan 15:30"]]
    (first,), (second,) = thanks(), seconds()
    assert tokens(first) == tokens(second)
    assert "voor de laatste keer" in words(second).replace("\n", " ")


def _then_send(write: Callable[[datetime], int]) -> Callable[[datetime], int]:
    def work(moment: datetime) -> int:
        written = write(moment)
        send_all()
        return written

    return work


def test_who_answered_is_not_asked_again_nor_are_the_colleagues(field: Field, at: Any) -> None:
    field.add_person("tweede@school.example", field.school)
    field.book(TUESDAY)
    assert at(write_thanks, DAY_AFTER) == 2
    send_all()
    answer_question(tokens(thanks()[0])[0], Reply(Answer.TOOK_PLACE, 5))
    assert at(write_feedback_reminders, A_WEEK_LATER) == 0


def test_only_the_visits_without_an_answer_are_asked_about_again(field: Field, at: Any) -> None:
    for hour in (9, 11):
        field.book(TUESDAY, hour)
    at(write_thanks, DAY_AFTER)
    send_all()
    first, second = tokens(thanks()[0])
    answer_question(first, Reply(Answer.NOT_HELD))
    assert at(write_feedback_reminders, A_WEEK_LATER) == 1
    assert tokens(seconds()[0]) == [second]


def test_an_answer_just_before_the_second_letter_leaves_takes_it_back(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    at(write_thanks, DAY_AFTER)
    send_all()
    at(write_feedback_reminders, A_WEEK_LATER)
    answer_question(tokens(thanks()[0])[0], Reply(Answer.TOOK_PLACE, 4))
    at(write_feedback_reminders, A_WEEK_LATER + timedelta(minutes=1))
    assert seconds() == []


def test_who_never_got_the_first_letter_gets_no_second_one(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    at(write_thanks, DAY_AFTER)
    assert at(write_feedback_reminders, A_WEEK_LATER) == 0


@pytest.mark.parametrize(
    ("visit", "first", "second"),
    [
        # A week later is Friday of the holiday that begins on 20 February: the last day before it.
        (date(2027, 2, 15), "Tue 16 Feb 15:30", "Fri 19 Feb 15:30"),
        # That would be too soon after the first letter: when school has begun again.
        (date(2027, 2, 17), "Thu 18 Feb 15:30", "Mon 01 Mar 15:30"),
        # Asked on the last day before the summer; the question is closed when school begins again.
        (date(2027, 7, 16), "Fri 16 Jul 15:30", None),
    ],
)
def test_the_second_letter_keeps_clear_of_holidays(
    field: Field, visit: date, first: str, second: str | None
) -> None:
    field.book(visit)
    last = visit + timedelta(days=50)
    assert when_written(_then_send(write_thanks), visit, visit + timedelta(days=8)) == [first]
    found = when_written(_then_send(write_feedback_reminders), visit, last)
    assert found == ([second] if second else [])


def test_a_visit_that_was_asked_about_by_a_person_and_answered_is_only_thanked_for(
    field: Field, at: Any
) -> None:
    booking = field.book(TUESDAY)
    SignedQuestionFactory(
        booking=booking,
        purpose=QuestionPurpose.FEEDBACK,
        answer=Answer.TOOK_PLACE,
        rating=4,
        answered_at=wall(TUESDAY, 16),
    )
    db.session.commit()
    at(write_thanks, DAY_AFTER)
    (mail,) = thanks()
    assert mail.subject.startswith("Dank u wel voor het bezoek")
    assert tokens(mail) == []
    assert "Een collega liet al weten" in words(mail)


def test_the_host_is_thanked_with_how_many_came(field: Field, at: Any) -> None:
    held = field.book(TUESDAY, 9)
    field.book(TUESDAY, slot=held.slot)
    gone = field.book(TUESDAY, 13)
    SignedQuestionFactory(booking=gone, answer=Answer.CANNOT_COME, answered_at=wall(TUESDAY, 8))
    db.session.commit()
    assert at(write_host_thanks, DAY_AFTER - timedelta(minutes=1)) == 0
    assert at(write_host_thanks, DAY_AFTER) == 1
    (mail,) = letters(MessageKind.HOST_THANKS)
    text = words(mail)
    assert mail.recipient == CONTACT
    assert "2 groepen met samen 48 leerlingen" in text
    assert f"/aanbieder/{field.host.id}" in text
    assert gone.slot.activity.title not in text
    send_all()
    assert at(write_host_thanks, DAY_AFTER + timedelta(days=1)) == 0


def test_who_does_without_thanks_gets_none_and_no_second_question(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    mute_thanks(COORDINATOR)
    mute_thanks(CONTACT)
    for write in (write_thanks, write_host_thanks):
        assert at(write, DAY_AFTER) == 0
    assert at(write_feedback_reminders, A_WEEK_LATER) == 0
    assert db.session.scalars(sa.select(SignedQuestion)).all() == []


def test_thanks_say_how_to_do_without_them(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    at(write_thanks, DAY_AFTER)
    assert "/afmelden/" in words(thanks()[0])


def test_after_three_days_without_a_worker_people_are_thanked_in_working_hours(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    assert at(write_thanks, wall(date(2027, 1, 16), 10)) == 0
    assert at(write_thanks, wall(date(2027, 1, 18), 8, 59)) == 0
    assert at(write_thanks, wall(date(2027, 1, 18), 9)) == 1


def test_after_two_weeks_nobody_is_thanked_any_more(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    for write in (write_thanks, write_host_thanks):
        assert at(write, wall(date(2027, 1, 27), 11)) == 0


def test_two_workers_write_each_letter_once(field: Field, app: Flask) -> None:
    field.book(TUESDAY)

    def work(_number: int) -> int:
        with app.app_context():
            return write_thanks(DAY_AFTER) + write_host_thanks(DAY_AFTER)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 2
    assert len(db.session.scalars(sa.select(SignedQuestion)).all()) == 1


def test_a_visit_from_reminder_to_second_question_in_one_worker(field: Field) -> None:
    """All writers together, minute by minute where something is due, write five letters and no more."""
    field.book(TUESDAY)

    def work(moment: datetime) -> int:
        written = sum(write(moment) for write in WRITERS)
        send_all()
        return written

    assert when_written(work, date(2027, 1, 4), date(2027, 2, 15)) == [
        "Tue 05 Jan 09:00",
        "Mon 11 Jan 09:00",
        "Wed 13 Jan 15:30",
        "Wed 20 Jan 15:30",
    ]
    kinds = [message.kind.value for kind in MessageKind for message in letters(kind)]
    assert kinds == ["visit_reminder", "day_sheet", "visit_thanks", "feedback_reminder", "host_thanks"]

"""Schools are reminded of visits once, in time, and of nothing that is not so; on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import MagicMock

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker.domain.bookings import BookingState
from matchmaker.domain.kinds import ClosedDayReason, HolidayRegion, MessageKind
from matchmaker.domain.questions import Answer, QuestionPurpose
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import ClosedDay, Message, SignedQuestion, User
from matchmaker.services import delivery
from matchmaker.services.answers import Reply, answer_question, read_question
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.questions import Asked, ask_teacher
from matchmaker.services.visit_reminders import write_reminders
from tests.factories import HostFactory, MembershipFactory, RegionFactory, SchoolFactory, UserFactory
from tests.integration.services.letter_days import (
    COORDINATOR,
    Field,
    letters,
    make_field,
    wall,
    when_written,
    words,
)

TUESDAY = date(2027, 1, 12)
A_WEEK_BEFORE = wall(date(2027, 1, 5))


@pytest.fixture
def field(app: Flask) -> Field:
    return make_field()


@pytest.fixture
def at() -> Iterator[Callable[[datetime], int]]:
    """Set the clock to a moment, and write what is due then."""
    with time_machine.travel(A_WEEK_BEFORE, tick=False) as traveller:

        def travel(moment: datetime) -> int:
            traveller.move_to(moment)
            return write_reminders(moment)

        yield travel


def reminders(recipient: str | None = None) -> list[Message]:
    return letters(MessageKind.VISIT_REMINDER, recipient)


def tokens(message: Message) -> list[str]:
    return re.findall(r"/vraag/([\w-]{43})\?antwoord=ja", words(message))


def questions() -> list[SignedQuestion]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(SignedQuestion).order_by(SignedQuestion.id)))


def membership_of(email: str, organisation: Any) -> None:
    """Let somebody answer for another school too."""
    user = db.session.scalars(sa.select(User).where(User.email == email)).one()
    MembershipFactory(user=user, organisation=organisation)
    db.session.commit()


def send(message: Message) -> None:
    """Let a mail be gone."""
    message.state = MessageState.SENT
    db.session.commit()


def test_a_week_before_at_nine_the_school_is_reminded_once(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    assert at(A_WEEK_BEFORE - timedelta(minutes=1)) == 0
    assert at(A_WEEK_BEFORE) == 1
    assert at(A_WEEK_BEFORE + timedelta(minutes=1)) == 0
    (mail,) = reminders()
    send(mail)
    assert at(A_WEEK_BEFORE + timedelta(days=1)) == 0
    assert mail.recipient == COORDINATOR


def test_the_letter_says_all_that_is_needed_on_the_way(field: Field, at: Any) -> None:
    field.add_person("contact2@host.example", field.host)
    booking = field.book(TUESDAY)
    at(A_WEEK_BEFORE)
    text = words(reminders()[0])
    for fact in (
        "DINSDAG 12 JANUARI 2027, 9.00–11.00 uur",
        booking.slot.activity.title,
        "Industrieweg 10, 7071 AA Ulft",
        "contact@host.example, 0314 111 111",
        "contact2@host.example",
        "Draag dichte schoenen",
        "24 leerlingen",
    ):
        assert fact in text
    assert re.search(r"ongeveer 12\s+km", text)


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        # A Friday, a Sunday, a Saturday: the school week ends on Friday.
        (date(2027, 1, 15), "Fri 08 Jan 09:00"),
        (date(2027, 1, 17), "Fri 08 Jan 09:00"),
        # The autumn holiday of Midden is 17 until 25 October, in which the clock goes back.
        (date(2026, 10, 26), "Fri 16 Oct 09:00"),
        (date(2026, 10, 30), "Fri 16 Oct 09:00"),
        (date(2026, 11, 2), "Mon 26 Oct 09:00"),
        # Christmas: 19 December until 3 January.
        (date(2027, 1, 6), "Fri 18 Dec 09:00"),
        # The clock goes forward on 28 March; 29 March is Easter Monday.
        (date(2027, 4, 5), "Fri 26 Mar 09:00"),
        (date(2027, 4, 6), "Tue 30 Mar 09:00"),
    ],
)
def test_the_day_is_a_school_day(field: Field, visit: date, expected: str) -> None:
    field.book(visit)
    assert when_written(write_reminders, visit - timedelta(days=22), visit + timedelta(days=1)) == [expected]


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        # Spring: Zuid from 13 until 21 February, Midden and Noord a week later.
        (HolidayRegion.SOUTH, "Fri 12 Feb 09:00"),
        (HolidayRegion.MIDDLE, "Mon 15 Feb 09:00"),
    ],
)
def test_each_holiday_region_has_its_own_last_school_day(
    app: Flask, region: HolidayRegion, expected: str
) -> None:
    field = make_field()
    field.school.holiday_region = region
    field.book(date(2027, 2, 22))
    assert when_written(write_reminders, date(2027, 2, 8), date(2027, 2, 23)) == [expected]


def test_after_the_summer_it_comes_when_school_begins_again(field: Field) -> None:
    # Six weeks earlier it would be no reminder; Midden begins on 30 August.
    field.book(date(2027, 9, 2))
    found = when_written(write_reminders, date(2027, 7, 14), date(2027, 9, 3))
    assert found == ["Mon 30 Aug 09:00"]


def test_a_day_off_of_the_school_itself_counts(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    study_day = A_WEEK_BEFORE.date()
    db.session.add(
        ClosedDay(
            region_id=field.region.id,
            organisation_id=field.school.id,
            first_day=study_day,
            last_day=study_day,
            reason=ClosedDayReason.STUDY_DAY,
            source="",
        )
    )
    db.session.commit()
    assert at(A_WEEK_BEFORE - timedelta(days=1)) == 1


def test_who_booked_just_now_is_not_reminded_within_three_days(field: Field) -> None:
    field.book(TUESDAY, booked=wall(date(2027, 1, 5), 11))
    found = when_written(write_reminders, A_WEEK_BEFORE.date(), TUESDAY)
    # Three days later is Friday at eleven; the next morning on which there is school is Monday's.
    assert found == ["Mon 11 Jan 09:00"]


def test_who_booked_in_the_last_days_is_not_reminded_at_all(field: Field) -> None:
    field.book(TUESDAY, booked=wall(date(2027, 1, 8), 11))
    assert when_written(write_reminders, A_WEEK_BEFORE.date(), TUESDAY + timedelta(days=2)) == []


def test_one_letter_tells_of_all_visits_of_the_week(field: Field, at: Any) -> None:
    days = [TUESDAY + timedelta(days=n) for n in (0, 0, 2, 3)]
    for day in days:
        field.book(day)
    field.book(TUESDAY + timedelta(days=7))
    assert at(A_WEEK_BEFORE) == 1
    (mail,) = reminders()
    assert len(tokens(mail)) == 4
    assert "4 bezoeken vanaf di 12 jan" in mail.subject
    send(mail)
    assert at(A_WEEK_BEFORE + timedelta(days=3)) == 0
    assert at(A_WEEK_BEFORE + timedelta(days=7)) == 1


def test_a_person_of_two_schools_gets_one_letter(field: Field, at: Any) -> None:
    other = SchoolFactory(region=field.region, name="De Linde")
    membership_of(COORDINATOR, other)
    field.book(TUESDAY)
    field.book(TUESDAY, school=other)
    assert at(A_WEEK_BEFORE) == 1
    assert "De Linde" in words(reminders()[0])


def test_regions_do_not_meet_in_a_letter(field: Field, at: Any) -> None:
    region = RegionFactory(slug="ander", name="Ander")
    other = Field(region, SchoolFactory(region=region), HostFactory(region=region))
    membership_of(COORDINATOR, other.school)
    field.book(TUESDAY)
    other.book(TUESDAY)
    assert at(A_WEEK_BEFORE) == 2
    assert [len(tokens(mail)) for mail in reminders()] == [1, 1]


def test_the_link_answers_without_signing_in_and_marks_the_visit(field: Field, at: Any) -> None:
    booking = field.book(TUESDAY)
    at(A_WEEK_BEFORE)
    (token,) = tokens(reminders()[0])
    assert read_question(token).purpose is QuestionPurpose.VISIT
    answer_question(token, Reply(Answer.COMING))
    (row,) = questions()
    assert (row.booking_id, row.answer, row.by_letter, row.asked_by_id) == (
        booking.id,
        Answer.COMING,
        True,
        None,
    )


def test_each_contact_has_an_own_link_and_sees_what_the_other_said(field: Field, at: Any) -> None:
    field.add_person("tweede@school.example", field.school)
    field.book(TUESDAY)
    assert at(A_WEEK_BEFORE) == 2
    first, second = (tokens(mail)[0] for mail in reminders())
    assert first != second
    answer_question(first, Reply(Answer.COMING))
    question = read_question(second)
    assert (question.reply, question.colleague) == (None, Answer.COMING)
    assert read_question(first).colleague is None


def test_cannot_come_is_told_to_the_people_of_school_and_region(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    at(A_WEEK_BEFORE)
    answer_question(tokens(reminders()[0])[0], Reply(Answer.CANNOT_COME, remark="Schoolreis"))
    told = letters(MessageKind.QUESTION_ANSWERED)
    assert [mail.recipient for mail in told] == [COORDINATOR]
    text = words(told[0])
    assert "Schoolreis" in text
    assert "Zeg het bezoek dan af op de pagina van uw school" in text.replace("\n", " ")
    assert "leerkracht" not in text


def test_many_visits_are_no_reason_to_refuse_a_question_of_a_person(field: Field, at: Any) -> None:
    bookings = [field.book(TUESDAY + timedelta(days=n % 4), 8 + n) for n in range(8)]
    at(A_WEEK_BEFORE)
    assert len(questions()) == 8
    actor = UserFactory(email="iemand@school.example")
    db.session.commit()
    ask_teacher(field.school.id, bookings[0].id, Asked("Coördinator", COORDINATOR), actor.id)
    assert len([row for row in questions() if row.voided_at is None]) == 9


def test_a_letter_that_is_written_again_has_the_same_link(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    other = field.book(TUESDAY + timedelta(days=1))
    at(A_WEEK_BEFORE)
    (before,) = reminders()
    kept = tokens(before)[0]
    other.state = BookingState.CANCELLED
    db.session.commit()
    assert at(A_WEEK_BEFORE + timedelta(minutes=1)) == 1
    (after,) = reminders()
    assert tokens(after) == [kept]
    assert (before.state, after.sequence) == (MessageState.SUPERSEDED, before.sequence + 1)
    assert len(questions()) == 2


def test_a_letter_about_a_visit_that_is_off_is_dropped(field: Field, at: Any) -> None:
    booking = field.book(TUESDAY)
    at(A_WEEK_BEFORE)
    booking.state = BookingState.CANCELLED
    db.session.commit()
    assert at(A_WEEK_BEFORE + timedelta(minutes=1)) == 0
    assert reminders() == []


def move(booking: Any, day: date, moment: datetime) -> None:
    booking.slot.starts_at = booking.starts_at = wall(day)
    booking.slot.ends_at = wall(day, 11)
    booking.changed_at = moment
    db.session.commit()


def test_a_visit_that_moves_before_its_letter_leaves_is_asked_about_anew(field: Field, at: Any) -> None:
    booking = field.book(TUESDAY)
    at(A_WEEK_BEFORE)
    old = tokens(reminders()[0])
    move(booking, TUESDAY + timedelta(days=9), A_WEEK_BEFORE)
    assert at(A_WEEK_BEFORE + timedelta(minutes=1)) == 0
    assert reminders() == []
    assert at(wall(date(2027, 1, 14))) == 1
    (mail,) = reminders()
    assert "DONDERDAG 21 JANUARI" in words(mail)
    assert tokens(mail) != old
    assert [row.voided_at is None for row in questions()] == [False, True]


def test_a_visit_that_moves_within_the_week_after_its_letter_is_asked_about_once_more(
    field: Field, at: Any
) -> None:
    booking = field.book(TUESDAY)
    at(A_WEEK_BEFORE)
    send(reminders()[0])
    move(booking, TUESDAY + timedelta(days=2), wall(date(2027, 1, 6), 8))
    found = when_written(write_reminders, date(2027, 1, 6), date(2027, 1, 15))
    assert found == ["Mon 11 Jan 09:00"]


def test_two_workers_write_one_letter(field: Field, app: Flask) -> None:
    field.book(TUESDAY)

    def work(_number: int) -> int:
        with app.app_context():
            return write_reminders(A_WEEK_BEFORE)

    with ThreadPoolExecutor(4) as pool:
        written = sum(pool.map(work, range(4)))
    assert (written, len(reminders()), len(questions())) == (1, 1, 1)


def test_after_three_days_without_a_worker_what_still_helps_is_written(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    assert at(wall(date(2027, 1, 8), 14)) == 1


def test_what_is_late_waits_for_school_hours(field: Field, at: Any) -> None:
    field.book(TUESDAY)
    assert at(wall(date(2027, 1, 8), 22)) == 0
    assert at(wall(date(2027, 1, 9), 10)) == 0
    assert at(wall(date(2027, 1, 11), 9)) == 1


def test_on_the_day_itself_nobody_is_reminded_any_more(field: Field, at: Any) -> None:
    field.book(TUESDAY, 13)
    assert at(wall(TUESDAY, 9)) == 0


def test_a_letter_that_could_not_leave_for_days_is_dropped_when_the_day_has_come(
    field: Field, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    field.book(TUESDAY)
    at(A_WEEK_BEFORE)
    (mail,) = reminders()
    at(wall(TUESDAY, 0))
    transport = MagicMock()
    monkeypatch.setattr(delivery, "open_transport", lambda _settings: transport)
    deliver_due_messages()
    db.session.rollback()
    db.session.refresh(mail)
    assert mail.state is MessageState.SUPERSEDED
    transport.__enter__.return_value.send.assert_not_called()


def test_who_cannot_be_written_to_keeps_nobody_else_from_it(field: Field, at: Any) -> None:
    field.add_person("geen adres", field.school)
    field.book(TUESDAY)
    assert at(A_WEEK_BEFORE) == 1


def test_the_number_of_queries_does_not_grow_with_the_visits(field: Field, app: Flask) -> None:
    def count(visits: int, week: int) -> int:
        for number in range(visits):
            school = SchoolFactory(region=field.region)
            field.add_person(f"c{week}-{number}@school.example", school)
            field.book(TUESDAY + timedelta(days=7 * week), school=school)
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.lstrip().upper().startswith("SELECT"):
                seen.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        assert write_reminders(A_WEEK_BEFORE + timedelta(days=7 * week)) == visits
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    few, many = count(2, 0), count(30, 1)
    assert many <= few


def test_the_clock_is_that_of_the_region_in_summer_too(field: Field, at: Any) -> None:
    field.book(date(2027, 6, 15))
    assert at(datetime(2027, 6, 8, 6, 59, tzinfo=UTC)) == 0
    assert at(datetime(2027, 6, 8, 7, 0, tzinfo=UTC)) == 1

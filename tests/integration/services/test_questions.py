"""Asking a teacher without an account, on both databases: one link, one question, one visit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import scope
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.errors import (
    AnswerRefusedError,
    NotFoundError,
    NothingToAskError,
    QuestionGoneError,
    TooManyAnswersError,
    TooManyQuestionsError,
)
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.questions import (
    MOST_ANSWERS,
    MOST_ASKED_A_DAY,
    MOST_MAILS_A_DAY,
    Answer,
    QuestionPurpose,
)
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Booking, Message, SignedQuestion, Slot, User
from matchmaker.queries import questions as reads
from matchmaker.services.answers import Reply, answer_question, read_question
from matchmaker.services.questions import (
    Asked,
    ask_teacher,
    settle_worry,
    withdraw_question,
)
from matchmaker.services.retention import clean_up_tonight, count_due
from tests.factories import (
    BookingFactory,
    GroupFactory,
    HostFactory,
    MembershipFactory,
    RegionFactory,
    SchoolFactory,
    UserFactory,
)
from tests.unit.notifications.reading_mail import parse_mail, text_of

NOW = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
STARTS = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=2)
TEACHER = Asked("Leerkracht groep 7/8", "Leerkracht@DeEiken.example")
ADDRESS = "leerkracht@deeiken.example"


@dataclass(frozen=True)
class Place:
    """A school with one visit to come, its coordinator and the organiser of its region."""

    region_id: int
    school_id: int
    booking_id: int
    coordinator_id: int
    organiser_id: int

    def ask(self, asked: Asked = TEACHER) -> str:
        """Ask as the coordinator and return the token in the mail."""
        with scope.within(self.region_id):
            ask_teacher(self.school_id, self.booking_id, asked, self.coordinator_id)
        return token_in(mails(MessageKind.QUESTION)[-1])


@pytest.fixture(autouse=True)
def _monday() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def clock_hand(_monday: Any) -> Any:
    return _monday


@pytest.fixture
def place(app: Flask) -> Place:
    return make_place("eiken")


def make_place(name: str) -> Place:
    region = RegionFactory(name=f"Regio {name}", slug=name)
    school = SchoolFactory(region=region, name=f"School {name}")
    booking = BookingFactory(
        group=GroupFactory(school=school),
        slot__starts_at=STARTS,
        slot__activity__host=HostFactory(region=region),
    )
    coordinator = UserFactory(email=f"coordinator@{name}.example")
    MembershipFactory(user=coordinator, organisation=school)
    organiser = UserFactory(email=f"organisator@{name}.example", name="Regiobureau")
    MembershipFactory(user=organiser, role=Role.ORGANISER, region=region)
    place = Place(region.id, school.id, booking.id, coordinator.id, organiser.id)
    db.session.commit()
    return place


def mails(kind: MessageKind) -> list[Message]:
    statement = sa.select(Message).where(Message.kind == kind).order_by(Message.id)
    with scope.unscoped("what a test looks at"):
        return list(db.session.scalars(statement))


def token_in(mail: Message) -> str:
    found = re.search(r"/vraag/([\w-]{43})\?antwoord=ja", text_of(parse_mail(mail)))
    assert found is not None
    return found[1]


def the_question() -> SignedQuestion:
    with scope.unscoped("what a test looks at"):
        return db.session.scalars(sa.select(SignedQuestion).order_by(SignedQuestion.id.desc()).limit(1)).one()


def the_booking(place: Place) -> Booking:
    with scope.unscoped("what a test looks at"):
        return db.session.get_one(Booking, place.booking_id)


def test_the_link_of_the_mail_leads_to_the_question(place: Place) -> None:
    question = read_question(place.ask())
    assert (question.purpose, question.reply) == (QuestionPurpose.VISIT, None)
    assert question.visit.school == "School eiken"
    assert question.expires_at == STARTS


def test_the_token_is_stored_only_as_a_hash_and_has_256_bits(place: Place) -> None:
    token = place.ask()
    assert len(token) == 43
    row = the_question()
    assert row.token_hash != token
    assert re.fullmatch(r"[0-9a-f]{64}", row.token_hash)
    assert row.email == ADDRESS


def test_an_answer_is_kept_marked_and_audited_and_the_booking_stays_as_it_was(place: Place) -> None:
    before = the_booking(place).version
    answer_question(place.ask(), Reply(Answer.CANNOT_COME, remark="Studiedag"))
    assert (the_question().answer, the_question().remark) == (Answer.CANNOT_COME, "Studiedag")
    booking = the_booking(place)
    assert (booking.state, booking.version) == (BookingState.CONFIRMED, before)
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.region_id, entry.organisation_id) == (
        "answer_question",
        place.region_id,
        place.school_id,
    )
    assert entry.before is None
    assert entry.after == {"booking_id": place.booking_id, "answer": "cannot_come", "rating": None}


def test_cannot_come_is_told_to_coordinator_and_organiser_once_each(place: Place) -> None:
    answer_question(place.ask(), Reply(Answer.CANNOT_COME, remark="Studiedag"))
    told = mails(MessageKind.QUESTION_ANSWERED)
    assert sorted(mail.recipient for mail in told) == [
        "coordinator@eiken.example",
        "organisator@eiken.example",
    ]
    for mail in told:
        text = text_of(parse_mail(mail))
        assert "Studiedag" in text
        assert "Er is nog niets afgezegd" in text
    texts = {mail.recipient: text_of(parse_mail(mail)) for mail in told}
    assert f"/school/{place.school_id}" in texts["coordinator@eiken.example"]
    assert "/organisator/eiken/antwoorden" in texts["organisator@eiken.example"]


def test_a_confirmation_is_told_to_nobody(place: Place) -> None:
    answer_question(place.ask(), Reply(Answer.COMING))
    assert mails(MessageKind.QUESTION_ANSWERED) == []


def test_the_same_answer_twice_counts_once(place: Place) -> None:
    token = place.ask()
    for _ in range(3):
        answer_question(token, Reply(Answer.CANNOT_COME))
    assert len(mails(MessageKind.QUESTION_ANSWERED)) == 2
    assert the_question().times_answered == 1


def test_who_mistyped_changes_the_answer_and_the_others_hear_that_too(place: Place) -> None:
    token = place.ask()
    answer_question(token, Reply(Answer.CANNOT_COME))
    answer_question(token, Reply(Answer.COMING))
    assert read_question(token).reply == Reply(Answer.COMING)
    newest = mails(MessageKind.QUESTION_ANSWERED)[-1]
    assert "toch door" in newest.subject
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert entry.before == {"answer": "cannot_come", "rating": None}


def test_changing_without_end_is_refused(place: Place) -> None:
    token = place.ask()
    for number in range(MOST_ANSWERS):
        answer_question(token, Reply(Answer.COMING if number % 2 else Answer.CANNOT_COME))
    with pytest.raises(TooManyAnswersError):
        answer_question(token, Reply(Answer.CANNOT_COME))


def test_a_newer_question_voids_the_older_and_its_answer(place: Place) -> None:
    older = place.ask()
    answer_question(older, Reply(Answer.CANNOT_COME))
    newer = place.ask()
    with pytest.raises(QuestionGoneError):
        answer_question(older, Reply(Answer.COMING))
    assert read_question(newer).reply is None


def test_a_question_to_somebody_else_voids_nothing(place: Place) -> None:
    first = place.ask()
    place.ask(Asked("Begeleider", "begeleider@deeiken.example"))
    assert read_question(first).reply is None


def test_a_withdrawn_question_is_gone_and_its_waiting_mail_does_not_leave(place: Place) -> None:
    token = place.ask()
    with scope.within(place.region_id):
        withdraw_question(place.school_id, place.booking_id, the_question().id, place.coordinator_id)
    with pytest.raises(QuestionGoneError):
        read_question(token)
    assert mails(MessageKind.QUESTION)[0].state == MessageState.SUPERSEDED


def test_the_link_ends_when_the_visit_begins(place: Place, clock_hand: Any) -> None:
    token = place.ask()
    clock_hand.move_to(STARTS - timedelta(seconds=1))
    answer_question(token, Reply(Answer.COMING))
    clock_hand.move_to(STARTS)
    with pytest.raises(QuestionGoneError):
        answer_question(token, Reply(Answer.CANNOT_COME))


def test_feedback_is_asked_after_the_visit_for_thirty_days(place: Place, clock_hand: Any) -> None:
    clock_hand.move_to(ENDS)
    token = place.ask()
    clock_hand.move_to(ENDS + timedelta(days=30) - timedelta(seconds=1))
    answer_question(token, Reply(Answer.TOOK_PLACE, 4, "Leuk"))
    assert read_question(token).reply == Reply(Answer.TOOK_PLACE, 4, "Leuk")
    clock_hand.move_to(ENDS + timedelta(days=30))
    with pytest.raises(QuestionGoneError):
        read_question(token)


def test_an_answer_to_another_question_changes_nothing(place: Place) -> None:
    token = place.ask()
    with pytest.raises(AnswerRefusedError):
        answer_question(token, Reply(Answer.TOOK_PLACE, 5))
    assert the_question().answer is None


def test_nothing_is_asked_or_answered_about_a_cancelled_visit(place: Place) -> None:
    token = place.ask()
    the_booking(place).state = BookingState.OFFERED
    db.session.commit()
    with pytest.raises(QuestionGoneError):
        read_question(token)
    with pytest.raises(NothingToAskError):
        place.ask()
    the_booking(place).state = BookingState.CANCELLED
    db.session.commit()
    with pytest.raises(NotFoundError):
        place.ask()


def test_an_address_gets_a_few_mails_a_day_whoever_asks(place: Place, clock_hand: Any) -> None:
    other = make_place("elders")
    for number in range(MOST_MAILS_A_DAY):
        (place if number % 2 else other).ask()
    with pytest.raises(TooManyQuestionsError):
        place.ask()
    place.ask(Asked("Begeleider", "begeleider@deeiken.example"))
    clock_hand.move_to(NOW + timedelta(days=1, seconds=1))
    place.ask()


def test_about_one_visit_not_everybody_is_asked(place: Place) -> None:
    for number in range(MOST_ASKED_A_DAY):
        place.ask(Asked("Begeleider", f"begeleider{number}@deeiken.example"))
    with pytest.raises(TooManyQuestionsError):
        place.ask()


def test_a_school_asks_about_its_own_visits_only(place: Place) -> None:
    other = make_place("elders")
    with scope.within(place.region_id), pytest.raises(NotFoundError):
        ask_teacher(place.school_id, other.booking_id, TEACHER, place.coordinator_id)
    question_id = other.ask() and the_question().id
    with scope.within(place.region_id), pytest.raises(NotFoundError):
        withdraw_question(place.school_id, place.booking_id, question_id, place.coordinator_id)


def test_the_mail_says_in_which_role_one_asks(place: Place) -> None:
    place.ask()
    with scope.within(place.region_id):
        ask_teacher(place.school_id, place.booking_id, TEACHER, place.organiser_id)
    by_coordinator, by_organiser = (text_of(parse_mail(mail)) for mail in mails(MessageKind.QUESTION))
    assert "De W&T-coördinator van School eiken vraagt" in by_coordinator
    assert "Het regiobureau vraagt namens School eiken" in by_organiser
    assert "coordinator@eiken.example" not in by_coordinator


def test_a_teacher_without_account_is_asked_in_the_language_of_who_asks(place: Place) -> None:
    place.ask()
    with scope.within(place.region_id):
        db.session.get_one(User, place.organiser_id).language = "en"
        db.session.commit()
        ask_teacher(place.school_id, place.booking_id, TEACHER, place.organiser_id)
    dutch, english = (mail.subject.split("?")[0] for mail in mails(MessageKind.QUESTION))
    assert (dutch, english) == ("Gaat dit bezoek door", "Is this visit going ahead")


def test_what_worries_waits_for_the_organiser_of_the_region_until_it_is_settled(place: Place) -> None:
    other = make_place("elders")
    token = place.ask()
    answer_question(token, Reply(Answer.CANNOT_COME))
    question_id = the_question().id
    with scope.within(other.region_id):
        assert reads.count_worries(other.region_id, NOW) == 0
        with pytest.raises(NotFoundError):
            settle_worry(other.region_id, question_id, other.organiser_id)
    with scope.within(place.region_id):
        assert [question.id for question in reads.list_worries(place.region_id, NOW)] == [question_id]
        settle_worry(place.region_id, question_id, place.organiser_id)
        assert reads.count_worries(place.region_id, NOW) == 0
    answer_question(token, Reply(Answer.CANNOT_COME, remark="Ook volgende week niet"))
    with scope.within(place.region_id):
        assert reads.count_worries(place.region_id, NOW) == 1


def test_thirty_days_after_the_visit_nobody_knows_who_was_asked_and_what_was_said_is_kept(
    place: Place, clock_hand: Any
) -> None:
    answer_question(place.ask(), Reply(Answer.CANNOT_COME))
    clock_hand.move_to(ENDS + timedelta(days=30) - timedelta(seconds=1))
    assert count_due()["questions"] == 0
    clock_hand.move_to(ENDS + timedelta(days=30))
    assert count_due()["questions"] == 1
    counts = clean_up_tonight()
    assert counts is not None
    assert counts["questions"] == 1
    row = the_question()
    assert (row.email, row.name, row.answer) == ("", "", Answer.CANNOT_COME)
    assert [mail.recipient for mail in mails(MessageKind.QUESTION)] == ["gewist@persoon.invalid"]
    assert count_due()["questions"] == 0


def test_two_answers_at_one_moment_are_both_written_down(app: Flask, place: Place) -> None:
    token = place.ask()

    def answer(number: int) -> None:
        with app.app_context():
            answer_question(token, Reply(Answer.CANNOT_COME, remark=f"reden {number}"))
            db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(answer, range(4)))
    db.session.rollback()
    assert the_question().times_answered == 4
    assert len(mails(MessageKind.QUESTION_ANSWERED)) == 8


@pytest.mark.parametrize("token", ["", "x", "x" * 42, "x" * 44, "é" * 43, "x" * 42 + "\n", "x" * 43])
def test_what_is_no_token_of_ours_leads_nowhere(place: Place, token: str) -> None:
    place.ask()
    with pytest.raises(QuestionGoneError):
        read_question(token)


def test_the_hash_of_a_token_is_no_token(place: Place) -> None:
    place.ask()
    with pytest.raises(QuestionGoneError):
        read_question(the_question().token_hash)


def test_a_visit_that_moved_keeps_its_question(place: Place) -> None:
    token = place.ask()
    with scope.unscoped("what a test looks at"):
        slot = db.session.get_one(Slot, the_booking(place).slot_id)
    slot.starts_at = STARTS - timedelta(hours=1)
    db.session.commit()
    assert read_question(token).visit.starts_at == STARTS - timedelta(hours=1)

"""What calendars answer, on both databases: it marks a visit and asks people; it never cancels."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import scope
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.calendar_answers import MOST_ANSWERS, CalendarAnswer
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.incoming import IncomingKind, IncomingOutcome
from matchmaker.domain.kinds import MessageKind, Role, SlotState
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Booking, Membership, Message, School, Slot
from matchmaker.notifications.wording import one_line
from matchmaker.queries import calendar_answers as reads
from matchmaker.services.calendar_answers import keep_occasion, keep_visit, settle_answer
from matchmaker.services.erasing import erase_person
from matchmaker.services.incoming import Received, receive_mail
from matchmaker.services.retention import clean_up_tonight
from tests.factories import BookingFactory, GroupFactory, MembershipFactory, UserFactory
from tests.integration.incoming import programs
from tests.integration.incoming.conftest import NOW, STARTS, Place, at, entries, invite, mails, rows
from tests.unit.notifications.reading_mail import parse_mail, text_of

MINUTE = timedelta(minutes=1)


def decline(place: Place, *, minutes: int = 5, program: str = "outlook", words: str = "") -> Received:
    """The coordinator's calendar declines, so many minutes after now."""
    answer = programs.REPLIES[program](place.school, "DECLINED", NOW + minutes * MINUTE, words)
    return receive_mail(answer)


def accept(place: Place, *, minutes: int = 10) -> Received:
    return receive_mail(programs.google(place.school, "ACCEPTED", NOW + minutes * MINUTE))


def school_of(place: Place) -> School:
    return db.session.get_one(School, place.school_id)


def worries(place: Place) -> list[Any]:
    """The answers of the school and the host that wait for people."""
    with scope.within(place.region_id):
        db.session.rollback()
        return reads.list_worries(place.region_id, NOW)


@pytest.mark.parametrize("program", programs.REPLIES)
@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("ACCEPTED", CalendarAnswer.ACCEPTED),
        ("TENTATIVE", CalendarAnswer.TENTATIVE),
        ("DECLINED", CalendarAnswer.DECLINED),
    ],
)
def test_every_program_is_understood(place: Place, program: str, status: str, answer: CalendarAnswer) -> None:
    raw = programs.REPLIES[program](place.school, status, NOW + MINUTE, "Dan is er studiedag")
    assert receive_mail(raw) == Received(IncomingKind.CALENDAR, IncomingOutcome.HANDLED, answer.value)
    (reply,) = place.replies()
    assert (reply.answer, reply.booking_id, reply.slot_id) == (answer, place.booking_id, None)
    assert (reply.user_id, reply.email) == (place.coordinator_id, place.school.email)
    assert (reply.stamp, reply.sequence, reply.about_starts_at) == (NOW + MINUTE, 0, STARTS)
    assert reply.comment == "Dan is er studiedag"
    assert len(worries(place)) == (1 if answer is CalendarAnswer.DECLINED else 0)
    assert len(mails(MessageKind.CALENDAR_ANSWER)) == (1 if answer is CalendarAnswer.DECLINED else 0)


def test_another_time_is_proposed_not_taken(place: Place) -> None:
    receive_mail(programs.exchange_counter(place.school, NOW + MINUTE, timedelta(hours=3), "Plus tard ?"))
    (reply,) = worries(place)
    assert reply.answer is CalendarAnswer.COUNTER
    assert reply.proposed_starts_at == STARTS + timedelta(hours=3)
    assert reply.proposed_ends_at == STARTS + timedelta(hours=5)
    (mail,) = mails(MessageKind.CALENDAR_ANSWER)
    assert "Liever: dinsdag 12 januari 2027, 12.00–14.00 uur" in one_line(text_of(parse_mail(mail)))
    assert place.booking().slot.starts_at == STARTS


def test_a_refusal_cancels_nothing(place: Place) -> None:
    before = place.booking().version
    decline(place)
    assert (place.booking().state, place.booking().version) == (BookingState.CONFIRMED, before)
    assert rows(sa.select(AuditEntry.action)) == ["answer_invitation"]


def test_the_coordinator_is_asked_and_a_colleague_is_told(place: Place) -> None:
    colleague = UserFactory(email="collega@de-eiken.example", language="en", name="Collega")
    MembershipFactory(user=colleague, organisation=school_of(place))
    db.session.commit()
    decline(place, words="Dan is er studiedag")
    own, other = mails(MessageKind.CALENDAR_ANSWER)
    assert (own.recipient, other.recipient) == ("wt@de-eiken.example", "collega@de-eiken.example")
    assert "U sloeg de uitnodiging voor dit bezoek af" in text_of(parse_mail(own))
    assert "Dan is er studiedag" in text_of(parse_mail(own))
    assert "W&T-coördinator of De Eiken declined the invitation" in text_of(parse_mail(other))
    assert f"/school/{place.school_id}" in text_of(parse_mail(own))


def test_without_anybody_at_the_school_the_organisers_are_told(place: Place) -> None:
    with scope.unscoped("what a test does"):
        db.session.execute(sa.delete(Membership).where(Membership.organisation_id == place.school_id))
        db.session.commit()
    decline(place)
    (mail,) = mails(MessageKind.CALENDAR_ANSWER)
    assert mail.recipient == "organisator@regio.example"
    assert "/organisator/eiken/antwoorden" in text_of(parse_mail(mail))


def test_a_host_answers_about_all_groups_of_a_slot(place: Place) -> None:
    received = receive_mail(programs.outlook(place.host, "DECLINED", NOW + MINUTE))
    assert received.outcome is IncomingOutcome.HANDLED
    (reply,) = worries(place)
    assert (reply.slot_id, reply.booking_id) == (place.slot_id, None)
    (mail,) = mails(MessageKind.CALENDAR_ANSWER)
    assert (mail.recipient, mail.organisation_id) == ("scholen@metaal.example", place.host_id)
    assert "De scholen rekenen op dit bezoek" in text_of(parse_mail(mail))


def test_accepting_later_takes_the_refusal_back(place: Place) -> None:
    decline(place)
    accept(place)
    assert worries(place) == []
    # The mail that asked has not left yet, so nobody has to hear anything.
    assert [mail.state for mail in mails(MessageKind.CALENDAR_ANSWER)] == [MessageState.SUPERSEDED]


def test_who_heard_of_a_refusal_hears_that_it_is_taken_back(place: Place) -> None:
    colleague = UserFactory(email="collega@de-eiken.example")
    MembershipFactory(user=colleague, organisation=school_of(place))
    db.session.commit()
    decline(place)
    with scope.unscoped("what a test does"):
        db.session.execute(
            sa.update(Message)
            .where(Message.kind == MessageKind.CALENDAR_ANSWER)
            .values(state=MessageState.SENT)
        )
        db.session.commit()
    accept(place)
    *_, newest = mails(MessageKind.CALENDAR_ANSWER)
    assert len(mails(MessageKind.CALENDAR_ANSWER)) == 3
    assert newest.recipient == "collega@de-eiken.example"
    assert newest.subject.startswith("Gaat toch door: ")


def test_maybe_leaves_standing_what_was_said(place: Place) -> None:
    decline(place)
    receive_mail(programs.apple(place.school, "TENTATIVE", NOW + 6 * MINUTE))
    assert [reply.answer for reply in worries(place)] == [CalendarAnswer.DECLINED]


def test_the_same_refusal_once_more_tells_nobody(place: Place) -> None:
    decline(place, minutes=5)
    decline(place, minutes=6, program="apple")
    assert len(place.replies()) == 2
    assert len(worries(place)) == len(mails(MessageKind.CALENDAR_ANSWER)) == 1


def test_a_mail_that_comes_again_changes_nothing(place: Place) -> None:
    raw = programs.outlook(place.school, "DECLINED", NOW + MINUTE)
    receive_mail(raw)
    assert receive_mail(raw).outcome is IncomingOutcome.REPEATED
    assert len(place.replies()) == len(entries()) == len(mails(MessageKind.CALENDAR_ANSWER)) == 1


def test_an_answer_that_is_sent_again_under_another_id_changes_nothing(place: Place) -> None:
    decline(place, minutes=5)
    accept(place, minutes=6)
    assert decline(place, minutes=5).reason == "old_stamp"
    assert worries(place) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"organiser": "boekingen@techniek.example"}, "passed_on"),
        ({"organiser": f"boekingen+{'a' * 32}@techniek.example"}, "wrong_address"),
        ({"uid": "boeking-ffff@techniek.example"}, "unknown"),
        ({"uid": "boeking-'; drop table@techniek.example"}, "unknown"),
        ({"email": "vreemde@elders.example"}, "wrong_address"),
    ],
)
def test_who_was_not_invited_changes_nothing(place: Place, change: dict[str, str], reason: str) -> None:
    raw = programs.outlook(replace(place.school, **change), "DECLINED", NOW + MINUTE)
    assert receive_mail(raw).reason == reason
    assert place.replies() == worries(place) == mails(MessageKind.CALENDAR_ANSWER) == []
    assert place.booking().state is BookingState.CONFIRMED


def test_the_token_of_a_colleague_answers_for_nobody_else(place: Place, app: Flask) -> None:
    colleague = UserFactory(email="collega@de-eiken.example")
    theirs = invite(app, place.school.uid, colleague, "booking", place.region_id, place.school_id)
    db.session.commit()
    assert (
        receive_mail(programs.google(at(place.school, theirs.organiser), "DECLINED", NOW)).reason
        == "wrong_address"
    )
    assert receive_mail(programs.google(theirs, "DECLINED", NOW)).reason == "declined"


def test_the_host_s_token_says_nothing_about_the_school(place: Place) -> None:
    raw = programs.google(at(place.school, place.host.organiser), "DECLINED", NOW + MINUTE)
    assert receive_mail(raw).reason == "wrong_address"


def test_an_answer_to_an_older_version_does_not_count(place: Place, app: Flask) -> None:
    newer = invite(
        app,
        place.school.uid,
        place.user(place.coordinator_id),
        "booking",
        place.region_id,
        place.school_id,
        2,
    )
    db.session.commit()
    assert decline(place).reason == "old_version"
    assert receive_mail(programs.outlook(newer, "DECLINED", NOW + MINUTE)).reason == "declined"


def test_a_version_beyond_all_numbers_does_no_harm(place: Place) -> None:
    far = replace(place.school, sequence=2**40)
    assert receive_mail(programs.outlook(far, "DECLINED", NOW + MINUTE)).reason == "declined"


def test_a_clock_far_ahead_blocks_nobody(place: Place) -> None:
    assert (
        receive_mail(programs.google(place.school, "DECLINED", NOW + timedelta(days=400))).reason
        == "future_stamp"
    )
    assert decline(place).reason == "declined"


def test_an_answer_without_a_moment_does_not_count(place: Place) -> None:
    raw = programs.apple(place.school, "DECLINED", NOW).replace(b"DTSTAMP", b"X-NO")
    assert receive_mail(raw).reason == "no_stamp"


def test_throwing_away_an_old_appointment_says_nothing(place: Place, clock_hand: Any) -> None:
    clock_hand.move_to(STARTS + MINUTE)
    assert receive_mail(programs.outlook(place.school, "DECLINED", STARTS)).reason == "begun"


def test_about_a_visit_that_was_called_off_nothing_is_asked(place: Place) -> None:
    place.booking().state = BookingState.CANCELLED
    db.session.commit()
    assert decline(place).reason == "not_standing"
    assert receive_mail(programs.outlook(place.host, "DECLINED", NOW + MINUTE)).reason == "not_standing"


def test_programs_that_answer_without_end_are_stopped(place: Place) -> None:
    for minutes in range(MOST_ANSWERS):
        assert decline(place, minutes=minutes).outcome is IncomingOutcome.HANDLED
    assert decline(place, minutes=MOST_ANSWERS + 1).reason == "too_many"


def test_what_was_said_about_another_time_no_longer_speaks(place: Place) -> None:
    decline(place)
    with scope.within(place.region_id):
        slot = db.session.get_one(Slot, place.slot_id)
        slot.starts_at, slot.ends_at = STARTS + timedelta(hours=3), STARTS + timedelta(hours=5)
        db.session.commit()
    assert worries(place) == []


def test_a_slot_that_was_withdrawn_worries_nobody(place: Place) -> None:
    receive_mail(programs.outlook(place.host, "DECLINED", NOW + MINUTE))
    with scope.within(place.region_id):
        db.session.get_one(Slot, place.slot_id).state = SlotState.WITHDRAWN
        db.session.commit()
    assert worries(place) == []


def test_the_school_says_that_the_visit_goes_on(place: Place) -> None:
    decline(place)
    with scope.within(place.region_id, school_id=place.school_id):
        keep_visit(place.school_id, place.booking_id, place.coordinator_id)
    assert worries(place) == []
    assert rows(sa.select(AuditEntry.action))[-1] == "keep_visit"
    # Who declines again asks for attention again.
    decline(place, minutes=20)
    assert len(worries(place)) == 1
    assert len(mails(MessageKind.CALENDAR_ANSWER)) == 2


def test_the_host_says_that_the_visit_goes_on(place: Place) -> None:
    receive_mail(programs.outlook(place.host, "DECLINED", NOW + MINUTE))
    with scope.within(place.region_id, host_id=place.host_id):
        keep_occasion(place.host_id, place.slot_id, place.organiser_id)
    assert worries(place) == []


def test_an_organiser_settles_an_answer(place: Place) -> None:
    decline(place)
    (reply,) = place.replies()
    with scope.within(place.region_id):
        settle_answer(place.region_id, reply.id, place.organiser_id)
    assert worries(place) == []


def test_only_what_worries_can_be_settled_and_only_by_its_own_people(place: Place) -> None:
    other = BookingFactory()
    other_id, school_id = other.id, other.group.school_id
    db.session.commit()
    decline(place)
    (reply,) = place.replies()
    with scope.within(place.region_id):
        for attempt in (
            lambda: keep_visit(school_id, place.booking_id, 1),
            lambda: keep_visit(school_id, other_id, 1),
            lambda: keep_visit(place.school_id, other_id, 1),
            lambda: keep_occasion(place.host_id, place.slot_id, 1),
            lambda: keep_occasion(place.host_id + 1, place.slot_id, 1),
            lambda: settle_answer(place.region_id + 1, reply.id, 1),
            lambda: settle_answer(place.region_id, reply.id + 1, 1),
        ):
            with pytest.raises(NotFoundError):
                attempt()
    assert len(worries(place)) == 1


def test_answers_go_thirty_days_after_the_visit(place: Place, clock_hand: Any) -> None:
    decline(place)
    receive_mail(programs.outlook(place.host, "DECLINED", NOW + MINUTE))
    clock_hand.move_to(STARTS + timedelta(days=30, hours=1))
    clean_up_tonight()
    assert len(place.replies()) == 2
    clock_hand.move_to(STARTS + timedelta(days=31, hours=3))
    clean_up_tonight()
    assert place.replies() == []


def test_of_an_erased_person_the_mark_stays_and_nothing_else(place: Place) -> None:
    decline(place, words="Bel mij: W&T-coördinator")
    erase_person(place.coordinator_id)
    (reply,) = worries(place)
    assert (reply.comment, reply.answer) == ("", CalendarAnswer.DECLINED)
    assert reply.email == f"gewist-{place.coordinator_id}@persoon.invalid"


def test_a_contact_who_left_may_still_answer(place: Place) -> None:
    """What they know is worth something; the school's people decide."""
    with scope.unscoped("what a test does"):
        statement = sa.update(Membership).where(Membership.user_id == place.coordinator_id)
        db.session.execute(statement.values(role=Role.TEACHER))
        db.session.commit()
    assert decline(place).outcome is IncomingOutcome.HANDLED


def test_only_one_booking_is_marked(place: Place) -> None:
    other = BookingFactory(group=GroupFactory(school=school_of(place)), slot=place.booking().slot)
    other_id = other.id
    db.session.commit()
    decline(place)
    with scope.within(place.region_id):
        assert set(reads.list_booking_worries([place.booking_id, other_id])) == {place.booking_id}
    assert isinstance(place.booking(), Booking)

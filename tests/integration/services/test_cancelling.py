"""Calling a visit off frees its places, leaves every calendar, and tells everybody once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.errors import NotFoundError, VisitBegunError, VisitGoneError
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Message, School, SignedQuestion
from matchmaker.queries.participations import count_participations
from matchmaker.services.cancelling import cancel_booking
from tests.factories import BookingFactory, GroupFactory, SignedQuestionFactory
from tests.integration.services.coming_visits import (
    EIKEN,
    HOST,
    LINDE,
    ORGANISER,
    Coming,
    event_of,
    kinds_of,
    mails_to,
    make_coming,
    person,
)
from tests.unit.notifications.reading_mail import parse_mail, text_of


@pytest.fixture
def coming(app: Flask) -> Coming:
    return make_coming()


def cancel_by_school(coming: Coming, number: int = 0, reason: str = "Schoolreis.") -> None:
    cancel_booking(
        coming.region_id,
        coming.schools[number],
        coming.bookings[number],
        coming.people[(EIKEN, LINDE)[number]],
        reason,
    )


def cancel_by_host(coming: Coming, number: int = 0, reason: str = "") -> None:
    cancel_booking(coming.region_id, coming.host_id, coming.bookings[number], coming.people[HOST], reason)


def words(message: Message) -> str:
    return " ".join(text_of(parse_mail(message)).split())


def test_the_booking_is_cancelled_with_its_reason_and_the_places_are_free(coming: Coming) -> None:
    cancel_by_school(coming)
    booking = coming.booking()
    assert (booking.state, booking.cancel_reason) == (BookingState.CANCELLED, "Schoolreis.")
    assert (coming.slot.taken_groups, coming.slot.taken_pupils) == (1, 21)


def test_the_participation_counts_no_longer(coming: Coming) -> None:
    year = coming.booking().group.school_year_id
    assert count_participations(year) == dict.fromkeys(coming.schools, 1)
    cancel_by_school(coming)
    assert count_participations(year) == {coming.schools[1]: 1}


def test_school_host_and_organiser_hear_at_once_and_the_other_school_does_not(coming: Coming) -> None:
    cancel_by_school(coming)
    assert kinds_of(mails_to()) == [
        (ORGANISER, "visit_changed_office"),
        (HOST, "visit_changed_host"),
        (EIKEN, "visit_cancelled_school"),
    ]


def test_the_school_gets_a_cancellation_and_the_host_a_change(coming: Coming) -> None:
    before = coming.booking().calendar_sequence, coming.slot.calendar_sequence
    cancel_by_school(coming)
    (own,), (theirs,) = mails_to(EIKEN), mails_to(HOST)
    gone, changed = event_of(own), event_of(theirs)
    assert (gone["x-method"], gone["status"], gone["uid"]) == (
        "CANCEL",
        "CANCELLED",
        coming.booking().calendar_uid,
    )
    assert (changed["x-method"], changed["status"], changed["uid"]) == (
        "REQUEST",
        "CONFIRMED",
        coming.slot.calendar_uid,
    )
    assert (gone["sequence"], changed["sequence"]) == (before[0] + 1, before[1] + 1)
    assert (coming.booking().calendar_sequence, coming.slot.calendar_sequence) == (
        gone["sequence"],
        changed["sequence"],
    )
    assert "De Eiken" not in changed["description"]
    assert "De Linde" in changed["description"]


def test_when_nobody_is_left_the_host_gets_a_cancellation(coming: Coming) -> None:
    cancel_by_school(coming, 0)
    cancel_by_school(coming, 1)
    first, second = mails_to(HOST)
    assert (first.kind, second.kind) == (MessageKind.VISIT_CHANGED_HOST, MessageKind.VISIT_CANCELLED_HOST)
    assert first.cause == second.cause
    assert (event_of(second)["x-method"], second.sequence) == ("CANCEL", first.sequence + 1)
    assert event_of(first)["organizer"] == event_of(second)["organizer"]
    assert event_of(first)["organizer"].params == event_of(second)["organizer"].params


def test_everybody_reads_who_did_it_and_why(coming: Coming) -> None:
    cancel_by_school(coming, reason="De groep gaat op schoolreis.")
    for recipient in (EIKEN, HOST, ORGANISER):
        (message,) = mails_to(recipient)
        assert "De Eiken heeft" in words(message)
        assert "De groep gaat op schoolreis." in words(message)


def test_a_host_calls_one_group_off(coming: Coming) -> None:
    cancel_by_host(coming, reason="De machine is stuk.")
    (told,) = mails_to(EIKEN)
    assert "Metaalwerken heeft het afgezegd" in words(told)
    assert "De machine is stuk." in words(told)
    assert mails_to(LINDE) == []
    assert coming.slot.taken_groups == 1


def test_an_organiser_acts_in_the_name_of_the_region_and_mails_not_themselves(coming: Coming) -> None:
    cancel_booking(
        coming.region_id, coming.schools[0], coming.bookings[0], coming.people[ORGANISER], "Gebeld."
    )
    region = coming.booking().group.school.region
    assert f"{region.sender_name} heeft" in words(mails_to(EIKEN)[0])
    assert f"{region.sender_name} heeft" in words(mails_to(HOST)[0])
    assert mails_to(ORGANISER) == []


def test_every_contact_of_both_sides_gets_one_mail(coming: Coming) -> None:
    school = db.session.get_one(School, coming.schools[0])
    person("tweede@de-eiken.example", Role.COORDINATOR, school)
    person("leerkracht@de-eiken.example", Role.TEACHER, school)
    db.session.commit()
    cancel_by_school(coming)
    assert [m.kind.value for m in mails_to("tweede@de-eiken.example")] == ["visit_cancelled_school"]
    assert mails_to("leerkracht@de-eiken.example") == []


def test_twice_is_once(coming: Coming) -> None:
    cancel_by_school(coming)
    before = len(mails_to())
    with pytest.raises(VisitGoneError):
        cancel_by_school(coming)
    with pytest.raises(VisitGoneError):
        cancel_by_host(coming)
    assert len(mails_to()) == before
    assert coming.slot.taken_groups == 1


def test_what_has_begun_is_not_called_off(coming: Coming) -> None:
    coming.slot.starts_at, coming.slot.ends_at = clock.now(), clock.now() + timedelta(hours=2)
    db.session.commit()
    with pytest.raises(VisitBegunError):
        cancel_by_school(coming)
    assert mails_to() == []


def test_nobody_calls_off_what_is_not_theirs(coming: Coming) -> None:
    with pytest.raises(NotFoundError):
        cancel_booking(coming.region_id, coming.schools[1], coming.bookings[0], coming.people[LINDE])
    other = BookingFactory(group=GroupFactory())
    db.session.commit()
    with pytest.raises(NotFoundError):
        cancel_booking(coming.region_id, coming.host_id, other.id, coming.people[HOST])


def test_a_group_that_grew_since_gives_back_what_it_holds(coming: Coming) -> None:
    coming.booking().group.pupils = 30
    db.session.commit()
    cancel_by_school(coming)
    assert coming.slot.taken_pupils == 21


def test_what_a_teacher_was_asked_is_void(coming: Coming) -> None:
    SignedQuestionFactory(booking=coming.booking())
    db.session.commit()
    cancel_by_school(coming)
    assert db.session.scalars(sa.select(SignedQuestion)).one().voided_at is not None


def test_the_log_tells_it_for_the_school_without_the_reason(coming: Coming) -> None:
    cancel_by_school(coming, reason="Iets persoonlijks.")
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "cancel_booking")).one()
    assert (entry.organisation_id, entry.actor_id) == (coming.schools[0], coming.people[EIKEN])
    assert (entry.before, entry.after) == (
        {"state": "confirmed"},
        {"state": "cancelled", "slot_id": coming.slot_id},
    )


def test_the_group_may_come_again_later(coming: Coming) -> None:
    cancel_by_school(coming)
    again = BookingFactory(group=coming.booking().group, slot=coming.slot)
    db.session.commit()
    assert again.calendar_uid != coming.booking().calendar_uid

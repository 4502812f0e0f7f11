"""A slot that moves takes everybody along; one that is withdrawn leaves every calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.errors import (
    EditConflictError,
    GroupsCannotComeError,
    MomentPastError,
    NotFoundError,
    NothingMovedError,
    VisitBegunError,
    VisitGoneError,
)
from matchmaker.domain.kinds import ClosedDayReason, MessageKind, SlotState
from matchmaker.domain.moving import ClashKind
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, BlockedTime, ClosedDay, Message, SignedQuestion
from matchmaker.notifications.wording import format_day
from matchmaker.services.moving import move_slot, withdraw_slot
from matchmaker.services.slot_clashes import SlotTarget, list_clashes
from tests.factories import (
    BookingFactory,
    HostFactory,
    SignedQuestionFactory,
    SlotFactory,
    WishListFactory,
)
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
    nine_in,
)
from tests.unit.notifications.reading_mail import parse_mail, text_of

LATER = 27


@pytest.fixture
def coming(app: Flask) -> Coming:
    return make_coming()


def target_of(days: int = LATER, hours: int = 0, address: str = "") -> SlotTarget:
    starts_at = nine_in(days) + timedelta(hours=hours)
    return SlotTarget(starts_at, starts_at + timedelta(hours=2), address)


def move(coming: Coming, target: SlotTarget | None = None, **more: Any) -> None:
    more.setdefault("version", coming.slot.version)
    move_slot(
        coming.region_id,
        coming.host_id,
        coming.slot_id,
        target or target_of(),
        more.pop("actor_id", coming.people[HOST]),
        **more,
    )


def withdraw(coming: Coming, reason: str = "") -> None:
    withdraw_slot(coming.region_id, coming.host_id, coming.slot_id, coming.people[HOST], reason)


def words(message: Message) -> str:
    return " ".join(text_of(parse_mail(message)).split())


def test_slot_and_bookings_stand_at_the_new_time(coming: Coming) -> None:
    move(coming)
    assert (
        coming.slot.starts_at == coming.booking(0).starts_at == coming.booking(1).starts_at == nine_in(LATER)
    )
    assert (coming.slot.taken_groups, coming.booking().state) == (2, BookingState.CONFIRMED)


def test_every_contact_gets_one_change_with_the_same_uid_and_the_next_sequence(coming: Coming) -> None:
    uids = {
        EIKEN: coming.booking(0).calendar_uid,
        LINDE: coming.booking(1).calendar_uid,
        HOST: coming.slot.calendar_uid,
    }
    move(coming)
    assert kinds_of(mails_to()) == [
        (ORGANISER, "visit_changed_office"),
        (HOST, "visit_changed_host"),
        (EIKEN, "visit_changed_school"),
        (LINDE, "visit_changed_school"),
    ]
    for recipient, uid in uids.items():
        (message,) = mails_to(recipient)
        event = event_of(message)
        assert (event["x-method"], event["uid"], event["sequence"]) == ("REQUEST", uid, 1)
        assert event.start == nine_in(LATER)
    assert (coming.slot.calendar_sequence, coming.booking().calendar_sequence) == (1, 1)


def test_the_mail_shows_the_old_and_the_new_time_and_why(coming: Coming) -> None:
    old, new = coming.slot.starts_at, nine_in(LATER)
    move(coming, reason="De hal is verhuurd.")
    for recipient in (EIKEN, HOST, ORGANISER):
        (message,) = mails_to(recipient)
        text = words(message)
        assert text.index(format_day(old)) < text.index(format_day(new))
        assert "Metaalwerken heeft" in text
        assert "De hal is verhuurd." in text


def test_another_place_alone_is_a_change_too(coming: Coming) -> None:
    slot = coming.slot
    move(coming, SlotTarget(slot.starts_at, slot.ends_at, "Praktijkhal, Slingerlaan 2, Doetinchem"))
    (message,) = mails_to(EIKEN)
    assert event_of(message)["location"] == "Metaalwerken, Praktijkhal, Slingerlaan 2, Doetinchem"
    assert "op een andere plek" in words(message)
    assert coming.booking().km is None


def test_moving_twice_and_calling_off_gives_one_appointment_with_rising_sequence(coming: Coming) -> None:
    move(coming, target_of(22))
    move(coming, target_of(23, hours=3))
    withdraw(coming)
    for recipient in (EIKEN, HOST):
        events = [event_of(message) for message in mails_to(recipient)]
        assert [event["x-method"] for event in events] == ["REQUEST", "REQUEST", "CANCEL"]
        assert [event["sequence"] for event in events] == [1, 2, 3]
        assert len({event["uid"] for event in events}) == 1
        assert len({str(event["organizer"]) for event in events}) == 1
        assert events[-1].start == nine_in(23) + timedelta(hours=3)


def test_the_same_once_more_moves_nothing(coming: Coming) -> None:
    move(coming)
    before = len(mails_to())
    with pytest.raises(NothingMovedError):
        move(coming, version=0)
    assert len(mails_to()) == before


def test_what_somebody_changed_in_between_is_not_overwritten(coming: Coming) -> None:
    version = coming.slot.version
    move(coming, target_of(21))
    with pytest.raises(EditConflictError):
        move(coming, target_of(22), version=version)


def test_nobody_moves_into_the_past_or_what_has_begun(coming: Coming) -> None:
    with pytest.raises(MomentPastError):
        move(coming, target_of(-1))
    coming.slot.starts_at = clock.now()
    db.session.commit()
    with pytest.raises(VisitBegunError):
        move(coming)
    with pytest.raises(VisitBegunError):
        withdraw(coming)


def test_nobody_moves_a_slot_of_another_host(coming: Coming) -> None:
    other = HostFactory()
    db.session.commit()
    with pytest.raises(NotFoundError):
        move_slot(coming.region_id, other.id, coming.slot_id, target_of(), coming.people[HOST], version=1)
    with pytest.raises(NotFoundError):
        withdraw_slot(coming.region_id, other.id, coming.slot_id, coming.people[HOST])


def kinds_of_clashes(coming: Coming, target: SlotTarget) -> list[tuple[ClashKind, str | None]]:
    found = list_clashes(coming.slot, target)
    return [(clash.kind, clash.group.school.name if clash.group else None) for clash in found]


def test_a_group_that_is_elsewhere_then_cannot_be_waved_through(coming: Coming) -> None:
    other = SlotFactory(starts_at=nine_in(LATER), ends_at=nine_in(LATER) + timedelta(hours=1))
    BookingFactory(group=coming.booking(0).group, slot=other)
    db.session.commit()
    assert kinds_of_clashes(coming, target_of()) == [(ClashKind.TWO_PLACES, "De Eiken")]
    with pytest.raises(GroupsCannotComeError) as refusal:
        move(coming, despite_clashes=True)
    assert refusal.value.is_final
    assert (mails_to(), coming.slot.calendar_sequence) == ([], 0)


def test_days_off_and_blocked_times_are_told_and_may_be_waved_through(coming: Coming) -> None:
    day = clock.local(nine_in(LATER)).date()
    linde = coming.booking(1).group
    wish_list = WishListFactory(group=linde, round=coming.slot.round)
    wish_list.blocked_times = [
        BlockedTime(
            region_id=coming.region_id, starts_at=nine_in(LATER), ends_at=nine_in(LATER + 1), reason="kamp"
        )
    ]
    db.session.add(
        ClosedDay(
            region_id=coming.region_id,
            organisation_id=coming.schools[0],
            first_day=day,
            last_day=day,
            reason=ClosedDayReason.STUDY_DAY,
            name="Studiedag",
            source="form",
        )
    )
    db.session.commit()
    assert kinds_of_clashes(coming, target_of()) == [
        (ClashKind.NOT_FREE, "De Eiken"),
        (ClashKind.NOT_FREE, "De Linde"),
    ]
    with pytest.raises(GroupsCannotComeError) as refusal:
        move(coming)
    assert not refusal.value.is_final
    move(coming, despite_clashes=True)
    assert coming.slot.starts_at == nine_in(LATER)


def test_the_hosts_own_limit_a_day_is_told(coming: Coming) -> None:
    coming.slot.activity.host.max_slots_per_day = 1
    other = SlotFactory(
        activity=coming.slot.activity,
        starts_at=nine_in(LATER) + timedelta(hours=5),
        ends_at=nine_in(LATER) + timedelta(hours=6),
    )
    BookingFactory(slot=other)
    db.session.commit()
    assert kinds_of_clashes(coming, target_of()) == [(ClashKind.HOST_DAY, None)]


def test_another_place_at_the_same_time_clashes_with_nothing(coming: Coming) -> None:
    slot = coming.slot
    db.session.add(
        ClosedDay(
            region_id=coming.region_id,
            first_day=clock.local(slot.starts_at).date(),
            last_day=clock.local(slot.starts_at).date(),
            reason=ClosedDayReason.CLOSED,
            name="",
            source="form",
        )
    )
    db.session.commit()
    assert list_clashes(slot, SlotTarget(slot.starts_at, slot.ends_at, "Elders 1")) == []


def test_an_answer_about_the_old_time_counts_no_more(coming: Coming) -> None:
    SignedQuestionFactory(booking=coming.booking())
    db.session.commit()
    move(coming)
    assert db.session.scalars(sa.select(SignedQuestion)).one().voided_at is not None


def test_an_empty_slot_moves_silently(coming: Coming) -> None:
    empty = SlotFactory(
        activity=coming.slot.activity, starts_at=nine_in(30), ends_at=nine_in(30) + timedelta(hours=2)
    )
    db.session.commit()
    move_slot(
        coming.region_id, coming.host_id, empty.id, target_of(31), coming.people[HOST], version=empty.version
    )
    assert empty.starts_at == nine_in(31)
    assert mails_to() == []


def test_withdrawing_calls_everybody_off_and_frees_the_slot(coming: Coming) -> None:
    withdraw(coming, "Wij verhuizen.")
    assert coming.slot.state is SlotState.WITHDRAWN
    assert (coming.slot.taken_groups, coming.slot.taken_pupils) == (0, 0)
    assert {coming.booking(n).state for n in (0, 1)} == {BookingState.CANCELLED}
    assert coming.booking().cancel_reason == "Wij verhuizen."
    assert kinds_of(mails_to()) == [
        (ORGANISER, "visit_changed_office"),
        (HOST, "visit_cancelled_host"),
        (EIKEN, "visit_cancelled_school"),
        (LINDE, "visit_cancelled_school"),
    ]
    for recipient in (EIKEN, LINDE, HOST):
        (message,) = mails_to(recipient)
        assert (event_of(message)["x-method"], event_of(message)["status"]) == ("CANCEL", "CANCELLED")
        assert "Wij verhuizen." in words(message)


def test_withdrawing_twice_is_once(coming: Coming) -> None:
    withdraw(coming)
    before = len(mails_to())
    with pytest.raises(VisitGoneError):
        withdraw(coming)
    with pytest.raises(VisitGoneError):
        move(coming)
    assert len(mails_to()) == before


def test_the_log_tells_from_where_to_where(coming: Coming) -> None:
    move(coming)
    withdraw(coming)
    statement = sa.select(AuditEntry).where(AuditEntry.object_type == "slot").order_by(AuditEntry.id)
    moved, withdrawn = db.session.scalars(statement)
    assert (moved.action, moved.organisation_id) == ("move_slot", coming.host_id)
    assert moved.after["starts"] == f"{clock.local(nine_in(LATER)):%d-%m-%Y %H.%M}"
    assert (withdrawn.action, withdrawn.after) == ("withdraw_slot", {"state": "withdrawn", "bookings": 2})


def test_a_change_that_waits_in_the_outbox_shares_its_cause_with_the_confirmation(coming: Coming) -> None:
    move(coming)
    (message,) = mails_to(EIKEN)
    assert message.kind is MessageKind.VISIT_CHANGED_SCHOOL
    assert message.cause == f"booking:{coming.booking().calendar_uid}"

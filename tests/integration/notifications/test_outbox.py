"""The outbox delivers each message once, in the right order, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Self

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from matchmaker import clock
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.delivery import GIVE_UP_AFTER, MOST_ATTEMPTS, RETRY_MINUTES, SPREAD, Blame
from matchmaker.domain.kinds import MessageKind, SlotState
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Booking, Message, ToldVisit
from matchmaker.models.message import BULK_LANE, URGENT_LANE
from matchmaker.notifications.transport import MailRefusedError, OutgoingMail, TransportError
from matchmaker.services import delivery, leases
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.leases import LEASE
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import DELIVERY
from tests.factories import BookingFactory, MessageFactory, SlotFactory


class FakeTransport:
    """Notes what it sends; refuses what it is told to refuse; may do something while sending."""

    def __init__(self) -> None:
        self.sent: list[OutgoingMail] = []
        self.error: Exception | None = None
        self.meanwhile: Any = lambda _mail: None

    def send(self, mail: OutgoingMail) -> None:
        self.meanwhile(mail)
        if self.error:
            raise self.error
        self.sent.append(mail)

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def recipients(self) -> list[str]:
        return [mail.recipient for mail in self.sent]


@pytest.fixture
def transport(monkeypatch: pytest.MonkeyPatch) -> FakeTransport:
    fake = FakeTransport()
    monkeypatch.setattr(delivery, "open_transport", lambda _settings: fake)
    return fake


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clock to a moment, or move it on."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock


def make(**values: Any) -> Message:
    message: Message = MessageFactory(**values)
    db.session.commit()
    return message


def reload(message: Message) -> Message:
    db.session.rollback()
    db.session.expire_all()
    db.session.refresh(message)
    return message


def test_what_is_due_leaves_with_its_exact_bytes(app: Flask, transport: FakeTransport) -> None:
    message = make()
    body = message.body
    report = deliver_due_messages()
    (mail,) = transport.sent
    assert (mail.body, mail.message_id, mail.recipient) == (body, message.message_id, message.recipient)
    assert report.sent == 1
    reload(message)
    assert (message.state, message.attempts, message.lease_token) == (MessageState.SENT, 1, None)
    assert message.sent_at


def test_what_is_sent_is_not_sent_again(app: Flask, transport: FakeTransport) -> None:
    make()
    deliver_due_messages()
    assert deliver_due_messages().handled == 0
    assert len(transport.sent) == 1


def test_what_is_not_due_waits(app: Flask, transport: FakeTransport) -> None:
    message = make(next_attempt_at=clock.now() + timedelta(minutes=5))
    assert deliver_due_messages().handled == 0
    assert reload(message).state is MessageState.QUEUED


def test_a_use_case_that_fails_causes_no_mail(app: Flask, transport: FakeTransport) -> None:
    with pytest.raises(ZeroDivisionError), write_transaction():
        MessageFactory()
        _ = 1 / 0
    assert deliver_due_messages().handled == 0


def test_urgent_mail_overtakes_bulk_mail(app: Flask, transport: FakeTransport) -> None:
    make(lane=BULK_LANE, recipient="bulk@x.example")
    make(lane=URGENT_LANE, recipient="urgent@x.example", next_attempt_at=clock.now())
    deliver_due_messages()
    assert transport.recipients == ["urgent@x.example", "bulk@x.example"]


def test_the_limit_holds_and_the_rest_follows(app: Flask, transport: FakeTransport) -> None:
    for _ in range(3):
        make()
    assert deliver_due_messages(limit=2).sent == 2
    assert deliver_due_messages(limit=2).sent == 1


def test_a_worker_that_stops_leaves_the_rest_queued(app: Flask, transport: FakeTransport) -> None:
    for _ in range(3):
        make()
    report = deliver_due_messages(should_stop=lambda: len(transport.sent) == 1)
    assert report.sent == 1


def test_a_temporary_refusal_is_tried_again_later_and_later(
    app: Flask, transport: FakeTransport, at: Any
) -> None:
    message, now = make(), clock.now()
    transport.error = MailRefusedError("450 4.2.1 mailbox busy", Blame.LATER)
    for minutes in (*RETRY_MINUTES, RETRY_MINUTES[-1]):
        at(now)
        assert deliver_due_messages().postponed == 1
        waited = reload(message).next_attempt_at - now
        assert abs(waited / timedelta(minutes=minutes) - 1) <= SPREAD + 0.01
        now = message.next_attempt_at
    assert message.last_error == "450 4.2.1 mailbox busy"
    transport.error = None
    at(now)
    deliver_due_messages()
    assert reload(message).state is MessageState.SENT
    assert message.last_error == ""


def test_the_same_chance_makes_the_same_waits(app: Flask, transport: FakeTransport, at: Any) -> None:
    at(clock.now())
    transport.error = MailRefusedError("450 busy", Blame.LATER)
    messages = [make() for _ in range(4)]
    deliver_due_messages(limit=2, chance=Random(7))
    deliver_due_messages(limit=2, chance=Random(7))
    waits = [reload(message).next_attempt_at for message in messages]
    assert waits[:2] == waits[2:]
    assert waits[0] != waits[1]


def test_after_two_days_a_message_is_given_up(app: Flask, transport: FakeTransport, at: Any) -> None:
    message, began, now = make(), clock.now(), clock.now()
    transport.error = MailRefusedError("450 busy", Blame.LATER)
    while reload(message).state is MessageState.QUEUED:
        now = max(now, message.next_attempt_at)
        at(now)
        deliver_due_messages()
    assert now == began + GIVE_UP_AFTER
    assert (message.state, message.last_error) == (MessageState.FAILED, "given up after 48 hours: 450 busy")


def test_a_permanent_refusal_fails_at_once_and_stops_nobody_else(
    app: Flask, transport: FakeTransport
) -> None:
    refused, fine = make(recipient="weg@x.example"), make()

    def refuse(mail: OutgoingMail) -> None:
        if mail.recipient == "weg@x.example":
            raise MailRefusedError("550 5.1.1 no such user", Blame.ADDRESS)

    transport.meanwhile = refuse
    report = deliver_due_messages()
    assert (report.sent, report.failed) == (1, 1)
    assert (reload(refused).state, refused.last_error) == (MessageState.FAILED, "550 5.1.1 no such user")
    assert reload(fine).state is MessageState.SENT


def test_without_a_way_out_everything_waits_and_no_attempt_counts(
    app: Flask, transport: FakeTransport
) -> None:
    messages = [make() for _ in range(3)]
    transport.error = TransportError("mail.example:587: connection refused", timedelta(minutes=1))
    report = deliver_due_messages()
    assert report.problem == "mail.example:587: connection refused"
    assert report.postponed == 1
    assert {reload(message).state for message in messages} == {MessageState.QUEUED}
    assert sum(message.attempts for message in messages) == 0
    assert [message.last_error for message in messages if message.last_error] == [report.problem]


def test_an_older_version_is_never_sent_after_a_newer_one(app: Flask, transport: FakeTransport) -> None:
    older = make(cause="booking:1", recipient="a@x.example", sequence=0)
    newer = make(cause="booking:1", recipient="a@x.example", sequence=1)
    other = make(cause="booking:1", recipient="b@x.example", sequence=0)
    report = deliver_due_messages()
    assert (report.superseded, report.sent) == (1, 2)
    assert reload(older).state is MessageState.SUPERSEDED
    assert [mail.message_id for mail in transport.sent] == [newer.message_id, other.message_id]


def test_a_newer_message_of_a_conversation_replaces_an_older_one_of_another_kind(
    app: Flask, transport: FakeTransport
) -> None:
    line: dict[str, Any] = {"cause": "booking:1", "recipient": "a@x.example"}
    confirmed = make(**line, kind=MessageKind.VISIT_SCHOOL, sequence=1)
    called_off = make(**line, kind=MessageKind.VISIT_CANCELLED_SCHOOL, sequence=2)
    assert deliver_due_messages().sent == 1
    assert reload(confirmed).state is MessageState.SUPERSEDED
    assert [mail.message_id for mail in transport.sent] == [called_off.message_id]


def test_two_kinds_of_one_moment_do_not_replace_each_other(app: Flask, transport: FakeTransport) -> None:
    line: dict[str, Any] = {"cause": "run:1", "recipient": "a@x.example", "sequence": 0}
    make(**line, kind=MessageKind.RESULT_SCHOOL)
    make(**line, kind=MessageKind.RESULT_HOST)
    assert deliver_due_messages().sent == 2


def test_a_newer_message_waits_while_an_older_one_of_another_kind_is_on_its_way(
    app: Flask, transport: FakeTransport
) -> None:
    line: dict[str, Any] = {"cause": "booking:1", "recipient": "a@x.example"}
    lease = {"state": MessageState.LEASED, "lease_token": "another", "lease_until": clock.now() + LEASE}
    make(**line, kind=MessageKind.VISIT_SCHOOL, sequence=1, **lease)
    make(**line, kind=MessageKind.VISIT_CANCELLED_SCHOOL, sequence=2)
    other = make(cause="booking:2", recipient="a@x.example")
    deliver_due_messages()
    assert [mail.message_id for mail in transport.sent] == [other.message_id]


def test_an_older_version_that_waits_for_another_attempt_is_superseded(
    app: Flask, transport: FakeTransport
) -> None:
    older = make(cause="booking:1", recipient="a@x.example", next_attempt_at=clock.now() + timedelta(hours=2))
    make(cause="booking:1", recipient="a@x.example", sequence=1)
    deliver_due_messages()
    assert reload(older).state is MessageState.SUPERSEDED
    assert len(transport.sent) == 1


def test_a_newer_version_waits_while_the_older_is_on_its_way(
    app: Flask, transport: FakeTransport, at: Any
) -> None:
    now = clock.now()
    make(
        cause="booking:1",
        recipient="a@x.example",
        state=MessageState.LEASED,
        lease_token="another worker",
        lease_until=now + LEASE,
    )
    newer = make(cause="booking:1", recipient="a@x.example", sequence=1)
    assert deliver_due_messages().handled == 0
    at(now + LEASE + timedelta(seconds=1))
    assert (deliver_due_messages().sent, reload(newer).state) == (1, MessageState.SENT)


def test_a_version_overtaken_between_lease_and_sending_is_not_sent(
    app: Flask, transport: FakeTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = make(cause="booking:1", recipient="a@x.example")
    original, made = delivery.lease_next, []

    def lease_and_change(*how: Any, **more: Any) -> Any:
        lease = original(*how, **more)
        if lease and not made:
            made.append(make(cause="booking:1", recipient="a@x.example", sequence=1))
        return lease

    monkeypatch.setattr(delivery, "lease_next", lease_and_change)
    deliver_due_messages()
    assert reload(older).state is MessageState.SUPERSEDED
    assert [mail.message_id for mail in transport.sent] == [made[0].message_id]


def test_what_is_no_longer_useful_is_dropped(app: Flask, transport: FakeTransport) -> None:
    late = make(useful_until=clock.now())
    useful = make(useful_until=clock.now() + timedelta(minutes=1))
    assert deliver_due_messages().superseded == 1
    assert reload(late).state is MessageState.SUPERSEDED
    assert [mail.message_id for mail in transport.sent] == [useful.message_id]


def test_what_waits_for_another_attempt_is_dropped_once_it_is_not_useful(
    app: Flask, transport: FakeTransport, at: Any
) -> None:
    now = clock.now()
    message = make(useful_until=now + timedelta(minutes=3))
    transport.error = MailRefusedError("busy", Blame.LATER)
    deliver_due_messages()
    assert reload(message).state is MessageState.QUEUED
    transport.error = None
    at(now + timedelta(minutes=4))
    deliver_due_messages()
    assert (reload(message).state, transport.sent) == (MessageState.SUPERSEDED, [])


def _move(booking: Booking) -> None:
    booking.slot.starts_at -= timedelta(minutes=30)


def _end_later(booking: Booking) -> None:
    booking.slot.ends_at += timedelta(minutes=30)


def _change_place(booking: Booking) -> None:
    booking.slot.address = "Ingang achterom"


def _cancel(booking: Booking) -> None:
    booking.state = BookingState.CANCELLED


def _withdraw(booking: Booking) -> None:
    booking.slot.state = SlotState.WITHDRAWN


def _take_elsewhere(booking: Booking) -> None:
    booking.slot = SlotFactory(starts_at=booking.slot.starts_at)


def _attend(booking: Booking) -> None:
    booking.state = BookingState.ATTENDED


def _leave_as_it_is(_booking: Booking) -> None:
    """Change nothing."""


def make_letter() -> tuple[Message, Booking]:
    """Make a queued letter that tells of one visit as it is."""
    booking: Booking = BookingFactory()
    message = make(region_id=booking.region_id)
    slot = booking.slot
    db.session.add(
        ToldVisit(
            region_id=booking.region_id,
            message_id=message.id,
            booking_id=booking.id,
            slot_id=slot.id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
        )
    )
    db.session.commit()
    return message, booking


@pytest.mark.parametrize("change", [_move, _end_later, _change_place, _cancel, _withdraw, _take_elsewhere])
def test_a_letter_about_a_visit_that_has_changed_does_not_leave(
    app: Flask, transport: FakeTransport, change: Callable[[Booking], None]
) -> None:
    message, booking = make_letter()
    change(booking)
    db.session.commit()
    assert deliver_due_messages().superseded == 1
    assert (reload(message).state, transport.sent) == (MessageState.SUPERSEDED, [])


def test_a_letter_about_a_visit_that_changes_between_lease_and_sending_does_not_leave(
    app: Flask, transport: FakeTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, booking = make_letter()

    def cancel(_name: str) -> None:
        _cancel(booking)
        db.session.commit()

    monkeypatch.setattr(leases, "reach", cancel)
    deliver_due_messages()
    assert (reload(message).state, transport.sent) == (MessageState.SUPERSEDED, [])


@pytest.mark.parametrize("change", [_leave_as_it_is, _attend])
def test_a_letter_about_a_visit_that_is_as_it_says_leaves(
    app: Flask, transport: FakeTransport, change: Callable[[Booking], None]
) -> None:
    message, booking = make_letter()
    change(booking)
    db.session.commit()
    deliver_due_messages()
    assert reload(message).state is MessageState.SENT


def test_a_lease_that_ran_out_is_taken_over_with_the_same_bytes(app: Flask, transport: FakeTransport) -> None:
    message = make(
        state=MessageState.LEASED,
        lease_token="died",
        lease_until=clock.now() - timedelta(seconds=1),
        attempts=1,
    )
    body = message.body
    assert deliver_due_messages().sent == 1
    assert transport.sent[0].body == body
    assert reload(message).attempts == 2


def test_a_lease_that_holds_is_left_alone(app: Flask, transport: FakeTransport) -> None:
    make(state=MessageState.LEASED, lease_token="alive", lease_until=clock.now() + LEASE)
    assert deliver_due_messages().handled == 0


def test_a_worker_that_lost_its_lease_writes_nothing(app: Flask, transport: FakeTransport) -> None:
    message = make()

    def take_over(_mail: OutgoingMail) -> None:
        with write_transaction(DELIVERY) as session:
            row = session.get_one(Message, message.id)
            row.lease_token, row.lease_until = "faster worker", clock.now() + LEASE

    transport.meanwhile = take_over
    assert deliver_due_messages(limit=1).late == 1
    assert (reload(message).state, message.lease_token) == (MessageState.LEASED, "faster worker")
    assert message.sent_at is None


def test_a_message_over_which_a_worker_died_lets_others_go_first(
    app: Flask, transport: FakeTransport
) -> None:
    died = {"lease_token": "died", "lease_until": clock.now() - timedelta(seconds=1)}
    first = make(state=MessageState.LEASED, **died)
    second = make()
    assert deliver_due_messages().sent == 2
    assert [mail.message_id for mail in transport.sent] == [second.message_id, first.message_id]


def test_a_message_whose_workers_always_die_is_given_up(app: Flask, transport: FakeTransport) -> None:
    message = make(
        state=MessageState.LEASED,
        lease_token="died",
        lease_until=clock.now() - timedelta(seconds=1),
        attempts=MOST_ATTEMPTS,
    )
    assert deliver_due_messages().failed == 1
    assert (reload(message).state, transport.sent) == (MessageState.FAILED, [])
    assert "given up" in message.last_error


def test_no_transaction_is_open_while_a_mail_is_on_its_way(app: Flask, transport: FakeTransport) -> None:
    make()
    seen = []
    transport.meanwhile = lambda _mail: seen.append(db.session().in_transaction())
    deliver_due_messages()
    assert seen == [False]


def test_without_server_mails_become_files_that_a_repeat_writes_again(app: Flask) -> None:
    message = make(message_id="<visit-school.abc@techniek.example>")
    deliver_due_messages()
    directory: Path = app.config["SETTINGS"].mail_directory
    (file,) = directory.iterdir()
    assert file.name == "visit-school.abc@techniek.example.eml"
    assert file.read_bytes() == message.body
    with write_transaction(DELIVERY) as session:
        session.get_one(Message, message.id).state = MessageState.QUEUED
    deliver_due_messages()
    assert [path.read_bytes() for path in directory.iterdir()] == [message.body]


def test_a_message_id_cannot_leave_the_mail_directory(app: Flask) -> None:
    make(message_id="<../../etc/passwd@x.example>")
    deliver_due_messages()
    directory: Path = app.config["SETTINGS"].mail_directory
    assert [path.name for path in directory.iterdir()] == ["_.._etc_passwd@x.example.eml"]


def test_a_mail_directory_that_cannot_be_written_is_a_problem_not_a_crash(app: Flask) -> None:
    message = make()
    directory: Path = app.config["SETTINGS"].mail_directory
    directory.write_text("a file where the folder should be")
    report = deliver_due_messages()
    assert "cannot write" in report.problem
    assert reload(message).state is MessageState.QUEUED


def test_a_message_is_in_the_outbox_once_per_cause_recipient_kind_and_version(app: Flask) -> None:
    make(cause="booking:1", recipient="a@x.example")
    with pytest.raises(IntegrityError, match="cause"):
        MessageFactory(cause="booking:1", recipient="a@x.example")
    db.session.rollback()

"""What servers refuse, from the outbox to the wire and back: retried, given up, or held for all."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Message, User
from matchmaker.models.message import URGENT_LANE
from matchmaker.queries.mail_log import OpenMail, count_open_mail
from matchmaker.queries.sending import get_sending
from matchmaker.services.delivery import MOST_REFUSALS_IN_A_ROW, deliver_due_messages
from matchmaker.services.sending import resend_message
from matchmaker.services.trials import send_test_mail
from tests.factories import MembershipFactory, MessageFactory, RegionFactory, UserFactory
from tests.integration.notifications.rough_server import Line, polite, rough_server
from tests.integration.notifications.smtp_server import Mailroom, smtp_server, write_trusted

BEGAN = datetime.fromisoformat("2026-11-30T08:00:00+00:00")
SetClock = Callable[[datetime], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set the clock to a moment; it stands at `BEGAN`."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(BEGAN)
    return set_clock


def use(app: Flask, port: int, **more: object) -> None:
    """Let the site send over the server on this port."""
    server = {"mail_server": "127.0.0.1", "mail_port": port, "mail_tls": "none", **more}
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], **server)  # type: ignore[arg-type]


@pytest.fixture
def room(app: Flask, at: SetClock) -> Iterator[Mailroom]:
    with smtp_server() as room:
        use(app, room.port)
        yield room


def make(**values: object) -> Message:
    message: Message = MessageFactory(**values)
    db.session.commit()
    return message


def reload(message: Message) -> Message:
    db.session.rollback()
    db.session.refresh(message)
    return message


def states() -> dict[MessageState, int]:
    db.session.rollback()
    rows = db.session.execute(sa.select(Message.state, sa.func.count()).group_by(Message.state))
    return dict(rows.all())  # type: ignore[arg-type]


def deliver_each_minute(at: SetClock, since: datetime, minutes: int) -> datetime:
    """What the worker does in so many minutes; return the last one."""
    now = since
    for _ in range(minutes):
        at(now)
        deliver_due_messages(limit=1000)
        now += timedelta(minutes=1)
    return now


@pytest.mark.parametrize("answer", ["450 4.2.0 greylisted", "451 4.3.0 later", "452 4.2.2 full"])
def test_a_recipient_refused_for_now_arrives_at_the_first_attempt_that_is_allowed(
    room: Mailroom, at: SetClock, answer: str
) -> None:
    message, allowed_from = make(), BEGAN + timedelta(minutes=10)
    room.answer_to_recipient[message.recipient] = answer
    attempts: list[datetime] = []
    while reload(message).state is MessageState.QUEUED:
        now = max(BEGAN, message.next_attempt_at)
        attempts.append(now)
        if now >= allowed_from:
            room.answer_to_recipient.clear()
        at(now)
        deliver_due_messages()
    assert [moment for moment in attempts if moment >= allowed_from] == attempts[-1:]
    assert (message.state, message.attempts) == (MessageState.SENT, len(attempts))
    assert room.received == [(message.recipient, message.body)]


@pytest.mark.parametrize("answer", ["421 4.3.2 closing", "432 4.3.2 too many connections", "451 4.3.0 later"])
def test_a_server_that_is_busy_gets_the_same_bytes_a_minute_later(
    room: Mailroom, at: SetClock, answer: str
) -> None:
    messages = [make() for _ in range(20)]
    room.answer_to_sender = answer
    assert deliver_due_messages().problem == answer
    # One mail was tried; nobody pesters the server with the others.
    assert sum(reload(message).attempts for message in messages) == 1
    room.answer_to_sender = ""
    deliver_each_minute(at, BEGAN, 4)
    assert states() == {MessageState.SENT: 20}
    assert sorted(room.received) == sorted((message.recipient, message.body) for message in messages)


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "551 not here", "553 5.1.3 not a mailbox"])
def test_a_wrong_address_fails_at_once_is_marked_and_blocks_nobody(room: Mailroom, answer: str) -> None:
    user = UserFactory(email="weg@school.example")
    wrong = make(recipient="weg@school.example")
    others = [make() for _ in range(3)]
    room.answer_to_recipient["weg@school.example"] = answer
    report = deliver_due_messages()
    assert (report.failed, report.sent, report.problem) == (1, 3, "")
    assert (reload(wrong).state, wrong.last_error, wrong.attempts) == (MessageState.FAILED, answer, 1)
    assert [recipient for recipient, _ in room.received] == [message.recipient for message in others]
    db.session.refresh(user)
    assert (user.mail_trouble, user.mail_trouble_reason) == (MailTrouble.REFUSED, answer)


def test_an_address_that_works_again_is_no_longer_marked(room: Mailroom) -> None:
    user: User = UserFactory(email="terug@school.example", mail_trouble=MailTrouble.REFUSED)
    failed = make(recipient="terug@school.example", state=MessageState.FAILED, attempts=1)
    resend_message(failed.id)
    deliver_due_messages()
    db.session.refresh(user)
    assert (reload(failed).state, user.mail_trouble) == (MessageState.SENT, None)
    actions = set(db.session.scalars(sa.select(AuditEntry.action)))
    assert actions == {"resend_message", "clear_mail_trouble"}


@pytest.mark.parametrize("answer", ["552 5.3.4 too large", "554 5.7.1 looks like spam"])
def test_a_mail_that_is_refused_for_itself_fails_and_its_address_is_fine(room: Mailroom, answer: str) -> None:
    user = UserFactory(email="a@school.example")
    message = make(recipient="a@school.example")
    room.answer_to_data = answer
    assert deliver_due_messages().failed == 1
    db.session.refresh(user)
    assert (reload(message).last_error, user.mail_trouble) == (answer, None)


def test_a_wrong_password_holds_all_mail_and_fails_none(
    app: Flask, at: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", write_trusted(tmp_path))
    messages = [make(lane=lane) for lane in (URGENT_LANE, *[1] * 20)]
    with smtp_server("starttls", ("bureau", "geheim")) as room:
        login = {"mail_tls": "starttls", "mail_username": "bureau"}
        use(app, room.port, mail_password="fout", **login)
        later = deliver_each_minute(at, BEGAN, 60)
        assert states() == {MessageState.QUEUED: 21}
        assert sum(reload(message).attempts for message in messages) == 0
        sending = get_sending()
        assert "535" in sending.problem
        assert sending.problem_since == BEGAN
        assert sending.held_until is not None
        # An account is not locked by trying: twelve times in an hour, not sixty.
        assert room.conversations == 2 * 12
        use(app, room.port, mail_password="geheim", **login)
        deliver_each_minute(at, later, 6)
    assert states() == {MessageState.SENT: 21}
    assert (get_sending().problem, get_sending().problem_since) == ("", None)


@pytest.mark.parametrize("where", ["sender", "recipient"])
def test_a_refused_sender_holds_all_mail_and_fails_none(room: Mailroom, at: SetClock, where: str) -> None:
    messages = [make() for _ in range(20)]
    answer = "553 5.7.1 Sender address rejected: not owned by user"
    room.answer_to_sender = answer if where == "sender" else ""
    room.answer_to_recipient = (
        {} if where == "sender" else dict.fromkeys([m.recipient for m in messages], answer)
    )
    later = deliver_each_minute(at, BEGAN, 60)
    assert states() == {MessageState.QUEUED: 20}
    assert get_sending().problem == answer
    room.answer_to_sender, room.answer_to_recipient = "", {}
    deliver_each_minute(at, later, 15)
    assert states()[MessageState.SENT] >= 8
    # Those that were tried keep their own time for the next attempt.
    deliver_each_minute(at, later + timedelta(minutes=15), 120)
    assert states() == {MessageState.SENT: 20}


def test_a_server_that_refuses_one_mail_after_the_other_is_not_asked_about_a_thousand(
    room: Mailroom, at: SetClock
) -> None:
    messages = [make() for _ in range(30)]
    room.answer_to_recipient = {message.recipient: "550 5.7.1 go away" for message in messages}
    assert deliver_due_messages().failed == MOST_REFUSALS_IN_A_ROW
    assert get_sending().problem == "550 5.7.1 go away"
    later = deliver_each_minute(at, BEGAN + timedelta(minutes=1), 5)
    assert states() == {MessageState.FAILED: MOST_REFUSALS_IN_A_ROW + 5, MessageState.QUEUED: 15}
    room.answer_to_recipient = {}
    deliver_each_minute(at, later, 1)
    assert states() == {MessageState.FAILED: MOST_REFUSALS_IN_A_ROW + 5, MessageState.SENT: 15}
    for message in messages[: MOST_REFUSALS_IN_A_ROW + 5]:
        resend_message(message.id)
    deliver_due_messages()
    assert states() == {MessageState.SENT: 30}


def test_mail_of_two_hours_without_a_server_arrives_within_a_quarter_after_it(
    app: Flask, at: SetClock
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        use(app, free.getsockname()[1])
    messages = [make() for _ in range(40)]
    later = deliver_each_minute(at, BEGAN, 120)
    assert states() == {MessageState.QUEUED: 40}
    assert "refused" in get_sending().problem
    assert get_sending().problem_since == BEGAN
    with smtp_server() as room:
        use(app, room.port)
        deliver_each_minute(at, later, 15)
        assert sorted(room.received) == sorted((message.recipient, message.body) for message in messages)
    assert states() == {MessageState.SENT: 40}
    assert get_sending().problem == ""


def test_encryption_that_cannot_be_trusted_is_a_visible_problem_and_nothing_leaves_in_clear(
    app: Flask, at: SetClock
) -> None:
    message = make()
    with smtp_server("starttls") as room:
        use(app, room.port, mail_tls="starttls")
        deliver_due_messages()
    assert room.received == []
    assert "certificate" in get_sending().problem.lower()
    with smtp_server("none") as room:
        at(BEGAN + timedelta(minutes=5))
        use(app, room.port, mail_tls="starttls")
        deliver_due_messages()
    assert room.received == []
    assert "STARTTLS" in get_sending().problem
    assert (reload(message).state, message.attempts) == (MessageState.QUEUED, 0)


def test_a_test_mail_that_arrives_lets_held_mail_leave(room: Mailroom, at: SetClock) -> None:
    message = make()
    room.answer_to_sender = "530 5.7.0 authentication required"
    deliver_due_messages()
    room.answer_to_sender = ""
    at(BEGAN + timedelta(minutes=1, seconds=30))
    assert deliver_due_messages().handled == 0
    send_test_mail("beheer@techniek.example")
    assert deliver_due_messages().sent == 1
    assert reload(message).state is MessageState.SENT


def test_a_line_lost_before_the_answer_means_one_identical_repeat(app: Flask, at: SetClock) -> None:
    def take_and_leave(line: Line) -> None:
        line.welcome()
        line.hear_until_text()
        line.mails.append(line.hear(b"\r\n.\r\n") + b"\r\n")

    message, other = make(), make()
    with rough_server(take_and_leave, polite) as rough:
        use(app, rough.port)
        deliver_due_messages()
        assert "may have arrived" in reload(message).last_error
        deliver_each_minute(at, BEGAN, 3)
    assert rough.mails == [message.body, other.body, message.body]
    assert states() == {MessageState.SENT: 2}


def test_what_failed_is_counted_as_the_database_has_it_and_can_be_sent_again(
    room: Mailroom, at: SetClock
) -> None:
    region = RegionFactory()
    member = MembershipFactory(region=region)
    messages = [make(region_id=region.id, recipient=member.user.email), make(region_id=region.id)]
    room.answer_to_recipient[member.user.email] = "550 5.1.1 no such user"
    deliver_due_messages()
    assert states() == {MessageState.FAILED: 1, MessageState.SENT: 1}
    assert count_open_mail(region.id, BEGAN) == OpenMail(waiting=0, failed=1, people_in_trouble=1)
    room.answer_to_recipient.clear()
    resend_message(messages[0].id)
    assert count_open_mail(region.id, BEGAN) == OpenMail(waiting=1, failed=0, people_in_trouble=1)
    deliver_due_messages()
    assert states() == {MessageState.SENT: 2}
    assert count_open_mail(region.id, BEGAN) == OpenMail(waiting=0, failed=0, people_in_trouble=0)
    assert (messages[0].recipient, messages[0].body) in room.received

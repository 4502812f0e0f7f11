"""Servers that are slow, silent or gone in the middle: an attempt ends, nothing is lost, others go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from matchmaker.domain.delivery import HOLDS, Blame
from matchmaker.notifications import delivery
from matchmaker.notifications.delivery import open_transport
from matchmaker.notifications.transport import MailRefusedError, OutgoingMail, Transport, TransportError
from tests.conftest import make_settings
from tests.integration.notifications.rough_server import Line, Rough, polite, rough_server

LONG_ANSWER = "250 " + "x" * 600


def make_mail(number: int, text: str = "Beste collega,") -> OutgoingMail:
    body = f"Subject: {number}\r\nMessage-ID: <{number}@x.example>\r\n\r\n{text}\r\n"
    return OutgoingMail(f"<{number}@x.example>", f"a{number}@x.example", body.encode())


@pytest.fixture
def app() -> None:
    """No database is needed: Flask-Mail only wants an application to signal to."""


@pytest.fixture(autouse=True)
def _application() -> object:
    with Flask("test").app_context():
        yield


@pytest.fixture
def short_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """An attempt that ends in a second, so that tests do."""
    monkeypatch.setattr(delivery, "ATTEMPT_SECONDS", 1.0)


def open_to(rough: Rough, folder: Path, tls: str = "none") -> Transport:
    values = {"mail_server": "127.0.0.1", "mail_port": str(rough.port), "mail_tls": tls}
    return open_transport(make_settings(folder, "sqlite://", **values))


def drip_welcome(line: Line) -> None:
    line.drip("220 " + "x" * 600)
    polite(line)


def drip_answer_to_text(line: Line) -> None:
    line.welcome()
    line.hear_until_text()
    line.hear(b"\r\n.\r\n")
    line.drip(LONG_ANSWER)
    line.mails.append(b"too late")


def drip_answer_to_sender(line: Line) -> None:
    line.welcome()
    line.hear()
    line.drip(LONG_ANSWER)


def be_silent_after_text(line: Line) -> None:
    line.welcome()
    line.hear_until_text()
    line.hear(b"\r\n.\r\n")
    line.keep_silent()


def never_read_the_text(line: Line) -> None:
    line.welcome()
    line.hear_until_text()
    line.keep_silent()


def never_end_an_answer(line: Line) -> None:
    line.welcome()
    line.hear()
    while True:
        line.drip("250-and another thing")


@pytest.mark.parametrize("tls", ["none", "starttls", "ssl"])
@pytest.mark.parametrize("script", [Line.keep_silent, drip_welcome])
def test_a_server_that_is_slow_to_welcome_us_lets_nothing_through(
    short_attempts: None, tmp_path: Path, script: object, tls: str
) -> None:
    with (
        rough_server(script) as rough,  # type: ignore[arg-type]
        open_to(rough, tmp_path, tls) as transport,
        pytest.raises(TransportError) as problem,
    ):
        transport.send(make_mail(1))
    assert problem.value.hold == HOLDS[Blame.BUSY]


@pytest.mark.parametrize(
    "script",
    [
        drip_answer_to_sender,
        drip_answer_to_text,
        be_silent_after_text,
        never_read_the_text,
        never_end_an_answer,
    ],
)
def test_a_server_that_is_slow_over_one_mail_holds_up_no_other(
    short_attempts: None, tmp_path: Path, script: object
) -> None:
    slow = make_mail(1, "x" * 20_000_000 if script is never_read_the_text else "Beste collega,")
    with rough_server(script, polite) as rough, open_to(rough, tmp_path) as transport:  # type: ignore[arg-type]
        with pytest.raises(MailRefusedError) as refusal:
            transport.send(slow)
        transport.send(make_mail(2))
    assert refusal.value.blame is Blame.LATER
    assert rough.mails == [make_mail(2).body]


def test_a_mail_that_the_server_may_have_is_said_to_have_perhaps_arrived(tmp_path: Path) -> None:
    def take_and_leave(line: Line) -> None:
        line.welcome()
        line.hear_until_text()
        line.mails.append(line.hear(b"\r\n.\r\n") + b"\r\n")
        line.hang_up()

    with rough_server(take_and_leave, polite) as rough, open_to(rough, tmp_path) as transport:
        with pytest.raises(MailRefusedError, match="may have arrived") as refusal:
            transport.send(make_mail(1))
        transport.send(make_mail(1))
    assert refusal.value.blame is Blame.LATER
    assert rough.mails == [make_mail(1).body] * 2


def leave_after_two_mails(line: Line) -> None:
    line.welcome()
    line.hear_mail()
    line.hear_mail()


def send_away_after_two_mails(line: Line) -> None:
    leave_after_two_mails(line)
    line.hear()
    line.say("421 4.7.0 enough for one conversation")


def leave_in_the_third_mail(line: Line) -> None:
    leave_after_two_mails(line)
    line.hear()
    line.say("250 sender")
    line.hear()


@pytest.mark.parametrize(
    "script", [leave_after_two_mails, send_away_after_two_mails, leave_in_the_third_mail]
)
def test_where_a_server_takes_so_many_in_one_conversation_another_begins(
    tmp_path: Path, script: object
) -> None:
    mails = [make_mail(number) for number in range(5)]
    with rough_server(script) as rough, open_to(rough, tmp_path) as transport:  # type: ignore[arg-type]
        for mail in mails:
            transport.send(mail)
    assert rough.mails == [mail.body for mail in mails]
    assert rough.conversations == 3


def test_a_server_that_says_nonsense_is_tried_again_later(tmp_path: Path) -> None:
    def talk_nonsense(line: Line) -> None:
        line.welcome()
        line.hear()
        line.say("\x00 nonsense " * 10)

    with rough_server(talk_nonsense, polite) as rough, open_to(rough, tmp_path) as transport:
        with pytest.raises(MailRefusedError) as refusal:
            transport.send(make_mail(1))
        transport.send(make_mail(2))
    assert refusal.value.blame is Blame.BUSY


def test_a_server_with_no_room_for_another_conversation_holds_nobody_who_has_one(tmp_path: Path) -> None:
    def refuse(line: Line) -> None:
        line.say("421 4.7.0 too many conversations")

    with (
        rough_server(polite, refuse) as rough,
        open_to(rough, tmp_path) as first,
        open_to(rough, tmp_path) as second,
    ):
        first.send(make_mail(1))
        with pytest.raises(TransportError) as problem:
            second.send(make_mail(2))
        first.send(make_mail(3))
    assert not problem.value.hold
    assert rough.mails == [make_mail(1).body, make_mail(3).body]


def test_an_address_that_cannot_be_written_concerns_one_mail_only(tmp_path: Path) -> None:
    odd = OutgoingMail("<1@x.example>", "ä@x.example", make_mail(1).body)
    with rough_server(polite) as rough, open_to(rough, tmp_path) as transport:
        with pytest.raises(MailRefusedError) as refusal:
            transport.send(odd)
        transport.send(make_mail(2))
    assert refusal.value.blame is Blame.MAIL
    assert rough.mails == [make_mail(2).body]

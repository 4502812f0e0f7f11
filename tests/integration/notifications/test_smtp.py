"""Real conversations with a mail server: exact bytes, verified certificates, every refusal."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from matchmaker.config import Settings
from matchmaker.domain.delivery import HOLDS, Blame
from matchmaker.notifications.delivery import SmtpTransport, open_transport
from matchmaker.notifications.publication import compose_publication
from matchmaker.notifications.transport import MailRefusedError, OutgoingMail, TransportError
from tests.conftest import make_settings
from tests.integration.notifications.smtp_server import Mailroom, smtp_server, write_trusted
from tests.unit.notifications.publication_facts import PUBLICATION, SETTINGS

MESSAGES = compose_publication(PUBLICATION, SETTINGS)
MAILS = [OutgoingMail(message.message_id, message.recipient, message.body) for message in MESSAGES]
MAIL = MAILS[1]


@pytest.fixture
def room() -> object:
    with smtp_server() as room:
        yield room


@pytest.fixture
def app() -> None:
    """No database is needed: Flask-Mail only wants an application to signal to."""


@pytest.fixture(autouse=True)
def _application() -> object:
    from flask import Flask

    with Flask("test").app_context():
        yield


def settings_for(room: Mailroom, folder: Path, **more: str) -> Settings:
    values = {"mail_server": "127.0.0.1", "mail_port": str(room.port), "mail_tls": "none", **more}
    return make_settings(folder, "sqlite://", **values)


def test_the_server_gets_the_exact_bytes_from_our_address(room: Mailroom, tmp_path: Path) -> None:
    with open_transport(settings_for(room, tmp_path)) as transport:
        for mail in MAILS:
            transport.send(mail)
    assert room.received == [(mail.recipient, mail.body) for mail in MAILS]
    assert room.senders == {"boekingen@techniek.example"}
    assert room.conversations == 1


def test_lines_that_begin_with_a_point_survive(room: Mailroom, tmp_path: Path) -> None:
    mail = OutgoingMail("<1@x>", "a@x.example", b"Subject: x\r\n\r\n.\r\n..\r\n.x\r\nend\r\n")
    with open_transport(settings_for(room, tmp_path)) as transport:
        transport.send(mail)
    assert room.received == [("a@x.example", mail.body)]


@pytest.mark.parametrize(
    ("answer", "blame"), [("550 5.1.1 no such user", Blame.ADDRESS), ("450 busy", Blame.LATER)]
)
def test_a_refused_recipient_says_why_and_stops_nobody_else(
    room: Mailroom, tmp_path: Path, answer: str, blame: Blame
) -> None:
    room.answer_to_recipient[MAIL.recipient] = answer
    other = OutgoingMail("<other@x>", "ander@x.example", MAIL.body)
    with open_transport(settings_for(room, tmp_path)) as transport:
        with pytest.raises(MailRefusedError) as refusal:
            transport.send(MAIL)
        transport.send(other)
    assert (str(refusal.value), refusal.value.blame) == (answer, blame)
    assert [recipient for recipient, _ in room.received] == ["ander@x.example"]


@pytest.mark.parametrize(("answer", "blame"), [("554 5.7.1 spam", Blame.MAIL), ("451 later", Blame.LATER)])
def test_a_refused_content_says_why(room: Mailroom, tmp_path: Path, answer: str, blame: Blame) -> None:
    room.answer_to_data = answer
    with open_transport(settings_for(room, tmp_path)) as transport:
        with pytest.raises(MailRefusedError) as refusal:
            transport.send(MAIL)
        room.answer_to_data = ""
        transport.send(MAIL)
    assert (str(refusal.value), refusal.value.blame) == (answer, blame)
    assert len(room.received) == 1


def test_a_server_that_hangs_up_is_called_again(room: Mailroom, tmp_path: Path) -> None:
    with open_transport(settings_for(room, tmp_path)) as transport:
        room.answer_to_data = "421 closing"
        with pytest.raises(MailRefusedError) as refusal:
            transport.send(MAIL)
        room.answer_to_data = ""
        transport.send(MAIL)
    assert refusal.value.blame is Blame.BUSY
    assert (len(room.received), room.conversations) == (1, 2)


@pytest.mark.parametrize("answer", ["530 5.7.0 authentication required", "553 5.7.1 not your address"])
def test_a_sender_that_is_refused_means_that_nothing_gets_through(
    room: Mailroom, tmp_path: Path, answer: str
) -> None:
    room.answer_to_sender = answer
    with (
        open_transport(settings_for(room, tmp_path)) as transport,
        pytest.raises(MailRefusedError, match=answer[:3]) as refusal,
    ):
        transport.send(MAIL)
    assert refusal.value.blame is Blame.ACCESS


def test_nobody_at_home_means_that_nothing_gets_through(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        room = Mailroom(port=free.getsockname()[1])
    with (
        open_transport(settings_for(room, tmp_path)) as transport,
        pytest.raises(TransportError, match=r"127\.0\.0\.1:\d+: .*refused") as problem,
    ):
        transport.send(MAIL)
    assert problem.value.hold == HOLDS[Blame.BUSY]


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with smtp_server("starttls") as room:
        transport = SmtpTransport(settings_for(room, tmp_path, mail_tls="starttls"))
        with pytest.raises(TransportError, match=r"(?i)certificate") as problem:
            transport.send(MAIL)
    assert problem.value.hold == HOLDS[Blame.ACCESS]
    assert room.received == []


def test_a_certificate_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", write_trusted(tmp_path))
    with smtp_server("starttls") as room:
        settings = settings_for(room, tmp_path, mail_tls="starttls", mail_server="ip6-localhost")
        monkeypatch.setattr(socket, "getaddrinfo", _resolve_to("127.0.0.1", socket.getaddrinfo))
        with pytest.raises(TransportError, match=r"(?i)hostname mismatch"):
            SmtpTransport(settings).send(MAIL)


def _resolve_to(address: str, original: object) -> object:
    return lambda _host, *rest, **more: original(address, *rest, **more)  # type: ignore[operator]


def test_a_certificate_that_the_operator_trusts_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", write_trusted(tmp_path))
    with (
        smtp_server("starttls") as room,
        open_transport(settings_for(room, tmp_path, mail_tls="starttls")) as transport,
    ):
        transport.send(MAIL)
    assert len(room.received) == 1


def test_a_server_without_encryption_is_not_used_when_encryption_is_asked(
    room: Mailroom, tmp_path: Path
) -> None:
    with pytest.raises(TransportError, match="STARTTLS") as problem:
        SmtpTransport(settings_for(room, tmp_path, mail_tls="starttls")).send(MAIL)
    assert problem.value.hold == HOLDS[Blame.ACCESS]
    assert room.received == []


def test_logging_in_with_the_right_and_the_wrong_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", write_trusted(tmp_path))
    with smtp_server("starttls", ("bureau", "geheim")) as room:
        common = {"mail_tls": "starttls", "mail_username": "bureau"}
        with open_transport(settings_for(room, tmp_path, mail_password="geheim", **common)) as transport:
            transport.send(MAIL)
        wrong = settings_for(room, tmp_path, mail_password="fout", **common)
        with pytest.raises(TransportError, match="535") as problem:
            SmtpTransport(wrong).send(MAIL)
    assert problem.value.hold == HOLDS[Blame.ACCESS]
    assert len(room.received) == 1


@pytest.mark.parametrize("trusted", [True, False])
def test_a_server_that_encrypts_from_the_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", write_trusted(tmp_path))
    with (
        smtp_server("ssl") as room,
        open_transport(settings_for(room, tmp_path, mail_tls="ssl")) as transport,
    ):
        if trusted:
            transport.send(MAIL)
        else:
            with pytest.raises(TransportError, match=r"(?i)certificate"):
                transport.send(MAIL)
    assert len(room.received) == trusted

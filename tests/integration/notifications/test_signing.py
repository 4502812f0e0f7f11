"""Signed mails hold for what arrives, calendar and all, and every repeat is byte-identical."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import dkim
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask

from matchmaker import clock
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message
from matchmaker.queries.sending import get_sending
from matchmaker.services import delivery
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.leases import LEASE
from matchmaker.services.transaction import write_transaction
from matchmaker.services.trials import send_test_mail
from matchmaker.services.unrecorded import DELIVERY
from tests.factories import MessageFactory
from tests.integration.notifications.rough_server import Line, polite, rough_server
from tests.integration.notifications.smtp_server import smtp_server
from tests.integration.notifications.test_crashes import make_all_due, put_publication_in_outbox
from tests.unit.test_settings_of_signing import write_key

NAME = b"techniek2026._domainkey.techniek.example."


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def key_file(tmp_path: Path, key: rsa.RSAPrivateKey) -> Path:
    return write_key(tmp_path / "key.pem", key)


@pytest.fixture
def use_server(app: Flask, key_file: Path) -> Callable[[int], None]:
    """Let the site sign, and send over the server on a port."""

    def use(port: int) -> None:
        server = {"mail_server": "127.0.0.1", "mail_port": port, "mail_tls": "none"}
        signing = {"dkim_selector": "techniek2026", "dkim_key_file": str(key_file)}
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], **server, **signing)

    return use


def holds(mail: bytes, key: rsa.RSAPrivateKey) -> bool:
    """Verify as a receiving server does, with the public key from where the mail says that it stands."""
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    return bool(dkim.verify(mail, dnsfunc=lambda name, **_how: record if name == NAME else None))


def test_what_arrives_carries_a_signature_that_holds_also_over_the_calendar(
    use_server: Callable[[int], None], key: rsa.RSAPrivateKey
) -> None:
    composed = put_publication_in_outbox()
    make_all_due()
    with smtp_server() as room:
        use_server(room.port)
        deliver_due_messages()
    arrived = [content for _, content in room.received]
    assert len(arrived) == len(composed)
    for mail in arrived:
        assert holds(mail, key)
        # Nothing but the signature came to what was composed.
        signature, _, rest = mail.partition(b"\r\nFrom: ")
        assert signature.startswith(
            b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=techniek.example;"
        )
        assert b"From: " + rest in composed.values()
    with_calendar = [mail for mail in arrived if b"text/calendar" in mail]
    assert with_calendar
    for mail in with_calendar:
        head, found, calendar = mail.rpartition(b"text/calendar")
        at = calendar.index(b"\r\n\r\n") + 8
        changed = bytes([calendar[at] ^ 1])
        assert not holds(head + found + calendar[:at] + changed + calendar[at + 1 :], key)


@pytest.mark.parametrize("header", [b"Subject", b"To", b"Date", b"Message-ID", b"MIME-Version", b"Reply-To"])
def test_no_header_can_be_changed_or_a_sender_added(
    use_server: Callable[[int], None], key: rsa.RSAPrivateKey, header: bytes
) -> None:
    put_publication_in_outbox()
    make_all_due()
    with smtp_server() as room:
        use_server(room.port)
        deliver_due_messages()
    mail = next(content for _, content in room.received if b"\r\n" + header + b": " in content)
    assert holds(mail, key)
    assert not holds(mail.replace(b"\r\n" + header + b": ", b"\r\n" + header + b": x", 1), key)
    assert not holds(b"From: iemand@anders.example\r\n" + mail, key)


def test_a_repeat_is_identical_also_after_the_key_changed(
    use_server: Callable[[int], None], key_file: Path, key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_and_leave(line: Line) -> None:
        line.welcome()
        line.hear_until_text()
        line.mails.append(line.hear(b"\r\n.\r\n") + b"\r\n")

    message = MessageFactory()
    db.session.commit()
    with rough_server(take_and_leave, polite) as rough:
        use_server(rough.port)
        assert deliver_due_messages().postponed == 1
        write_key(key_file, rsa.generate_private_key(65537, 2048))
        later = clock.now() + timedelta(minutes=2)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert deliver_due_messages().sent == 1
    first, second = rough.mails
    assert first == second
    assert holds(first, key)
    db.session.refresh(message)
    assert message.body == first


def test_a_worker_that_lost_its_lease_while_signing_sends_nothing(
    use_server: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    message = MessageFactory()
    db.session.commit()
    original = delivery.sign

    def sign_too_slowly(*given: object) -> object:
        with write_transaction(DELIVERY) as session:
            taken = {"lease_token": "faster worker", "lease_until": clock.now() + LEASE}
            session.execute(sa.update(Message).values(**taken))
        return original(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(delivery, "sign", sign_too_slowly)
    with smtp_server() as room:
        use_server(room.port)
        assert deliver_due_messages(limit=1).late == 1
    assert room.received == []
    db.session.refresh(message)
    assert not message.body.startswith(b"DKIM-Signature")


def test_a_key_that_is_gone_holds_mail_and_says_so(use_server: Callable[[int], None], key_file: Path) -> None:
    message = MessageFactory()
    db.session.commit()
    key_file.unlink()
    with smtp_server() as room:
        use_server(room.port)
        deliver_due_messages()
    assert room.received == []
    assert "key.pem" in get_sending().problem
    db.session.refresh(message)
    assert (message.state, message.attempts) == (MessageState.QUEUED, 0)


def test_the_mail_to_try_the_settings_is_signed_too(
    use_server: Callable[[int], None], key: rsa.RSAPrivateKey
) -> None:
    with smtp_server() as room:
        use_server(room.port)
        send_test_mail("beheer@techniek.example")
    ((_, mail),) = room.received
    assert holds(mail, key)

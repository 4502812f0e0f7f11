"""A real SMTP server on the loopback, that answers as a test tells it to."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


@cache
def _authority() -> trustme.CA:
    """Who vouches for the server: made for this test run, trusted by nobody but a test that says so."""
    return trustme.CA()


def issue_certificate(context: ssl.SSLContext) -> None:
    """Let a server on this machine show a certificate of the authority."""
    _authority().issue_cert("localhost", "127.0.0.1").configure_cert(context)


def write_trusted(folder: Path) -> str:
    """Write the authority's certificate to a file and return its path: whoever reads it trusts the server."""
    path = folder / "authority.pem"
    _authority().cert_pem.write_to_path(path)
    return str(path)


@dataclass
class Mailroom:
    """What arrived, byte by byte, and what to answer for whom."""

    received: list[tuple[str, bytes]] = field(default_factory=list)
    senders: set[str] = field(default_factory=set)
    answer_to_recipient: dict[str, str] = field(default_factory=dict)
    answer_to_sender: str = ""
    answer_to_data: str = ""
    conversations: int = 0
    # How long the server thinks about each recipient and each text.
    answer_seconds: float = 0
    port: int = 0

    async def handle_EHLO(  # noqa: N802
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.conversations += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if self.answer_to_sender:
            return self.answer_to_sender
        envelope.mail_from = address
        self.senders.add(address)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        await asyncio.sleep(self.answer_seconds)
        answer = self.answer_to_recipient.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.answer_seconds)
        if self.answer_to_data:
            return self.answer_to_data
        (recipient,) = envelope.rcpt_tos
        self.received.append((recipient, envelope.original_content))
        return "250 taken"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def smtp_server(tls: str = "none", login: tuple[str, str] | None = None) -> Iterator[Mailroom]:
    """Run a server for the length of a test; with `tls` starttls or ssl nobody knows who vouches for it."""
    room = Mailroom()
    options: dict[str, Any] = {"server_hostname": "localhost", "ident": "test"}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issue_certificate(context)
    if tls == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if tls == "ssl":
        options |= {"ssl_context": context}
    if login:
        options |= {
            "authenticator": lambda _server, _session, _envelope, _mechanism, data: AuthResult(
                success=(data.login.decode(), data.password.decode()) == login, handled=False
            ),
            "auth_required": True,
        }
    room.port = _free_port()
    controller = Controller(room, hostname="127.0.0.1", port=room.port, **options)
    controller.start()
    try:
        yield room
    finally:
        controller.stop()

"""How a mail leaves the house: over SMTP, or as a file. The only importer of Flask-Mail."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from flask_mail import Connection, Mail, Message

from matchmaker.config import Settings
from matchmaker.failpoints import reach
from matchmaker.notifications.composing import system_address
from matchmaker.notifications.wording import one_line, shorten

TIMEOUT_SECONDS = 20
_REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One stored mail: the bytes leave as they are, so that a repeat is identical."""

    message_id: str
    recipient: str
    body: bytes


class DeliveryError(Exception):
    """A mail did not leave; the text says why, in one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(shorten(one_line(reason), _REASON_LIMIT))


class MailRefusedError(DeliveryError):
    """This one mail was not taken; `permanent` when another attempt is useless."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        self.permanent = permanent
        super().__init__(reason)


class TransportError(DeliveryError):
    """No mail gets through at all at this moment: no connection, no trust, no access."""


class Transport(Protocol):
    """A way out for mails. Open it once for several mails and close it at the end."""

    def send(self, mail: OutgoingMail) -> None:
        """Send one mail.

        Raises
        ------
        MailRefusedError, TransportError
            When it did not leave, or when nobody can know whether it did.
        """

    def close(self) -> None:
        """Let go of the connection."""

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""


def open_transport(settings: Settings) -> Transport:
    """Return SMTP when a server is set, else files in the mail directory. Connects on first use."""
    if settings.mail_server:
        return SmtpTransport(settings)
    return FileTransport(settings.mail_directory)


class _Closing:
    """Closes at the end of a ``with``."""

    def close(self) -> None:
        """Let go of what is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def file_name(message_id: str) -> str:
    """Return the name of the file that a mail with this id is written to."""
    return re.sub(r"[^A-Za-z0-9@._-]", "_", message_id.strip("<>")).lstrip(".") + ".eml"


def remove_files(directory: Path, message_ids: Iterable[str]) -> None:
    """Delete the files of these mails; one that is not there is no mistake."""
    for message_id in message_ids:
        (directory / file_name(message_id)).unlink(missing_ok=True)


class FileTransport(_Closing):
    """Writes each mail as an ``.eml`` file named after its Message-ID; a repeat writes the same file."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def send(self, mail: OutgoingMail) -> None:
        """Write the mail; a reader sees the whole file or none."""
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            reach("delivery.connected")
            self._write(self._directory / file_name(mail.message_id), mail.body)
        except OSError as error:
            raise TransportError(f"cannot write to {self._directory}: {error.strerror}") from error

    def _write(self, path: Path, body: bytes) -> None:
        unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
        with unfinished.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        reach("delivery.after_data")
        unfinished.replace(path)


class SmtpTransport(_Closing):
    """Sends over one SMTP connection at a time, opened on first use and again after it broke."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._mail = Mail().init_mail(
            {
                "MAIL_SERVER": settings.mail_server,
                "MAIL_PORT": settings.mail_port,
                "MAIL_USERNAME": settings.mail_username,
                "MAIL_PASSWORD": settings.mail_password,
                "MAIL_USE_TLS": settings.mail_tls == "starttls",
                "MAIL_USE_SSL": settings.mail_tls == "ssl",
            }
        )
        # Made once, because each new one would ask the name server for this machine's name.
        self._envelope = _StoredMessage(sender=system_address(settings), recipients=["nobody@localhost"])
        self._connection: _VerifyingConnection | None = None

    def send(self, mail: OutgoingMail) -> None:
        """Hand one mail to the server and wait until it takes responsibility."""
        connection = self._connection or self._connect()
        self._envelope.recipients, self._envelope.stored = [mail.recipient], mail.body
        try:
            connection.send(self._envelope)
        except smtplib.SMTPSenderRefused as error:
            self.close()
            raise TransportError(_words(error)) from error
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise self._refusal(code, f"{code} {_text(text)}") from error
        except smtplib.SMTPResponseException as error:
            raise self._refusal(error.smtp_code, _words(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            # The line broke: nobody knows whether the server took it, so it is sent again.
            self.close()
            raise MailRefusedError(_words(error), permanent=False) from error

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        connection, self._connection = self._connection, None
        if connection is not None and connection.host is not None:
            try:
                connection.host.quit()
            except (smtplib.SMTPException, OSError):
                connection.host.close()

    def _connect(self) -> _VerifyingConnection:
        connection = _VerifyingConnection(self._mail, self._settings.mail_domain)
        try:
            connection.__enter__()
        except (smtplib.SMTPException, OSError) as error:
            server = f"{self._settings.mail_server}:{self._settings.mail_port}"
            raise TransportError(f"{server}: {_words(error)}") from error
        reach("delivery.connected")
        self._connection = connection
        return connection

    def _refusal(self, code: int, reason: str) -> MailRefusedError:
        if code == 421:  # The server is about to hang up.
            self.close()
        return MailRefusedError(reason, permanent=500 <= code < 600)


class _StoredMessage(Message):
    """Flask-Mail's message around bytes that exist already."""

    stored: bytes = b""

    def as_bytes(self) -> bytes:
        """Return the bytes of the outbox."""
        return self.stored


class _VerifyingConnection(Connection):
    """Flask-Mail's connection with what it leaves out: a verified certificate and a time limit."""

    def __init__(self, mail: Any, own_name: str) -> None:
        super().__init__(mail)
        self._own_name = own_name

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and log in; nothing of it stays open after an error."""
        server = self.mail
        context = ssl.create_default_context()
        where: dict[str, Any] = {"local_hostname": self._own_name, "timeout": TIMEOUT_SECONDS}
        host: smtplib.SMTP
        if server.use_ssl:
            host = _SmtpSsl(server.server, server.port, context=context, **where)
        else:
            host = _Smtp(server.server, server.port, **where)
        try:
            if server.use_tls:
                host.starttls(context=context)
            if server.username and server.password:
                host.login(server.username, server.password)
        except BaseException:
            host.close()
            raise
        return host


class _ReachesAfterData:
    """Passes a failpoint between the last byte of a mail and the server's answer."""

    def send(self, data: Any) -> None:
        """Send as the library does."""
        super().send(data)  # type: ignore[misc]
        if isinstance(data, bytes) and data.endswith(b"\r\n.\r\n"):
            reach("delivery.after_data")


class _Smtp(_ReachesAfterData, smtplib.SMTP):
    """SMTP, encrypted later or not at all."""


class _SmtpSsl(_ReachesAfterData, smtplib.SMTP_SSL):
    """SMTP that is encrypted from the first byte on."""


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer

"""How a mail leaves the house: over SMTP, or as a file. The only importer of Flask-Mail."""

from __future__ import annotations

import smtplib
import ssl
from datetime import timedelta
from typing import Any

from flask_mail import Connection, Mail, Message

from matchmaker.config import Settings
from matchmaker.domain.delivery import HOLDS, Blame, Stage, judge_answer
from matchmaker.failpoints import reach
from matchmaker.notifications.composing import system_address
from matchmaker.notifications.mail_files import FileTransport
from matchmaker.notifications.smtp_lines import (
    ATTEMPT_SECONDS,
    GOODBYE_SECONDS,
    Deadline,
    TimedSmtp,
    TimedSmtpSsl,
)
from matchmaker.notifications.transport import (
    Closing,
    MailRefusedError,
    OutgoingMail,
    Transport,
    TransportError,
)

# The server is about to hang up.
_CLOSING = 421


def open_transport(settings: Settings) -> Transport:
    """Return SMTP when a server is set, else files in the mail directory. Connects on first use."""
    if settings.mail_server:
        return SmtpTransport(settings)
    return FileTransport(settings.mail_directory)


class _LineLostError(MailRefusedError):
    """The connection broke before the server had the mail, so it does not have it."""


class SmtpTransport(Closing):
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
        """Hand one mail to the server and wait until it takes responsibility, at most `ATTEMPT_SECONDS`.

        A connection that served mails before may have ended meanwhile: servers allow so many mails or so
        much silence. A mail that it did not get goes over a new one at once.
        """
        deadline = Deadline(ATTEMPT_SECONDS)
        if self._connection is not None:
            try:
                self._hand_over(self._connection, mail, deadline)
            except _LineLostError:
                if deadline.is_over:
                    raise
            else:
                return
        self._hand_over(self._connect(deadline), mail, deadline)

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        connection, self._connection = self._connection, None
        if connection is None or connection.host is None:
            return
        connection.host.deadline = Deadline(GOODBYE_SECONDS)
        try:
            connection.host.quit()
        except (smtplib.SMTPException, OSError):
            connection.host.close()

    def _hand_over(self, connection: _VerifyingConnection, mail: OutgoingMail, deadline: Deadline) -> None:
        self._envelope.recipients, self._envelope.stored = [mail.recipient], mail.body
        host = connection.begin(deadline)
        try:
            connection.send(self._envelope)
        except smtplib.SMTPSenderRefused as error:
            raise self._refusal(Stage.SENDER, error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refusal(Stage.RECIPIENT, *next(iter(error.recipients.values()))) from error
        except smtplib.SMTPResponseException as error:
            raise self._refusal(Stage.TEXT, error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            if host.handed_over:
                # Nobody knows whether the server took it. A repeat does no harm, a loss does.
                raise MailRefusedError(f"{_words(error)}; it may have arrived", Blame.LATER) from error
            raise _LineLostError(_words(error), Blame.LATER) from error
        except ValueError as error:
            self.close()
            raise MailRefusedError(f"the address cannot be written: {error}", Blame.MAIL) from error

    def _connect(self, deadline: Deadline) -> _VerifyingConnection:
        connection = _VerifyingConnection(self._mail, self._settings.mail_domain, deadline)
        try:
            connection.__enter__()
        except (smtplib.SMTPException, OSError) as error:
            server = f"{self._settings.mail_server}:{self._settings.mail_port}"
            raise TransportError(f"{server}: {_words(error)}", _hold_after(error)) from error
        reach("delivery.connected")
        self._connection = connection
        return connection

    def _refusal(self, stage: Stage, code: int, answer: bytes | str) -> MailRefusedError:
        text = _text(answer)
        blame = judge_answer(stage, code, text)
        if blame in HOLDS:
            self.close()
        if code == _CLOSING and stage is Stage.SENDER:
            return _LineLostError(f"{code} {text}", blame)
        return MailRefusedError(f"{code} {text}", blame)


def _hold_after(error: Exception) -> timedelta:
    """Return how long nobody calls a server again that let nobody in.

    Where it answers that it has no room at this moment, another worker may be talking to it: then mails
    leave that way, and must not be held.
    """
    if isinstance(error, smtplib.SMTPResponseException):
        blame = judge_answer(Stage.WELCOME, error.smtp_code, _text(error.smtp_error))
        return timedelta() if blame is Blame.BUSY else HOLDS[blame]
    distrust = isinstance(error, ssl.SSLCertVerificationError | smtplib.SMTPNotSupportedError)
    return HOLDS[Blame.ACCESS if distrust else Blame.BUSY]


class _StoredMessage(Message):
    """Flask-Mail's message around bytes that exist already."""

    stored: bytes = b""

    def as_bytes(self) -> bytes:
        """Return the bytes of the outbox."""
        return self.stored


class _VerifyingConnection(Connection):
    """Flask-Mail's connection with what it leaves out: a verified certificate and a time limit."""

    host: TimedSmtp | None

    def __init__(self, mail: Any, own_name: str, deadline: Deadline) -> None:
        super().__init__(mail)
        self._own_name = own_name
        self._deadline = deadline

    def begin(self, deadline: Deadline) -> TimedSmtp:
        """Begin with another mail, which has its own time limit; return the conversation."""
        if self.host is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        self.host.deadline, self.host.handed_over = deadline, False
        return self.host

    def configure_host(self) -> TimedSmtp:
        """Connect, encrypt and log in; nothing of it stays open after an error."""
        server = self.mail
        context = ssl.create_default_context()
        where = (server.server, server.port, self._own_name, self._deadline)
        host = TimedSmtpSsl(*where, context) if server.use_ssl else TimedSmtp(*where)
        try:
            if server.use_tls:
                host.starttls(context=context)
            if server.username and server.password:
                host.login(server.username, server.password)
        except BaseException:
            host.close()
            raise
        return host


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer

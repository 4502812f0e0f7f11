"""The standard library's SMTP with one time limit for a whole attempt, however slowly the server speaks."""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from typing import Any

from matchmaker.failpoints import reach

CONNECT_SECONDS = 10
ATTEMPT_SECONDS = 60
GOODBYE_SECONDS = 3
_CHUNK = 16 * 1024
_END_OF_MAIL = b"\r\n.\r\n"


class Deadline:
    """The moment at which an attempt ends."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Return how many seconds are left.

        Raises
        ------
        TimeoutError
            When none are.
        """
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server is too slow")
        return left

    @property
    def is_over(self) -> bool:
        """Tell whether no time is left."""
        return time.monotonic() >= self._ends


def connect(host: str, port: int, deadline: Deadline) -> socket.socket:
    """Return a connection to the first of the host's addresses that answers.

    Raises
    ------
    OSError
        When none answers within `CONNECT_SECONDS` for all together; looking up the name is not counted.
    """
    budget = Deadline(min(CONNECT_SECONDS, deadline.left()))
    problem: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        line = socket.socket(family, kind, protocol)
        try:
            line.settimeout(budget.left())
            line.connect(address)
            # The last piece of a mail must not wait for the answer to the piece before.
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            line.close()
            problem = error
        else:
            line.settimeout(deadline.left())
            return line
    raise problem or OSError("the name has no address")


class _Lines:
    """Reads line by line from a connection until the deadline, byte by byte if it must."""

    def __init__(self, smtp: TimedSmtp) -> None:
        self._smtp = smtp
        self._ahead = b""

    def readline(self, limit: int) -> bytes:
        """Return one line with its end, or what came before the connection ended; at most `limit` bytes."""
        line, end, rest = self._ahead.partition(b"\n")
        while not end and len(line) < limit:
            chunk = self._receive()
            if not chunk:
                break
            before, end, rest = chunk.partition(b"\n")
            line += before
        self._ahead = rest
        return (line + end)[:limit]

    def _receive(self) -> bytes:
        line, deadline = self._smtp.sock, self._smtp.deadline
        if line is None:
            return b""
        line.settimeout(deadline.left())
        chunk: bytes = line.recv(_CHUNK)
        # Whatever the library does next, encrypting for one, has no longer than this.
        line.settimeout(deadline.left())
        return chunk

    def close(self) -> None:
        """Nothing is held that the connection does not hold."""


class TimedSmtp(smtplib.SMTP):
    """SMTP, encrypted later or not at all. `handed_over` once the server has the whole of a mail."""

    def __init__(self, host: str, port: int, own_name: str, deadline: Deadline) -> None:
        self.deadline = deadline
        self.handed_over = False
        super().__init__(host, port, local_hostname=own_name)

    def _get_socket(self, host: str, port: int, _timeout: float) -> socket.socket:
        return connect(host, port, self.deadline)

    def getreply(self) -> tuple[int, bytes]:
        """Read one answer of the server, until the deadline."""
        if self.file is None:
            self.file: Any = _Lines(self)
        return super().getreply()

    def send(self, data: Any) -> None:
        """Send in pieces, until the deadline."""
        whole = data.encode(self.command_encoding) if isinstance(data, str) else bytes(data)
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        try:
            for start in range(0, len(whole), _CHUNK):
                self.sock.settimeout(self.deadline.left())
                self.sock.sendall(whole[start : start + _CHUNK])
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(str(error)) from error
        if isinstance(data, bytes) and whole.endswith(_END_OF_MAIL):
            self.handed_over = True
            reach("delivery.after_data")


class TimedSmtpSsl(TimedSmtp):
    """SMTP that is encrypted from the first byte on."""

    def __init__(
        self, host: str, port: int, own_name: str, deadline: Deadline, context: ssl.SSLContext
    ) -> None:
        self._context = context
        super().__init__(host, port, own_name, deadline)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line = super()._get_socket(host, port, timeout)
        return self._context.wrap_socket(line, server_hostname=host)

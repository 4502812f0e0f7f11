"""A mail server without manners: each conversation goes as a test writes it, byte by byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


class HungUpError(Exception):
    """The other side left."""


@dataclass
class Line:
    """One conversation, seen from the server."""

    connection: socket.socket
    ended: threading.Event
    mails: list[bytes]
    _unread: bytes = b""

    def say(self, text: str) -> None:
        self.connection.sendall(f"{text}\r\n".encode())

    def drip(self, text: str) -> None:
        """Say it one byte at a time, twenty in a second."""
        for byte in f"{text}\r\n".encode():
            self.connection.sendall(bytes([byte]))
            if self.ended.wait(0.05):
                raise HungUpError

    def keep_silent(self) -> None:
        self.ended.wait(30)
        raise HungUpError

    def hang_up(self) -> None:
        raise HungUpError

    def hear(self, end: bytes = b"\r\n") -> bytes:
        while end not in self._unread:
            chunk = self.connection.recv(65536)
            if not chunk:
                raise HungUpError
            self._unread += chunk
        heard, _, self._unread = self._unread.partition(end)
        return heard

    def welcome(self) -> None:
        self.say("220 rough.example")
        self.hear()
        self.say("250 rough.example")

    def hear_mail(self, answer: str = "250 taken") -> None:
        """Go through one mail; the text counts as received before the answer."""
        self.hear_until_text()
        self.mails.append(self.hear(b"\r\n.\r\n") + b"\r\n")
        self.say(answer)

    def hear_until_text(self) -> None:
        for answer in ("250 sender", "250 recipient", "354 go on"):
            self.hear()
            self.say(answer)


def polite(line: Line) -> None:
    """Take every mail until the other side leaves."""
    line.welcome()
    while True:
        line.hear_mail()


Script = Callable[[Line], None]


@dataclass
class Rough:
    """What arrived, over how many conversations."""

    port: int
    mails: list[bytes] = field(default_factory=list)
    conversations: int = 0


@contextmanager
def rough_server(*scripts: Script) -> Iterator[Rough]:
    """Play the first script in the first conversation and so on; the last one in all that follow."""
    listener = socket.create_server(("127.0.0.1", 0))
    rough, ended = Rough(listener.getsockname()[1]), threading.Event()

    def converse(connection: socket.socket, script: Script) -> None:
        with connection, suppress(HungUpError, OSError):
            script(Line(connection, ended, rough.mails))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            script = scripts[min(rough.conversations, len(scripts) - 1)]
            rough.conversations += 1
            threading.Thread(target=converse, args=(connection, script), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield rough
    finally:
        ended.set()
        # An accept that waits is woken by this, not by closing alone.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()

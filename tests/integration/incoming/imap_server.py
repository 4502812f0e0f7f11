"""A small IMAP server on the loopback, that answers as a test tells it to (RFC 3501, RFC 6851).

It knows what our side says and nothing else; one conversation at a time, over TLS from the first byte on.
"""

from __future__ import annotations

import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.integration.notifications.smtp_server import issue_certificate

PASSWORD = "geheim en lang"


@dataclass
class Inbox:
    """The folders of the mailbox by name, and how the server behaves.

    Parameters
    ----------
    capabilities
        What it says that it can.
    drop_at
        Hang up instead of answering the first command that begins like this.
    refuse
        Answer NO to commands that begin like this.
    prefix
        With which the names of folders must begin.
    """

    folders: dict[str, dict[int, bytes]] = field(default_factory=lambda: {"INBOX": {}})
    deleted: set[int] = field(default_factory=set)
    capabilities: str = "IMAP4rev1 UIDPLUS MOVE"
    drop_at: str = ""
    refuse: str = ""
    prefix: str = ""
    commands: list[str] = field(default_factory=list)
    port: int = 0
    last_uid: int = 100

    def add(self, raw: bytes) -> int:
        """Put a mail into the inbox and return its number."""
        self.last_uid += 1
        self.folders["INBOX"][self.last_uid] = raw
        return self.last_uid

    def waiting(self) -> list[int]:
        """Numbers of the mails that still wait in the inbox."""
        return sorted(set(self.folders["INBOX"]) - self.deleted)

    def in_folder(self, name: str) -> list[bytes]:
        """The mails in a folder beside the inbox."""
        return list(self.folders.get(name, {}).values())


class _HungUpError(Exception):
    """The server hangs up, as the test wants."""


class _Conversation(socketserver.StreamRequestHandler):
    @property
    def inbox(self) -> Inbox:
        return self.server.inbox  # type: ignore[attr-defined, no-any-return]

    def handle(self) -> None:
        """Answer until the other side says goodbye."""
        try:
            self._say(b"* OK ready")
            while line := self.rfile.readline():
                tag, _, command = line.decode().strip().partition(" ")
                self.inbox.commands.append(command)
                if not self._answer(tag, command):
                    return
        except (_HungUpError, OSError, ssl.SSLError):
            return

    def _answer(self, tag: str, command: str) -> bool:
        if self.inbox.drop_at and command.startswith(self.inbox.drop_at):
            self.inbox.drop_at = ""
            raise _HungUpError
        if self.inbox.refuse and command.startswith(self.inbox.refuse):
            self._say(f"{tag} NO not now".encode())
            return True
        words = re.findall(r'"(?:[^"\\]|\\.)*"|\S+', command)
        name = "_".join(words[:2]).lower() if words[0] == "UID" else words[0].lower()
        status = getattr(self, f"_{name}")(*(word.strip('"') for word in words))
        self._say(f"{tag} {status} as asked".encode())
        return name != "logout"

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
        self.wfile.flush()

    def _capability(self, *_: str) -> str:
        self._say(f"* CAPABILITY {self.inbox.capabilities}".encode())
        return "OK"

    def _login(self, _name: str, user: str, password: str) -> str:
        return "OK" if (user, password) == ("boekingen", PASSWORD) else "NO wrong password"

    def _logout(self, *_: str) -> str:
        self._say(b"* BYE")
        return "OK"

    def _select(self, _name: str, folder: str) -> str:
        if folder not in self.inbox.folders:
            return "NO no such folder"
        self._say(f"* {len(self.inbox.folders[folder])} EXISTS".encode())
        return "OK [READ-WRITE]"

    def _create(self, _name: str, folder: str) -> str:
        if not folder.startswith(self.inbox.prefix) or folder in self.inbox.folders:
            return "NO cannot"
        self.inbox.folders[folder] = {}
        return "OK"

    def _status(self, _name: str, folder: str, *_: str) -> str:
        if folder not in self.inbox.folders:
            return "NO no such folder"
        self._say(f'* STATUS "{folder}" (MESSAGES 0)'.encode())
        return "OK"

    def _uid_search(self, *_: str) -> str:
        self._say(f"* SEARCH {' '.join(map(str, self.inbox.waiting()))}".rstrip().encode())
        return "OK"

    def _uid_fetch(self, _uid: str, _fetch: str, uids: str, *what: str) -> str:
        for uid in map(int, uids.split(",")):
            raw = self.inbox.folders["INBOX"].get(uid)
            if raw is None:
                continue
            if "RFC822.SIZE" in " ".join(what):
                self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)})".encode())
            else:
                self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw)
                self._say(b")")
        return "OK"

    def _uid_move(self, _uid: str, _move: str, uid: str, folder: str) -> str:
        raw = self.inbox.folders["INBOX"].pop(int(uid), None)
        if raw is not None:
            self.inbox.folders[folder][int(uid)] = raw
        return "OK"

    def _uid_copy(self, _uid: str, _copy: str, uid: str, folder: str) -> str:
        self.inbox.folders[folder][int(uid)] = self.inbox.folders["INBOX"][int(uid)]
        return "OK"

    def _uid_store(self, _uid: str, _store: str, uid: str, *_: str) -> str:
        self.inbox.deleted.add(int(uid))
        return "OK"

    def _uid_expunge(self, _uid: str, _expunge: str, uid: str) -> str:
        self.inbox.folders["INBOX"].pop(int(uid), None)
        return "OK"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issue_certificate(self._context)
        super().__init__(("127.0.0.1", 0), _Conversation)

    def get_request(self) -> tuple[Any, Any]:
        connection, address = super().get_request()
        connection.settimeout(10)
        return self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, because it does not trust us, is no mistake."""


@contextmanager
def imap_server() -> Iterator[Inbox]:
    """Run a server with an empty inbox for the length of a test."""
    inbox = Inbox()
    with _Server(inbox) as server:
        inbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield inbox
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def silent_server() -> Iterator[int]:
    """Listen and never say a word; return the port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])

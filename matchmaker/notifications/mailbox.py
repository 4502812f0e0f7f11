"""The mailbox that answers and bounces come back to, read over IMAP. The only importer of imaplib.

Mails are named by their UID within one conversation, and nothing is remembered between two: what is dealt
with is moved to a folder beside the inbox, and only after that is it gone from there. So a conversation that
breaks off anywhere loses nothing; a mail that comes again is known by the service.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from matchmaker.config import Settings
from matchmaker.notifications.wording import one_line, shorten

TIMEOUT_SECONDS = 20
HANDLED_FOLDER = "matchmaker-done"
REFUSED_FOLDER = "matchmaker-refused"
_REASON_LIMIT = 300
_UID = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxError(Exception):
    """The mailbox cannot be read now; the text says why, in one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(shorten(one_line(reason), _REASON_LIMIT))


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail in the inbox: its number there, and how many bytes it has."""

    uid: int
    size: int


class Mailbox:
    """One conversation with the mail server; each method may raise `MailboxError`."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection
        self._folders: dict[str, str] = {}
        self._can: frozenset[str] = frozenset()

    def open(self, settings: Settings) -> None:
        """Sign in and look into the folder."""
        self._ask("login", settings.imap_username, settings.imap_password)
        self._can = frozenset(
            word.upper() for line in self._ask("capability") for word in _text(line).split()
        )
        self._ask("select", _quote(settings.imap_folder))

    def list_waiting(self, limit: int) -> list[WaitingMail]:
        """Return the mails that came first, at most so many."""
        (found, *_) = self._ask("uid", "SEARCH", "UNDELETED") or [b""]
        uids = sorted(int(uid) for uid in (found or b"").split())[:limit]
        if not uids:
            return []
        lines = self._ask("uid", "FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        sizes = dict(_read_size(line) for line in lines if isinstance(line, bytes) and _UID.search(line))
        # A mail that somebody else took away in between has no size.
        return [WaitingMail(uid, sizes[uid]) for uid in uids if uid in sizes]

    def fetch(self, uid: int) -> bytes | None:
        """Return the bytes of a mail, or None when it is gone; the mail stays unread."""
        for part in self._ask("uid", "FETCH", str(uid), "(UID BODY.PEEK[])"):
            if isinstance(part, tuple) and len(part) == 2:
                return bytes(part[1])
        return None

    def put_away(self, uid: int, folder: str) -> None:
        """Move a mail to a folder, which is made when it is missing."""
        target = self._folders.get(folder) or self._make_folder(folder)
        if "MOVE" in self._can:
            self._ask("uid", "MOVE", str(uid), target)
            return
        self._ask("uid", "COPY", str(uid), target)
        self._ask("uid", "STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._can:
            self._ask("uid", "EXPUNGE", str(uid))

    def _make_folder(self, name: str) -> str:
        """Return how the server names the folder: some keep all folders within the inbox."""
        for candidate in (name, f"INBOX.{name}", f"INBOX/{name}"):
            quoted = _quote(candidate)
            if self._try("create", quoted) or self._try("status", quoted, "(MESSAGES)"):
                self._folders[name] = quoted
                return quoted
        raise MailboxError(f"the folder {name} cannot be made")

    def _try(self, name: str, *arguments: str) -> bool:
        try:
            status, _ = getattr(self._connection, name)(*arguments)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return False
        return bool(status == "OK")

    def _ask(self, name: str, *arguments: str) -> list[Any]:
        status, answer = getattr(self._connection, name)(*arguments)
        if status != "OK":
            raise MailboxError(f"{name}: {_text(answer[0] if answer else b'')}")
        return [line for line in answer if line is not None]


@contextmanager
def open_mailbox(settings: Settings) -> Iterator[Mailbox]:
    """Open the mailbox of the settings over TLS with a verified certificate.

    Raises
    ------
    MailboxError
        When there is no connection, no trust or no access, or when the conversation breaks off.
    """
    connection = None
    try:
        connection = imaplib.IMAP4_SSL(
            settings.imap_server,
            settings.imap_port,
            ssl_context=ssl.create_default_context(),
            timeout=TIMEOUT_SECONDS,
        )
        mailbox = Mailbox(connection)
        mailbox.open(settings)
        yield mailbox
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        # A password that is not ASCII is a ValueError of the library.
        raise MailboxError(f"{settings.imap_server}: {_words(error)}") from None
    finally:
        if connection is not None:
            _say_goodbye(connection)


def _say_goodbye(connection: imaplib.IMAP4) -> None:
    with suppress(imaplib.IMAP4.error, OSError):
        connection.logout()
    with suppress(OSError):
        connection.shutdown()


def _read_size(line: bytes) -> tuple[int, int]:
    uid, size = _UID.search(line), _SIZE.search(line)
    return (int(uid[1]) if uid else 0), (int(size[1]) if size else 0)


def _quote(folder: str) -> str:
    escaped = folder.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _words(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    return _text(first) if isinstance(first, bytes) else str(error) or type(error).__name__


def _text(line: object) -> str:
    return line.decode("utf-8", "replace") if isinstance(line, bytes) else str(line)

"""Mails as files in a folder, for a site without a mail server."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from matchmaker.domain.delivery import HOLDS, Blame
from matchmaker.failpoints import reach
from matchmaker.notifications.transport import Closing, OutgoingMail, TransportError


def file_name(message_id: str) -> str:
    """Return the name of the file that a mail with this id is written to."""
    return re.sub(r"[^A-Za-z0-9@._-]", "_", message_id.strip("<>")).lstrip(".") + ".eml"


def remove_files(directory: Path, message_ids: Iterable[str]) -> None:
    """Delete the files of these mails; one that is not there is no mistake."""
    for message_id in message_ids:
        (directory / file_name(message_id)).unlink(missing_ok=True)


class FileTransport(Closing):
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
            problem = f"cannot write to {self._directory}: {error.strerror}"
            raise TransportError(problem, HOLDS[Blame.BUSY]) from error

    def _write(self, path: Path, body: bytes) -> None:
        unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
        with unfinished.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        reach("delivery.after_data")
        unfinished.replace(path)

"""Lanes in a SQLite file of their own, never the application's database: mails, runs and so on."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from huey import SqliteHuey

from matchmaker.config import Settings


class Lane(StrEnum):
    """Each lane has its own worker, so that mails never wait behind a solve."""

    MAIL = "mail"
    # A second conversation with the mail server: each mail is mostly waiting for its answers.
    MORE_MAIL = "more_mail"
    # Signing in waits behind no other mail, however slowly a server takes that.
    URGENT_MAIL = "urgent_mail"
    RUNS = "runs"
    PUBLICATIONS = "publications"
    ANALYSES = "analyses"
    LETTERS = "letters"
    # A mail server that does not answer keeps nothing else waiting.
    INCOMING = "incoming"
    NIGHT = "night"
    # Nothing but the note that the worker lives; a lane of its own, because all others can be busy.
    PULSE = "pulse"


def open_lane(settings: Settings, lane: Lane) -> SqliteHuey:
    """Return the queue of a lane; the file is made when it is missing.

    Nothing of it has to survive a power cut, so it is not synchronised to disk.
    """
    path: Path = settings.instance_path / "huey.sqlite"
    return SqliteHuey(lane.value, filename=str(path), results=False, store_none=False, fsync=False)

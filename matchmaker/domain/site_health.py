"""When the site needs somebody's help: the worker is silent, or mail stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# The worker notes each minute that it lives; two notes may be late by chance.
WORKER_SILENT_AFTER = timedelta(minutes=2)


class Trouble(StrEnum):
    """Why the site is not ready."""

    DATABASE = "database"
    WORKER_SILENT = "worker_silent"


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the database says about the background work.

    Parameters
    ----------
    beat_at
        When a worker last noted that it lives; None: never.
    """

    beat_at: datetime | None


def list_troubles(vitals: Vitals, now: datetime) -> tuple[Trouble, ...]:
    """Return what is wrong at this moment, the cause before what follows from it; empty when all is well.

    A note from the future, left by a clock that was set back, says nothing about now.
    """
    silent = vitals.beat_at is None or abs(now - vitals.beat_at) > WORKER_SILENT_AFTER
    return (Trouble.WORKER_SILENT,) if silent else ()

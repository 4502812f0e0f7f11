"""When the site needs somebody's help: the worker is silent, or mail stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# The worker notes each minute that it lives; two notes may be late by chance.
WORKER_SILENT_AFTER = timedelta(minutes=2)
# A server may restart. Whoever looks after five minutes shall see it.
MAIL_STANDS_STILL_AFTER = timedelta(minutes=4)


class Trouble(StrEnum):
    """Why the site is not ready."""

    DATABASE = "database"
    WORKER_SILENT = "worker_silent"
    MAIL_REFUSED = "mail_refused"
    MAIL_LATE = "mail_late"


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the database says about the background work.

    Parameters
    ----------
    beat_at
        When a worker last noted that it lives; None: never.
    refused_since
        Since when the mail server takes nothing; None: it takes mail as far as anybody knows, or nothing
        waits for it.
    urgent_due_at, bulk_due_at
        Since when the oldest urgent mail, such as to sign in, and the oldest other mail could have left.
        What waits because somebody decided so does not count; None: nothing waits.
    sent_at
        When a mail last left; None: never.
    """

    beat_at: datetime | None = None
    refused_since: datetime | None = None
    urgent_due_at: datetime | None = None
    bulk_due_at: datetime | None = None
    sent_at: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """Since when the oldest mail of any sort could have left."""
        return min((moment for moment in (self.urgent_due_at, self.bulk_due_at) if moment), default=None)


def list_troubles(vitals: Vitals, now: datetime) -> tuple[Trouble, ...]:
    """Return what is wrong at this moment, the cause before what follows from it; empty when all is well."""
    found = {
        Trouble.WORKER_SILENT: _is_silent(vitals, now),
        Trouble.MAIL_REFUSED: _is_long_ago(vitals.refused_since, now),
        Trouble.MAIL_LATE: _is_late(vitals, now),
    }
    return tuple(trouble for trouble, is_so in found.items() if is_so)


def _is_silent(vitals: Vitals, now: datetime) -> bool:
    """A note from the future, left by a clock that was set back, says nothing about now."""
    return vitals.beat_at is None or abs(now - vitals.beat_at) > WORKER_SILENT_AFTER


def _is_late(vitals: Vitals, now: datetime) -> bool:
    """Many mails at once may take their time, as long as mails leave; who signs in waits for one mail."""
    if _is_long_ago(vitals.urgent_due_at, now):
        return True
    stands_still = vitals.sent_at is None or _is_long_ago(vitals.sent_at, now)
    return stands_still and _is_long_ago(vitals.due_at, now)


def _is_long_ago(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and now - moment > MAIL_STANDS_STILL_AFTER

"""Letters that the calendar causes, not a person: written when their time has come, once.

Each writer looks for itself what is due and writes what is not written yet: the outbox keeps a cause,
recipient, kind and sequence once. So it does not matter how often this is called, or by how many workers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from matchmaker import clock
from matchmaker.extensions import db
from matchmaker.services.day_sheets import write_day_sheets
from matchmaker.services.deadline_reminders import remind_of_deadlines
from matchmaker.services.digests import write_digests
from matchmaker.services.host_thanks import write_host_thanks
from matchmaker.services.visit_reminders import write_reminders
from matchmaker.services.visit_thanks import write_feedback_reminders, write_thanks
from matchmaker.services.wish_receipts import confirm_wishes

Writer = Callable[[datetime], int]

# Looked through in this order; each returns how many letters it wrote.
WRITERS: tuple[Writer, ...] = (
    remind_of_deadlines,
    write_digests,
    confirm_wishes,
    write_reminders,
    write_day_sheets,
    write_thanks,
    write_feedback_reminders,
    write_host_thanks,
)

_log = logging.getLogger(__name__)


def write_due_letters() -> int:
    """Write every letter whose time has come; return how many.

    A writer that fails is logged and tried again the next time; it does not keep the others from writing.
    """
    now = clock.now()
    return sum(_try(writer, now) for writer in WRITERS)


def _try(writer: Writer, now: datetime) -> int:
    try:
        return writer(now)
    except Exception:  # noqa: BLE001 - one writer must not silence the others
        db.session.rollback()
        _log.exception("letters were not written by %s", writer.__name__)
        return 0

"""Note that the mail server takes nothing, and forget it when it does."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, update

from matchmaker import clock
from matchmaker.models import SendingState
from matchmaker.services.leases import execute
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import DELIVERY


def note_problem(reason: str, hold: timedelta) -> None:
    """Show why no mail leaves, and let all mail wait for so long."""
    now: datetime = clock.now()
    statement = update(SendingState).values(
        problem=reason,
        problem_since=func.coalesce(SendingState.problem_since, now),
        held_until=now + hold if hold else None,
    )
    with write_transaction(DELIVERY):
        execute(statement)


def note_success() -> None:
    """Forget the problem, inside the caller's transaction: the server has just taken a mail."""
    statement = update(SendingState).where(SendingState.problem != "")
    execute(statement.values(problem="", problem_since=None, held_until=None))

"""The note of the worker that it lives, which the readiness page and the metrics look at."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from matchmaker import clock
from matchmaker.extensions import db
from matchmaker.models import Heartbeat
from matchmaker.models.heartbeat import WORKER
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import HEARTBEATS


def note_heartbeat() -> None:
    """Note that a worker lives now; whichever of several does it, there is one row."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    now = clock.now()
    statement = (
        insert(Heartbeat)
        .values(name=WORKER, beat_at=now, created_at=now)
        .on_conflict_do_update(index_elements=["name"], set_={"beat_at": now})
    )
    with write_transaction(HEARTBEATS) as session:
        session.execute(statement)

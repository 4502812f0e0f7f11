"""kill -9 between any two steps of changing a visit: it is changed and told, or neither."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.config import ROOT, Settings
from matchmaker.extensions import db
from tests.integration.services.coming_visits import EIKEN, HOST, Coming, make_coming

STEPS = {
    "cancel": ["cancel.after_booking", "cancel.after_places", "cancel.after_messages", "cancel.committed"],
    "move": ["move.after_slot", "move.after_messages", "move.committed"],
    "withdraw": ["withdraw.after_slot", "withdraw.after_messages", "withdraw.committed"],
}
DONE = {"cancel.committed", "move.committed", "withdraw.committed"}
# What a change writes, all or nothing.
TABLES = ("booking", "slot", "message", "audit_entry")


@pytest.fixture
def coming(app: Flask) -> Coming:
    return make_coming()


def change(settings: Settings, what: str, coming: Coming, fail_at: str = "") -> int:
    """Let another process change it; return its exit code."""
    ids = {
        "cancel": (coming.schools[0], coming.bookings[0], coming.people[EIKEN]),
        "move": (coming.host_id, coming.slot_id, coming.people[HOST]),
        "withdraw": (coming.host_id, coming.slot_id, coming.people[HOST]),
    }
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")},
        "MATCHMAKER_INSTANCE_PATH": str(settings.instance_path),
        "MATCHMAKER_DATABASE_URL": settings.database_url,
        "MATCHMAKER_SECRET_KEY": settings.secret_key,
        "FAIL_AT": fail_at,
    }
    command = [sys.executable, "-m", "tests.integration.services.change_once", what, str(coming.region_id)]
    finished = subprocess.run(
        [*command, *map(str, ids[what])],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    db.session.rollback()
    db.session.expire_all()
    if finished.returncode not in {0, -signal.SIGKILL}:
        raise AssertionError(finished.stderr)
    return finished.returncode


def picture() -> dict[str, Any]:
    """Every row that a change may write, without moments."""
    found = {}
    for name in TABLES:
        table = db.metadata.tables[name]
        columns = [c for c in table.columns if not _differs_each_time(c)]
        statement = sa.select(*columns).order_by(table.c.id)
        found[name] = [tuple(row) for row in db.session.execute(statement)]
    db.session.rollback()
    return found


def _differs_each_time(column: sa.Column[Any]) -> bool:
    made = {"message_id", "request_id"}
    return isinstance(column.type, sa.LargeBinary) or column.name.endswith("_at") or column.name in made


@pytest.mark.parametrize(("what", "point"), [(what, point) for what in STEPS for point in STEPS[what]])
def test_a_killed_change_is_whole_or_nothing(
    coming: Coming, settings: Settings, what: str, point: str
) -> None:
    before = picture()
    assert change(settings, what, coming, fail_at=point) == -signal.SIGKILL
    assert (picture() == before) == (point not in DONE)
    if point not in DONE:
        assert change(settings, what, coming) == 0
    after = picture()
    assert all(after[name] != before[name] for name in TABLES)

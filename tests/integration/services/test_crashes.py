"""kill -9 between any two steps of solving, publishing and delivering loses nothing, on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.config import ROOT, Settings
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.phases import Phase
from matchmaker.domain.runs import MessageState, RunState
from matchmaker.extensions import db
from matchmaker.models import AllocationRun, AuditEntry, Booking, Message, Placement, Round, Slot
from matchmaker.queries.runs import get_run
from matchmaker.services.publishing import request_publication
from matchmaker.services.run_execution import execute_waiting_runs
from matchmaker.services.runs import start_run
from tests.integration.services.season import Season, make_season

SOLVING = ["run.claimed", "run.solved", "run.checked", "run.stored"]
PUBLISHING = [
    "publish.composed",
    "publish.after_flip",
    "publish.after_bookings",
    "publish.after_messages",
    "publish.committed",
]
DELIVERING = ["delivery.leased", "delivery.connected", "delivery.after_data", "delivery.sent_before_mark"]


@pytest.fixture
def season(app: Flask) -> Season:
    return make_season()


def work(settings: Settings, fail_at: str = "") -> int:
    """Let a worker process do what is waiting; return its exit code."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")},
        "MATCHMAKER_INSTANCE_PATH": str(settings.instance_path),
        "MATCHMAKER_DATABASE_URL": settings.database_url,
        "MATCHMAKER_SECRET_KEY": settings.secret_key,
        "MATCHMAKER_QUIET_HOURS": "false",
        "FAIL_AT": fail_at,
    }
    command = [sys.executable, "-m", "tests.integration.services.work_once"]
    finished = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=120
    )
    db.session.rollback()
    db.session.expire_all()
    if finished.returncode not in {0, -signal.SIGKILL}:
        raise AssertionError(finished.stderr)
    return finished.returncode


def let_leases_end() -> None:
    """Do what a minute of waiting would do."""
    past = clock.now() - timedelta(seconds=1)
    for model in (AllocationRun, Message):
        db.session.execute(sa.update(model).where(model.lease_until.is_not(None)).values(lease_until=past))
    db.session.execute(sa.update(Message).values(next_attempt_at=past))
    db.session.commit()


def mails(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.eml")}


@pytest.mark.parametrize("point", SOLVING)
def test_a_run_survives_a_killed_worker(season: Season, settings: Settings, point: str) -> None:
    run_id = start_run(season.round_id, None, seconds=20)
    assert work(settings, fail_at=point) == -signal.SIGKILL
    let_leases_end()
    assert work(settings) == 0
    run = get_run(run_id)
    assert (run.state, db.session.get_one(Round, season.round_id).phase) == (
        RunState.FINISHED,
        Phase.REVIEWING,
    )
    assert len(run.placements) == run.figures["placements"]


@pytest.mark.parametrize("point", PUBLISHING)
def test_a_publication_survives_a_killed_worker(season: Season, settings: Settings, point: str) -> None:
    ask_for_publication(season)
    assert work(settings, fail_at=point) == -signal.SIGKILL
    assert_all_or_nothing(season)
    assert work(settings) == 0
    assert_published_once(season)
    assert_delivered_once(settings)


@pytest.mark.parametrize("point", DELIVERING)
def test_no_mail_is_lost_or_sent_in_two_versions(season: Season, settings: Settings, point: str) -> None:
    ask_for_publication(season)
    assert work(settings, fail_at=point) == -signal.SIGKILL
    before = mails(settings.mail_directory)
    let_leases_end()
    assert work(settings) == 0
    after = mails(settings.mail_directory)
    assert {name: after[name] for name in before} == before
    assert_delivered_once(settings)


def ask_for_publication(season: Season) -> None:
    run_id = start_run(season.round_id, None, seconds=20)
    execute_waiting_runs()
    request_publication(run_id, None)
    db.session.rollback()


def assert_all_or_nothing(season: Season) -> None:
    published = db.session.get_one(Round, season.round_id).phase == Phase.PUBLISHED
    made = [
        db.session.scalars(sa.select(sa.func.count()).select_from(m)).one() > 0 for m in (Booking, Message)
    ]
    assert made == [published, published]


def assert_published_once(season: Season) -> None:
    placed = sorted(db.session.execute(sa.select(Placement.group_id, Placement.slot_id)))
    booked = sorted(db.session.execute(sa.select(Booking.group_id, Booking.slot_id)))
    assert booked == placed
    taken = Counter(slot_id for _, slot_id in booked)
    assert {
        slot.id: slot.taken_groups for slot in db.session.scalars(sa.select(Slot)) if slot.taken_groups
    } == taken
    kinds = Counter(db.session.scalars(sa.select(Message.kind)))
    assert kinds[MessageKind.VISIT_SCHOOL] == len(booked)
    assert kinds[MessageKind.RESULT_SCHOOL] == season.schools
    actions = list(db.session.scalars(sa.select(AuditEntry.action)))
    assert actions.count("publish_run") == 1


def assert_delivered_once(settings: Settings) -> None:
    db.session.expire_all()
    messages = list(db.session.scalars(sa.select(Message)))
    assert {message.state for message in messages} == {MessageState.SENT}
    written = mails(settings.mail_directory)
    assert sorted(written.values()) == sorted(message.body for message in messages)

"""kill -9 of a worker between any two steps loses no mail and sends no differing duplicate."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message
from matchmaker.notifications.publication import compose_publication
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.delivery_report import DeliveryReport
from matchmaker.services.leases import LEASE
from tests.factories import MessageFactory, RegionFactory
from tests.integration.notifications.smtp_server import Mailroom, smtp_server
from tests.unit.notifications.publication_facts import PUBLICATION, SETTINGS

ROOT = Path(__file__).resolve().parents[3]
FAILPOINTS = (
    "delivery.leased",
    "delivery.connected",
    "delivery.after_data",
    "delivery.sent_before_mark",
)
AFTER_LEASES = str(int(LEASE.total_seconds()) + 5)


def start_worker(settings: Settings, environment: Mapping[str, str], *more: str) -> subprocess.Popen[str]:
    """Start a worker on the same database and mail folder."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.integration.notifications.deliver_process",
            settings.database_url,
            str(settings.instance_path),
            *more,
        ],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_worker(settings: Settings, environment: Mapping[str, str], *more: str) -> int:
    """Run a worker to its end, whatever that is."""
    worker = start_worker(settings, environment, *more)
    _, errors = worker.communicate(timeout=60)
    assert worker.returncode in (0, -signal.SIGKILL), errors
    return worker.returncode


def put_publication_in_outbox() -> dict[str, bytes]:
    """Store the messages of a small publication; return their bytes by recipient and Message-ID."""
    RegionFactory(id=1)
    messages = compose_publication(PUBLICATION, SETTINGS)
    for message in messages:
        # The organisations of the facts have no rows here.
        message.organisation_id = message.user_id = None
        db.session.add(message)
    db.session.commit()
    return {message.message_id: message.body for message in messages}


def states() -> Counter[MessageState]:
    db.session.rollback()
    return Counter(db.session.scalars(sa.select(Message.state)).all())


def make_all_due() -> None:
    """The moment of the facts may lie in the future of the clock."""
    db.session.execute(sa.update(Message).values(next_attempt_at=clock.now()))
    db.session.commit()


@pytest.fixture
def recover(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., DeliveryReport]:
    """What the next worker does once the leases of the dead one have run out."""

    def deliver(ahead: timedelta = timedelta(), **changes: Any) -> DeliveryReport:
        monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], **changes))
        after = ahead + LEASE + timedelta(seconds=2)
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + after)
        return deliver_due_messages(limit=1000)

    return deliver


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_a_worker_killed_while_writing_files_loses_nothing(
    settings: Settings, recover: Callable[..., DeliveryReport], failpoint: str
) -> None:
    expected = put_publication_in_outbox()
    make_all_due()
    assert run_worker(settings, {"FAIL_AT": failpoint}) == -signal.SIGKILL
    assert states()[MessageState.LEASED] == 1
    recover()
    assert states() == {MessageState.SENT: len(expected)}
    written = [path.read_bytes() for path in settings.mail_directory.glob("*.eml")]
    assert sorted(written) == sorted(expected.values())


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_a_worker_killed_while_talking_to_a_server_sends_at_most_an_identical_repeat(
    settings: Settings, recover: Callable[..., DeliveryReport], failpoint: str
) -> None:
    expected = put_publication_in_outbox()
    make_all_due()
    with smtp_server() as room:
        server = {"mail_server": "127.0.0.1", "mail_port": room.port, "mail_tls": "none"}
        words = [f"{name}={value}" for name, value in server.items()]
        assert run_worker(settings, {"FAIL_AT": failpoint}, *words) == -signal.SIGKILL
        recover(**server)
    assert states() == {MessageState.SENT: len(expected)}
    assert_complete_and_identical(room, expected, most_repeats=1)


def assert_complete_and_identical(room: Mailroom, expected: Mapping[str, bytes], most_repeats: int) -> None:
    """Every message arrived, repeats are byte-identical, and there are no more than so many."""
    by_id: dict[str, set[bytes]] = defaultdict(set)
    for _, content in room.received:
        by_id[_message_id(content)].add(content)
    assert {message_id: {body} for message_id, body in expected.items()} == by_id
    assert len(room.received) - len(expected) <= most_repeats


def _message_id(content: bytes) -> str:
    return content.split(b"Message-ID: ", 1)[1].split(b"\r\n", 1)[0].decode()


def test_two_workers_at_once_send_each_message_once(app: Flask, settings: Settings) -> None:
    for _ in range(60):
        MessageFactory()
    db.session.commit()
    expected = {m.message_id: m.body for m in db.session.scalars(sa.select(Message)).all()}
    with smtp_server() as room:
        server = (f"mail_port={room.port}", "mail_server=127.0.0.1", "mail_tls=none")
        workers = [start_worker(settings, {}, *server) for _ in range(2)]
        reports = [worker.communicate(timeout=60) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], reports
    assert states() == {MessageState.SENT: 60}
    assert_complete_and_identical(room, expected, most_repeats=0)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("messages", "least_kills"), [(30, 3), pytest.param(1500, 500, marks=pytest.mark.nightly)]
)
def test_workers_killed_at_random_lose_nothing_and_repeat_no_more_than_they_died(
    settings: Settings, app: Flask, messages: int, least_kills: int
) -> None:
    put_publication_in_outbox()
    make_all_due()
    for _ in range(messages):
        MessageFactory()
    db.session.commit()
    expected = {m.message_id: m.body for m in db.session.scalars(sa.select(Message)).all()}
    with smtp_server() as room:
        room.answer_seconds = 0.05
        server = ("mail_server=127.0.0.1", f"mail_port={room.port}", "mail_tls=none")
        module = "tests.integration.notifications.kill_process"
        where = (settings.database_url, str(settings.instance_path))
        ended = subprocess.run(
            [sys.executable, "-m", module, str(messages), *where, *server],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 0, ended.stderr
    kills = int(ended.stdout)
    assert kills >= least_kills
    assert states() == {MessageState.SENT: len(expected)}
    assert_complete_and_identical(room, expected, most_repeats=kills)

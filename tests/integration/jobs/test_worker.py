"""Workers do what is due when kicked, at start and each minute; a broken queue costs nothing but time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from matchmaker import clock, jobs
from matchmaker.config import Settings
from matchmaker.extensions import db
from matchmaker.jobs import tasks
from matchmaker.jobs.queue import Lane
from matchmaker.jobs.tasks import find_jobs
from matchmaker.jobs.worker import Worker, start_in_process
from matchmaker.models.message import URGENT_LANE
from matchmaker.queries.site_health import read_vitals
from matchmaker.services.delivery_report import DeliveryReport
from tests.factories import MessageFactory
from tests.integration.notifications.rough_server import Line, rough_server

ROOT = Path(__file__).resolve().parents[3]


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so; fail when it does not come."""
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen")


def files(settings: Settings) -> int:
    return len(list(settings.mail_directory.glob("*.eml")))


def queue_messages(number: int = 1) -> None:
    for _ in range(number):
        MessageFactory()
    db.session.commit()


@pytest.fixture(autouse=True)
def runs(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Calls of the service that executes runs, which has tests of its own."""
    from matchmaker.services import run_execution

    calls: list[float] = []
    monkeypatch.setattr(
        run_execution, "execute_waiting_runs", lambda _should_stop: calls.append(time.monotonic())
    )
    return calls


@pytest.fixture(autouse=True)
def publications(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Calls of the service that publishes, which has tests of its own; each publishes one run."""
    from matchmaker.services import publishing

    calls: list[float] = []

    def publish() -> int:
        calls.append(time.monotonic())
        return 1

    monkeypatch.setattr(publishing, "publish_waiting_runs", publish)
    return calls


@pytest.fixture
def worker(app: Flask) -> Iterator[Worker]:
    worker = start_in_process(app)
    yield worker
    worker.stop()


def test_what_was_due_before_the_start_is_done_at_the_start(
    app: Flask, settings: Settings, runs: list[float]
) -> None:
    queue_messages(3)
    worker = start_in_process(app)
    wait_for(lambda: files(settings) == 3 and len(runs) >= 1)
    worker.stop()


def test_a_kick_wakes_the_worker(settings: Settings, worker: Worker, runs: list[float]) -> None:
    wait_for(lambda: len(runs) >= 1)
    before = len(runs)
    queue_messages()
    assert jobs.kick_delivery()
    assert jobs.kick_runs()
    wait_for(lambda: files(settings) == 1 and len(runs) > before)


def test_publishing_wakes_delivery(settings: Settings, worker: Worker, publications: list[float]) -> None:
    wait_for(lambda: len(publications) >= 1)
    queue_messages()
    assert jobs.kick_publications()
    wait_for(lambda: files(settings) == 1)


def test_a_worker_notes_that_it_lives(app: Flask) -> None:
    worker = start_in_process(app)

    def lives() -> bool:
        db.session.rollback()
        return read_vitals(clock.now()).beat_at is not None

    wait_for(lives)
    worker.stop()


def test_every_lane_has_a_clock_that_ticks_each_minute(app: Flask) -> None:
    assert [len(lane.read_periodic(None)) for lane in find_jobs(app).lanes] == [1] * len(Lane)


def test_mails_do_not_wait_behind_a_solve(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matchmaker.services import run_execution

    started, may_end = threading.Event(), threading.Event()

    def solve(_should_stop: object) -> None:
        started.set()
        may_end.wait(30)

    monkeypatch.setattr(run_execution, "execute_waiting_runs", solve)
    worker = start_in_process(app)
    assert started.wait(30)
    queue_messages()
    jobs.kick_delivery()
    wait_for(lambda: files(settings) == 1)
    may_end.set()
    worker.stop()


def test_a_stop_ends_after_the_message_on_its_way(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stopping = find_jobs(app).stopping
    batches: list[int] = []

    def deliver(limit: int, should_stop: Callable[[], bool], **_how: bool) -> DeliveryReport:
        batches.append(limit)
        stopping.set()
        assert should_stop()
        return DeliveryReport(sent=limit)

    monkeypatch.setattr(tasks, "deliver_due_messages", deliver)
    tasks._deliver_all(stopping)
    assert len(batches) == 1


def test_a_transport_that_fails_is_not_tried_again_within_the_same_kick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[Any] = []

    def deliver(limit: int, _should_stop: Callable[[], bool], **_how: bool) -> DeliveryReport:
        calls.append(limit)
        return DeliveryReport(sent=limit - 1, postponed=1, problem="connection refused")

    monkeypatch.setattr(tasks, "deliver_due_messages", deliver)
    tasks._deliver_all(threading.Event())
    assert len(calls) == 1


def test_stopping_twice_does_no_harm(worker: Worker) -> None:
    worker.stop()
    worker.stop()


def test_a_broken_queue_does_not_fail_the_one_who_kicks(
    app: Flask, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    (settings.instance_path / "huey.sqlite").mkdir()
    assert not jobs.kick_delivery()
    assert not jobs.kick_runs()
    assert not jobs.kick_publications()
    assert "waits for the next minute" in caplog.text


def test_a_lost_queue_loses_no_mail(app: Flask, settings: Settings) -> None:
    queue_messages()
    jobs.kick_delivery()
    for path in settings.instance_path.glob("huey.sqlite*"):
        path.unlink()
    app.extensions.pop("matchmaker.jobs")
    worker = start_in_process(app)
    wait_for(lambda: files(settings) == 1)
    worker.stop()


def test_a_queue_that_is_emptied_under_a_living_worker_loses_no_mail(
    app: Flask, settings: Settings, worker: Worker
) -> None:
    lanes = find_jobs(app).lanes
    wait_for(lambda: not any(lane.pending_count() for lane in lanes))
    queue_messages(3)
    for lane in lanes:
        lane.flush()
    assert files(settings) == 0
    # What the clock of each lane does every minute.
    for lane in lanes:
        for task in lane.read_periodic(None):
            lane.enqueue(task)
    wait_for(lambda: files(settings) == 3)


def test_signing_in_waits_for_no_mail_that_the_server_is_slow_over(app: Flask) -> None:
    def be_silent_over_bulk(line: Line) -> None:
        line.welcome()
        while True:
            line.hear()
            line.say("250 sender")
            is_bulk = b"bulk" in line.hear()
            line.say("250 recipient")
            line.hear()
            line.say("354 go on")
            line.mails.append(line.hear(b"\r\n.\r\n"))
            if is_bulk:
                line.keep_silent()
            line.say("250 taken")

    for number in range(8):
        MessageFactory(recipient=f"bulk{number}@school.example")
    db.session.commit()
    with rough_server(be_silent_over_bulk) as rough:
        server = {"mail_server": "127.0.0.1", "mail_port": rough.port, "mail_tls": "none"}
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], **server)
        worker = start_in_process(app)
        wait_for(lambda: len(rough.mails) >= 2)
        urgent = MessageFactory(recipient="inloggen@school.example", lane=URGENT_LANE)
        db.session.commit()
        jobs.kick_delivery()
        wait_for(lambda: any(urgent.message_id.encode() in mail for mail in rough.mails))
        assert len(rough.mails) == 3
    worker.stop()


def test_a_worker_process_works_until_it_is_told_to_stop(app: Flask, settings: Settings) -> None:
    queue_messages(2)
    environment = {
        **os.environ,
        "MATCHMAKER_DATABASE_URL": settings.database_url,
        "MATCHMAKER_INSTANCE_PATH": str(settings.instance_path),
        "MATCHMAKER_SECRET_KEY": "for tests only",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "run"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_for(lambda: files(settings) == 2 or process.poll() is not None)
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=40)
    assert (process.returncode, files(settings)) == (0, 2), errors
    assert "The worker has stopped." in output

"""The tasks: send mails, execute runs, publish them, analyse and clean up, when kicked and each minute."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, current_app
from huey import SqliteHuey, crontab

from matchmaker import trace
from matchmaker.jobs.queue import Lane, open_lane
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.heartbeat import note_heartbeat
from matchmaker.services.letters import write_due_letters
from matchmaker.services.retention import clean_up_tonight

_EXTENSION = "matchmaker.jobs"
_BATCH = 100
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Jobs:
    """The lanes of one application, their tasks, and the flag that asks tasks to end early."""

    mail: SqliteHuey
    runs: SqliteHuey
    publications: SqliteHuey
    analyses: SqliteHuey
    letters: SqliteHuey
    night: SqliteHuey
    pulse: SqliteHuey
    deliver_messages: Any
    execute_runs: Any
    publish_runs: Any
    analyse: Any
    write_letters: Any
    clean_up: Any
    beat: Any
    stopping: threading.Event

    @property
    def lanes(self) -> tuple[SqliteHuey, ...]:
        """Every lane; each has its own thread."""
        return (
            self.mail,
            self.runs,
            self.publications,
            self.analyses,
            self.letters,
            self.night,
            self.pulse,
        )


def find_jobs(app: Flask) -> Jobs:
    """Return the application's jobs; the queue is opened on first use."""
    jobs: Jobs | None = app.extensions.get(_EXTENSION)
    if jobs is None:
        jobs = app.extensions[_EXTENSION] = _make_jobs(app)
    return jobs


def kick_delivery() -> bool:
    """Wake a worker to send mails now; return whether that worked. Never raises."""
    return _kick("deliver_messages")


def kick_runs() -> bool:
    """Wake a worker to execute runs now; return whether that worked. Never raises."""
    return _kick("execute_runs")


def kick_publications() -> bool:
    """Wake a worker to publish what was asked for; return whether that worked. Never raises."""
    return _kick("publish_runs")


def kick_pulse() -> bool:
    """Have the worker note now that it lives; return whether that worked. Never raises."""
    return _kick("beat")


def kick_analyses() -> bool:
    """Wake a worker to carry out analyses now; return whether that worked. Never raises."""
    return _kick("analyse")


def _kick(name: str) -> bool:
    try:
        getattr(find_jobs(current_app._get_current_object()), name)()  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - whatever is wrong with the queue
        # The use case is committed; within a minute a worker finds the work without being woken.
        _log.warning("the queue cannot be written; %s waits for the next minute", name, exc_info=True)
        return False
    return True


def _make_jobs(app: Flask) -> Jobs:
    settings = app.config["SETTINGS"]
    mail, runs, publications, analyses, letters, night, pulse = (open_lane(settings, lane) for lane in Lane)
    stopping = threading.Event()

    def deliver_messages() -> None:
        with app.app_context():
            _deliver_all(stopping)

    def execute_runs() -> None:
        from matchmaker.services.run_execution import execute_waiting_runs  # noqa: PLC0415 - loads the engine

        with app.app_context():
            if execute_waiting_runs(stopping.is_set):
                kick_analyses()

    def publish_runs() -> None:
        from matchmaker.services.publishing import publish_waiting_runs  # noqa: PLC0415 - loads the engine

        with app.app_context():
            if publish_waiting_runs():
                kick_delivery()

    def analyse() -> None:
        from matchmaker.services.analyses import refresh_prospects  # noqa: PLC0415 - loads the engine
        from matchmaker.services.analysis_execution import execute_waiting_analyses  # noqa: PLC0415

        with app.app_context():
            refresh_prospects()
            execute_waiting_analyses(stopping.is_set)

    def write_letters() -> None:
        with app.app_context():
            if write_due_letters():
                kick_delivery()

    def clean_up() -> None:
        with app.app_context():
            if clean_up_tonight():
                kick_delivery()

    def beat() -> None:
        with app.app_context():
            note_heartbeat()

    return Jobs(
        mail,
        runs,
        publications,
        analyses,
        letters,
        night,
        pulse,
        _every_minute(mail, deliver_messages),
        _every_minute(runs, execute_runs),
        _every_minute(publications, publish_runs),
        _every_minute(analyses, analyse),
        _every_minute(letters, write_letters),
        _every_minute(night, clean_up),
        _every_minute(pulse, beat),
        stopping,
    )


def _every_minute(lane: SqliteHuey, work: Any) -> Any:
    """Register a function as a task of the lane, enqueued each minute and whenever it is called."""
    traced = _traced(work)
    task = lane.task(name=work.__name__)(traced)
    lane.periodic_task(crontab(minute="*"), name=f"{work.__name__}_each_minute")(traced)
    return task


def _traced(work: Callable[[], None]) -> Callable[[], None]:
    """Let the audit log tell which task it was, each time that it runs."""

    @wraps(work)
    def run() -> None:
        with trace.running(f"job:{work.__name__}"):
            work()

    return run


def _deliver_all(stopping: threading.Event) -> None:
    """Send in batches until nothing is due, the transport fails or the worker stops."""
    while not stopping.is_set():
        report = deliver_due_messages(_BATCH, stopping.is_set)
        if report.handled < _BATCH or report.problem:
            return

"""The tasks: send mails, execute runs, publish them, analyse and clean up, when kicked and each minute."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask, current_app
from huey import SqliteHuey, crontab

from matchmaker import clock, trace
from matchmaker.jobs.queue import Lane, open_lane
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.heartbeat import note_heartbeat
from matchmaker.services.letters import write_due_letters
from matchmaker.services.mailbox_poll import poll_mailbox
from matchmaker.services.retention import clean_up_tonight

# Gets the flag that asks it to end early.
Task = Callable[[threading.Event], None]

_EXTENSION = "matchmaker.jobs"
_BATCH = 100
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Jobs:
    """The queues of one application, what puts the task of each in it, and the flag to end early."""

    queues: Mapping[Lane, SqliteHuey]
    enqueue: Mapping[Lane, Callable[[], Any]]
    stopping: threading.Event

    @property
    def lanes(self) -> tuple[SqliteHuey, ...]:
        """Every lane; each has its own thread."""
        return tuple(self.queues.values())


def deliver_messages(stopping: threading.Event) -> None:
    """Send what is due, urgent mail first."""
    _deliver_all(stopping)


def deliver_urgent_messages(stopping: threading.Event) -> None:
    """Send what is urgent and due."""
    _deliver_all(stopping, urgent_only=True)


def execute_runs(stopping: threading.Event) -> None:
    """Execute the allocation runs that wait."""
    from matchmaker.services.run_execution import execute_waiting_runs  # noqa: PLC0415 - loads the engine

    if execute_waiting_runs(stopping.is_set):
        kick_analyses()


def publish_runs(_stopping: threading.Event) -> None:
    """Publish the runs that somebody asked for."""
    from matchmaker.services.publishing import publish_waiting_runs  # noqa: PLC0415 - loads the engine

    if publish_waiting_runs():
        kick_delivery()


def analyse(stopping: threading.Event) -> None:
    """Bring the prospects up to date and carry out the analyses that wait."""
    from matchmaker.services.analyses import refresh_prospects  # noqa: PLC0415 - loads the engine
    from matchmaker.services.analysis_execution import execute_waiting_analyses  # noqa: PLC0415

    refresh_prospects()
    execute_waiting_analyses(stopping.is_set)


def write_letters(_stopping: threading.Event) -> None:
    """Write the letters whose time has come."""
    if write_due_letters():
        kick_delivery()


def read_mailbox(stopping: threading.Event) -> None:
    """Take in what came back, as many mails as fit in a minute."""
    report = poll_mailbox(stopping.is_set)
    if report.taken:
        kick_delivery()


def clean_up(_stopping: threading.Event) -> None:
    """Clean up once a night."""
    if clean_up_tonight():
        kick_delivery()


def beat(_stopping: threading.Event) -> None:
    """Note that the worker lives."""
    note_heartbeat()


TASKS: Mapping[Lane, Task] = {
    Lane.MAIL: deliver_messages,
    Lane.MORE_MAIL: deliver_messages,
    Lane.URGENT_MAIL: deliver_urgent_messages,
    Lane.RUNS: execute_runs,
    Lane.PUBLICATIONS: publish_runs,
    Lane.ANALYSES: analyse,
    Lane.LETTERS: write_letters,
    Lane.INCOMING: read_mailbox,
    Lane.NIGHT: clean_up,
    Lane.PULSE: beat,
}


def find_jobs(app: Flask) -> Jobs:
    """Return the application's jobs; the queue is opened on first use."""
    jobs: Jobs | None = app.extensions.get(_EXTENSION)
    if jobs is None:
        jobs = app.extensions[_EXTENSION] = _make_jobs(app)
    return jobs


def kick_delivery() -> bool:
    """Wake the workers to send mails now; return whether that worked. Never raises."""
    return all([_kick(Lane.URGENT_MAIL), _kick(Lane.MAIL), _kick(Lane.MORE_MAIL)])


def kick_runs() -> bool:
    """Wake a worker to execute runs now; return whether that worked. Never raises."""
    return _kick(Lane.RUNS)


def kick_publications() -> bool:
    """Wake a worker to publish what was asked for; return whether that worked. Never raises."""
    return _kick(Lane.PUBLICATIONS)


def kick_pulse() -> bool:
    """Have the worker note now that it lives; return whether that worked. Never raises."""
    return _kick(Lane.PULSE)


def kick_analyses() -> bool:
    """Wake a worker to carry out analyses now; return whether that worked. Never raises."""
    return _kick(Lane.ANALYSES)


def _kick(lane: Lane) -> bool:
    try:
        find_jobs(current_app._get_current_object()).enqueue[lane]()  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - whatever is wrong with the queue
        # The use case is committed; within a minute a worker finds the work without being woken.
        _log.warning("the queue cannot be written; %s waits for the next minute", lane, exc_info=True)
        return False
    return True


def _make_jobs(app: Flask) -> Jobs:
    stopping = threading.Event()
    queues = {lane: open_lane(app.config["SETTINGS"], lane) for lane in Lane}
    works = {lane: partial(_run, app, TASKS[lane], stopping) for lane in Lane}
    return Jobs(queues, {lane: _every_minute(queues[lane], works[lane], lane) for lane in Lane}, stopping)


def _every_minute(queue: SqliteHuey, work: Callable[[], None], lane: Lane) -> Callable[[], Any]:
    """Register work as the task of a lane, enqueued each minute and whenever the answer is called."""
    enqueue: Callable[[], Any] = queue.task(name=lane.value)(work)
    queue.periodic_task(crontab(minute="*"), name=f"{lane.value}_each_minute")(work)
    return enqueue


def _run(app: Flask, task: Task, stopping: threading.Event) -> None:
    """Run a task once; the audit log tells which task it was, each time that it runs."""
    with app.app_context(), trace.running(f"job:{task.__name__}"):
        task(stopping)


def _deliver_all(stopping: threading.Event, *, urgent_only: bool = False) -> None:
    """Send in batches until nothing is due, the transport fails or the worker stops.

    Where the provider takes only so many in a minute, wait for the next turn in between.
    """
    while not stopping.is_set():
        report = deliver_due_messages(_BATCH, stopping.is_set, urgent_only=urgent_only)
        if report.problem:
            return
        if report.resume_at is not None:
            stopping.wait(max(1.0, (report.resume_at - clock.now()).total_seconds()))
        elif report.handled < _BATCH:
            return

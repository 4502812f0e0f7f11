"""Workers: threads inside the web process, or a process of their own."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

from flask import Flask
from huey import SqliteHuey
from huey.consumer import Consumer

from matchmaker.jobs.tasks import (
    Jobs,
    find_jobs,
    kick_analyses,
    kick_delivery,
    kick_publications,
    kick_pulse,
    kick_runs,
)

# How long a stop waits for what is being done. Whatever takes longer is taken over after its lease.
GRACE_SECONDS = 25
_log = logging.getLogger(__name__)


class Worker:
    """One thread per lane with a clock that ticks each minute."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._consumers = [_Consumer(lane) for lane in jobs.lanes]

    def start(self) -> None:
        """Start the threads and return."""
        self._jobs.stopping.clear()
        for consumer in self._consumers:
            consumer.start()

    def stop(self) -> None:
        """Let the current message or run end, and return; calling it twice does no harm."""
        self._jobs.stopping.set()
        for consumer in self._consumers:
            consumer.stop_flag.set()
        for consumer in self._consumers:
            consumer.stop(graceful=True)


class _Consumer(Consumer):  # type: ignore[misc]
    """Huey's consumer inside somebody else's process: it leaves the signals alone."""

    def __init__(self, lane: SqliteHuey) -> None:
        super().__init__(
            lane,
            workers=1,
            periodic=True,
            worker_type="thread",
            initial_delay=0.1,
            max_delay=1.0,
            check_worker_health=False,
            shutdown_timeout=GRACE_SECONDS,
        )

    def _set_signal_handlers(self) -> None:
        """Do nothing: the process around decides what signals mean."""


def start_in_process(app: Flask) -> Worker:
    """Start a worker inside this process, have it look for work at once, and return it."""
    worker = Worker(find_jobs(app))
    with app.app_context():
        kick_pulse()
        kick_delivery()
        kick_runs()
        kick_publications()
        kick_analyses()
    worker.start()
    return worker


def run_until_signalled(app: Flask) -> None:
    """Work until SIGTERM or SIGINT, then end what is being done."""
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    worker = start_in_process(app)
    _log.info("worker started")
    while not ended.wait(1.0):
        pass
    worker.stop()
    _log.info("worker stopped")

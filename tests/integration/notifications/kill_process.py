"""Kills one worker after the other at random. Arguments: SEED DATABASE_URL INSTANCE [SETTING=VALUE …].

Each worker is forked from this process, works for 50 to 500 milliseconds and is killed with SIGKILL; one
that finds nothing left to do ends the game. Each lives so much later than the one before that the lease of
the dead one has run out. Prints how many were killed.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from random import Random

from flask import Flask

from matchmaker import clock
from matchmaker.app import create_app
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.leases import LEASE
from tests.conftest import make_settings

LATER = LEASE + timedelta(seconds=5)
_real_now = clock.now


def main(seed: str, database_url: str, instance: str, *more: str) -> None:
    """Kill workers until one ends by itself."""
    chance, kills = Random(int(seed)), 0
    app = create_app(make_settings(Path(instance), database_url, **dict(item.split("=", 1) for item in more)))
    while not _lives(app, kills * LATER, chance.uniform(0.05, 0.5)):
        kills += 1
    sys.stdout.write(f"{kills}\n")


def _lives(app: Flask, ahead: timedelta, seconds: float) -> bool:
    """Let a worker live for so long; return whether it ended by itself before that."""
    ready, begins = os.pipe()
    worker = os.fork()
    if worker == 0:
        _work(app, ahead, begins)
    os.close(begins)
    # A byte once it has connected, or nothing when it ended before that.
    os.read(ready, 1)
    os.close(ready)
    dies_at = time.monotonic() + seconds
    while time.monotonic() < dies_at:
        ended, status = os.waitpid(worker, os.WNOHANG)
        if ended:
            if status:
                raise SystemExit(f"a worker failed with status {status}")
            return True
        time.sleep(0.002)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    return False


def _work(app: Flask, ahead: timedelta, begins: int) -> None:
    clock.now = lambda: _real_now() + ahead
    status = 1
    try:
        with app.app_context():
            deliver_due_messages(limit=0)
            os.write(begins, b".")
            deliver_due_messages(limit=100_000)
        status = 0
    finally:
        # Not the way of Python, which would clean up after the parent.
        os._exit(status)


if __name__ == "__main__":
    main(*sys.argv[1:])

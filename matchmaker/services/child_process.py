"""A program of the engine in a process of its own, watched until it ends or is told to."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from matchmaker.config import ROOT

STOP_SECONDS = 5.0
# Enough for the last lines of a traceback in the log.
_ERROR_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class ChildOutcome:
    """How the process ended.

    Attributes
    ----------
    text
        What stands in its output file; None when it wrote none.
    stopped
        It was told to stop.
    failed
        It ended by itself with an error, even if it left an earlier output.
    error
        What it said last on stderr.
    progress
        Its last progress line; empty when there was none.
    """

    text: str | None
    stopped: bool
    failed: bool
    error: str
    progress: dict[str, Any] = field(default_factory=dict)


def run_child(
    folder: Path,
    module: str,
    arguments: Sequence[str],
    out: Path,
    *,
    seconds: float,
    on_progress: Callable[[dict[str, Any]], bool],
) -> ChildOutcome:
    """Run one of our modules and wait for it.

    Parameters
    ----------
    folder
        Where its messages are put; it must exist.
    module
        A module that ends when its standard input is closed and writes progress as JSON lines.
    out
        The file it writes; removed before it starts.
    seconds
        After this time it is stopped.
    on_progress
        Called about once a second with the newest progress line (empty before the first); returns
        False to stop the process. Its exceptions end the process too.
    """
    out.unlink(missing_ok=True)
    command = [sys.executable, "-m", module, *arguments]
    with (folder / "errors.txt").open("w+", encoding="utf-8") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own module, arguments are numbers and our paths
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            stopped, progress = _watch(process, time.monotonic() + seconds, on_progress)
        finally:
            _stop(process)
        errors.seek(0)
        error = errors.read()[-_ERROR_CHARACTERS:]
    text = out.read_text(encoding="utf-8") if out.exists() else None
    return ChildOutcome(text, stopped, not stopped and process.returncode != 0, error, progress)


def _watch(
    process: subprocess.Popen[str], deadline: float, on_progress: Callable[[dict[str, Any]], bool]
) -> tuple[bool, dict[str, Any]]:
    """Report until the process ends; return whether it was told to stop, and the last progress."""
    lines: queue.Queue[str | None] = queue.Queue()
    assert process.stdout is not None  # noqa: S101 - opened as a pipe above
    threading.Thread(target=_forward, args=(process.stdout, lines), daemon=True).start()
    newest: dict[str, Any] = {}
    reported = 0.0
    while True:
        try:
            line = lines.get(timeout=0.5)
        except queue.Empty:
            line = ""
        if line is None:
            return False, newest
        newest = _parse(line) or newest
        if time.monotonic() - reported < 1.0:
            continue
        reported = time.monotonic()
        if not on_progress(newest) or reported > deadline:
            return True, newest


def _forward(stream: IO[str], lines: queue.Queue[str | None]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)


def _parse(line: str) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def _stop(process: subprocess.Popen[str]) -> None:
    """End the process: kindly, so that it can write the best result so far, then for good."""
    for patience, insist in ((0.2, process.terminate), (STOP_SECONDS, process.kill)):
        try:
            process.wait(patience)
            break
        except subprocess.TimeoutExpired:
            insist()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()

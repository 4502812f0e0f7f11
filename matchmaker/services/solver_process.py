"""The engine in a process of its own, so that cancel and limits hold whatever the solver is doing."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from matchmaker.config import ROOT

STOP_SECONDS = 5.0
# What reading the problem, the final check and writing may take beyond the solver's own limit.
GRACE_SECONDS = 60.0
# Enough for the last lines of a traceback in the log.
_ERROR_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class SolverOutcome:
    """How the process ended: the result document, None when there is none, and what it said on stderr.

    `failed` when it ended by itself with an error, even if it left a result of an earlier level.
    """

    result_json: str | None
    stopped: bool
    failed: bool
    error: str


def run_solver(
    folder: Path,
    problem_json: str,
    *,
    seconds: int,
    seed: int,
    on_progress: Callable[[dict[str, Any]], bool],
) -> SolverOutcome:
    """Solve in a child process and wait for it.

    Parameters
    ----------
    folder
        Where the problem and result files are put; made when absent.
    seconds
        Time limit of the solve itself.
    on_progress
        Called about once a second with the newest progress line (empty before the first); returns
        False to stop the process. Its exceptions end the process too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    problem_file, result_file = folder / "problem.json", folder / "result.json"
    problem_file.write_text(problem_json, encoding="utf-8")
    result_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "matchmaker.allocation.process", "--leash",
               "--problem", str(problem_file), "--out", str(result_file),
               "--seconds", str(seconds), "--seed", str(seed)]  # fmt: skip
    with (folder / "errors.txt").open("w+", encoding="utf-8") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own module, arguments are numbers and our paths
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            stopped = _watch(process, time.monotonic() + seconds + GRACE_SECONDS, on_progress)
        finally:
            _stop(process)
        errors.seek(0)
        error = errors.read()[-_ERROR_CHARACTERS:]
    result = result_file.read_text(encoding="utf-8") if result_file.exists() else None
    return SolverOutcome(result, stopped, not stopped and process.returncode != 0, error)


def _watch(
    process: subprocess.Popen[str], deadline: float, on_progress: Callable[[dict[str, Any]], bool]
) -> bool:
    """Report until the process ends; return whether it was told to stop."""
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
            return False
        newest = _parse(line) or newest
        if time.monotonic() - reported < 1.0:
            continue
        reported = time.monotonic()
        if not on_progress(newest) or reported > deadline:
            return True


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

"""Solves one problem file in a process of its own: ``python -m matchmaker.allocation.process``.

A web server must not solve in its own process: a solve takes a minute of one core and cannot always be
interrupted at once. This program prints one JSON object per line for every step of progress, writes the
result file whole or not at all, and ends within two seconds of SIGTERM with the best checked result so far.

Exit codes: 0 a result was written, 1 the solve failed, 2 the problem cannot be read, 143 ended by SIGTERM
before there was a result.
"""

import argparse
import json
import os
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from matchmaker.allocation.candidates import TooManyPairsError
from matchmaker.allocation.files import UnreadableFileError, read_problem_file, write_result_file
from matchmaker.allocation.formats import ProblemFormatError
from matchmaker.allocation.problem import Problem, Result
from matchmaker.allocation.solve import Progress, solve

_GRACE_SECONDS = 1.4
_WAIT_SECONDS = 0.1


class _Work:
    """The solve in its thread: the main thread stays free to hear signals."""

    def __init__(self, problem: Problem, seconds: float, seed: int) -> None:
        self.stop = threading.Event()
        self.result: Result | None = None
        self.failure: str | None = None
        self._arguments = (problem, seconds, seed)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; return whether it has come."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        problem, seconds, seed = self._arguments
        try:
            self.result = solve(
                problem,
                seconds=seconds,
                seed=seed,
                progress=_Lines().print,
                should_stop=self.stop.is_set,
                keep=self._keep,
            )
        except TooManyPairsError as error:
            self.failure = str(error)
        except Exception as error:  # noqa: BLE001 - a process reports whatever ended it
            self.failure = f"{type(error).__name__}: {error}"

    def _keep(self, result: Result) -> None:
        self.result = result


def main(arguments: list[str] | None = None) -> int:
    """Read, solve and write; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        problem = read_problem_file(options.problem)
    except (UnreadableFileError, ProblemFormatError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is a program
        return 2
    work = _Work(problem, options.seconds, options.seed)

    def hear(_: int, __: FrameType | None) -> None:
        work.stop.set()

    signal.signal(signal.SIGTERM, hear)
    if options.leash:
        threading.Thread(target=_follow_parent, args=(work.stop,), daemon=True).start()
    work.start()
    while not work.wait(_WAIT_SECONDS):
        if work.stop.is_set():
            work.wait(_GRACE_SECONDS)
            break
    return _finish(work, options.out)


def _follow_parent(stop: threading.Event) -> None:
    """Stop once standard input ends: the parent is gone, whatever ended it."""
    sys.stdin.buffer.read()
    stop.set()


def _finish(work: _Work, out: Path) -> int:
    if work.failure is not None:
        print(work.failure, file=sys.stderr)  # noqa: T201
    if work.result is None:
        return 143 if work.stop.is_set() else 1
    try:
        write_result_file(out, work.result)
    except UnreadableFileError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0 if work.failure is None else 1


class _Lines:
    """Standard output for JSON lines only.

    The solver's library prints a line of its own now and then; those go to standard error.
    """

    def __init__(self) -> None:
        self._descriptor: int | None = os.dup(1)
        os.dup2(2, 1)

    def print(self, progress: Progress) -> None:
        """Write one line; when nobody listens any more the result is still wanted."""
        line = json.dumps(asdict(progress)) + "\n"
        try:
            if self._descriptor is not None:
                os.write(self._descriptor, line.encode())
        except OSError:
            self._descriptor = None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matchmaker.allocation.process", description=__doc__)
    parser.add_argument("--problem", type=Path, required=True, help="problem file to read")
    parser.add_argument("--out", type=Path, required=True, help="result file to write")
    parser.add_argument("--seconds", type=float, default=60.0, help="wall time for solving")
    parser.add_argument("--leash", action="store_true", help="stop when standard input is closed")
    parser.add_argument("--seed", type=int, default=1, help="seed of the solver")
    return parser


if __name__ == "__main__":
    code = main()
    # A solver that is still running in its thread must not hold up the end.
    os._exit(code)

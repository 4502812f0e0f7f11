"""The engine in a process of its own, so that cancel and limits hold whatever the solver is doing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matchmaker.services.child_process import run_child

# What reading the problem, the final check and writing may take beyond the solver's own limit.
GRACE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class SolverOutcome:
    """How the process ended: the result document, None when there is none, and what it said on stderr.

    `failed` when it ended by itself with an error, even if it left a result of an earlier level. `progress`
    is the last that it told: with `cut_by_time` when the time limit cut something off.
    """

    result_json: str | None
    stopped: bool
    failed: bool
    error: str
    progress: dict[str, Any]


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
    outcome = run_child(
        folder,
        "matchmaker.allocation.process",
        ["--leash", "--problem", str(problem_file), "--out", str(result_file),
         "--seconds", str(seconds), "--seed", str(seed)],
        result_file,
        seconds=seconds + GRACE_SECONDS,
        on_progress=on_progress,
    )  # fmt: skip
    return SolverOutcome(outcome.text, outcome.stopped, outcome.failed, outcome.error, outcome.progress)

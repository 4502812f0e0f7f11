"""The engine's own process: heard while it works, stopped when asked, gone when its parent is."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.generate import generate_problem
from matchmaker.allocation.formats import read_result, write_problem
from matchmaker.config import ROOT
from matchmaker.services.solver_process import run_solver


@pytest.fixture(scope="module")
def large_problem() -> str:
    """A problem that keeps the engine busy for a while."""
    return write_problem(generate_problem())


def test_progress_names_level_value_and_bound(large_problem: str, tmp_path: Path) -> None:
    events: list[dict[str, Any]] = []

    def listen(event: dict[str, Any]) -> bool:
        events.append(event)
        return not event

    run_solver(tmp_path, large_problem, seconds=60, seed=1, on_progress=listen)
    assert set(events[-1]) == {"level", "incumbent", "bound", "seconds", "fraction", "cut_by_time"}


def test_a_stopped_solve_leaves_the_best_result_so_far(large_problem: str, tmp_path: Path) -> None:
    outcome = run_solver(
        tmp_path, large_problem, seconds=60, seed=1, on_progress=lambda event: event.get("seconds", 0) < 6
    )
    assert outcome.stopped
    assert outcome.result_json is not None
    assert read_result(outcome.result_json).status == "feasible"


def test_an_unreadable_problem_ends_without_a_result_and_with_the_reason(tmp_path: Path) -> None:
    outcome = run_solver(tmp_path, "{}", seconds=5, seed=1, on_progress=lambda _: True)
    assert outcome.result_json is None
    assert "format" in outcome.error


def test_the_process_ends_when_its_parent_is_gone(large_problem: str, tmp_path: Path) -> None:
    problem = tmp_path / "problem.json"
    problem.write_text(large_problem)
    command = [sys.executable, "-m", "matchmaker.allocation.process", "--problem", str(problem), "--out",
               str(tmp_path / "result.json"), "--seconds", "120", "--leash"]  # fmt: skip
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert child.stdin is not None
    time.sleep(3)
    child.stdin.close()
    assert child.wait(timeout=30) in {0, 143}

"""A solve that is told to end leaves a checked result or none at all, whenever it is told."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.generate import Size, generate_problem
from matchmaker.allocation.checker import check
from matchmaker.allocation.files import read_problem_file, read_result_file
from matchmaker.allocation.formats import write_problem

HANG_SECONDS = 60
"""Only so that a test ends that would otherwise never end."""


@pytest.fixture(scope="module")
def problem_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("early") / "problem.json"
    path.write_text(write_problem(generate_problem(Size(schools=70, groups=220, slots=150), seed=3)))
    return path


def start(path: Path, out: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "matchmaker.allocation.process", "--seconds", "100"]
    return subprocess.Popen(
        [*command, "--problem", path, "--out", out], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def end(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=HANG_SECONDS)
    assert "Traceback" not in errors
    return process.returncode


def assert_sound(path: Path, out: Path, code: int) -> None:
    """Either a checked result and 0, or no file and 143; never half a file."""
    leftovers = [item for item in out.parent.iterdir() if item != out]
    assert leftovers == []
    if code == 0:
        assert check(read_problem_file(path), read_result_file(out)).violations == ()
    else:
        assert code in (143, -signal.SIGTERM)
        assert not out.exists()


@pytest.mark.parametrize("lines", [1, 4, 9])
def test_sigterm_after_some_steps_of_progress_leaves_a_checked_result(
    lines: int, problem_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "result.json"
    process = start(problem_file, out)
    assert process.stdout is not None
    seen = [json.loads(process.stdout.readline()) for _ in range(lines)]
    code = end(process)
    assert_sound(problem_file, out, code)
    assert code == 0 or len(seen) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("lines", range(1, 40, 3))
def test_sigterm_at_any_step_leaves_a_checked_result(lines: int, problem_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    process = start(problem_file, out)
    assert process.stdout is not None
    for _ in range(lines):
        process.stdout.readline()
    assert_sound(problem_file, out, end(process))


def test_sigterm_before_anything_has_begun_leaves_nothing(problem_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    code = end(start(problem_file, out))
    assert_sound(problem_file, out, code)


def test_kill_leaves_no_half_result(problem_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    process = start(problem_file, out)
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.communicate(timeout=HANG_SECONDS)
    assert not out.exists()

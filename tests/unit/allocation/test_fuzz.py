"""Whatever a file holds, every command ends with its exit code and sentences, in little room and time."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType

import pytest
from click.testing import CliRunner, Result

from matchmaker.allocation.formats import ProblemFormatError, read_problem, write_problem, write_result
from matchmaker.allocation.problem import Problem
from matchmaker.allocation.solve import solve
from matchmaker.cli.allocation_reports import allocation_commands
from tests.unit.allocation.fuzz import (
    MONSTERS,
    STRANGE_VALUES,
    absurd_problem,
    damaged,
    damaged_problem,
    valid_document,
)

GIBIBYTE = 2**30
REFUSED_SECONDS = 5.0
"""Seconds of processor that a refused file may take, at most."""
HANG_SECONDS = 120
"""Only to end a test that would otherwise never end; nothing comes near it."""
SENTENCE = re.compile(r"\S.*\S")


@contextmanager
def hang_guard() -> Iterator[None]:
    def end(_: int, __: FrameType | None) -> None:
        raise TimeoutError("the command hangs")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(HANG_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def a_gibibyte_more() -> Iterator[None]:
    """Let this process take a gibibyte on top of what it holds; whatever needs more fails."""
    own = int(re.findall(r"VmData:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) * 1024
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (own + GIBIBYTE, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def flask(*arguments: str | Path) -> Result:
    """Run ``flask allocation …``; an error that is not an exit is raised."""
    with hang_guard():
        return CliRunner().invoke(
            allocation_commands, [str(item) for item in arguments], catch_exceptions=False
        )


def solve_document(text: bytes, folder: Path) -> int:
    """Solve a document and return the exit code; whatever is solved is checked, whatever is not is told."""
    path, out = folder / "problem.json", folder / "result.json"
    path.write_bytes(text)
    out.unlink(missing_ok=True)
    before = time.process_time()
    ended = flask("solve", path, "--out", out, "--seconds", "5")
    assert ended.exit_code in (0, 1, 2)
    if ended.exit_code == 2:
        assert time.process_time() - before < REFUSED_SECONDS
        assert SENTENCE.search(ended.stderr)
        assert not out.exists()
    else:
        assert flask("check", path, out).exit_code == 0
    if ended.exit_code == 1:
        assert "locked" in ended.stderr
    return ended.exit_code


def fuzz_solve(seeds: range, folder: Path) -> list[int]:
    codes = []
    for seed in seeds:
        random = Random(seed)
        text = absurd_problem(random) if seed % 5 == 4 else damaged_problem(random)
        try:
            with a_gibibyte_more():
                codes.append(solve_document(text, folder))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error
    return codes


def test_damage_to_one_document_does_not_reach_the_next() -> None:
    before = repr(STRANGE_VALUES)
    for seed in range(300):
        damaged(Random(seed), {"wishes": [1]})
    assert repr(STRANGE_VALUES) == before


def test_a_damaged_or_absurd_problem_is_solved_or_refused(tmp_path: Path) -> None:
    codes = fuzz_solve(range(400), tmp_path)
    assert codes.count(2) >= 200
    assert codes.count(0) >= 60
    assert codes.count(1) >= 3


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(20))
def test_ten_thousand_damaged_or_absurd_problems_are_solved_or_refused(part: int, tmp_path: Path) -> None:
    codes = fuzz_solve(range(10_000 + 500 * part, 10_500 + 500 * part), tmp_path)
    assert codes.count(2) >= 250


def some_problem(random: Random) -> Problem:
    try:
        return read_problem(absurd_problem(random))
    except ProblemFormatError:
        return read_problem(valid_document(random, suited=True))


def fuzz_other_commands(seeds: range, folder: Path) -> list[tuple[str, int]]:
    path, out = folder / "problem.json", folder / "result.json"
    codes = []
    for seed in seeds:
        random = Random(seed)
        problem = some_problem(random)
        path.write_text(write_problem(problem))
        result = write_result(solve(problem, seconds=5))
        documents = [result.encode(), *(damaged(random, json.loads(result)) for _ in range(3))]
        for text in documents:
            out.write_bytes(text)
            checked = flask("check", path, out)
            explained = flask("explain", path, out, "--group", random.choice(problem.groups).id)
            codes += [("check", checked.exit_code), ("explain", explained.exit_code)]
            assert all(item.exit_code == 0 or SENTENCE.search(item.stderr) for item in (checked, explained))
        if seed % 4 == 0:
            codes.append(("blind-spots", flask("blind-spots", path, "--seconds", "5").exit_code))
    return codes


def test_damaged_results_are_checked_explained_or_refused(tmp_path: Path) -> None:
    codes = fuzz_other_commands(range(40), tmp_path)
    assert {code for _, code in codes} == {0, 1, 2}
    assert {code for name, code in codes if name == "blind-spots"} <= {0, 2}


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(8))
def test_two_thousand_damaged_results_are_checked_explained_or_refused(part: int, tmp_path: Path) -> None:
    codes = fuzz_other_commands(range(50_000 + 100 * part, 50_100 + 100 * part), tmp_path)
    assert {code for _, code in codes} <= {0, 1, 2}


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_DATA, ({room}, {room}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
from matchmaker.cli.allocation import allocation_commands
allocation_commands(sys.argv[1:])
"""


def run_limited(*arguments: str | Path, room: int = GIBIBYTE) -> subprocess.CompletedProcess[str]:
    """Run a command in a process that may take a gibibyte and no more."""
    code = LIMITED.format(room=room, seconds=HANG_SECONDS)
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )


def children_seconds() -> float:
    """Return the seconds of processor that all ended child processes have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def refuse_in_a_process(text: bytes, path: Path) -> subprocess.CompletedProcess[str]:
    path.write_bytes(text)
    before = children_seconds()
    ended = run_limited("solve", path, "--out", path.with_name("out.json"), "--seconds", "5")
    if ended.returncode == 2:
        assert children_seconds() - before < REFUSED_SECONDS
    assert "Traceback" not in ended.stderr
    return ended


def test_more_than_a_gibibyte_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "problem.json").write_bytes(b"{}")
    ended = run_limited("check", tmp_path / "problem.json", tmp_path / "problem.json", room=2**20)
    assert ended.returncode not in (0, 1, 2) or "Error" in ended.stderr


@pytest.mark.parametrize("name", MONSTERS)
def test_a_monstrous_file_is_refused_in_little_room_and_time(name: str, tmp_path: Path) -> None:
    ended = refuse_in_a_process(MONSTERS[name](), tmp_path / "problem.json")
    harmless = name == "a fraction of ten million digits"
    assert ended.returncode == (0 if harmless else 2), ended.stderr[:500]
    assert harmless or SENTENCE.search(ended.stderr)
    assert len(ended.stderr) < 2_000_000


@pytest.mark.parametrize("seed", range(12))
def test_the_command_itself_ends_with_its_exit_code_and_no_traceback(seed: int, tmp_path: Path) -> None:
    text = damaged_problem(Random(900_000 + seed))
    assert refuse_in_a_process(text, tmp_path / "problem.json").returncode in (0, 1, 2)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(60))
def test_the_engine_process_ends_with_its_exit_code_and_no_traceback(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(damaged_problem(Random(950_000 + seed)))
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "matchmaker.allocation.process",
            "--problem",
            path,
            "--out",
            tmp_path / "r.json",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode in (0, 2)
    assert "Traceback" not in ended.stderr


def test_an_endless_file_is_refused() -> None:
    ended = run_limited("check", "/dev/zero", "/dev/zero")
    assert ended.returncode == 2
    assert "is larger than 64 MiB" in ended.stderr


def test_a_file_name_that_is_no_text_is_refused_with_a_sentence(tmp_path: Path) -> None:
    ended = run_limited("check", tmp_path / os.fsdecode(b"\xff\xfe.json"), tmp_path / "r.json")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr

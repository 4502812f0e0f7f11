"""Problem and result files on the command line and in a process of their own."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from benchmarks.generate import Size, generate_problem
from matchmaker.allocation.candidates import TooManyPairsError
from matchmaker.allocation.checker import check
from matchmaker.allocation.files import read_problem_file, read_result_file
from matchmaker.allocation.formats import write_problem, write_result
from matchmaker.allocation.problem import Problem
from matchmaker.allocation.solve import ResultRefusedError, SolveTimeoutError
from matchmaker.allocation.solver import SolverError, SolverUnavailableError
from matchmaker.cli.allocation_reports import allocation_commands
from tests.unit.allocation.small import activity, group, pairs, problem, result_of, slot

SMALL = problem([group("g1", "s1", "a1 a2"), group("g2", "s2")], [slot("t1", "a1"), slot("t2", "a2", day=6)])


def flask(*arguments: str | Path) -> Result:
    """Run ``flask allocation …``; an error that is not an exit is raised."""
    return CliRunner().invoke(allocation_commands, [str(item) for item in arguments], catch_exceptions=False)


def write(path: Path, given: Problem) -> Path:
    path.write_text(write_problem(given))
    return path


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    return write(tmp_path / "problem.json", SMALL)


def test_solve_writes_a_result_that_check_accepts(problem_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    solved = flask("solve", problem_file, "--out", out, "--seconds", "5", "--seed", "3", "--progress")
    assert solved.exit_code == 0
    assert "status optimal, 2 placements" in solved.stdout
    assert "lottery" in solved.stderr
    checked = flask("check", problem_file, out)
    assert checked.exit_code == 0
    assert "wish_points" in checked.stdout
    assert read_result_file(out).seed == 3
    assert [item.name for item in tmp_path.iterdir()] != []
    assert sorted(item.name for item in tmp_path.iterdir()) == ["problem.json", "result.json"]


def test_check_lists_every_violation_and_exits_with_1(problem_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    out.write_text(write_result(result_of(SMALL, "g1-t1 g2-t1")))
    checked = flask("check", problem_file, out)
    assert checked.exit_code == 1
    assert "group_places: slot t1 holds 2 of 1 groups" in checked.stderr


@pytest.mark.parametrize("command", ["solve", "check", "explain", "blind-spots"])
@pytest.mark.parametrize("kind", ["missing", "directory", "binary", "wrong"])
def test_unreadable_input_ends_with_sentences_and_2(command: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "input.json"
    if kind == "directory":
        path.mkdir()
    elif kind == "binary":
        path.write_bytes(bytes(range(256)))
    elif kind == "wrong":
        path.write_text('{"format": "matchmaker-problem/1", "guarantee": -1, "schools": 3}')
    more: dict[str, list[str | Path]] = {
        "solve": ["--out", tmp_path / "out.json"],
        "check": [path],
        "explain": [path, "--group", "g1"],
        "blind-spots": [],
    }
    ended = flask(command, path, *more[command])
    assert ended.exit_code == 2
    assert "Traceback" not in ended.output
    assert ended.stderr
    if kind == "wrong":
        assert "$.guarantee: " in ended.stderr
        assert "$.schools: " in ended.stderr
        assert "$.slots: is missing" in ended.stderr


@pytest.mark.parametrize("seconds", ["nan", "0", "-1", "inf", "soon"])
def test_a_time_that_is_none_is_refused(problem_file: Path, tmp_path: Path, seconds: str) -> None:
    assert flask("solve", problem_file, "--out", tmp_path / "r.json", "--seconds", seconds).exit_code == 2


def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    problem_file: Path, tmp_path: Path
) -> None:
    ended = flask("solve", problem_file, "--out", tmp_path / "none" / "r.json")
    assert ended.exit_code == 2
    assert "there is no directory" in ended.stderr
    assert flask("solve", problem_file, "--out", tmp_path).exit_code == 2


def test_an_invalid_problem_is_told_by_path_and_still_has_a_result_file(tmp_path: Path) -> None:
    given = problem([group("g1", pupils=31)], [slot("t1")], [activity(max_pupils=30)], locked=pairs("g1-t1"))
    path, out = write(tmp_path / "p.json", given), tmp_path / "r.json"
    ended = flask("solve", path, "--out", out)
    assert ended.exit_code == 1
    assert "$.locked[0]: De groep heeft 31 leerlingen" in ended.stderr
    assert read_result_file(out).status == "invalid"
    assert flask("check", path, out).exit_code == 0


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            ResultRefusedError(("g1 is lost",)),
            "the engine made a mistake, so there is no result: the checker refuses the result: g1 is lost",
        ),
        (SolverError("a row is\nwrong"), "the solver failed: a row is wrong"),
        (SolverUnavailableError("there is no library"), "there is no library"),
        (SolveTimeoutError("the time was over"), "the time was over"),
        (TooManyPairsError(), str(TooManyPairsError())),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_solve_that_fails_ends_with_one_sentence_and_1(
    problem_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("matchmaker.allocation.solve.solve", fail)
    monkeypatch.setattr("matchmaker.allocation.blind_spots.find_blind_spots", fail)
    out = tmp_path / "result.json"
    for ended in (flask("solve", problem_file, "--out", out), flask("blind-spots", problem_file)):
        assert (ended.exit_code, ended.stderr) == (1, sentence + "\n")
    assert not out.exists()


def test_explain_answers_in_dutch(problem_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    flask("solve", problem_file, "--out", out)
    explained = flask("explain", problem_file, out, "--group", "g1")
    assert explained.exit_code == 0
    assert "Wens 1 (activiteit a1): niet gekregen." in explained.stdout
    assert "Wens 2 (activiteit a2): gekregen" in explained.stdout
    unknown = flask("explain", problem_file, out, "--group", "g9")
    assert unknown.exit_code == 2
    assert "there is no group with id 'g9'" in unknown.stderr


def test_blind_spots_lists_confirmed_slots(tmp_path: Path) -> None:
    given = problem([group("g1"), group("g2", "s2")], [slot("t1")], guarantee=1)
    listed = flask("blind-spots", write(tmp_path / "p.json", given), "--limit", "3")
    assert listed.exit_code == 0
    assert "1 fewer (1 below 1): once more a1" in listed.stdout


def run_process(path: Path, out: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "matchmaker.allocation.process", "--problem", path, "--out", out, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_process_prints_progress_as_json_lines_and_writes_the_result(tmp_path: Path) -> None:
    path, out = write(tmp_path / "p.json", SMALL), tmp_path / "r.json"
    process = run_process(path, out, "--seconds", "10")
    lines, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    progress = [json.loads(line) for line in lines.splitlines()]
    assert set(progress[0]) == {"level", "incumbent", "bound", "seconds", "fraction", "cut_by_time"}
    assert check(read_problem_file(path), read_result_file(out)).violations == ()


def test_solve_says_when_time_cut_it_off(tmp_path: Path) -> None:
    large = write(tmp_path / "large.json", generate_problem(Size(schools=60, groups=180, slots=110)))
    small = write(tmp_path / "small.json", SMALL)
    cut = flask("solve", large, "--out", tmp_path / "r.json", "--seconds", "0.01")
    whole = flask("solve", small, "--out", tmp_path / "r.json")
    assert (cut.exit_code, whole.exit_code) == (0, 0)
    assert "cut by time" in cut.stdout
    assert "cut by time" not in whole.stdout


def test_the_process_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    process = run_process(tmp_path / "missing.json", tmp_path / "r.json")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "cannot read" in errors


_WITH_ROOM_FOR_ONE_PAIR = """
import sys
from matchmaker.allocation import candidates
candidates.MOST_PAIRS = 1
from matchmaker.allocation.process import main
sys.exit(main())
"""


def test_the_process_refuses_more_pairs_than_memory_holds_in_one_sentence(
    problem_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "r.json"
    files = ["--problem", str(problem_file), "--out", str(out)]
    command = [sys.executable, "-c", _WITH_ROOM_FOR_ONE_PAIR, *files]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("the problem has more than 1 eligible pairs")
    assert len(ended.stderr.splitlines()) == 1
    assert not out.exists()


def test_solve_refuses_more_pairs_than_memory_holds_in_one_sentence(
    problem_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchmaker.allocation.candidates.MOST_PAIRS", 1)
    ended = flask("solve", problem_file, "--out", tmp_path / "r.json")
    assert ended.exit_code == 1
    assert ended.stderr.startswith("the problem has more than 1 eligible pairs")
    assert len(ended.stderr.splitlines()) == 1


def test_the_process_ends_on_sigterm_with_the_best_result_so_far(tmp_path: Path) -> None:
    size = Size(schools=225, groups=730, slots=540)
    path, out = write(tmp_path / "p.json", generate_problem(size)), tmp_path / "r.json"
    process = run_process(path, out, "--seconds", "100")
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["level"] == "fairness":
            break
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert time.monotonic() - asked < 30
    assert process.returncode == 0
    result = read_result_file(out)
    assert result.status == "feasible"
    assert check(read_problem_file(path), result).violations == ()


def test_the_engine_needs_neither_flask_nor_sqlalchemy() -> None:
    code = (
        "import sys, matchmaker.allocation.process, matchmaker.allocation.blind_spots;"
        "print([name for name in ('flask', 'sqlalchemy') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"

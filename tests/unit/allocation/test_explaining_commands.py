"""The commands that say why, what it would cost, and what is missing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matchmaker.allocation.formats import write_problem, write_result
from matchmaker.allocation.problem import School, problem_sha256
from matchmaker.allocation.reasons import CODES, LOG_FORMAT
from matchmaker.allocation.solve import solve
from matchmaker.cli.allocation_reports import allocation_commands
from tests.unit.allocation.small import activity, group, problem, slot

GIVEN = problem(
    [group("g1", "s1", "visit"), group("g2", "s2", "visit")],
    [slot("t1"), slot("t2", "a2", day=6)],
    [activity("a1", lat=52.0, lon=6.2), activity("a2", kind="lab", lat=52.0, lon=6.2)],
    schools=[School("s1", 52.0, 6.2), School("s2", 52.0, 6.2)],
    guarantee=1,
)


def flask(*arguments: str | Path) -> Result:
    return CliRunner().invoke(allocation_commands, [str(item) for item in arguments], catch_exceptions=False)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    given, result = tmp_path / "problem.json", tmp_path / "result.json"
    given.write_text(write_problem(GIVEN))
    result.write_text(write_result(solve(GIVEN)))
    return given, result


def test_solve_writes_the_decision_log_beside_the_result(files: tuple[Path, Path], tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    assert flask("solve", files[0], "--out", tmp_path / "out.json", "--log", log).exit_code == 0
    header, *lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert header["format"] == LOG_FORMAT
    assert header["problem_sha256"] == problem_sha256(GIVEN)
    assert [(line["group"], line["rank"]) for line in lines] == [("g1", 1), ("g2", 1)]
    assert {line["code"] for line in lines} == {"placed", "group_places"} <= set(CODES)


def test_a_log_that_cannot_be_written_is_refused_before_the_solving(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    ended = flask("solve", files[0], "--out", out, "--log", tmp_path / "missing" / "log.jsonl")
    assert ended.exit_code == 2
    assert "there is no directory" in ended.stderr
    assert not out.exists()


def test_an_activity_is_explained_with_what_it_would_cost(files: tuple[Path, Path]) -> None:
    ended = flask("explain", *files, "--group", "g2", "--activity", "a1")
    assert ended.exit_code == 0
    assert "Wens 1 (activiteit a1): niet gekregen." in ended.stdout
    assert "School s1: 1 deelname minder" in ended.stdout


def test_a_school_is_told_why_and_what_would_have_helped(files: tuple[Path, Path]) -> None:
    ended = flask("explain", *files, "--school", "s2")
    assert ended.exit_code == 0
    assert "School s2: 0 van 1 deelname." in ended.stdout
    assert "Als groep g2 ook soort lab had gewenst, dan had de school 1 deelname gehad" in ended.stdout


def test_a_counterfactual_names_the_price(files: tuple[Path, Path]) -> None:
    ended = flask("counterfactual", *files, "--group", "g2", "--slot", "t1")
    assert ended.exit_code == 0
    assert "Groep g1 gaat van tijdvak t1" in ended.stdout


def test_a_certificate_says_who_is_short_and_what_would_help(files: tuple[Path, Path]) -> None:
    ended = flask("certificate", *files)
    assert ended.exit_code == 0
    assert "1 van de 2 scholen halen de garantie, 1 niet." in ended.stdout
    assert "1 school minder onder 1 deelname" in ended.stdout


def test_the_smallest_set_and_the_effect_of_wishes_are_listed(files: tuple[Path, Path]) -> None:
    smallest = flask("blind-spots", files[0], "--smallest-set")
    assert smallest.exit_code == 0
    assert "1 slots, then 0 below 1; no smaller set of the slots considered does it" in smallest.stdout
    listed = flask("blind-spots", files[0], "--wishes", "--limit", "1")
    assert listed.exit_code == 0
    assert "more wishes without the slot:" in listed.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain",),
        ("explain", "--group", "g1", "--school", "s1"),
        ("explain", "--school", "s1", "--activity", "a1"),
        ("explain", "--group", "g9"),
        ("explain", "--group", "g1", "--activity", "a9"),
        ("explain", "--school", "s9"),
        ("counterfactual", "--group", "g1"),
        ("counterfactual", "--group", "g1", "--slot", "t9"),
        ("counterfactual", "--group", "g1", "--slot", "t1", "--seconds", "nan"),
    ],
)
def test_what_is_asked_wrongly_is_refused_with_a_sentence(
    files: tuple[Path, Path], arguments: tuple[str, ...]
) -> None:
    ended = flask(arguments[0], *files, *arguments[1:])
    assert ended.exit_code == 2
    assert ended.stderr


@pytest.mark.parametrize("command", ["certificate", "explain", "counterfactual"])
def test_a_result_that_breaks_a_rule_is_not_explained(files: tuple[Path, Path], command: str) -> None:
    document = json.loads(files[1].read_text())
    document["placements"] = []
    files[1].write_text(json.dumps(document))
    extra = {
        "certificate": [],
        "explain": ["--group", "g1"],
        "counterfactual": ["--group", "g1", "--slot", "t1"],
    }
    ended = flask(command, *files, *extra[command])
    assert ended.exit_code == 1
    assert "the result does not pass the check" in ended.stderr

"""Looking ahead, yardsticks, comparing, moves and scenarios on the command line."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matchmaker.allocation.files import read_problem_file
from matchmaker.allocation.formats import write_problem, write_result
from matchmaker.allocation.problem import Problem
from matchmaker.cli.allocation_reports import allocation_commands
from tests.unit.allocation.small import group, pairs, problem, result_of, slot

SMALL = problem(
    [group("g1", "s1", "a1 a2"), group("g2", "s2", "a1")],
    [slot("t1", "a1"), slot("t2", "a2", day=6)],
    guarantee=1,
)


def flask(*arguments: str | Path) -> Result:
    """Run ``flask allocation …``; an error that is not an exit is raised."""
    return CliRunner().invoke(allocation_commands, [str(item) for item in arguments], catch_exceptions=False)


def write(folder: Path, given: Problem, placed: str = "", *, name: str = "p") -> tuple[Path, Path]:
    paths = folder / f"{name}.json", folder / f"{name}-result.json"
    paths[0].write_text(write_problem(given))
    paths[1].write_text(write_result(result_of(given, placed)))
    return paths


def test_prospects_say_that_nothing_stands_against_the_guarantee(tmp_path: Path) -> None:
    path, _ = write(tmp_path, SMALL)
    shown = flask("prospects", path, "--wishes")
    assert shown.exit_code == 0
    assert "nothing was found that keeps a school below its guarantee" in shown.stdout
    assert "group g2, wish 1: step 5" in shown.stdout


def test_prospects_say_who_lacks_what(tmp_path: Path) -> None:
    crowd = problem(
        [group(f"g{n}", f"s{n}") for n in range(3)] + [group("g9", "s9", "a9", levels=("vo1",))],
        [slot("t1", "a1", groups=2)],
        [*SMALL.activities[:1], replace(SMALL.activities[0], id="a9")],
        guarantee=1,
    )
    shown = flask("prospects", write(tmp_path, crowd)[0], "--limit", "1")
    assert "the guarantee cannot be promised: at least 2 below 1, whatever is decided" in shown.stdout
    assert "school s9 reaches 0 of 1 at most, even alone" in shown.stdout
    assert "Deze 3 scholen kunnen samen op hoogstens 2 plekken terecht" in shown.stdout
    assert "wishes by chance: 1 impossible" in shown.stdout


def test_yardsticks_stand_beside_the_result(tmp_path: Path) -> None:
    path, result = write(tmp_path, SMALL, "g1-t2 g2-t1")
    shown = flask("yardsticks", path, result)
    assert shown.exit_code == 0
    names = [line.split()[0] for line in shown.stdout.splitlines()[1:]]
    assert names == ["engine", "first_come", "deferred_acceptance", "iterated_matching"]
    assert "engine" not in flask("yardsticks", path).stdout


def test_yardsticks_refuse_locked_placements_that_cannot_stand(tmp_path: Path) -> None:
    path, _ = write(tmp_path, replace(SMALL, locked=pairs("g1-t1 g2-t1")))
    shown = flask("yardsticks", path)
    assert (shown.exit_code, shown.stderr) == (1, "the locked placements cannot stand together\n")


def test_compare_tells_objectives_schools_and_placements(tmp_path: Path) -> None:
    first, second = write(tmp_path, SMALL, "g1-t1"), write(tmp_path, SMALL, "g1-t2 g2-t1", name="q")
    shown = flask("compare", *first, *second)
    assert shown.exit_code == 0
    assert "s2: participations 0 → 1, satisfaction 0% → 100%" in shown.stdout
    assert "s1: participations 1 → 1, satisfaction 100% → 85%" in shown.stdout
    assert "g1: t1 → t2" in shown.stdout
    assert "g2: – → t1" in shown.stdout
    fairness = next(line for line in shown.stdout.splitlines() if line.startswith("fairness"))
    assert fairness.endswith("second")


def test_a_result_that_does_not_pass_the_check_is_not_compared(tmp_path: Path) -> None:
    good, bad = write(tmp_path, SMALL, "g1-t1"), write(tmp_path, SMALL, "g1-t1 g2-t1", name="q")
    for ended in (flask("compare", *good, *bad), flask("yardsticks", *bad), flask("moves", *bad)):
        assert ended.exit_code == 1
        assert "group_places: slot t1 holds 2 of 1 groups" in ended.stderr
        assert "the result does not pass the check" in ended.stderr


def test_a_refusal_of_the_engine_is_not_an_allocation(tmp_path: Path) -> None:
    given = replace(SMALL, locked=pairs("g1-t1 g2-t1"))
    path, result = write(tmp_path, given)
    result.write_text(write_result(replace(result_of(given, "", "infeasible"), objectives=())))
    ended = flask("moves", path, result)
    assert ended.exit_code == 1
    assert "the problem is infeasible, there is no allocation" in ended.stderr


def test_moves_tell_in_dutch_who_moved(tmp_path: Path) -> None:
    shown = flask("moves", *write(tmp_path, replace(SMALL, published=pairs("g1-t9")), "g1-t2 g2-t1"))
    assert "Groep g1 gaat van tijdvak t9 naar tijdvak t2. Het tijdvak is vervallen." in shown.stdout
    assert "nothing was published before" in flask("moves", *write(tmp_path, SMALL)).stdout
    still = replace(SMALL, published=pairs("g1-t2"))
    assert "nothing moved" in flask("moves", *write(tmp_path, still, "g1-t2")).stdout


def test_a_scenario_is_written_as_a_problem_of_its_own(tmp_path: Path) -> None:
    given = replace(SMALL, groups=(replace(SMALL.groups[0], max_km=10.0), SMALL.groups[1]))
    path, _ = write(tmp_path, given)
    out = tmp_path / "wider.json"
    options = ["--double-host", "h1", "--travel", "1.5", "--extra-groups", "1", "--guarantee", "3"]
    written = flask("scenario", path, *options, "--fairness-band", "0.02", "--out", out)
    assert written.exit_code == 0
    assert "4 slots (+2)" in written.stdout
    changed = read_problem_file(out)
    assert [item.id for item in changed.slots] == ["t1", "t1+2", "t2", "t2+2"]
    assert (changed.guarantee, changed.fairness_band, changed.groups[0].max_km) == (3, 0.02, 15.0)


def test_a_scenario_names_hosts_that_do_not_exist(tmp_path: Path) -> None:
    path, _ = write(tmp_path, SMALL)
    out = tmp_path / "out.json"
    ended = flask("scenario", path, "--without-host", "h7", "--out", out)
    assert (ended.exit_code, ended.stderr) == (2, "there is no host with id 'h7'\n")
    assert not out.exists()
    assert flask("scenario", path, "--out", tmp_path / "none" / "p.json").exit_code == 2


@pytest.mark.parametrize("option", ["--travel", "--fairness-band"])
@pytest.mark.parametrize("number", ["nan", "inf", "-1", "soon"])
def test_a_number_that_is_none_is_refused(tmp_path: Path, option: str, number: str) -> None:
    path, _ = write(tmp_path, SMALL)
    assert flask("scenario", path, option, number, "--out", tmp_path / "o.json").exit_code == 2


@pytest.mark.parametrize("command", ["prospects", "yardsticks", "compare", "moves", "scenario"])
@pytest.mark.parametrize("kind", ["missing", "directory", "binary", "wrong"])
def test_unreadable_input_ends_with_sentences_and_2(command: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "input.json"
    if kind == "directory":
        path.mkdir()
    elif kind == "binary":
        path.write_bytes(bytes(range(256)))
    elif kind == "wrong":
        path.write_text('{"format": "matchmaker-problem/1", "guarantee": -1, "schools": 3}')
    more = {"compare": [path, path, path], "moves": [path], "scenario": ["--out", tmp_path / "o.json"]}
    ended = flask(command, path, *more.get(command, []))
    assert ended.exit_code == 2
    assert "Traceback" not in ended.output
    assert ended.stderr


def test_every_command_is_on_the_command_line_of_the_site() -> None:
    from matchmaker import app

    names = {"solve", "check", "prospects", "yardsticks", "compare", "moves", "scenario"}
    assert names <= app.allocation_commands.commands.keys()

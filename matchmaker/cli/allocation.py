"""`flask allocation …`: solve, check and explain problem files without a database."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from matchmaker.cli.reading import read_problem, read_result, refuse
from matchmaker.cli.traced import TracedGroup

if TYPE_CHECKING:
    from matchmaker.allocation.problem import Objective, Problem, Result
    from matchmaker.allocation.solve import Progress

_PROBLEM = click.argument("problem_file", metavar="PROBLEM.json", type=click.Path(path_type=Path))
_RESULT = click.argument("result_file", metavar="RESULT.json", type=click.Path(path_type=Path))


@click.group("allocation", cls=TracedGroup)
def allocation_commands() -> None:
    """Solve, check and explain allocation problems in JSON files."""


def check_seconds(_: click.Context, __: click.Parameter, seconds: float) -> float:
    if not (math.isfinite(seconds) and 0 < seconds <= 86_400):
        raise click.BadParameter("must be above 0 and at most 86400")
    return seconds


@allocation_commands.command("solve")
@_PROBLEM
@click.option("--out", "out_file", metavar="RESULT.json", required=True, type=click.Path(path_type=Path))
@click.option("--seconds", default=60.0, show_default=True, callback=check_seconds, help="Wall time.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1))
@click.option("--progress", "show_progress", is_flag=True, help="Print every step of progress.")
@click.option("--log", "log_file", metavar="FILE", type=click.Path(path_type=Path), help="Decision log.")
def solve_file(
    *,
    problem_file: Path,
    out_file: Path,
    seconds: float,
    seed: int,
    show_progress: bool,
    log_file: Path | None,
) -> None:
    """Solve PROBLEM.json and write RESULT.json.

    The decision log has one line of JSON for every wish of every group, with the reason codes of
    docs/allocation.md.

    Exit code 0: there is an allocation; 1: there is none, and why; 2: unreadable input.
    """
    from matchmaker.allocation.files import UnreadableFileError, check_writable, write_result_file
    from matchmaker.allocation.solve import solve

    problem = read_problem(problem_file)
    try:
        check_writable(out_file)
        if log_file is not None:
            check_writable(log_file)
        with failures_as_sentences():
            listener = _Listener(show_progress)
            result = solve(problem, seconds=seconds, seed=seed, progress=listener.hear)
        write_result_file(out_file, result)
        if log_file is not None:
            _write_log_file(log_file, problem, result)
    except UnreadableFileError as error:
        refuse([str(error)])
    _print_result(problem, result)
    if listener.cut_by_time:
        click.echo("cut by time: a level could have become better, another run can end elsewhere")


def _write_log_file(path: Path, problem: Problem, result: Result) -> None:
    from matchmaker.allocation.files import UnreadableFileError
    from matchmaker.allocation.reasons import write_log

    try:
        path.write_text("".join(f"{line}\n" for line in write_log(problem, result)), encoding="utf-8")
    except OSError as error:
        raise UnreadableFileError(f"cannot write {path}: {error.strerror}") from error


@allocation_commands.command("check")
@_PROBLEM
@_RESULT
def check_file(problem_file: Path, result_file: Path) -> None:
    """Check RESULT.json against PROBLEM.json and print the objectives.

    Exit code 0: every rule holds and every figure is right; 1: something is wrong; 2: unreadable input.
    """
    from matchmaker.allocation.checker import check

    problem, result = read_problem(problem_file), read_result(result_file)
    verdict = check(problem, result)
    click.echo(f"status {result.status}, {len(result.placements)} placements")
    _print_objectives(verdict.objectives if verdict.violations else result.objectives)
    for violation in verdict.violations:
        click.echo(str(violation), err=True)
    if verdict.violations:
        refuse([f"{len(verdict.violations)} violations"], code=1)
    click.echo("every rule holds")


@contextmanager
def failures_as_sentences() -> Iterator[None]:
    """End with one sentence and exit code 1 when solving fails."""
    from matchmaker.allocation.candidates import TooManyPairsError
    from matchmaker.allocation.solve import ResultRefusedError, SolveTimeoutError
    from matchmaker.allocation.solver import SolverError, SolverUnavailableError

    try:
        yield
    except (SolveTimeoutError, SolverUnavailableError, TooManyPairsError) as error:
        sentence = str(error)
    except SolverError as error:
        sentence = f"the solver failed: {error}"
    except ResultRefusedError as error:
        sentence = f"the engine made a mistake, so there is no result: {error}"
    else:
        return
    refuse([" ".join(sentence.split())], code=1)


class _Listener:
    """Remembers whether time cut the solve off, and prints every step when asked to."""

    def __init__(self, shows: bool) -> None:
        self.cut_by_time = False
        self._shows = shows

    def hear(self, progress: Progress) -> None:
        self.cut_by_time = progress.cut_by_time
        if self._shows:
            click.echo(
                f"{progress.seconds:7.1f} s  {progress.fraction:4.0%}  {progress.level}: "
                f"{progress.incumbent:.10g}, bound {progress.bound:.10g}",
                err=True,
            )


def _print_result(problem: Problem, result: Result) -> None:
    from matchmaker.allocation.locked import list_locked_problems

    click.echo(f"status {result.status}, {len(result.placements)} placements, {result.seconds:.1f} s")
    _print_objectives(result.objectives)
    if result.status == "invalid":
        refuse([f"{item.path}: {item.sentence}" for item in list_locked_problems(problem)], code=1)
    if result.status == "infeasible":
        refuse(["the locked placements cannot stand together"], code=1)


def _print_objectives(objectives: Iterable[Objective]) -> None:
    for item in objectives:
        best = "" if item.best is None else f", best {item.best:.10g}"
        click.echo(f"{item.name:<20} {item.sense} {item.value:>14.10g}  bound {item.bound:.10g}{best}")

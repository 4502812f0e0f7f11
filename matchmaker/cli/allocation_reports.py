"""`flask allocation …`: look ahead, hold results side by side, and vary a problem, without a database."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from matchmaker.cli.allocation_reasons import allocation_commands
from matchmaker.cli.reading import read_problem, read_result, refuse

if TYPE_CHECKING:
    from matchmaker.allocation.comparing import Comparison, ObjectiveRow, SchoolChange
    from matchmaker.allocation.measures import Measures
    from matchmaker.allocation.problem import Objective, Problem, Result
    from matchmaker.allocation.prospects import Prospects

__all__ = ["allocation_commands"]


_STEP_WORDS = ("impossible", "hardly", "unlikely", "perhaps", "likely", "almost certain")
_FILE = click.Path(path_type=Path)
_PROBLEM = click.argument("problem_file", metavar="PROBLEM.json", type=_FILE)
_SEED = click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1))
_LIMIT = click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1), help="Most lines of a kind."
)


@allocation_commands.command("prospects")
@_PROBLEM
@_SEED
@_LIMIT
@click.option("--wishes", "show_wishes", is_flag=True, help="Print the step of every wish.")
def show_prospects(problem_file: Path, seed: int, limit: int, show_wishes: bool) -> None:
    """Say before solving whether the guarantee can be promised, and how likely wishes are.

    Exit code 0: looked ahead; 2: unreadable input.
    """
    from matchmaker.allocation.prospects import find_prospects

    prospects = find_prospects(read_problem(problem_file), seed=seed)
    for line in _prospect_lines(prospects, limit):
        click.echo(line)
    if show_wishes:
        for wish in prospects.wishes:
            click.echo(f"group {wish.group}, wish {wish.rank}: step {wish.step}")


def _prospect_lines(prospects: Prospects, limit: int) -> Iterator[str]:
    from matchmaker.allocation.prospects import format_bottleneck

    if prospects.guarantee_promised:
        yield "nothing was found that keeps a school below its guarantee"
    else:
        least = ", ".join(f"{count} below {k}" for k, count in enumerate(prospects.least_below, start=1))
        yield f"the guarantee cannot be promised: at least {least}, whatever is decided"
    alone = [item for item in prospects.schools if item.step == 0]
    for item in alone[:limit]:
        yield f"school {item.school} reaches {item.reachable} of {item.guarantee} at most, even alone"
    yield from _more(len(alone), limit, "schools")
    for bottleneck in prospects.bottlenecks[:limit]:
        yield format_bottleneck(bottleneck)
    yield from _more(len(prospects.bottlenecks), limit, "bottlenecks")
    steps = Counter(item.step for item in prospects.wishes)
    counts = (f"{steps[step]} {words}" for step, words in enumerate(_STEP_WORDS))
    yield f"wishes by chance: {', '.join(counts)}"


def _more(count: int, limit: int, noun: str) -> Iterator[str]:
    if count > limit:
        yield f"… and {count - limit} more {noun}"


@allocation_commands.command("yardsticks")
@_PROBLEM
@click.argument("result_file", metavar="[RESULT.json]", type=_FILE, required=False)
@_SEED
def show_yardsticks(problem_file: Path, result_file: Path | None, seed: int) -> None:
    """Allocate in simpler ways and hold the figures beside those of RESULT.json.

    Exit code 0: shown; 1: there is no allocation, or the result does not pass the check; 2: unreadable input.
    """
    from matchmaker.allocation.measures import measure
    from matchmaker.allocation.yardsticks import YARDSTICKS, LockedPlacementsError, run_yardstick

    problem = read_problem(problem_file)
    rows: list[tuple[str, Measures]] = []
    if result_file is not None:
        rows.append(("engine", measure(problem, _read_checked(problem, result_file).placements)))
    try:
        rows += [(name, measure(problem, run_yardstick(problem, name, seed=seed))) for name in YARDSTICKS]
    except LockedPlacementsError as error:
        refuse([str(error)], code=1)
    for line in _measure_lines(rows):
        click.echo(line)


def _measure_lines(rows: Iterable[tuple[str, Measures]]) -> Iterator[str]:
    """Return a table, one line for each allocation."""
    table = list(rows)
    below = [f"below {k}" for k, _ in enumerate(table[0][1].schools_below, start=1)]
    head = [*below, "worst-off 5 %", "first wishes", "groups placed", "placements", "km"]
    yield f"{'':<20}" + "".join(f"{name:>15}" for name in head)
    for name, item in table:
        cells = [*map(str, item.schools_below), f"{item.worst_off:.3f}", str(item.first_wishes)]
        cells += [str(item.groups_placed), str(item.placements), f"{item.kilometres:.1f}"]
        yield f"{name:<20}" + "".join(f"{cell:>15}" for cell in cells)


@allocation_commands.command("compare")
@_PROBLEM
@click.argument("result_file", metavar="RESULT.json", type=_FILE)
@click.argument("other_problem_file", metavar="OTHER_PROBLEM.json", type=_FILE)
@click.argument("other_result_file", metavar="OTHER_RESULT.json", type=_FILE)
@_LIMIT
def compare_files(
    problem_file: Path, result_file: Path, other_problem_file: Path, other_result_file: Path, limit: int
) -> None:
    """Hold two results side by side: objectives, schools that gain or lose, changed placements.

    Exit code 0: compared; 1: a result does not pass the check; 2: unreadable input.
    """
    from matchmaker.allocation.comparing import compare

    first, second = read_problem(problem_file), read_problem(other_problem_file)
    comparison = compare(
        (first, _read_checked(first, result_file)), (second, _read_checked(second, other_result_file))
    )
    for line in _comparison_lines(comparison, limit):
        click.echo(line)


def _comparison_lines(comparison: Comparison, limit: int) -> Iterator[str]:
    yield f"{'':<20}{'first':>14}{'bound':>14}{'second':>14}{'bound':>14}  better"
    yield from map(_objective_line, comparison.objectives)
    yield ""
    yield from _measure_lines([("first", comparison.first), ("second", comparison.second)])
    for title, changes in (("gaining", comparison.gaining), ("losing", comparison.losing)):
        yield ""
        yield f"schools {title}: {len(changes)}"
        yield from map(_school_line, changes[:limit])
        yield from _more(len(changes), limit, "schools")
    yield ""
    yield f"groups with other placements: {len(comparison.changed)}"
    for change in comparison.changed[:limit]:
        before, after = (" ".join(slots) or "–" for slots in (change.only_first, change.only_second))
        yield f"  {change.group}: {before} → {after}"
    yield from _more(len(comparison.changed), limit, "groups")


def _objective_line(row: ObjectiveRow) -> str:
    words = ("equal", "first", "second")[row.better] if row.first and row.second else "–"
    return f"{row.name:<20}{_objective_cells(row.first)}{_objective_cells(row.second)}  {words}"


def _objective_cells(item: Objective | None) -> str:
    return f"{'–':>14}{'–':>14}" if item is None else f"{item.value:>14.10g}{item.bound:>14.10g}"


def _school_line(change: SchoolChange) -> str:
    return (
        f"  {change.school}: participations {change.participations_before} → {change.participations_after}, "
        f"satisfaction {change.satisfaction_before:.0%} → {change.satisfaction_after:.0%}"
    )


@allocation_commands.command("moves")
@_PROBLEM
@click.argument("result_file", metavar="RESULT.json", type=_FILE)
def show_moves(problem_file: Path, result_file: Path) -> None:
    """Say who moved in a repair, and why.

    Exit code 0: told; 1: the result does not pass the check; 2: unreadable input.
    """
    from matchmaker.allocation.moves import format_move, list_moves

    problem = read_problem(problem_file)
    moves = list_moves(problem, _read_checked(problem, result_file))
    for move in moves:
        click.echo(format_move(move))
    if not moves:
        click.echo("nothing moved" if problem.published is not None else "nothing was published before")


def _check_finite(_: click.Context, __: click.Parameter, number: float | None) -> float | None:
    if number is not None and not math.isfinite(number):
        raise click.BadParameter("must be a number")
    return number


@allocation_commands.command("scenario")
@_PROBLEM
@click.option("--without-host", "without_hosts", metavar="ID", multiple=True, help="Leave out its slots.")
@click.option("--double-host", "doubled_hosts", metavar="ID", multiple=True, help="Offer its slots twice.")
@click.option(
    "--travel",
    type=click.FloatRange(0, 100, min_open=True),
    callback=_check_finite,
    help="Factor on every distance limit.",
)
@click.option("--extra-groups", default=0, type=click.IntRange(0, 1000), help="More places in every slot.")
@click.option("--guarantee", type=click.IntRange(0, 50), help="Participations every school should reach.")
@click.option(
    "--fairness-band",
    type=click.FloatRange(0, 0.05),
    callback=_check_finite,
    help="What later levels may give up.",
)
@click.option("--out", "out_file", metavar="PROBLEM.json", required=True, type=_FILE)
def write_scenario(
    *,
    problem_file: Path,
    without_hosts: tuple[str, ...],
    doubled_hosts: tuple[str, ...],
    travel: float | None,
    extra_groups: int,
    guarantee: int | None,
    fairness_band: float | None,
    out_file: Path,
) -> None:
    """Write PROBLEM.json with other settings as a problem of its own.

    Exit code 0: written; 2: unreadable input, an unknown host, or a file that cannot be written.
    """
    from matchmaker.allocation.files import UnreadableFileError, check_writable, write_problem_file
    from matchmaker.allocation.scenarios import Scenario, UnknownHostError, apply

    scenario = Scenario(
        name=out_file.stem,
        without_hosts=without_hosts,
        travel=travel,
        doubled_hosts=doubled_hosts,
        extra_groups=extra_groups,
        guarantee=guarantee,
        fairness_band=fairness_band,
    )
    problem = read_problem(problem_file)
    try:
        check_writable(out_file)
        changed = apply(problem, scenario)
        write_problem_file(out_file, changed)
    except (UnreadableFileError, UnknownHostError) as error:
        refuse([str(error)])
    click.echo(
        f"{len(changed.slots)} slots ({len(changed.slots) - len(problem.slots):+d}), written to {out_file}"
    )


def _read_checked(problem: Problem, path: Path) -> Result:
    """Return a result that passes the check; end with exit code 1 when it does not."""
    from matchmaker.allocation.checker import check

    result = read_result(path)
    violations = check(problem, result).violations
    if violations:
        refuse([*map(str, violations), f"{path}: the result does not pass the check"], code=1)
    if result.status in ("infeasible", "invalid"):
        refuse([f"{path}: the problem is {result.status}, there is no allocation"], code=1)
    return result

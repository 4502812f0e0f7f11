"""`flask allocation …`: why it came out so, what it would cost otherwise, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from matchmaker.cli.allocation import allocation_commands, check_seconds, failures_as_sentences
from matchmaker.cli.reading import read_problem, read_result, refuse

if TYPE_CHECKING:
    from matchmaker.allocation.blind_spots import BlindSpot
    from matchmaker.allocation.problem import Activity, Group, Problem, Result, School, Slot

__all__ = ["allocation_commands"]

Command = TypeVar("Command", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path)
_PROBLEM = click.argument("problem_file", metavar="PROBLEM.json", type=_FILE)
_RESULT = click.argument("result_file", metavar="RESULT.json", type=_FILE)
_SEED = click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1))


def _seconds(default: float) -> Callable[[Command], Command]:
    return click.option(
        "--seconds", default=default, show_default=True, callback=check_seconds, help="Wall time."
    )


@allocation_commands.command("explain")
@_PROBLEM
@_RESULT
@click.option("--group", "group_id", metavar="ID", help="Id of the group.")
@click.option("--activity", "activity_id", metavar="ID", help="Only this activity, wished or not.")
@click.option("--school", "school_id", metavar="ID", help="Id of the school.")
@_seconds(5.0)
@_SEED
def explain_placements(
    *,
    problem_file: Path,
    result_file: Path,
    group_id: str | None,
    activity_id: str | None,
    school_id: str | None,
    seconds: float,
    seed: int,
) -> None:
    """Say what a group got, and for every other wish why not; for a school, what would have helped.

    With --activity: also what it would have cost others.

    Exit code 0: explained; 1: the result does not pass the check; 2: unreadable input or unknown id.
    """
    if (group_id is None) == (school_id is None) or (activity_id is not None and group_id is None):
        raise click.UsageError("give --group (and --activity), or --school")
    problem, result = _read_both(problem_file, result_file)
    _require(problem_file, "group", group_id, problem.groups)
    _require(problem_file, "activity", activity_id, problem.activities)
    _require(problem_file, "school", school_id, problem.schools)
    with failures_as_sentences():
        if school_id is not None:
            text = _explain_school(problem, result, school_id, seconds, seed)
        else:
            text = _explain_group(problem, result, group_id or "", activity_id, seconds=seconds, seed=seed)
    click.echo(text)


def _explain_group(
    problem: Problem, result: Result, group_id: str, activity_id: str | None, *, seconds: float, seed: int
) -> str:
    from matchmaker.allocation.explain import explain, explain_activity

    if activity_id is None:
        return explain(problem, result, group_id).text
    return explain_activity(problem, result, group_id, activity_id, seconds=seconds, seed=seed).text


def _explain_school(problem: Problem, result: Result, school_id: str, seconds: float, seed: int) -> str:
    from matchmaker.allocation.certificate import format_shortfall
    from matchmaker.allocation.explain import explain
    from matchmaker.allocation.helping import format_changes, what_would_help
    from matchmaker.allocation.shortfalls import list_shortfalls

    groups = [group.id for group in problem.groups if group.school == school_id]
    parts = [explain(problem, result, group_id).text for group_id in groups]
    short = [item for item in list_shortfalls(problem, result.placements) if item.school == school_id]
    parts += [format_shortfall(item) for item in short]
    changes = what_would_help(problem, result, school_id, seconds=seconds, seed=seed)
    parts.append("Wat had geholpen:\n" + format_changes(changes))
    return "\n\n".join(parts)


@allocation_commands.command("counterfactual")
@_PROBLEM
@_RESULT
@click.option("--group", "group_id", required=True, metavar="ID", help="Id of the group.")
@click.option("--slot", "slot_id", metavar="ID", help="The slot that it is given.")
@click.option("--activity", "activity_id", metavar="ID", help="Or: any slot of this activity.")
@_seconds(10.0)
@_SEED
def show_counterfactual(
    *,
    problem_file: Path,
    result_file: Path,
    group_id: str,
    slot_id: str | None,
    activity_id: str | None,
    seconds: float,
    seed: int,
) -> None:
    """Say what it would cost to give a group a slot, found by solving again with it.

    Exit code 0: said; 1: the result does not pass the check, or no answer in time; 2: unreadable input.
    """
    from matchmaker.allocation.counterfactual import force, format_counterfactual

    if (slot_id is None) == (activity_id is None):
        raise click.UsageError("give --slot or --activity")
    problem, result = _read_both(problem_file, result_file)
    _require(problem_file, "group", group_id, problem.groups)
    _require(problem_file, "slot", slot_id, problem.slots)
    _require(problem_file, "activity", activity_id, problem.activities)
    with failures_as_sentences():
        found = force(
            problem, result, group_id, slot=slot_id, activity=activity_id, seconds=seconds, seed=seed
        )
    click.echo(format_counterfactual(found, problem))


@allocation_commands.command("certificate")
@_PROBLEM
@_RESULT
@_seconds(20.0)
@_SEED
def show_certificate(problem_file: Path, result_file: Path, seconds: float, seed: int) -> None:
    """Say what is proven about the guarantee, who stays below it, why, and what would help.

    Exit code 0: said; 1: the result does not pass the check; 2: unreadable input.
    """
    from matchmaker.allocation.certificate import certify, format_certificate

    problem, result = _read_both(problem_file, result_file)
    with failures_as_sentences():
        certificate = certify(problem, result, seconds=seconds, seed=seed)
    click.echo(format_certificate(certificate, problem), nl=False)


@allocation_commands.command("blind-spots")
@_PROBLEM
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 200), help="Most slots shown.")
@click.option("--smallest-set", "only_set", is_flag=True, help="The fewest slots that lift every school.")
@click.option("--wishes", "with_wishes", is_flag=True, help="Also what more wishes would bring (slower).")
@_seconds(60.0)
@_SEED
def list_blind_spots(
    *, problem_file: Path, limit: int, only_set: bool, with_wishes: bool, seconds: float, seed: int
) -> None:
    """List the extra slots that would bring most schools to their guarantee, each confirmed by solving.

    Exit code 0: listed; 1: the solving failed; 2: unreadable input.
    """
    from matchmaker.allocation.blind_spots import find_blind_spots
    from matchmaker.allocation.shortfalls import list_structural

    problem = read_problem(problem_file)
    with failures_as_sentences():
        if only_set:
            _print_smallest_set(problem, seconds, seed)
        else:
            spots = find_blind_spots(
                problem, limit=limit, seconds=seconds, seed=seed, with_wish_gains=with_wishes
            )
            _print_spots(spots)
        structural = list_structural(problem)
    if structural:
        click.echo(f"{len(structural)} schools that no allocation of these wishes and slots can lift:")
    for item in structural:
        click.echo(f"  {item.school}: {item.participations} of {item.guarantee}, {item.cause}")


def _print_spots(spots: Iterable[BlindSpot]) -> None:
    found = list(spots)
    for spot in found:
        click.echo(f"{spot.lifted:>3} fewer ({_gain(spot.gain)}): {_spot(spot)}")
        if spot.wish_gain is not None and spot.both_gain is not None:
            click.echo(
                f"    more wishes without the slot: {_gain(spot.wish_gain)}; with it: {_gain(spot.both_gain)}"
            )
    if not found:
        click.echo("no extra slot brings a school closer to its guarantee")


def _print_smallest_set(problem: Problem, seconds: float, seed: int) -> None:
    from matchmaker.allocation.smallest_set import smallest_set

    found = smallest_set(problem, seconds=seconds, seed=seed)
    for spot in found.spots:
        click.echo(f"without it {_gain(spot.gain)} more: {_spot(spot)}")
    below = ", ".join(f"{count} below {k}" for k, count in enumerate(found.values, start=1))
    proof = (
        "no smaller set of the slots considered does it"
        if found.proven_smallest
        else "perhaps not the fewest"
    )
    click.echo(f"{len(found.spots)} slots, then {below}; {proof}")
    if not found.irredundant:
        click.echo("the time was over before every slot was left out once")
    if found.still_short:
        click.echo(f"still below the guarantee: {', '.join(found.still_short)}")


def _gain(gain: tuple[int, ...]) -> str:
    return ", ".join(f"{count} below {k}" for k, count in enumerate(gain, start=1) if count) or "none"


def _spot(spot: BlindSpot) -> str:
    what = f"once more {spot.activity}" if spot.near is None else f"{spot.kind} near {spot.near}"
    comes = " (comes to the school)" if spot.mobile else ""
    return (
        f"{what}{comes} for {', '.join(spot.levels)}, such as {spot.start:%Y-%m-%d %H:%M}, "
        f"{spot.groups} groups, price {spot.price:.2f}"
    )


def _read_both(problem_file: Path, result_file: Path) -> tuple[Problem, Result]:
    """Return a problem and a result that passes the check, or end with sentences."""
    from matchmaker.allocation.checker import check

    problem, result = read_problem(problem_file), read_result(result_file)
    verdict = check(problem, result)
    if verdict.violations:
        refuse([*map(str, verdict.violations), "the result does not pass the check"], code=1)
    if not result.objectives:
        refuse([f"the result is {result.status}: there is no allocation to explain"], code=1)
    return problem, result


def _require(
    path: Path, noun: str, wanted: str | None, items: Iterable[Group | Activity | School | Slot]
) -> None:
    """End with a sentence when nothing has the id."""
    if wanted is not None and all(item.id != wanted for item in items):
        refuse([f"{path}: there is no {noun} with id {wanted!r}"])

"""Builds problems and results small enough to solve by hand."""

from datetime import datetime
from typing import Any

from matchmaker.allocation.checker.facts import Facts
from matchmaker.allocation.checker.objectives import recompute
from matchmaker.allocation.problem import (
    Activity,
    Group,
    Host,
    Interval,
    Objective,
    Pair,
    Placement,
    Problem,
    Result,
    School,
    Slot,
    Solver,
    Wish,
    problem_sha256,
)


def at(day: int, hour: float = 9.0) -> datetime:
    """A moment in October 2026."""
    return datetime.fromisoformat("2026-10-01").replace(
        day=day, hour=int(hour), minute=round(60 * (hour - int(hour)))
    )


def blocked(day: int, start: float = 0.0, end: float = 23.5) -> Interval:
    return Interval(at(day, start), at(day, end))


def group(name: str, school: str = "s1", wishes: str = "a1", **fields: Any) -> Group:
    """A group that wishes activities (``a…``) or kinds, in the order of the names."""
    return Group(
        name,
        school,
        fields.pop("levels", ("po7",)),
        fields.pop("pupils", 20),
        wishes=tuple(
            Wish(activity=wish) if wish.startswith("a") else Wish(kind=wish) for wish in wishes.split()
        ),
        **fields,
    )


def activity(name: str = "a1", host: str = "h1", kind: str = "visit", **fields: Any) -> Activity:
    return Activity(name, host, kind, fields.pop("levels", ("po6", "po7", "po8")), **fields)


def slot(name: str, activity_id: str = "a1", day: int = 5, hour: float = 9, **fields: Any) -> Slot:
    hours = fields.pop("hours", 1.0)
    return Slot(name, activity_id, at(day, hour), at(day, hour + hours), fields.pop("groups", 1), **fields)


def problem(
    groups: list[Group],
    slots: list[Slot],
    activities: list[Activity] | None = None,
    **fields: Any,
) -> Problem:
    """A problem whose schools and hosts are those that are named, unless they are given."""
    activities = activities or [activity(name) for name in sorted({item.activity for item in slots})]
    schools = fields.pop("schools", [School(name) for name in sorted({item.school for item in groups})])
    hosts = fields.pop("hosts", [Host(name) for name in sorted({item.host for item in activities})])
    return Problem(
        schools=tuple(schools),
        groups=tuple(groups),
        hosts=tuple(hosts),
        activities=tuple(activities),
        slots=tuple(slots),
        **fields,
    )


def pairs(text: str) -> tuple[Pair, ...]:
    """Pairs written as ``g1-t1 g2-t2``."""
    return tuple(Pair(*item.split("-")) for item in text.split())


def placed(result: Result) -> str:
    """The placements of a result, written like :func:`pairs`."""
    return " ".join(f"{item.group}-{item.slot}" for item in result.placements)


def result_of(problem: Problem, text: str, status: str = "feasible") -> Result:
    """The result with these placements and every figure right; its bounds are the values themselves."""
    bare = Result(
        problem_sha256(problem),
        status,
        tuple(Placement(pair.group, pair.slot, None, 0.0) for pair in pairs(text)),
        (),
        1,
        0.0,
        "0",
        Solver("hand", "0"),
    )
    facts = Facts(problem, bare)
    right = tuple(
        Placement(
            item.group,
            item.slot,
            facts.rank(facts.groups[item.group], facts.slots[item.slot]),
            facts.travel_km(facts.groups[item.group], facts.slots[item.slot]),
        )
        for item in sorted(
            bare.placements, key=lambda item: (item.group, facts.slots[item.slot].start, item.slot)
        )
    )
    objectives = tuple(
        Objective(
            item.name,
            item.sense,
            item.value,
            item.bound,
            item.value if item.name == "fairness" and problem.fairness_band else None,
        )
        for item in recompute(facts)
    )
    return Result(bare.problem_sha256, status, right, objectives, 1, 0.0, "0", Solver("hand", "0"))

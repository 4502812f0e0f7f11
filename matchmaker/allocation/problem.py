"""What the engine gets and gives, as frozen values.

The words are those of the public formats ``matchmaker-problem/1`` and ``matchmaker-result/1``. Times are
local wall-clock times without offset, distances are kilometres, ids are non-empty strings that are unique
within their collection. Nothing here checks a value: :mod:`matchmaker.allocation.formats` does.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

PROBLEM_FORMAT = "matchmaker-problem/1"
RESULT_FORMAT = "matchmaker-result/1"


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open stretch of time, ``start`` included and ``end`` not."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class School:
    """A school location.

    ``guarantee`` None means the guarantee of the problem; ``lottery`` None means the place in the list.
    ``history`` is luck carried over from earlier rounds, 0 … 1, where 0 is for the worst off.
    """

    id: str
    lat: float | None = None
    lon: float | None = None
    already: int = 0
    guarantee: int | None = None
    history: float = 0.0
    lottery: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish: exactly one of an activity id and a kind of activity."""

    activity: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A class of a school. ``wishes`` are in order of preference: the first has rank 1."""

    id: str
    school: str
    levels: tuple[str, ...]
    pupils: int
    wanted: int = 1
    max_km: float | None = None
    open_to_other: bool = False
    wishes: tuple[Wish, ...] = ()
    unavailable: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Host:
    """Who offers activities. ``max_slots_per_day`` None means no limit."""

    id: str
    max_slots_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """What a host offers. A ``mobile`` one comes to the school, up to ``range_km`` (None: anywhere)."""

    id: str
    host: str
    kind: str
    levels: tuple[str, ...]
    min_pupils: int | None = None
    max_pupils: int | None = None
    lat: float | None = None
    lon: float | None = None
    mobile: bool = False
    range_km: float | None = None


@dataclass(frozen=True, slots=True)
class Reserved:
    """``groups`` of a slot's group places that are kept for the named schools."""

    groups: int
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A dated occasion of an activity, with places for ``groups`` groups and ``pupils`` pupils."""

    id: str
    activity: str
    start: datetime
    end: datetime
    groups: int
    pupils: int | None = None
    min_groups: int = 0
    multi_stop_day: str | None = None
    reserved: Reserved | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A group in a slot."""

    group: str
    slot: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One allocation problem. ``published`` None means a first allocation, otherwise this is a repair."""

    schools: tuple[School, ...] = ()
    groups: tuple[Group, ...] = ()
    hosts: tuple[Host, ...] = ()
    activities: tuple[Activity, ...] = ()
    slots: tuple[Slot, ...] = ()
    locked: tuple[Pair, ...] = ()
    published: tuple[Pair, ...] | None = None
    guarantee: int = 2
    detour_factor: float = 1.0
    min_gap_minutes: int = 0
    fairness_band: float = 0.001


@dataclass(frozen=True, slots=True)
class Placement:
    """A group placed in a slot: ``rank`` None when it was not wished, ``km`` one way for the group."""

    group: str
    slot: str
    rank: int | None
    km: float


@dataclass(frozen=True, slots=True)
class Objective:
    """One level of the objective: what was reached and what was proven to be out of reach.

    ``best`` is stated by the fairness level when there is a fairness band: the value that was reached before
    the later levels used the band.
    """

    name: str
    sense: str
    value: float
    bound: float
    best: float | None = None


@dataclass(frozen=True, slots=True)
class Solver:
    """The solver that produced a result."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Result:
    """An answer to a problem; ``status`` is optimal, feasible, infeasible or invalid."""

    problem_sha256: str
    status: str
    placements: tuple[Placement, ...]
    objectives: tuple[Objective, ...]
    seed: int
    seconds: float
    version: str
    solver: Solver


def school_guarantee(problem: Problem, school: School) -> int:
    """Return the participations that this school should reach."""
    return problem.guarantee if school.guarantee is None else school.guarantee


def largest_guarantee(problem: Problem) -> int:
    """Return the largest guarantee of a school, 0 without schools: the number of guarantee levels."""
    return max((school_guarantee(problem, school) for school in problem.schools), default=0)


def lottery_numbers(problem: Problem) -> tuple[int, ...]:
    """Return each school's lottery number in the order of the list; its place in the list when absent."""
    return tuple(
        index if school.lottery is None else school.lottery for index, school in enumerate(problem.schools)
    )


def canonical_json(problem: Problem) -> str:
    """Return the one text that stands for a problem.

    Every field is present, in one order, with its default filled in, so that two files that differ in the
    order of fields, in white space or in defaults left out have the same text. Lists keep their order.
    """
    return json.dumps(_canonical(problem), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def problem_sha256(problem: Problem) -> str:
    """Return the SHA-256 of the canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(problem).encode()).hexdigest()


def _canonical(problem: Problem) -> dict[str, Any]:
    document: dict[str, Any] = {
        "format": PROBLEM_FORMAT,
        "guarantee": problem.guarantee,
        "detour_factor": float(problem.detour_factor),
        "min_gap_minutes": problem.min_gap_minutes,
        "fairness_band": float(problem.fairness_band),
        "schools": [
            _school(problem, school, number)
            for school, number in zip(problem.schools, lottery_numbers(problem), strict=True)
        ],
        "groups": [_group(group) for group in problem.groups],
        "hosts": [{"id": host.id, "max_slots_per_day": host.max_slots_per_day} for host in problem.hosts],
        "activities": [_activity(activity) for activity in problem.activities],
        "slots": [_slot(slot) for slot in problem.slots],
        "locked": _pairs(problem.locked),
    }
    if problem.published is not None:
        document["published"] = _pairs(problem.published)
    return document


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _time(value: datetime) -> str:
    return value.isoformat(timespec="minutes")


def _pairs(pairs: tuple[Pair, ...]) -> list[dict[str, str]]:
    return [{"group": pair.group, "slot": pair.slot} for pair in pairs]


def _school(problem: Problem, school: School, number: int) -> dict[str, Any]:
    return {
        "id": school.id,
        "lat": _float(school.lat),
        "lon": _float(school.lon),
        "already": school.already,
        "guarantee": school_guarantee(problem, school),
        "history": float(school.history),
        "lottery": number,
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "school": group.school,
        "levels": list(group.levels),
        "pupils": group.pupils,
        "wanted": group.wanted,
        "max_km": _float(group.max_km),
        "open_to_other": group.open_to_other,
        "wishes": [_wish(wish) for wish in group.wishes],
        "unavailable": [
            {"start": _time(interval.start), "end": _time(interval.end)} for interval in group.unavailable
        ],
    }


def _wish(wish: Wish) -> dict[str, Any]:
    return {"kind": wish.kind} if wish.activity is None else {"activity": wish.activity}


def _activity(activity: Activity) -> dict[str, Any]:
    return {
        "id": activity.id,
        "host": activity.host,
        "kind": activity.kind,
        "levels": list(activity.levels),
        "min_pupils": activity.min_pupils,
        "max_pupils": activity.max_pupils,
        "lat": _float(activity.lat),
        "lon": _float(activity.lon),
        "mobile": activity.mobile,
        "range_km": _float(activity.range_km),
    }


def _slot(slot: Slot) -> dict[str, Any]:
    reserved = slot.reserved
    return {
        "id": slot.id,
        "activity": slot.activity,
        "start": _time(slot.start),
        "end": _time(slot.end),
        "groups": slot.groups,
        "pupils": slot.pupils,
        "min_groups": slot.min_groups,
        "multi_stop_day": slot.multi_stop_day,
        "reserved": None
        if reserved is None
        else {"groups": reserved.groups, "schools": list(reserved.schools)},
    }

"""Reads and writes the public formats ``matchmaker-problem/1`` and ``matchmaker-result/1``.

Reading is strict and complete: everything that is wrong is listed by its JSON path, in one error. Writing is
stable: the same values give the same text.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from matchmaker.allocation.fields import Fields, FormatProblem, TooManyProblemsError, show
from matchmaker.allocation.json_text import UnreadableJsonError, parse_json
from matchmaker.allocation.problem import (
    PROBLEM_FORMAT,
    RESULT_FORMAT,
    Activity,
    Group,
    Host,
    Interval,
    Objective,
    Pair,
    Placement,
    Problem,
    Reserved,
    Result,
    School,
    Slot,
    Solver,
    Wish,
    canonical_json,
)

_MOST_PARTICIPATIONS = 50
_MOST_KM = 50_000.0
_STATUSES = ("optimal", "feasible", "infeasible", "invalid")
_SENSES = ("min", "max")
_LARGEST_VALUE = 1e15
_YEARS = range(1900, 3000)

_Read = TypeVar("_Read")

Document = bytes | str | dict[str, Any]


class ProblemFormatError(ValueError):
    """A document is not in the format it should be in.

    Attributes
    ----------
    problems
        Everything that is wrong, at least one, in the order of the document.
    """

    def __init__(self, problems: list[FormatProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read_problem(document: Document) -> Problem:
    """Read an allocation problem.

    Parameters
    ----------
    document
        The JSON text as bytes or str, or what a JSON parser made of it.

    Raises
    ------
    ProblemFormatError
        With every problem in the document: unknown, missing or repeated fields, wrong types, numbers out of
        range or not finite, ids that are repeated or name nothing, ends that are not after their starts.
    """
    return _read(document, _problem)


def write_problem(problem: Problem) -> str:
    """Return the canonical JSON text of a problem; reading it gives an equal problem with defaults filled."""
    return canonical_json(problem)


def read_result(document: Document) -> Result:
    """Read a result; only its form is checked, not whether it answers a problem well.

    Raises
    ------
    ProblemFormatError
        With every problem in the document.
    """
    return _read(document, _result)


def write_result(result: Result) -> str:
    """Return the JSON text of a result, placements and objectives in the order they have."""
    return json.dumps(_result_document(result), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _read(document: Document, build: Callable[[Fields], _Read]) -> _Read:
    problems: list[FormatProblem] = []
    try:
        value = document if isinstance(document, dict) else parse_json(document)
        built = build(Fields(value, "$", problems))
    except UnreadableJsonError as error:
        raise ProblemFormatError([FormatProblem("$", str(error))]) from None
    except TooManyProblemsError:
        more = FormatProblem("$", "has more problems than these; the rest of it was not read")
        raise ProblemFormatError([*problems, more]) from None
    if problems:
        raise ProblemFormatError(problems)
    return built


def _format(fields: Fields, name: str) -> None:
    value = fields.text("format")
    if value and value != name:
        fields.note("format", f'must be "{name}", is {show(value)}')


# ---- problem --------------------------------------------------------------------------------------------


def _problem(fields: Fields) -> Problem:
    _format(fields, PROBLEM_FORMAT)
    problem = Problem(
        guarantee=fields.required_whole("guarantee", 2, least=0, most=_MOST_PARTICIPATIONS),
        detour_factor=fields.required_number("detour_factor", 1.0, least=0, most=100, above=True),
        min_gap_minutes=fields.required_whole("min_gap_minutes", 0, least=0, most=1440),
        fairness_band=fields.required_number("fairness_band", 0.001, least=0, most=0.05),
        schools=tuple(_school(school) for school in fields.objects("schools", required=True)),
        groups=tuple(_group(group) for group in fields.objects("groups", required=True)),
        hosts=tuple(_host(host) for host in fields.objects("hosts", required=True)),
        activities=tuple(_activity(activity) for activity in fields.objects("activities", required=True)),
        slots=tuple(_slot(slot) for slot in fields.objects("slots", required=True)),
        locked=_pairs(fields, "locked"),
        published=_pairs(fields, "published") if fields.has("published") else None,
    )
    fields.finish()
    _check_ids(problem, fields)
    _check_lottery(problem, fields)
    _check_references(problem, fields)
    return problem


def _school(fields: Fields) -> School:
    lat, lon = _place(fields)
    school = School(
        id=fields.required_text("id"),
        lat=lat,
        lon=lon,
        already=fields.required_whole("already", 0, least=0, most=10_000),
        guarantee=_given_whole(fields, "guarantee", least=0, most=_MOST_PARTICIPATIONS),
        history=fields.required_number("history", 0.0, least=0, most=1),
        lottery=_given_whole(fields, "lottery", least=-(10**12), most=10**12),
    )
    fields.finish()
    return school


def _given_whole(fields: Fields, name: str, *, least: int, most: int) -> int | None:
    """Return a number that is optional, but not null when it is there."""
    return fields.whole(name, least=least, most=most) if fields.has(name) else None


def _place(fields: Fields) -> tuple[float | None, float | None]:
    lat = fields.number("lat", None, least=-90, most=90)
    lon = fields.number("lon", None, least=-180, most=180)
    given = [fields.has_value(name) for name in ("lat", "lon")]
    if given == [True, False]:
        fields.note("lon", "is missing, while lat is given")
    if given == [False, True]:
        fields.note("lat", "is missing, while lon is given")
    return lat, lon


def _group(fields: Fields) -> Group:
    group = Group(
        id=fields.required_text("id"),
        school=fields.required_text("school"),
        levels=fields.labels("levels", filled=True),
        pupils=fields.required_whole("pupils", least=1, most=100_000),
        wanted=fields.required_whole("wanted", 1, least=1, most=1000),
        max_km=fields.number("max_km", None, least=0, most=_MOST_KM),
        open_to_other=fields.flag("open_to_other", default=False),
        wishes=tuple(_wish(wish) for wish in fields.objects("wishes")),
        unavailable=tuple(_interval(interval) for interval in fields.objects("unavailable")),
    )
    fields.finish()
    return group


def _wish(fields: Fields) -> Wish:
    named = [name for name in ("activity", "kind") if fields.has(name)]
    wish = Wish(
        activity=fields.text("activity") if "activity" in named else None,
        kind=fields.text("kind") if "kind" in named else None,
    )
    if fields.readable and len(named) != 1:
        fields.note("", "must name either an activity or a kind")
    fields.finish()
    return wish


def _interval(fields: Fields) -> Interval:
    interval = Interval(start=fields.time("start"), end=fields.time("end"))
    _check_order(fields, interval)
    fields.finish()
    return interval


def _check_order(fields: Fields, stretch: Interval | Slot) -> None:
    if (
        fields.readable
        and stretch.end <= stretch.start
        and not fields.is_stand_in(stretch.start, stretch.end)
    ):
        fields.note("end", "must be after start")


def _check_years(fields: Fields, slot: Slot) -> None:
    """A slot takes place; what is unavailable may begin and end with the calendar itself."""
    for name, time in (("start", slot.start), ("end", slot.end)):
        if time.year not in _YEARS and not fields.is_stand_in(time):
            fields.note(name, f"must lie in the years {_YEARS[0]} to {_YEARS[-1]}")


def _host(fields: Fields) -> Host:
    host = Host(
        id=fields.required_text("id"),
        max_slots_per_day=fields.whole("max_slots_per_day", None, least=0, most=10_000),
    )
    fields.finish()
    return host


def _activity(fields: Fields) -> Activity:
    lat, lon = _place(fields)
    activity = Activity(
        id=fields.required_text("id"),
        host=fields.required_text("host"),
        kind=fields.required_text("kind"),
        levels=fields.labels("levels", filled=True),
        min_pupils=fields.whole("min_pupils", None, least=0, most=100_000),
        max_pupils=fields.whole("max_pupils", None, least=0, most=100_000),
        lat=lat,
        lon=lon,
        mobile=fields.flag("mobile", default=False),
        range_km=fields.number("range_km", None, least=0, most=_MOST_KM),
    )
    if activity.max_pupils is not None and activity.max_pupils < (activity.min_pupils or 0):
        fields.note("max_pupils", "must not be less than min_pupils")
    fields.finish()
    return activity


def _slot(fields: Fields) -> Slot:
    groups = fields.whole("groups", least=0, most=100_000)
    slot = Slot(
        id=fields.required_text("id"),
        activity=fields.required_text("activity"),
        start=fields.time("start"),
        end=fields.time("end"),
        groups=groups or 0,
        pupils=fields.whole("pupils", None, least=0, most=10_000_000),
        min_groups=fields.required_whole("min_groups", 0, least=0, most=100_000),
        multi_stop_day=fields.text("multi_stop_day", nullable=True, default=None),
        reserved=_reserved(fields.child("reserved")),
    )
    _check_order(fields, slot)
    _check_years(fields, slot)
    if slot.reserved and groups is not None and slot.reserved.groups > groups:
        fields.note("reserved", f"keeps {slot.reserved.groups} groups of a slot that has {groups}")
    fields.finish()
    return slot


def _reserved(fields: Fields | None) -> Reserved | None:
    if fields is None:
        return None
    reserved = Reserved(
        groups=fields.required_whole("groups", least=0, most=100_000),
        schools=fields.labels("schools", filled=False),
    )
    fields.finish()
    return reserved


def _pairs(fields: Fields, name: str) -> tuple[Pair, ...]:
    seen: dict[Pair, str] = {}
    pairs: list[Pair] = []
    for item in fields.objects(name):
        pair = Pair(group=item.required_text("group"), slot=item.required_text("slot"))
        item.finish()
        if pair in seen and pair.group and pair.slot:
            item.note("", f"is the same pair as {seen[pair]}")
        seen.setdefault(pair, item.path)
        pairs.append(pair)
    return tuple(pairs)


def _check_ids(problem: Problem, fields: Fields) -> None:
    for name in ("schools", "groups", "hosts", "activities", "slots"):
        items: Iterable[School | Group | Host | Activity | Slot] = getattr(problem, name)
        seen: dict[str, int] = {}
        for index, item in enumerate(items):
            if item.id and item.id in seen:
                fields.note_at(
                    f"$.{name}[{index}].id", f"{show(item.id)} is also the id of $.{name}[{seen[item.id]}]"
                )
            seen.setdefault(item.id, index)


def _check_lottery(problem: Problem, fields: Fields) -> None:
    """Numbers that are given are distinct, and all schools have one or none has."""
    seen: dict[int, int] = {}
    for index, school in enumerate(problem.schools):
        if school.lottery is None:
            continue
        if school.lottery in seen:
            fields.note_at(
                f"$.schools[{index}].lottery",
                f"{school.lottery} is also the number of $.schools[{seen[school.lottery]}]",
            )
        seen.setdefault(school.lottery, index)
    for index, school in enumerate(problem.schools):
        if school.lottery is None and index in seen:
            fields.note_at(
                f"$.schools[{index}].lottery",
                f"is absent and its default, the place {index} in the list, "
                f"is the number of $.schools[{seen[index]}]",
            )


def _check_references(problem: Problem, fields: Fields) -> None:
    schools = {school.id for school in problem.schools}
    hosts = {host.id for host in problem.hosts}
    activities = {activity.id for activity in problem.activities}
    for index, group in enumerate(problem.groups):
        _check_known(fields, f"$.groups[{index}].school", group.school, schools, "school")
        for place, wish in enumerate(group.wishes):
            path = f"$.groups[{index}].wishes[{place}].activity"
            _check_known(fields, path, wish.activity or "", activities, "activity")
    for index, activity in enumerate(problem.activities):
        _check_known(fields, f"$.activities[{index}].host", activity.host, hosts, "host")
    for index, slot in enumerate(problem.slots):
        _check_known(fields, f"$.slots[{index}].activity", slot.activity, activities, "activity")
        for place, school in enumerate(slot.reserved.schools if slot.reserved else ()):
            _check_known(fields, f"$.slots[{index}].reserved.schools[{place}]", school, schools, "school")
    _check_locked(problem, fields)


def _check_locked(problem: Problem, fields: Fields) -> None:
    groups = {group.id for group in problem.groups}
    slots = {slot.id for slot in problem.slots}
    for index, pair in enumerate(problem.locked):
        _check_known(fields, f"$.locked[{index}].group", pair.group, groups, "group")
        _check_known(fields, f"$.locked[{index}].slot", pair.slot, slots, "slot")


def _check_known(fields: Fields, path: str, name: str, known: set[str], noun: str) -> None:
    """An empty name was noted before."""
    if name and name not in known:
        fields.note_at(path, f"there is no {noun} with id {show(name)}")


# ---- result ---------------------------------------------------------------------------------------------


def _result(fields: Fields) -> Result:
    _format(fields, RESULT_FORMAT)
    result = Result(
        problem_sha256=fields.required_text("problem_sha256"),
        status=_choice(fields, "status", _STATUSES),
        placements=tuple(_placement(item) for item in fields.objects("placements", required=True)),
        objectives=tuple(_objective(item) for item in fields.objects("objectives", required=True)),
        seed=fields.required_whole("seed", least=-(2**31), most=2**31 - 1),
        seconds=fields.required_number("seconds", least=0, most=1e9),
        version=fields.required_text("version"),
        solver=_solver(fields.child("solver")),
    )
    if not fields.has_value("solver"):
        fields.note("solver", "is missing or null")
    fields.finish()
    return result


def _choice(fields: Fields, name: str, choices: tuple[str, ...]) -> str:
    value = fields.required_text(name)
    if value and value not in choices:
        fields.note(name, f"must be one of {', '.join(choices)}, is {show(value)}")
    return value


def _placement(fields: Fields) -> Placement:
    placement = Placement(
        group=fields.required_text("group"),
        slot=fields.required_text("slot"),
        rank=fields.whole("rank", None, least=1, most=1_000_000),
        km=fields.required_number("km", least=0, most=_LARGEST_VALUE),
    )
    fields.finish()
    return placement


def _objective(fields: Fields) -> Objective:
    objective = Objective(
        name=fields.required_text("name"),
        sense=_choice(fields, "sense", _SENSES),
        value=fields.required_number("value", least=-_LARGEST_VALUE, most=_LARGEST_VALUE),
        bound=fields.required_number("bound", least=-_LARGEST_VALUE, most=_LARGEST_VALUE),
        best=fields.number("best", None, least=-_LARGEST_VALUE, most=_LARGEST_VALUE),
    )
    fields.finish()
    return objective


def _solver(fields: Fields | None) -> Solver:
    if fields is None:
        return Solver("", "")
    solver = Solver(name=fields.required_text("name"), version=fields.required_text("version"))
    fields.finish()
    return solver


def _result_document(result: Result) -> dict[str, Any]:
    return {
        "format": RESULT_FORMAT,
        "problem_sha256": result.problem_sha256,
        "status": result.status,
        "placements": [
            {"group": item.group, "slot": item.slot, "rank": item.rank, "km": item.km}
            for item in result.placements
        ],
        "objectives": [_objective_document(item) for item in result.objectives],
        "seed": result.seed,
        "seconds": result.seconds,
        "version": result.version,
        "solver": {"name": result.solver.name, "version": result.solver.version},
    }


def _objective_document(objective: Objective) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": objective.name,
        "sense": objective.sense,
        "value": objective.value,
        "bound": objective.bound,
    }
    if objective.best is not None:
        document["best"] = objective.best
    return document

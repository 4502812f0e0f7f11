"""Runs of a round side by side: the goals, which schools gain or lose, which groups go elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import url_for
from werkzeug.datastructures import MultiDict

from matchmaker.domain.run_settings import read_settings
from matchmaker.models import AllocationRun, Group, Region, Round, School, Slot
from matchmaker.queries import demand, offer, round_figures, runs
from matchmaker.queries.slices import Slice
from matchmaker.web.organiser.comparison_words import compare_in_words
from matchmaker.web.organiser.objectives import ObjectiveLine, build_objective_lines
from matchmaker.web.organiser.scenario_words import describe_settings, name_hosts, name_run

T = TypeVar("T")
MOST_RUNS = 4
SIZE = 25
ALL, GAIN, LOSE = "alle", "vooruit", "achteruit"


@dataclass(frozen=True)
class RunColumn:
    """One of the runs: what it is called, what is different in it and what came of it."""

    run: AllocationRun
    name: str
    settings: list[str]


@dataclass(frozen=True)
class GoalRow:
    """One goal with what each run reached; None where a run does not have it."""

    name: str
    lines: list[ObjectiveLine | None]


@dataclass(frozen=True)
class SchoolChange:
    """A school that gains or loses: activities up to its guarantee first, then wishes in whole percents.

    Activities are unknown for runs of long ago.
    """

    school: School
    activities: tuple[int | None, int | None]
    share: tuple[float, float]
    guarantee: int

    @property
    def step(self) -> int:
        """How many activities of its guarantee the school gains; what it has beyond that is no promise."""
        before, after = self.activities
        if before is None or after is None:
            return 0
        return min(after, self.guarantee) - min(before, self.guarantee)

    @property
    def points(self) -> int:
        """How many percents more of its wishes the school gets."""
        before, after = self.share
        return round(100 * after) - round(100 * before)

    @property
    def gains(self) -> bool:
        """Tell whether the school is better off."""
        return (self.step, self.points) > (0, 0)


@dataclass(frozen=True)
class GroupChange:
    """Where a group went, and where it goes instead; copies of slots are marked as imagined."""

    group: Group
    before: list[tuple[Slot, bool]]
    after: list[tuple[Slot, bool]]


@dataclass(frozen=True)
class ComparisonFilters:
    """What was asked for: a word in the name of a school, and who gains or loses."""

    text: str = ""
    who: str = ALL


@dataclass(frozen=True)
class ComparisonPage:
    """Runs side by side; details are about the first of them and one other."""

    region: Region
    round: Round
    choices: list[tuple[AllocationRun, bool, str]]
    columns: list[RunColumn]
    goals: list[GoalRow]
    other: RunColumn | None
    filters: ComparisonFilters
    gaining: int
    losing: int
    schools: Slice[SchoolChange]
    groups: Slice[GroupChange]
    same_input: bool
    sentences: list[str]
    moved: int

    @property
    def is_proven(self) -> bool:
        """Tell whether every goal of every run is proven, so that differences are not the solver's."""
        return all(line is None or line.proven for goal in self.goals for line in goal.lines)

    def school_url(self, page: int) -> str:
        """Return the address of another page of schools."""
        return self._url(page, "scholen")

    def group_url(self, page: int) -> str:
        """Return the address of another page of groups."""
        return self._url(page, "groepen")

    def _url(self, page: int, part: str) -> str:
        pages = {"scholen": self.schools.page, "groepen": self.groups.page, part: page}
        return url_for(
            "organiser.compare_runs",
            slug=self.region.slug,
            round_id=self.round.id,
            run=[column.run.number for column in self.columns],
            met=self.other.run.number if self.other else None,
            q=self.filters.text or None,
            wie=self.filters.who if self.filters.who != ALL else None,
            scholen=pages["scholen"],
            groepen=pages["groepen"],
            _anchor=part,
        )


def build_comparison_page(region: Region, round_: Round, asked: MultiDict[str, str]) -> ComparisonPage:
    """Build the page for the runs whose numbers stand in the address, the lowest number first."""
    comparable = runs.list_comparable_runs(round_.id)
    numbers = set(asked.getlist("run", type=int))
    chosen = [run for run in comparable if run.number in numbers][:MOST_RUNS]
    names = name_hosts(region.id, chosen)
    columns = [_build_column(run, names) for run in chosen]
    other = _choose_other(columns, asked.get("met", 0, type=int))
    filters = ComparisonFilters(asked.get("q", "").replace("\x00", "").strip()[:80], asked.get("wie", ALL))
    schools: list[SchoolChange] = []
    moved: dict[int, tuple[set[_Place], set[_Place]]] = {}
    if other is not None:
        schools = _list_school_changes(region, chosen[0], other.run)
        moved = _list_moved(chosen[0], other.run)
    shown = [change for change in schools if _is_asked(change, filters)]
    return ComparisonPage(
        region=region,
        round=round_,
        choices=[(run, run in chosen, name_run(run)) for run in comparable],
        columns=columns,
        goals=_list_goals(chosen),
        other=other,
        filters=filters,
        gaining=sum(change.gains for change in schools),
        losing=sum(not change.gains for change in schools),
        schools=_slice(shown, asked.get("scholen", 1, type=int)),
        groups=_load_group_changes(region, moved, filters, shown, asked.get("groepen", 1, type=int)),
        same_input=len({run.problem_sha256 for run in chosen}) == 1,
        sentences=[compare_in_words(chosen[0], run) for run in chosen[1:]],
        moved=len(moved),
    )


def _build_column(run: AllocationRun, names: Mapping[int, str]) -> RunColumn:
    return RunColumn(run, name_run(run), describe_settings(read_settings(run.settings), names))


def _choose_other(columns: Sequence[RunColumn], number: int) -> RunColumn | None:
    """Return the run that the first one is held against: the one that was asked for, else the last."""
    others = columns[1:]
    return next((column for column in others if column.run.number == number), others[-1] if others else None)


def _list_goals(chosen: Sequence[AllocationRun]) -> list[GoalRow]:
    """Return the goals in their order of importance; all runs of a round have nearly the same."""
    by_name: list[dict[str, ObjectiveLine]] = []
    names: dict[str, None] = {}
    for run in chosen:
        lines = build_objective_lines(run.objectives)
        keys = [objective["name"] for objective in run.objectives]
        by_name.append(dict(zip(keys, lines, strict=True)))
        names |= dict.fromkeys(keys)
    return [
        GoalRow(next(own[name].name for own in by_name if name in own), [own.get(name) for own in by_name])
        for name in names
    ]


def _list_school_changes(region: Region, first: AllocationRun, second: AllocationRun) -> list[SchoolChange]:
    """Return the schools that gain or lose, those for which most differs first."""
    found = {}
    for key in sorted(first.satisfaction.keys() | second.satisfaction.keys() | first.participations.keys()):
        activities = (first.participations.get(key), second.participations.get(key))
        # A school with nothing to be granted has no share; it is as content as can be.
        share = (first.satisfaction.get(key, 1.0), second.satisfaction.get(key, 1.0))
        if activities[0] != activities[1] or share[0] != share[1]:
            found[int(key)] = (activities, share)
    schools = round_figures.list_schools(region.id, found) if found else []
    changes = [SchoolChange(s, *found[s.id], region.guarantee_for(s.sector)) for s in schools]
    return sorted((change for change in changes if change.step or change.points), key=_size)


def _size(change: SchoolChange) -> tuple[int, int, str]:
    return (-abs(change.step), -abs(change.points), change.school.name)


def _is_asked(change: SchoolChange, filters: ComparisonFilters) -> bool:
    if filters.who in {GAIN, LOSE} and change.gains != (filters.who == GAIN):
        return False
    words = f"{change.school.name} {change.school.place}".casefold()
    return filters.text.casefold() in words


_Place = tuple[int, bool]
"""A slot id, and whether it is only a copy of that slot."""


def _list_moved(first: AllocationRun, second: AllocationRun) -> dict[int, tuple[set[_Place], set[_Place]]]:
    """Return, by group id, what only the first and what only the second run gives it."""
    before, after = _places(first), _places(second)
    return {
        group_id: (before[group_id] - after[group_id], after[group_id] - before[group_id])
        for group_id in sorted(before.keys() | after.keys())
        if before[group_id] != after[group_id]
    }


def _places(run: AllocationRun) -> defaultdict[int, set[_Place]]:
    found: defaultdict[int, set[_Place]] = defaultdict(set)
    for group_id, slot_id in runs.list_placed_pairs(run.id):
        found[group_id].add((slot_id, False))
    for group_id, slot_id in run.figures.get("imagined", []):
        found[group_id].add((slot_id, True))
    return found


def _load_group_changes(
    region: Region,
    moved: Mapping[int, tuple[set[_Place], set[_Place]]],
    filters: ComparisonFilters,
    schools: Sequence[SchoolChange],
    page: int,
) -> Slice[GroupChange]:
    groups = demand.list_groups_by_id(region.id, moved) if moved else []
    if filters.who in {GAIN, LOSE}:
        asked = {change.school.id for change in schools}
        groups = [group for group in groups if group.school_id in asked]
    if filters.text:
        word = filters.text.casefold()
        groups = [g for g in groups if word in f"{g.school.name} {g.school.place}".casefold()]
    part = _slice(groups, page)
    wanted = {slot_id for group in part.rows for places in moved[group.id] for slot_id, _ in places}
    slots = offer.list_slots_by_id(region.id, wanted) if wanted else {}
    rows = [
        GroupChange(group, *(_in_order(places, slots) for places in moved[group.id])) for group in part.rows
    ]
    return Slice(rows, part.total, part.page, part.size)


def _in_order(places: Iterable[_Place], slots: Mapping[int, Slot]) -> list[tuple[Slot, bool]]:
    known = [(slots[slot_id], imagined) for slot_id, imagined in places if slot_id in slots]
    return sorted(known, key=lambda place: (place[0].starts_at, place[0].id))


def _slice(rows: Sequence[T], page: int) -> Slice[T]:
    last = max(1, -(-len(rows) // SIZE))
    page = min(max(page, 1), last)
    return Slice(list(rows[SIZE * (page - 1) : SIZE * page]), len(rows), page, SIZE)

"""A problem and the placements of a result, looked up by id."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt

from matchmaker.allocation.problem import Activity, Group, Objective, Placement, Problem, Result, School, Slot

_EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule or wrong figure; ``group`` and ``slot`` are ids where they apply."""

    rule: str
    message: str
    group: str | None = None
    slot: str | None = None

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker found; ``objectives`` are recomputed, their bounds are those of the result."""

    violations: tuple[Violation, ...]
    objectives: tuple[Objective, ...] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.violations


class Facts:
    """The problem by id, and those placements of the result that name a known group and slot, each once.

    ``unknown`` holds a violation for every other placement.
    """

    def __init__(self, problem: Problem, result: Result) -> None:
        self.problem = problem
        self.schools = {school.id: school for school in problem.schools}
        self.groups = {group.id: group for group in problem.groups}
        self.hosts = {host.id: host for host in problem.hosts}
        self.activities = {activity.id: activity for activity in problem.activities}
        self.slots = {slot.id: slot for slot in problem.slots}
        self.groups_of_school: dict[str, list[Group]] = defaultdict(list)
        for group in problem.groups:
            self.groups_of_school[group.school].append(group)
        self.unknown: list[Violation] = []
        self.placements: list[Placement] = []
        self.slots_of_group: dict[str, list[Slot]] = defaultdict(list)
        self.groups_in_slot: dict[str, list[Group]] = defaultdict(list)
        for placement in result.placements:
            self._add(placement)

    def _add(self, placement: Placement) -> None:
        group, slot = self.groups.get(placement.group), self.slots.get(placement.slot)
        if group is None or slot is None:
            noun = "group" if group is None else "slot"
            self._refuse("known", f"there is no {noun} {getattr(placement, noun)!r}", placement)
        elif slot in self.slots_of_group[group.id]:
            self._refuse("once", f"group {group.id} is placed twice in slot {slot.id}", placement)
        else:
            self.placements.append(placement)
            self.slots_of_group[group.id].append(slot)
            self.groups_in_slot[slot.id].append(group)

    def _refuse(self, rule: str, message: str, placement: Placement) -> None:
        self.unknown.append(Violation(rule, message, placement.group, placement.slot))

    def activity_of(self, slot: Slot) -> Activity:
        """Return the activity of a slot."""
        return self.activities[slot.activity]

    def school_of(self, group: Group) -> School:
        """Return the school of a group."""
        return self.schools[group.school]

    def distance_km(self, school: School, activity: Activity) -> float | None:
        """Return the great-circle distance times the detour factor, None when a place is unknown."""
        if school.lat is None or school.lon is None or activity.lat is None or activity.lon is None:
            return None
        here, there = radians(school.lat), radians(activity.lat)
        half_height = sin((there - here) / 2) ** 2
        half_width = sin(radians(activity.lon - school.lon) / 2) ** 2
        chord = min(1.0, sqrt(half_height + cos(here) * cos(there) * half_width))
        return 2 * _EARTH_RADIUS_KM * asin(chord) * self.problem.detour_factor

    def travel_km(self, group: Group, slot: Slot) -> float:
        """Return the kilometres that count: 0 for a mobile activity or an unknown place."""
        activity = self.activity_of(slot)
        return 0.0 if activity.mobile else self.distance_km(self.school_of(group), activity) or 0.0

    def rank(self, group: Group, slot: Slot) -> int | None:
        """Return the best rank of the wishes that cover the slot's activity, None when not wished."""
        activity = self.activity_of(slot)
        for rank, wish in enumerate(group.wishes, start=1):
            if activity.id == wish.activity or activity.kind == wish.kind:
                return rank
        return None

"""Solves a small problem by looking at every possible allocation.

Written from the definitions of the format alone: it uses neither the engine nor the checker, so that the
three can be held against each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

from matchmaker.allocation.problem import Activity, Group, Problem, School, Slot

TIE = 1e-6
POINTS = [100, 85, 72, 61, 52, 44, 37, 31]


class TooLargeError(Exception):
    """There are more allocations than anybody wants to look at."""


@dataclass(frozen=True)
class Best:
    """The best objective values in order, and the fairness before the band was used."""

    values: dict[str, float]
    best_fairness: float


class BruteForce:
    """One problem and its possible allocations, each a tuple with the slots of every group."""

    def __init__(self, problem: Problem, most: int = 30_000) -> None:
        self.problem = problem
        self.schools = {school.id: school for school in problem.schools}
        self.activities = {activity.id: activity for activity in problem.activities}
        self.hosts = {host.id: host for host in problem.hosts}
        self.most = most

    # ---- one group and one slot

    def distance(self, school: School, activity: Activity) -> float | None:
        if school.lat is None or school.lon is None or activity.lat is None or activity.lon is None:
            return None
        a, b = radians(school.lat), radians(activity.lat)
        h = sin((a - b) / 2) ** 2 + cos(a) * cos(b) * sin(radians(school.lon - activity.lon) / 2) ** 2
        return 2 * 6371.0088 * asin(sqrt(h)) * self.problem.detour_factor

    def km(self, group: Group, slot: Slot) -> float:
        activity = self.activities[slot.activity]
        return 0.0 if activity.mobile else self.distance(self.schools[group.school], activity) or 0.0

    def rank(self, group: Group, slot: Slot) -> int | None:
        activity = self.activities[slot.activity]
        ranks = [
            n for n, w in enumerate(group.wishes, 1) if activity.id == w.activity or activity.kind == w.kind
        ]
        return min(ranks, default=None)

    def points(self, group: Group, slot: Slot) -> int:
        rank = self.rank(group, slot)
        return 15 if rank is None else (POINTS + [25] * 100)[rank - 1]

    def suits(self, group: Group, slot: Slot) -> bool:
        activity = self.activities[slot.activity]
        far = self.distance(self.schools[group.school], activity)
        limit = activity.range_km if activity.mobile else group.max_km
        return (
            all(level in activity.levels for level in group.levels)
            and (activity.min_pupils or 0) <= group.pupils
            and (activity.max_pupils is None or group.pupils <= activity.max_pupils)
            and all(b.end <= slot.start or slot.end <= b.start for b in group.unavailable)
            and (far is None or limit is None or far <= limit)
            and (group.open_to_other or self.rank(group, slot) is not None)
        )

    # ---- one group and its slots

    def go_together(self, one: Slot, other: Slot) -> bool:
        first, second = sorted([one, other], key=lambda slot: (slot.start, slot.end))
        pause = (second.start - first.end).total_seconds() / 60
        if pause < 0 or (first.end.date() == second.start.date() and pause < self.problem.min_gap_minutes):
            return False
        if one.start.date() == other.start.date() and (
            one.multi_stop_day is None or one.multi_stop_day != other.multi_stop_day
        ):
            return False
        return one.activity != other.activity

    def choices(self, group: Group) -> list[tuple[Slot, ...]]:
        own = [slot for slot in self.problem.slots if self.suits(group, slot)]
        must = {pair.slot for pair in self.problem.locked if pair.group == group.id}
        return [
            chosen
            for count in range(min(group.wanted, len(own)) + 1)
            for chosen in combinations(own, count)
            if must <= {slot.id for slot in chosen}
            and all(self.go_together(a, b) for a, b in combinations(chosen, 2))
        ]

    # ---- everybody

    def allocations(self) -> Iterator[list[tuple[Slot, ...]]]:
        choices = [self.choices(group) for group in self.problem.groups]
        count = 1
        for own in choices:
            count *= len(own)
        if count > self.most:
            raise TooLargeError
        yield from self._extend(choices, [])

    def _extend(
        self, choices: list[list[tuple[Slot, ...]]], made: list[tuple[Slot, ...]]
    ) -> Iterator[list[tuple[Slot, ...]]]:
        if len(made) == len(choices):
            if self.slots_hold(made, complete=True):
                yield made
            return
        for own in choices[len(made)]:
            extended = [*made, own]
            if not own or self.slots_hold(extended, complete=False):
                yield from self._extend(choices, extended)

    def slots_hold(self, made: list[tuple[Slot, ...]], *, complete: bool) -> bool:
        inside: dict[str, list[Group]] = {}
        for group, own in zip(self.problem.groups, made, strict=False):
            for slot in own:
                inside.setdefault(slot.id, []).append(group)
        days: dict[tuple[str, object], int] = {}
        for slot in self.problem.slots:
            groups = inside.get(slot.id, [])
            if not groups:
                continue
            others = [g for g in groups if slot.reserved and g.school not in slot.reserved.schools]
            free = slot.groups - (slot.reserved.groups if slot.reserved else 0)
            if (
                len(groups) > slot.groups
                or (slot.pupils is not None and sum(g.pupils for g in groups) > slot.pupils)
                or len(others) > free
                or (complete and len(groups) < slot.min_groups)
            ):
                return False
            key = (self.activities[slot.activity].host, slot.start.date())
            days[key] = days.get(key, 0) + 1
        limits = {host.id: host.max_slots_per_day for host in self.problem.hosts}
        return all((most := limits[host]) is None or used <= most for (host, _), used in days.items())

    # ---- objectives

    def values(self, made: list[tuple[Slot, ...]]) -> dict[str, float]:
        problem = self.problem
        placed = dict(zip((group.id for group in problem.groups), made, strict=True))
        values: dict[str, float] = {}
        aims = {s.id: problem.guarantee if s.guarantee is None else s.guarantee for s in problem.schools}
        for k in range(1, max(aims.values()) + 1):
            values[f"schools_below_{k}"] = sum(
                self.participations(school, placed) < min(k, aims[school.id]) for school in problem.schools
            )
        if problem.published is not None:
            slot_ids = {slot.id for slot in problem.slots}
            values["changed_placements"] = sum(
                pair.slot not in {slot.id for slot in placed[pair.group]}
                for pair in problem.published
                if pair.group in placed and pair.slot in slot_ids
            )
        drawn = sorted(problem.schools, key=lambda school: school.lottery or 0)
        n = len(drawn)
        values["fairness"] = sum(self.height(school, placed) for school in problem.schools)
        values["wish_points"] = sum(self.points(g, slot) for g in problem.groups for slot in placed[g.id])
        values["kilometres"] = sum(self.km(g, slot) for g in problem.groups for slot in placed[g.id])
        values["lottery"] = sum(
            (n - position) / n * self.granted(group, placed) / 100
            for position, school in enumerate(drawn)
            for group in self.groups_of(school)
        )
        return values

    def groups_of(self, school: School) -> list[Group]:
        return [group for group in self.problem.groups if group.school == school.id]

    def participations(self, school: School, placed: dict[str, tuple[Slot, ...]]) -> int:
        return school.already + len({s.id for group in self.groups_of(school) for s in placed[group.id]})

    def best(self, group: Group) -> int:
        return 100 if group.wishes else 15 if group.open_to_other else 0

    def granted(self, group: Group, placed: dict[str, tuple[Slot, ...]]) -> int:
        return min(self.best(group), sum(self.points(group, slot) for slot in placed[group.id]))

    def height(self, school: School, placed: dict[str, tuple[Slot, ...]]) -> float:
        best = sum(self.best(group) for group in self.groups_of(school))
        granted = sum(self.granted(group, placed) for group in self.groups_of(school))
        share = min(1.0, (granted / best if best else 1.0) + school.history)
        n = min(9, int(share * 10))
        left, right = ((1 - 2.0**-m) / (1 - 2.0**-10) for m in (n, n + 1))
        return left + (right - left) * (share * 10 - n)

    def solve(self) -> Best | None:
        """Return the best values, None when no allocation keeps the locked placements."""
        left = list({tuple(self.values(made).items()): None for made in self.allocations()})
        if not left:
            return None
        found = [dict(items) for items in left]
        best_fairness = 0.0
        for name in found[0]:
            most = name in ("fairness", "wish_points", "lottery")
            best = max(v[name] for v in found) if most else min(v[name] for v in found)
            slack = TIE
            if name == "fairness":
                best_fairness = best
                slack += self.problem.fairness_band * best
            found = [v for v in found if (best - v[name] if most else v[name] - best) <= slack]
        return Best(found[0], best_fairness)

"""A plain CP-SAT model of a problem, to hold the engine against on problems too large to enumerate.

Written from the definitions of the format alone: it uses neither the engine, nor the checker, nor the
enumeration. Every objective is a whole-number expression; fairness and kilometres are scaled so finely that
rounding stays far below the tolerances of the format.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import asin, ceil, cos, floor, radians, sin, sqrt
from typing import Any

from ortools.sat.python import cp_model

from matchmaker.allocation.problem import Activity, Group, Problem, School, Slot

Expression = Any  # a sum over variables, or a plain number when there are none
FAIRNESS_UNITS = 10**10
KM_UNITS = 10**6


class UndecidedError(Exception):
    """CP-SAT did not end with a proof within its work."""


@dataclass(frozen=True)
class Level:
    """One objective: an expression of whole numbers, and how many of its units make one of the format's."""

    sense: str
    expression: Expression
    units: int = 1


def curve(share: Fraction) -> Fraction:
    """The height of the fairness curve: every next tenth counts half as much as the one before."""
    tenths = 10 * min(Fraction(1), share)
    whole = min(9, floor(tenths))
    left, right = (1 - Fraction(1, 2**tenth) for tenth in (whole, whole + 1))
    return (left + (right - left) * (tenths - whole)) / (1 - Fraction(1, 2**10))


def _sums(choices: list[set[int]]) -> set[int]:
    """Every sum of one number out of each set."""
    sums = {0}
    for numbers in choices:
        sums = {one + other for one in sums for other in numbers}
    return sums


class PlainModel:
    """The placements of one problem as yes-or-no variables, with the rules as constraints.

    Parameters
    ----------
    problem
        A problem in the sense of the format.
    work
        Deterministic seconds that CP-SAT may spend on one level.
    """

    def __init__(self, problem: Problem, work: float = 60.0) -> None:
        self.problem = problem
        self.work = work
        self.model = cp_model.CpModel()
        self.schools = {school.id: school for school in problem.schools}
        self.activities = {activity.id: activity for activity in problem.activities}
        self.placed = {
            (group.id, slot.id): self.model.new_bool_var(f"{group.id} in {slot.id}")
            for group in problem.groups
            for slot in problem.slots
            if self.suits(group, slot)
        }
        self._add_rules()
        self.granted_amounts: dict[str, set[int]] = {}
        self.granted = {group.id: self._granted(group) for group in problem.groups}
        self.levels = dict(self._levels())

    # ---- what suits whom

    def distance(self, school: School, activity: Activity) -> float | None:
        """Great-circle kilometres times the detour factor."""
        if school.lat is None or school.lon is None or activity.lat is None or activity.lon is None:
            return None
        north, south = radians(school.lat), radians(activity.lat)
        angle = radians(school.lon - activity.lon)
        chord = sin((north - south) / 2) ** 2 + cos(north) * cos(south) * sin(angle / 2) ** 2
        return self.problem.detour_factor * 6371.0088 * 2 * asin(min(1.0, sqrt(chord)))

    def rank(self, group: Group, activity: Activity) -> int | None:
        covering = [
            place
            for place, wish in enumerate(group.wishes)
            if wish.activity == activity.id or wish.kind == activity.kind
        ]
        return covering[0] + 1 if covering else None

    def points(self, group: Group, slot: Slot) -> int:
        rank = self.rank(group, self.activities[slot.activity])
        if rank is None:
            return 15
        return {1: 100, 2: 85, 3: 72, 4: 61, 5: 52, 6: 44, 7: 37, 8: 31}.get(rank, 25)

    def suits(self, group: Group, slot: Slot) -> bool:
        activity = self.activities[slot.activity]
        if not set(group.levels).issubset(activity.levels):
            return False
        if activity.min_pupils is not None and group.pupils < activity.min_pupils:
            return False
        if activity.max_pupils is not None and group.pupils > activity.max_pupils:
            return False
        if any(gap.start < slot.end and gap.end > slot.start for gap in group.unavailable):
            return False
        away = self.distance(self.schools[group.school], activity)
        most = activity.range_km if activity.mobile else group.max_km
        if away is not None and most is not None and away > most:
            return False
        return group.open_to_other or self.rank(group, activity) is not None

    # ---- rules

    def _add_rules(self) -> None:
        for group in self.problem.groups:
            self._add_rules_of_group(group)
        runs: dict[str, cp_model.IntVar] = {}
        for slot in self.problem.slots:
            runs[slot.id] = self._add_rules_of_slot(slot)
        for host in self.problem.hosts:
            days = defaultdict(list)
            for slot in self.problem.slots:
                if self.activities[slot.activity].host == host.id:
                    days[slot.start.date()].append(runs[slot.id])
            for running in days.values():
                if host.max_slots_per_day is not None:
                    self.model.add(sum(running) <= host.max_slots_per_day)
        for pair in self.problem.locked:
            self.model.add(self._variable(pair.group, pair.slot) == 1)

    def _variable(self, group: str, slot: str) -> Expression:
        return self.placed.get((group, slot), 0) + 0

    def _slots_of(self, group: Group) -> list[Slot]:
        return [slot for slot in self.problem.slots if (group.id, slot.id) in self.placed]

    def _add_rules_of_group(self, group: Group) -> None:
        own = self._slots_of(group)
        self.model.add(sum(self.placed[group.id, slot.id] for slot in own) <= group.wanted)
        for one, other in combinations(own, 2):
            if self._exclude_each_other(one, other):
                self.model.add_at_most_one(self.placed[group.id, one.id], self.placed[group.id, other.id])

    def _exclude_each_other(self, one: Slot, other: Slot) -> bool:
        if one.activity == other.activity:
            return True
        early, late = (one, other) if one.start <= other.start else (other, one)
        if late.start < early.end:
            return True
        minutes = (late.start - early.end).total_seconds() / 60
        if early.end.date() == late.start.date() and minutes < self.problem.min_gap_minutes:
            return True
        combined = one.multi_stop_day is not None and one.multi_stop_day == other.multi_stop_day
        return one.start.date() == other.start.date() and not combined

    def _add_rules_of_slot(self, slot: Slot) -> cp_model.IntVar:
        groups = [group for group in self.problem.groups if (group.id, slot.id) in self.placed]
        inside = {group.id: self.placed[group.id, slot.id] for group in groups}
        runs = self.model.new_bool_var(f"{slot.id} runs")
        for variable in inside.values():
            self.model.add_implication(variable, runs)
        held = sum(inside.values())
        self.model.add(held <= slot.groups)
        self.model.add(held >= slot.min_groups).only_enforce_if(runs)
        if slot.pupils is not None:
            self.model.add(sum(group.pupils * inside[group.id] for group in groups) <= slot.pupils)
        if slot.reserved is not None:
            others = [inside[group.id] for group in groups if group.school not in slot.reserved.schools]
            self.model.add(sum(others) <= slot.groups - slot.reserved.groups)
        return runs

    # ---- objectives

    def _levels(self) -> Iterator[tuple[str, Level]]:
        yield from self._guarantee_levels()
        if self.problem.published is not None:
            yield "changed_placements", Level("min", self._changed())
        yield "fairness", Level("max", sum(map(self._height, self.problem.schools)), FAIRNESS_UNITS)
        pairs = [(group, slot) for group in self.problem.groups for slot in self._slots_of(group)]
        points = sum(self.points(group, slot) * self.placed[group.id, slot.id] for group, slot in pairs)
        yield "wish_points", Level("max", points)
        far = sum(
            round(KM_UNITS * self._km(group, slot)) * self.placed[group.id, slot.id] for group, slot in pairs
        )
        yield "kilometres", Level("min", far, KM_UNITS)
        drawn = sorted(self.problem.schools, key=lambda school: school.lottery or 0)
        count = len(drawn)
        weighed = sum(
            (count - place) * self.granted[group.id]
            for place, school in enumerate(drawn)
            for group in self._groups_of(school)
        )
        yield "lottery", Level("max", weighed, 100 * max(1, count))

    def _groups_of(self, school: School) -> list[Group]:
        return [group for group in self.problem.groups if group.school == school.id]

    def _aim(self, school: School) -> int:
        return self.problem.guarantee if school.guarantee is None else school.guarantee

    def _guarantee_levels(self) -> Iterator[tuple[str, Level]]:
        visits = {school.id: self._visits(school) for school in self.problem.schools}
        for k in range(1, max((self._aim(school) for school in self.problem.schools), default=0) + 1):
            below = []
            for school in self.problem.schools:
                lacks = min(k, self._aim(school)) - school.already
                if lacks > 0:
                    is_below = self.model.new_bool_var(f"{school.id} below {k}")
                    self.model.add(visits[school.id] + lacks * is_below >= lacks)
                    below.append(is_below)
            yield f"schools_below_{k}", Level("min", sum(below))

    def _visits(self, school: School) -> Expression:
        """Distinct slots in which a group of the school is placed; the model may count too few."""
        visited = []
        for slot in self.problem.slots:
            going = [
                self.placed[group.id, slot.id]
                for group in self._groups_of(school)
                if (group.id, slot.id) in self.placed
            ]
            if going:
                goes = self.model.new_bool_var(f"{school.id} goes to {slot.id}")
                self.model.add(goes <= sum(going))
                visited.append(goes)
        return sum(visited)

    def _changed(self) -> Expression:
        groups = {group.id for group in self.problem.groups}
        slots = {slot.id for slot in self.problem.slots}
        there = [pair for pair in self.problem.published or () if pair.group in groups and pair.slot in slots]
        return len(there) - sum(self._variable(pair.group, pair.slot) for pair in there)

    @staticmethod
    def _best(group: Group) -> int:
        if group.wishes:
            return 100
        return 15 if group.open_to_other else 0

    def _granted(self, group: Group) -> cp_model.IntVar:
        """At most the points of the placements; which amounts are possible at all is told beforehand."""
        points = {slot.id: self.points(group, slot) for slot in self._slots_of(group)}
        possible = {min(self._best(group), amount) for amount in _sums([{0, p} for p in points.values()])}
        granted = self._number(possible, f"granted to {group.id}")
        self.granted_amounts[group.id] = possible
        self.model.add(granted <= sum(points[slot] * self.placed[group.id, slot] for slot in points))
        return granted

    def _number(self, possible: set[int], name: str) -> cp_model.IntVar:
        return self.model.new_int_var_from_domain(cp_model.Domain.from_values(sorted(possible)), name)

    def _height(self, school: School) -> Expression:
        """The height of the curve, looked up: one yes-or-no variable for each amount that is possible."""
        groups = self._groups_of(school)
        best = sum(self._best(group) for group in groups)
        if best == 0:
            return FAIRNESS_UNITS
        amounts = sorted(_sums([self.granted_amounts[group.id] for group in groups]))
        is_amount = {
            amount: self.model.new_bool_var(f"{school.id} is granted {amount}") for amount in amounts
        }
        self.model.add_exactly_one(is_amount.values())
        granted = sum(self.granted[group.id] for group in groups)
        self.model.add(granted == sum(amount * variable for amount, variable in is_amount.items()))
        return sum(
            round(FAIRNESS_UNITS * curve(Fraction(amount, best) + Fraction(school.history))) * variable
            for amount, variable in is_amount.items()
        )

    def _km(self, group: Group, slot: Slot) -> float:
        activity = self.activities[slot.activity]
        return 0.0 if activity.mobile else self.distance(self.schools[group.school], activity) or 0.0

    # ---- solving

    def best(self, name: str) -> float | None:
        """Return the best value of a level in the format's unit, None when no allocation is possible."""
        level = self.levels[name]
        if level.sense == "max":
            self.model.maximize(level.expression)
        else:
            self.model.minimize(level.expression)
        solver = self._solver()
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return None
        if status != cp_model.OPTIMAL:
            raise UndecidedError(name)
        self._remember(solver)
        return solver.objective_value / level.units

    def forced(self, name: str, pairs: set[tuple[str, str]]) -> float | None:
        """Return the value of a level with exactly these pairs, None when they break a rule or kept value."""
        model, level = self.model.clone(), self.levels[name]
        for pair, variable in self.placed.items():
            model.add(variable == int(pair in pairs))
        (model.maximize if level.sense == "max" else model.minimize)(level.expression)
        solver = self._solver()
        found = solver.solve(model) == cp_model.OPTIMAL and pairs <= self.placed.keys()
        return solver.objective_value / level.units if found else None

    def keep(self, name: str, value: float, slack: float) -> None:
        """Keep a level from now on at least as good as a value, give or take the slack."""
        level = self.levels[name]
        if level.sense == "max":
            self.model.add(level.expression >= ceil((value - slack) * level.units))
        else:
            self.model.add(level.expression <= floor((value + slack) * level.units))

    def _solver(self) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = self.work
        return solver

    def _remember(self, solver: cp_model.CpSolver) -> None:
        """Start the next level from the allocation that was found."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for variable in self.placed.values():
            self.model.add_hint(variable, solver.value(variable))

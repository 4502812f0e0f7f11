"""Two results held side by side: the objectives, who gains, who loses, what moved."""

from collections.abc import Iterable
from dataclasses import dataclass

from matchmaker.allocation.measures import Measures, measure, participations_by_school, satisfaction_by_school
from matchmaker.allocation.problem import Objective, Pair, Problem, Result

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """One level in both results; None where a result does not have it."""

    name: str
    sense: str
    first: Objective | None
    second: Objective | None

    @property
    def better(self) -> int:
        """1 when the first is better, 2 when the second is, 0 when they are equal or one is missing."""
        if self.first is None or self.second is None:
            return 0
        gain = self.second.value - self.first.value
        if abs(gain) <= _SAME * max(1.0, abs(self.first.value)):
            return 0
        return 2 if (gain > 0) == (self.sense == "max") else 1


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """A school that both problems have and for which something differs.

    Attributes
    ----------
    participations_before, participations_after
        In the first and in the second result, those it had already included.
    satisfaction_before, satisfaction_after
        0 … 1.
    """

    school: str
    participations_before: int
    participations_after: int
    satisfaction_before: float
    satisfaction_after: float

    @property
    def gains(self) -> bool:
        """Whether the second result is better for the school: participations first, then satisfaction."""
        if self.participations_before != self.participations_after:
            return self.participations_after > self.participations_before
        return self.satisfaction_after > self.satisfaction_before


@dataclass(frozen=True, slots=True)
class PlacementChange:
    """What a group has in one result only: slot ids, in order of the id."""

    group: str
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference between two results.

    Attributes
    ----------
    objectives
        One row per level, in the order of the levels.
    first, second
        Both results in figures.
    gaining, losing
        Schools for which the second result is better or worse, those for which most changes first.
    changed
        Groups whose placements differ, in the order of their ids; groups of one problem only included.
    only_first, only_second
        Ids of schools that only one problem has.
    """

    objectives: tuple[ObjectiveRow, ...]
    first: Measures
    second: Measures
    gaining: tuple[SchoolChange, ...]
    losing: tuple[SchoolChange, ...]
    changed: tuple[PlacementChange, ...]
    only_first: tuple[str, ...] = ()
    only_second: tuple[str, ...] = ()


def compare(first: tuple[Problem, Result], second: tuple[Problem, Result]) -> Comparison:
    """Compare two results, of one problem or of two that share most ids.

    Parameters
    ----------
    first, second
        A problem and an allocation for it that the checker has passed. What only one problem has (a host
        more, a school less) counts on that side alone.
    """
    changes = _school_changes(first, second)
    schools = [{school.id for school in problem.schools} for problem, _ in (first, second)]
    return Comparison(
        objectives=_objective_rows(first[1].objectives, second[1].objectives),
        first=measure(first[0], first[1].placements),
        second=measure(second[0], second[1].placements),
        gaining=tuple(change for change in changes if change.gains),
        losing=tuple(change for change in changes if not change.gains),
        changed=_placement_changes(first[1], second[1]),
        only_first=tuple(sorted(schools[0] - schools[1])),
        only_second=tuple(sorted(schools[1] - schools[0])),
    )


def _objective_rows(first: tuple[Objective, ...], second: tuple[Objective, ...]) -> tuple[ObjectiveRow, ...]:
    """Return the levels in their order: those that only one has stand where that one has them."""
    one, two = {item.name: item for item in first}, {item.name: item for item in second}
    names = _merge([item.name for item in first], [item.name for item in second])
    return tuple(
        ObjectiveRow(name, (one.get(name) or two[name]).sense, one.get(name), two.get(name)) for name in names
    )


def _merge(first: list[str], second: list[str]) -> list[str]:
    merged: list[str] = []
    rest = list(second)
    for name in first:
        if name in rest:
            place = rest.index(name)
            merged += [other for other in rest[:place] if other not in first]
            rest = rest[place + 1 :]
        merged.append(name)
    return merged + [name for name in rest if name not in first]


def _school_changes(first: tuple[Problem, Result], second: tuple[Problem, Result]) -> list[SchoolChange]:
    counts = [participations_by_school(problem, result.placements) for problem, result in (first, second)]
    shares = [satisfaction_by_school(problem, result.placements) for problem, result in (first, second)]
    changes = [
        SchoolChange(school, counts[0][school], counts[1][school], shares[0][school], shares[1][school])
        for school in sorted(counts[0].keys() & counts[1].keys())
    ]
    return sorted((change for change in changes if _differs(change)), key=_size)


def _differs(change: SchoolChange) -> bool:
    return (
        change.participations_before != change.participations_after
        or abs(change.satisfaction_before - change.satisfaction_after) > _SAME
    )


def _size(change: SchoolChange) -> tuple[int, float, str]:
    """Order by what changes most."""
    return (
        -abs(change.participations_after - change.participations_before),
        -abs(change.satisfaction_after - change.satisfaction_before),
        change.school,
    )


def _placement_changes(first: Result, second: Result) -> tuple[PlacementChange, ...]:
    before, after = _pairs(first), _pairs(second)
    lost, won = _by_group(before - after), _by_group(after - before)
    return tuple(
        PlacementChange(group, lost.get(group, ()), won.get(group, ()))
        for group in sorted(lost.keys() | won.keys())
    )


def _pairs(result: Result) -> set[Pair]:
    return {Pair(item.group, item.slot) for item in result.placements}


def _by_group(pairs: Iterable[Pair]) -> dict[str, tuple[str, ...]]:
    slots: dict[str, tuple[str, ...]] = {}
    for pair in sorted(pairs, key=lambda pair: (pair.group, pair.slot)):
        slots[pair.group] = (*slots.get(pair.group, ()), pair.slot)
    return slots

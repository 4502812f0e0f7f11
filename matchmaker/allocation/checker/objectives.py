"""Recomputes every objective from its definition and holds the stated figures against it."""

from collections.abc import Iterator
from itertools import zip_longest

from matchmaker.allocation.checker.facts import Facts, Violation
from matchmaker.allocation.problem import (
    Group,
    Objective,
    Result,
    School,
    Slot,
    largest_guarantee,
    lottery_numbers,
    school_guarantee,
)

_POINTS = (100, 85, 72, 61, 52, 44, 37, 31)
_POINTS_OF_LATER_RANKS = 25
_POINTS_NOT_WISHED = 15
_TENTHS = 10
_TOLERANCE = 1e-6
_KM_TOLERANCE = 1e-3


def recompute(facts: Facts) -> tuple[Objective, ...]:
    """Return the objectives of the placements, in order; each bound is the value itself."""
    values = [
        (f"schools_below_{k}", "min", float(_schools_below(facts, k)))
        for k in range(1, largest_guarantee(facts.problem) + 1)
    ]
    if facts.problem.published is not None:
        values.append(("changed_placements", "min", float(_changed_placements(facts))))
    values += [
        ("fairness", "max", _fairness(facts)),
        ("wish_points", "max", float(_wish_points(facts))),
        ("kilometres", "min", _kilometres(facts)),
        ("lottery", "max", _lottery(facts)),
    ]
    return tuple(Objective(name, sense, value, value) for name, sense, value in values)


def check_objectives(facts: Facts, result: Result, right: tuple[Objective, ...]) -> Iterator[Violation]:
    """Yield what is wrong with the stated objectives, bounds and status."""
    if [item.name for item in result.objectives] != [item.name for item in right]:
        yield Violation("objectives", f"should be {', '.join(item.name for item in right)}, in this order")
        return
    for stated, item in zip_longest(result.objectives, right):
        yield from _check_value(stated, item)
        yield from _check_bound(stated)
        yield from _check_best(facts, stated)
    if result.status == "optimal" and not all(_is_proven(item) for item in result.objectives):
        yield Violation("status", "is optimal, although a bound does not meet its value")


def _tolerance(objective: Objective) -> float:
    least = _KM_TOLERANCE if objective.name == "kilometres" else _TOLERANCE
    return least * max(1.0, 1e-3 * abs(objective.value))


def _check_value(stated: Objective, right: Objective) -> Iterator[Violation]:
    if stated.sense != right.sense:
        yield Violation("objectives", f"{right.name} has sense {right.sense}, not {stated.sense}")
    if abs(stated.value - right.value) > _tolerance(right):
        yield Violation("objectives", f"{right.name} is {right.value:g}, not {stated.value:g}")


def _reached(objective: Objective) -> float:
    return objective.value if objective.best is None else objective.best


def _check_bound(stated: Objective) -> Iterator[Violation]:
    direction = 1 if stated.sense == "max" else -1
    if direction * (_reached(stated) - stated.bound) > _tolerance(stated):
        yield Violation("bound", f"{stated.name} reaches {_reached(stated):g}, beyond {stated.bound:g}")


def _check_best(facts: Facts, stated: Objective) -> Iterator[Violation]:
    band = facts.problem.fairness_band
    if stated.name != "fairness":
        if stated.best is not None:
            yield Violation("best", f"{stated.name} has no best value of its own")
    elif stated.best is None:
        if band > 0:
            yield Violation("best", "fairness does not state its best value, although there is a band")
    elif not (1 - band) * stated.best - _TOLERANCE <= stated.value <= stated.best + _TOLERANCE:
        yield Violation("best", f"fairness {stated.value:g} is not within the band of {stated.best:g}")


def _is_proven(objective: Objective) -> bool:
    return abs(_reached(objective) - objective.bound) <= _tolerance(objective)


def _schools_below(facts: Facts, k: int) -> int:
    return sum(
        _participations(facts, school) < min(k, school_guarantee(facts.problem, school))
        for school in facts.problem.schools
    )


def _participations(facts: Facts, school: School) -> int:
    attended = {
        slot.id for group in _groups_of(facts, school) for slot in facts.slots_of_group.get(group.id, ())
    }
    return school.already + len(attended)


def _groups_of(facts: Facts, school: School) -> list[Group]:
    return facts.groups_of_school.get(school.id, [])


def _changed_placements(facts: Facts) -> int:
    return sum(
        pair.group in facts.groups
        and pair.slot in facts.slots
        and all(slot.id != pair.slot for slot in facts.slots_of_group.get(pair.group, ()))
        for pair in facts.problem.published or ()
    )


def _points(facts: Facts, group: Group, slot: Slot) -> int:
    rank = facts.rank(group, slot)
    if rank is None:
        return _POINTS_NOT_WISHED
    return _POINTS[rank - 1] if rank <= len(_POINTS) else _POINTS_OF_LATER_RANKS


def _group_points(facts: Facts, group: Group) -> int:
    return sum(_points(facts, group, slot) for slot in facts.slots_of_group.get(group.id, ()))


def _best(group: Group) -> int:
    if group.wishes:
        return _POINTS[0]
    return _POINTS_NOT_WISHED if group.open_to_other else 0


def _granted(facts: Facts, group: Group) -> int:
    return min(_best(group), _group_points(facts, group))


def _satisfaction(facts: Facts, school: School) -> float:
    groups = _groups_of(facts, school)
    best = sum(_best(group) for group in groups)
    return sum(_granted(facts, group) for group in groups) / best if best else 1.0


def _curve(share: float) -> float:
    """Return f: 0 at 0, 1 at 1, straight within each tenth, every tenth worth half of the one before."""
    tenths = min(1.0, max(0.0, share)) * _TENTHS
    whole = min(int(tenths), _TENTHS - 1)
    left, right = 1 - 0.5**whole, 1 - 0.5 ** (whole + 1)
    return (left + (right - left) * (tenths - whole)) / (1 - 0.5**_TENTHS)


def _fairness(facts: Facts) -> float:
    return sum(
        _curve(min(1.0, _satisfaction(facts, school) + school.history)) for school in facts.problem.schools
    )


def _wish_points(facts: Facts) -> int:
    return sum(_group_points(facts, group) for group in facts.problem.groups)


def _kilometres(facts: Facts) -> float:
    return sum(
        facts.travel_km(group, slot)
        for group in facts.problem.groups
        for slot in facts.slots_of_group.get(group.id, ())
    )


def _lottery(facts: Facts) -> float:
    numbers = lottery_numbers(facts.problem)
    drawn = sorted(range(len(numbers)), key=numbers.__getitem__)
    n = len(drawn)
    return sum(
        (n - position) / n * _granted(facts, group) / 100
        for position, index in enumerate(drawn)
        for group in _groups_of(facts, facts.problem.schools[index])
    )

"""Kinds of damage that can be done to any valid result, each with the rule that should be named for it.

Damage to placements comes with figures that are right again for the damaged placements, so that nothing but
the broken rule gives it away. Whether a pair breaks a rule is said here, not asked of the checker.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from matchmaker.allocation.problem import Group, Objective, Placement, Problem, Result, Slot
from tests.unit.allocation.brute_force import BruteForce
from tests.unit.allocation.small import result_of

Chosen = set[tuple[str, str]]
Kind = Callable[[Problem, Result, Random], Result | None]


class Room:
    """A problem with the placements of a result, asked about one more pair."""

    def __init__(self, problem: Problem, result: Result) -> None:
        self.problem = problem
        self.facts = BruteForce(problem)
        self.groups = {group.id: group for group in problem.groups}
        self.slots = {slot.id: slot for slot in problem.slots}
        self.chosen: Chosen = {(item.group, item.slot) for item in result.placements}

    def inside(self, slot: Slot) -> list[Group]:
        return [self.groups[group] for group, name in sorted(self.chosen) if name == slot.id]

    def own(self, group: Group) -> list[Slot]:
        return [self.slots[slot] for name, slot in sorted(self.chosen) if name == group.id]

    def free_pairs(self) -> Iterator[tuple[Group, Slot]]:
        for group in self.problem.groups:
            for slot in self.problem.slots:
                if (group.id, slot.id) not in self.chosen:
                    yield group, slot

    def with_pairs(self, pairs: Chosen) -> Result:
        status = "feasible"
        return result_of(self.problem, " ".join(f"{group}-{slot}" for group, slot in sorted(pairs)), status)


Breaks = Callable[[Room, Group, Slot], bool]


def adding(breaks: Breaks) -> Kind:
    """One placement more, one that breaks the rule."""

    def damage(problem: Problem, result: Result, random: Random) -> Result | None:
        room = Room(problem, result)
        found = [pair for pair in room.free_pairs() if breaks(room, *pair)]
        if not found:
            return None
        group, slot = random.choice(found)
        return room.with_pairs(room.chosen | {(group.id, slot.id)})

    return damage


def removing(breaks: Callable[[Room, str, str], bool]) -> Kind:
    """One placement less, one that the rule needs."""

    def damage(problem: Problem, result: Result, random: Random) -> Result | None:
        room = Room(problem, result)
        found = [pair for pair in sorted(room.chosen) if breaks(room, *pair)]
        return room.with_pairs(room.chosen - {random.choice(found)}) if found else None

    return damage


def _levels(room: Room, group: Group, slot: Slot) -> bool:
    return not set(group.levels) <= set(room.facts.activities[slot.activity].levels)


def _too_few(room: Room, group: Group, slot: Slot) -> bool:
    return group.pupils < (room.facts.activities[slot.activity].min_pupils or 0)


def _too_many(room: Room, group: Group, slot: Slot) -> bool:
    return group.pupils > (room.facts.activities[slot.activity].max_pupils or 10**9)


def _blocked(room: Room, group: Group, slot: Slot) -> bool:
    return any(gap.start < slot.end and slot.start < gap.end for gap in group.unavailable)


def _far(room: Room, group: Group, slot: Slot, *, mobile: bool) -> bool:
    activity = room.facts.activities[slot.activity]
    away = room.facts.distance(room.facts.schools[group.school], activity)
    limit = activity.range_km if mobile else group.max_km
    return activity.mobile is mobile and None not in (away, limit) and (away or 0) > (limit or 0) + 0.01


def _not_wished(room: Room, group: Group, slot: Slot) -> bool:
    return not group.open_to_other and room.facts.rank(group, slot) is None


def _full(room: Room, _: Group, slot: Slot) -> bool:
    return len(room.inside(slot)) >= slot.groups


def _full_of_pupils(room: Room, group: Group, slot: Slot) -> bool:
    return (
        slot.pupils is not None
        and sum(item.pupils for item in room.inside(slot)) + group.pupils > slot.pupils
    )


def _kept(room: Room, group: Group, slot: Slot) -> bool:
    if slot.reserved is None or group.school in slot.reserved.schools:
        return False
    others = [item for item in room.inside(slot) if item.school not in slot.reserved.schools]
    return len(others) >= slot.groups - slot.reserved.groups


def _at_once(room: Room, group: Group, slot: Slot) -> bool:
    return any(other.start < slot.end and slot.start < other.end for other in room.own(group))


def _without_gap(room: Room, group: Group, slot: Slot) -> bool:
    def pause(one: Slot, other: Slot) -> float:
        return (other.start - one.end).total_seconds() / 60

    least = room.problem.min_gap_minutes
    return any(
        one.end.date() == other.start.date() and 0 <= pause(one, other) < least
        for mine in room.own(group)
        for one, other in ((mine, slot), (slot, mine))
    )


def _second_of_the_day(room: Room, group: Group, slot: Slot) -> bool:
    return any(
        other.start.date() == slot.start.date()
        and (slot.multi_stop_day is None or slot.multi_stop_day != other.multi_stop_day)
        for other in room.own(group)
    )


def _same_activity(room: Room, group: Group, slot: Slot) -> bool:
    return any(other.activity == slot.activity for other in room.own(group))


def _more_than_wanted(room: Room, group: Group, _: Slot) -> bool:
    return len(room.own(group)) >= group.wanted


def _too_few_to_run(room: Room, _: Group, slot: Slot) -> bool:
    return len(room.inside(slot)) + 1 < slot.min_groups


def _host_has_enough(room: Room, _: Group, slot: Slot) -> bool:
    host = room.facts.hosts[room.facts.activities[slot.activity].host]
    running = {
        other.id
        for other in room.problem.slots
        if room.facts.activities[other.activity].host == host.id
        and other.start.date() == slot.start.date()
        and room.inside(other)
    }
    return host.max_slots_per_day is not None and len(running | {slot.id}) > host.max_slots_per_day


def _is_locked(room: Room, group: str, slot: str) -> bool:
    return any((pair.group, pair.slot) == (group, slot) for pair in room.problem.locked)


def _holds_the_minimum(room: Room, _: str, slot: str) -> bool:
    held = len(room.inside(room.slots[slot]))
    return held == room.slots[slot].min_groups and held > 1


# ---- damage to what is written down


def _one(change: Callable[[Placement, Random], Placement]) -> Kind:
    def damage(_: Problem, result: Result, random: Random) -> Result | None:
        if not result.placements:
            return None
        items = list(result.placements)
        place = random.randrange(len(items))
        items[place] = change(items[place], random)
        return replace(result, placements=tuple(items))

    return damage


def _all(change: Callable[[list[Placement]], list[Placement]], least: int = 1) -> Kind:
    def damage(_: Problem, result: Result, __: Random) -> Result | None:
        items = list(result.placements)
        return None if len(items) < least else replace(result, placements=tuple(change(items)))

    return damage


def _stated(pick: Callable[[Objective], bool], change: Callable[[Objective], Objective]) -> Kind:
    def damage(_: Problem, result: Result, random: Random) -> Result | None:
        places = [place for place, item in enumerate(result.objectives) if pick(item)]
        if not places:
            return None
        items = list(result.objectives)
        place = random.choice(places)
        items[place] = change(items[place])
        return replace(result, objectives=tuple(items))

    return damage


def _called(name: str) -> Callable[[Objective], bool]:
    return lambda item: item.name.startswith(name)


def _better(by: float) -> Callable[[Objective], Objective]:
    def change(item: Objective) -> Objective:
        gain = by if item.sense == "max" else -by
        return replace(
            item, value=item.value + gain, bound=item.bound + gain, best=item.best and item.best + gain
        )

    return change


def _beyond_its_bound(item: Objective) -> Objective:
    """A bound on the wrong side of what was reached."""
    reached = item.value if item.best is None else item.best
    return replace(item, bound=reached - 1 if item.sense == "max" else reached + 1)


def _unproven(item: Objective) -> Objective:
    return replace(item, bound=item.bound + (1 if item.sense == "max" else -1))


def _turned(item: Objective) -> Objective:
    return replace(item, sense="min" if item.sense == "max" else "max")


def _result(change: Callable[[Result], Result]) -> Kind:
    return lambda _, result, __: change(result)


def _when(holds: Callable[[Result], bool], kind: Kind) -> Kind:
    return lambda problem, result, random: kind(problem, result, random) if holds(result) else None


def _is_optimal(result: Result) -> bool:
    return result.status == "optimal"


KINDS: dict[str, tuple[str, Kind]] = {
    "a level that is not served": ("levels", adding(_levels)),
    "too few pupils": ("pupils", adding(_too_few)),
    "too many pupils": ("pupils", adding(_too_many)),
    "a blocked time": ("free", adding(_blocked)),
    "an activity too far away": ("distance", adding(lambda *pair: _far(*pair, mobile=False))),
    "a host too far from home": ("distance", adding(lambda *pair: _far(*pair, mobile=True))),
    "an activity that was not wished": ("wished", adding(_not_wished)),
    "a group more than there are places": ("group_places", adding(_full)),
    "more pupils than there are places": ("pupil_places", adding(_full_of_pupils)),
    "a place kept for others": ("reserved", adding(_kept)),
    "two places at once": ("one_place_at_a_time", adding(_at_once)),
    "no time to travel": ("one_place_at_a_time", adding(_without_gap)),
    "a second activity on one day": ("one_activity_a_day", adding(_second_of_the_day)),
    "the same activity twice": ("activity_once", adding(_same_activity)),
    "more than wanted": ("wanted", adding(_more_than_wanted)),
    "a slot with too few groups": ("minimum", adding(_too_few_to_run)),
    "a slot that falls below its minimum": ("minimum", removing(_holds_the_minimum)),
    "a host's slot too many": ("host_day", adding(_host_has_enough)),
    "a locked placement left out": ("locked", removing(_is_locked)),
    "a placement left out with old figures": ("objectives", _all(lambda items: items[1:])),
    "a group that does not exist": (
        "known",
        _all(lambda items: [replace(items[0], group="zz"), *items[1:]]),
    ),
    "a slot that does not exist": ("known", _all(lambda items: [*items[:-1], replace(items[-1], slot="zz")])),
    "a placement twice": ("once", _all(lambda items: [items[0], *items])),
    "placements in another order": ("order", _all(lambda items: items[::-1], least=2)),
    "a wrong rank": ("rank", _one(lambda item, _: replace(item, rank=(item.rank or 0) + 1))),
    "a rank for what was not wished, or none for a wish": (
        "rank",
        _one(lambda item, _: replace(item, rank=None if item.rank else 1)),
    ),
    "wrong kilometres": (
        "km",
        _one(lambda item, random: replace(item, km=item.km + random.uniform(0.01, 9))),
    ),
    "a guarantee level that looks better": ("objectives", _stated(_called("schools_below"), _better(1))),
    "changes that are not told": ("objectives", _stated(_called("changed"), _better(1))),
    "a fairness that looks better": ("objectives", _stated(_called("fairness"), _better(1e-3))),
    "wish points that look better": ("objectives", _stated(_called("wish_points"), _better(1))),
    "kilometres that look better": ("objectives", _stated(_called("kilometres"), _better(0.1))),
    "a lottery that looks better": ("objectives", _stated(_called("lottery"), _better(1e-3))),
    "a sense turned round": ("objectives", _stated(lambda item: item.value != 0, _turned)),
    "a level left out": (
        "objectives",
        _result(lambda result: replace(result, objectives=result.objectives[1:])),
    ),
    "levels in another order": (
        "objectives",
        _result(lambda result: replace(result, objectives=result.objectives[::-1])),
    ),
    "a level of one's own": (
        "objectives",
        _result(lambda r: replace(r, objectives=(*r.objectives, Objective("beauty", "max", 1.0, 1.0)))),
    ),
    "a bound on the wrong side": ("bound", _stated(_called(""), _beyond_its_bound)),
    "optimal without a proof": ("status", _when(_is_optimal, _stated(_called(""), _unproven))),
    "a best value where there is none": (
        "best",
        _stated(_called("wish_points"), lambda item: replace(item, best=item.value)),
    ),
    "a fairness outside its band": (
        "best",
        _stated(_called("fairness"), lambda item: replace(item, best=item.value * 1.2 + 0.1)),
    ),
    "another problem's hash": ("problem", _result(lambda r: replace(r, problem_sha256="0" * 64))),
    "placements of a refused problem": ("status", _result(lambda r: replace(r, status="infeasible"))),
    "a problem called invalid that is not": (
        "status",
        _result(lambda r: replace(r, status="invalid", placements=(), objectives=())),
    ),
}

"""The hard rules, one function each; every function yields what breaks its rule."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from matchmaker.allocation.checker.facts import Facts, Violation
from matchmaker.allocation.problem import Group, Slot

_KM_TOLERANCE = 1e-3


def check_rules(facts: Facts) -> Iterator[Violation]:
    """Yield every violation of every rule."""
    for placement in facts.placements:
        yield from check_placed_pair(facts, placement.group, placement.slot)
    for rule in _RULES:
        yield from rule(facts)


def check_pair(facts: Facts, group_id: str, slot_id: str) -> Iterator[Violation]:
    """Yield the rules that a group in a slot breaks by itself, whoever else is placed where."""
    group, slot = facts.groups[group_id], facts.slots[slot_id]
    yield from check_placed_pair(facts, group_id, slot_id)
    if slot.groups < 1 or (slot.pupils is not None and group.pupils > slot.pupils):
        yield _violation("places", group, slot, "does not fit into the places of")
    if slot.reserved and group.school not in slot.reserved.schools and slot.reserved.groups >= slot.groups:
        yield _violation("reserved", group, slot, "takes a place kept for other schools in")
    if facts.hosts[facts.activity_of(slot).host].max_slots_per_day == 0:
        yield _violation("host_day", group, slot, "is with a host that takes nobody in")


def check_placed_pair(facts: Facts, group_id: str, slot_id: str) -> Iterator[Violation]:
    """Yield the broken rules about what suits a group."""
    group, slot = facts.groups[group_id], facts.slots[slot_id]
    for rule in (_levels, _pupils, _free, _distance, _wished):
        yield from rule(facts, group, slot)


def _violation(rule: str, group: Group, slot: Slot, verb: str) -> Violation:
    return Violation(rule, f"group {group.id} {verb} slot {slot.id}", group.id, slot.id)


def _levels(facts: Facts, group: Group, slot: Slot) -> Iterator[Violation]:
    """Rule 1."""
    if not set(group.levels) <= set(facts.activity_of(slot).levels):
        yield _violation("levels", group, slot, "has a level that is not served in")


def _pupils(facts: Facts, group: Group, slot: Slot) -> Iterator[Violation]:
    """Rule 2."""
    activity = facts.activity_of(slot)
    if activity.min_pupils is not None and group.pupils < activity.min_pupils:
        yield _violation("pupils", group, slot, "has too few pupils for")
    if activity.max_pupils is not None and group.pupils > activity.max_pupils:
        yield _violation("pupils", group, slot, "has too many pupils for")


def _free(_: Facts, group: Group, slot: Slot) -> Iterator[Violation]:
    """Rule 3."""
    if any(blocked.start < slot.end and slot.start < blocked.end for blocked in group.unavailable):
        yield _violation("free", group, slot, "is not free at the time of")


def _distance(facts: Facts, group: Group, slot: Slot) -> Iterator[Violation]:
    """Rule 4."""
    activity = facts.activity_of(slot)
    limit = activity.range_km if activity.mobile else group.max_km
    distance = facts.distance_km(facts.school_of(group), activity)
    if limit is not None and distance is not None and distance > limit + _KM_TOLERANCE * 1e-3:
        yield _violation("distance", group, slot, "is too far from")


def _wished(facts: Facts, group: Group, slot: Slot) -> Iterator[Violation]:
    """Rule 13."""
    if not group.open_to_other and facts.rank(group, slot) is None:
        yield _violation("wished", group, slot, "did not wish the activity of")


def _group_places(facts: Facts) -> Iterator[Violation]:
    """Rule 5, groups."""
    for slot, groups in _held(facts):
        if len(groups) > slot.groups:
            yield Violation(
                "group_places", f"slot {slot.id} holds {len(groups)} of {slot.groups} groups", None, slot.id
            )


def _pupil_places(facts: Facts) -> Iterator[Violation]:
    """Rule 5, pupils."""
    for slot, groups in _held(facts):
        pupils = sum(group.pupils for group in groups)
        if slot.pupils is not None and pupils > slot.pupils:
            yield Violation(
                "pupil_places", f"slot {slot.id} holds {pupils} of {slot.pupils} pupils", None, slot.id
            )


def _one_place_at_a_time(facts: Facts) -> Iterator[Violation]:
    """Rule 6."""
    for group, one, other in _pairs_of_slots(facts):
        first, second = sorted((one, other), key=lambda slot: slot.start)
        pause = (second.start - first.end).total_seconds() / 60
        same_day = first.end.date() == second.start.date()
        if pause < 0 or (same_day and pause < facts.problem.min_gap_minutes):
            yield Violation(
                "one_place_at_a_time",
                f"group {group.id} cannot be in slot {first.id} and in slot {second.id}",
                group.id,
                second.id,
            )


def _one_activity_a_day(facts: Facts) -> Iterator[Violation]:
    """Rule 7."""
    for group, one, other in _pairs_of_slots(facts):
        combined = one.multi_stop_day is not None and one.multi_stop_day == other.multi_stop_day
        if one.start.date() == other.start.date() and not combined:
            yield Violation(
                "one_activity_a_day",
                f"group {group.id} has slot {one.id} and slot {other.id} on one day",
                group.id,
                other.id,
            )


def _activity_once(facts: Facts) -> Iterator[Violation]:
    """Rule 8."""
    for group, one, other in _pairs_of_slots(facts):
        if one.activity == other.activity:
            yield Violation(
                "activity_once",
                f"group {group.id} has activity {one.activity} in slot {one.id} and in slot {other.id}",
                group.id,
                other.id,
            )


def _wanted(facts: Facts) -> Iterator[Violation]:
    """Rule 9."""
    for group_id, slots in facts.slots_of_group.items():
        wanted = facts.groups[group_id].wanted
        if len(slots) > wanted:
            yield Violation(
                "wanted", f"group {group_id} has {len(slots)} placements, wants {wanted}", group_id
            )


def _minimum(facts: Facts) -> Iterator[Violation]:
    """Rule 10."""
    for slot, groups in _held(facts):
        if len(groups) < slot.min_groups:
            yield Violation(
                "minimum",
                f"slot {slot.id} runs with {len(groups)} of {slot.min_groups} groups",
                None,
                slot.id,
            )


def _host_day(facts: Facts) -> Iterator[Violation]:
    """Rule 11."""
    running: dict[tuple[str, date], int] = defaultdict(int)
    for slot, _ in _held(facts):
        running[facts.activity_of(slot).host, slot.start.date()] += 1
    for (host_id, day), slots in running.items():
        most = facts.hosts[host_id].max_slots_per_day
        if most is not None and slots > most:
            yield Violation("host_day", f"host {host_id} has {slots} slots on {day}, takes {most}")


def _locked(facts: Facts) -> Iterator[Violation]:
    """Rule 12."""
    for pair in facts.problem.locked:
        if all(group.id != pair.group for group in facts.groups_in_slot[pair.slot]):
            yield Violation(
                "locked", f"group {pair.group} is locked in slot {pair.slot}", pair.group, pair.slot
            )


def _reserved(facts: Facts) -> Iterator[Violation]:
    """Rule 14."""
    for slot, groups in _held(facts):
        if slot.reserved is None:
            continue
        others = sum(group.school not in slot.reserved.schools for group in groups)
        if others > max(0, slot.groups - slot.reserved.groups):
            yield Violation("reserved", f"slot {slot.id} gives away places kept for others", None, slot.id)


def _stated_ranks(facts: Facts) -> Iterator[Violation]:
    for item in facts.placements:
        rank = facts.rank(facts.groups[item.group], facts.slots[item.slot])
        if item.rank != rank:
            yield Violation("rank", f"rank {item.rank} should be {rank}", item.group, item.slot)


def _stated_kilometres(facts: Facts) -> Iterator[Violation]:
    for item in facts.placements:
        km = facts.travel_km(facts.groups[item.group], facts.slots[item.slot])
        if abs(item.km - km) > _KM_TOLERANCE:
            yield Violation("km", f"{item.km} km should be {km:.3f} km", item.group, item.slot)


def _held(facts: Facts) -> Iterator[tuple[Slot, list[Group]]]:
    for slot_id, groups in facts.groups_in_slot.items():
        if groups:
            yield facts.slots[slot_id], groups


def _pairs_of_slots(facts: Facts) -> Iterator[tuple[Group, Slot, Slot]]:
    for group_id, slots in facts.slots_of_group.items():
        for one, other in combinations(slots, 2):
            yield facts.groups[group_id], one, other


_RULES = (
    _group_places,
    _pupil_places,
    _one_place_at_a_time,
    _one_activity_a_day,
    _activity_once,
    _wanted,
    _minimum,
    _host_day,
    _locked,
    _reserved,
    _stated_ranks,
    _stated_kilometres,
)

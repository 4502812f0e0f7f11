"""The hard rules as rows of the model, one function each, named for the rule.

The rules that look at one pair only (levels, pupils, free, distance, wished) are kept by the candidates, and
locked placements by the lower bounds of their columns.
"""

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from matchmaker.allocation.building import Building, membership
from matchmaker.allocation.candidates import Candidates, find_positions
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.problem import Pair
from matchmaker.allocation.solver import Floats, Ints, Mask

_MINUTES_PER_DAY = 24 * 60


def add_hard_rules(building: Building) -> None:
    """Add the rows of every rule about more than one pair."""
    running = _add_running(building)
    group_places(building, running)
    pupil_places(building)
    minimum(building, running)
    host_day(building, running)
    reserved(building)
    wanted(building)
    activity_once(building)
    one_activity_a_day(building)
    one_place_over_midnight(building)


def drop_too_big(instance: Instance, candidates: Candidates, kept: tuple[Pair, ...]) -> Candidates:
    """Return the candidates without groups that have more pupils than a slot has places.

    No solution holds such a pair, but a relaxation would place a part of the group: leaving the pairs out
    makes bounds sharper. Pairs that are locked stay, so that the solver sees that they cannot stand.
    """
    fits = instance.group_pupils[candidates.group] <= instance.slot_pupils[candidates.slot]
    locked, _ = find_positions(instance, candidates, kept)
    fits[locked] = True
    if fits.all():
        return candidates
    return Candidates(
        candidates.group[fits],
        candidates.slot[fits],
        candidates.rank[fits],
        candidates.points[fits],
        candidates.km[fits],
    )


def _candidates_in(building: Building) -> Ints:
    """Return how many candidates each slot has."""
    return np.bincount(building.candidates.slot, minlength=len(building.instance.slots)).astype(np.intp)


def _effective_places(building: Building) -> Ints:
    return np.minimum(building.instance.slot_groups, _candidates_in(building))


def _host_days(building: Building) -> tuple[Ints, Mask]:
    """Return the number of each slot's host and day, and the slots whose host-day limit can bind."""
    instance = building.instance
    used = _candidates_in(building) > 0
    span = int(instance.slot_day.max(initial=0)) + 1
    key = instance.slot_host * span + instance.slot_day
    _, number = np.unique(key, return_inverse=True)
    slots_on = np.bincount(number[used], minlength=int(number.max(initial=-1)) + 1)
    limited = used & (slots_on[number] > instance.host_limit[instance.slot_host])
    return number.astype(np.intp), limited


def _add_running(building: Building) -> Ints:
    """Add a column "this slot runs" where a rule needs one, and return it by slot, -1 where it does not.

    A slot for one group needs none: the sum of its candidates says it.
    """
    instance, candidates = building.instance, building.candidates
    places = _effective_places(building)
    _, limited = _host_days(building)
    needed = (places > 0) & ((instance.slot_minimum > 1) | (limited & (places > 1)))
    slots = np.flatnonzero(needed)
    running = np.full(len(instance.slots), -1, dtype=np.intp)

    def fill(chosen: Floats) -> Floats:
        held = np.bincount(candidates.slot, chosen, minlength=len(instance.slots))
        return (held[slots] > 0.5).astype(np.float64)

    running[slots] = building.add_columns(np.ones(len(slots)), fill, integer=True)
    return running


def group_places(building: Building, running: Ints) -> None:
    """Rule 5: a slot holds at most its number of groups, and none when it does not run."""
    instance, candidates = building.instance, building.candidates
    plain = running[candidates.slot] < 0
    slot = candidates.slot[plain]
    limit = instance.slot_groups[slot].astype(np.float64)
    building.add_at_most(slot, np.flatnonzero(plain), np.ones(len(slot)), limit)
    slots = np.flatnonzero(running >= 0)
    entries = np.flatnonzero(~plain)
    number = np.searchsorted(slots, candidates.slot[entries])
    places = _effective_places(building)[slots].astype(np.float64)
    building.add_rows(
        np.concatenate([number, np.arange(len(slots))]),
        np.concatenate([entries, running[slots]]),
        np.concatenate([np.ones(len(entries)), -places]),
        lower=np.full(len(slots), -np.inf),
        upper=np.zeros(len(slots)),
    )


def pupil_places(building: Building) -> None:
    """Rule 5: a slot holds at most its number of pupils."""
    instance, candidates = building.instance, building.candidates
    pupils = instance.group_pupils[candidates.group].astype(np.float64)
    limit = instance.slot_pupils[candidates.slot].astype(np.float64)
    building.add_at_most(candidates.slot, np.arange(len(candidates)), pupils, limit)


def minimum(building: Building, running: Ints) -> None:
    """Rule 10: a slot that runs holds at least its minimum of groups."""
    instance, candidates = building.instance, building.candidates
    slots = np.flatnonzero((running >= 0) & (instance.slot_minimum > 1))
    position = np.full(len(instance.slots), -1, dtype=np.intp)
    position[slots] = np.arange(len(slots))
    entries = np.flatnonzero(position[candidates.slot] >= 0)
    building.add_rows(
        np.concatenate([position[candidates.slot[entries]], np.arange(len(slots))]),
        np.concatenate([entries, running[slots]]),
        np.concatenate([np.ones(len(entries)), -instance.slot_minimum[slots].astype(np.float64)]),
        lower=np.zeros(len(slots)),
        upper=np.full(len(slots), np.inf),
    )


def host_day(building: Building, running: Ints) -> None:
    """Rule 11: a host runs at most its number of slots on one day."""
    instance, candidates = building.instance, building.candidates
    number, limited = _host_days(building)
    slots = np.flatnonzero(limited & (running >= 0))
    single = np.flatnonzero(limited[candidates.slot] & (running[candidates.slot] < 0))
    slot = np.concatenate([slots, candidates.slot[single]])
    column = np.concatenate([running[slots], single])
    limit = instance.host_limit[instance.slot_host[slot]].astype(np.float64)
    building.add_at_most(number[slot], column, np.ones(len(slot)), limit)


def reserved(building: Building) -> None:
    """Rule 14: the groups of other schools leave the reserved places free."""
    instance, candidates = building.instance, building.candidates
    slot, column, limit = [], [], []
    for index, item in enumerate(instance.slots):
        if item.reserved is None:
            continue
        own = {instance.school_index[school] for school in item.reserved.schools}
        for entry in np.flatnonzero(candidates.slot == index):
            if int(instance.group_school[candidates.group[entry]]) not in own:
                slot.append(index)
                column.append(entry)
                limit.append(max(0, item.groups - item.reserved.groups))
    entries = np.array(column, dtype=np.intp)
    building.add_at_most(
        np.array(slot, dtype=np.intp), entries, np.ones(len(entries)), np.array(limit, dtype=np.float64)
    )


def wanted(building: Building) -> None:
    """Rule 9: a group has at most the placements it wants."""
    group = building.candidates.group
    limit = building.instance.group_wanted[group].astype(np.float64)
    building.add_at_most(group, np.arange(len(group)), np.ones(len(group)), limit)


def _of_busy_groups(building: Building) -> Ints:
    """Return the candidates of groups that want more than one placement; others have at most one anyway."""
    return np.flatnonzero(building.instance.group_wanted[building.candidates.group] > 1)


def activity_once(building: Building) -> None:
    """Rule 8: a group takes an activity once."""
    entries = _of_busy_groups(building)
    activity = building.instance.slot_activity[building.candidates.slot[entries]]
    key = building.candidates.group[entries] * len(building.instance.activities) + activity
    building.add_at_most(key, entries, np.ones(len(entries)), np.ones(len(entries)))


def one_activity_a_day(building: Building) -> None:
    """Rules 6 and 7 within a day: one slot, or slots of one multi-stop day that leave the least gap.

    For every multi-stop day of a group a column says whether the group takes it; the slots outside and the
    multi-stop days of one date exclude each other, and of the slots inside that are in each other's way at
    most one is taken.
    """
    days = list(_busy_days(building))
    stops: list[list[list[int]]] = [_split_by_label(building, day) for day in days]
    first_column = building.column_count
    multi = [part for parts in stops for part in parts if len(part) > 1]
    _add_taken(building, multi)
    taken = {id(part): first_column + number for number, part in enumerate(multi)}
    row: list[int] = []
    column: list[int] = []
    value: list[float] = []
    upper: list[float] = []

    def add(columns: list[int], coefficients: list[float], limit: float) -> None:
        row.extend([len(upper)] * len(columns))
        column.extend(columns)
        value.extend(coefficients)
        upper.append(limit)

    for parts in stops:
        heads = [taken[id(part)] if len(part) > 1 else part[0] for part in parts]
        if len(heads) > 1:
            add(heads, [1.0] * len(heads), 1.0)
        for part in parts:
            for crowd in _crowds(building, part) if len(part) > 1 else ():
                add([*crowd, taken[id(part)]], [1.0] * len(crowd) + [-1.0], 0.0)
    building.add_rows(
        np.array(row, dtype=np.intp),
        np.array(column, dtype=np.intp),
        np.array(value, dtype=np.float64),
        lower=np.full(len(upper), -np.inf),
        upper=np.array(upper, dtype=np.float64),
    )


def _add_taken(building: Building, parts: list[list[int]]) -> None:
    number = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    member = np.array([entry for part in parts for entry in part], dtype=np.intp)
    belongs = membership(number, member, (len(parts), len(building.candidates)))
    first = np.array([part[0] for part in parts], dtype=np.intp)
    building.add_columns(
        np.ones(len(parts)),
        lambda chosen: np.minimum(1.0, belongs @ chosen),
        integer=False,
        school=building.instance.group_school[building.candidates.group[first]],
    )


def _busy_days(building: Building) -> Iterator[list[int]]:
    """Return the candidates of each busy group and day."""
    instance, candidates = building.instance, building.candidates
    entries = _of_busy_groups(building)
    day = instance.slot_day[candidates.slot]
    order = entries[np.lexsort((entries, day[entries], candidates.group[entries]))]
    for _, part in groupby(order.tolist(), key=lambda entry: (candidates.group[entry], day[entry])):
        yield list(part)


def _split_by_label(building: Building, day: list[int]) -> list[list[int]]:
    """Return the candidates of a day in parts that exclude each other: multi-stop days and single slots."""
    single: list[list[int]] = []
    labelled: dict[str, list[int]] = {}
    for entry in day:
        label = building.instance.slots[building.candidates.slot[entry]].multi_stop_day
        if label is None:
            single.append([entry])
        else:
            labelled.setdefault(label, []).append(entry)
    return single + list(labelled.values())


def _crowds(building: Building, entries: list[int]) -> Iterator[list[int]]:
    """Return sets of slots in each other's way that together cover every such pair and every slot."""
    instance, gap = building.instance, building.instance.problem.min_gap_minutes
    slot_of = building.candidates.slot
    for entry in entries:
        start = instance.slot_start[slot_of[entry]]
        yield [
            other
            for other in entries
            if instance.slot_start[slot_of[other]] <= start < instance.slot_end[slot_of[other]] + gap
        ]


def one_place_over_midnight(building: Building) -> None:
    """Rule 6 across days: slots that begin on different days and are still in each other's way."""
    instance, slot_of = building.instance, building.candidates.slot
    if not np.any(instance.slot_end // _MINUTES_PER_DAY > instance.slot_day):
        return
    entries = _of_busy_groups(building).tolist()
    pairs = [
        (one, other)
        for _, part in groupby(entries, key=lambda entry: building.candidates.group[entry])
        for one, other in _ordered_pairs(list(part))
        if meet_over_midnight(building, int(slot_of[one]), int(slot_of[other]))
    ]
    column = np.array(pairs, dtype=np.intp).reshape(-1)
    building.add_rows(
        np.repeat(np.arange(len(pairs)), 2),
        column,
        np.ones(len(column)),
        lower=np.full(len(pairs), -np.inf),
        upper=np.ones(len(pairs)),
    )


def _ordered_pairs(entries: list[int]) -> Iterator[tuple[int, int]]:
    for one in entries:
        for other in entries:
            if one != other:
                yield one, other


def meet_over_midnight(building: Building, first: int, second: int) -> bool:
    """Return whether a slot is still in the way of one that begins on a later day."""
    instance = building.instance
    end, start = int(instance.slot_end[first]), int(instance.slot_start[second])
    if instance.slot_day[second] <= instance.slot_day[first]:
        return False
    same_day = end // _MINUTES_PER_DAY == start // _MINUTES_PER_DAY
    return start < end + (instance.problem.min_gap_minutes if same_day else 0)

"""The objective levels as costs of the model's columns, one function each, named for the level."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from matchmaker.allocation.building import Building, membership
from matchmaker.allocation.scores import SCORES
from matchmaker.allocation.solver import Floats, Ints

TOLERANCE = 1e-6
KM_TOLERANCE = 1e-3
"""A metre over the kilometres of everybody together."""
_MOST_GUIDE = 0.4
_GUIDED_KM = 0.1
"""How exactly the guide of the wish points is followed, in kilometres."""


@dataclass(frozen=True)
class Level:
    """One level: minimise ``cost · columns + offset``, which is the objective or its negative.

    Attributes
    ----------
    name, sense
        As in the result format.
    cost, offset
        What is minimised; the negative of the objective when ``sense`` is "max".
    step
        Every value is a multiple of it; 0 when values can lie anywhere.
    gap
        Difference of value and bound at which the solver may stop.
    tolerance
        Difference of value and bound that counts as proven: the solver keeps rows up to a tolerance, which
        shows in the last digits of a bound.
    with_wishes
        Whether the columns about granted wishes are needed.
    least
        A bound on what is minimised that needs no solving.
    guide, most_guide
        A small cost that decides between solutions of equal value, so that the next level begins with a good
        one, and the most that it can add up to: less than half a step, so that it never decides more.
    """

    name: str
    sense: str
    cost: Floats
    offset: float
    step: float
    gap: float
    tolerance: float
    with_wishes: bool
    guide: Floats
    most_guide: float = 0.0
    least: float = -np.inf

    def stated(self, minimised: float) -> float:
        """Return the objective that belongs to a minimised value or bound."""
        value = minimised if self.sense == "min" else -minimised
        return value + 0.0


@dataclass(frozen=True)
class _Term:
    """Part of an objective: columns with their weights."""

    columns: Ints
    weights: Floats


@dataclass(frozen=True)
class Granted:
    """The columns and weights of what is granted: one entry per column, in points ÷ 100.

    ``group`` is the group of each entry; ``pieces`` and ``slopes`` are the pieces of the fairness curve that
    are still open; ``constant`` is the fairness that nobody can take away.
    """

    columns: Ints
    weights: Floats
    group: Ints
    pieces: Ints
    slopes: Floats
    constant: float


def add_participations(building: Building) -> dict[int, Ints]:
    """Add the columns and rows that count the distinct slots of every school that needs some.

    For a school that lacks m participations there are columns d_1 ≤ … ≤ d_m, d_j = 1 when it gets fewer
    than j more, and one row: distinct slots + Σ d ≥ m.

    Returns
    -------
    dict
        Level k → the columns that are 1 for a school with fewer than min(k, guarantee) participations.
    """
    instance = building.instance
    need = np.maximum(0, instance.guarantee - instance.already)
    attended = _add_attended(building, need)
    school = np.repeat(np.arange(len(need)), need)
    unit = np.arange(len(school)) - np.repeat(np.cumsum(need) - need, need) + 1

    def fill(chosen: Floats) -> Floats:
        return np.asarray(attended.count(chosen)[school] + 0.5 < unit, dtype=np.float64)

    columns = building.add_columns(np.ones(len(school)), fill, integer=True, school=school)
    _add_need_rows(building, attended, need, school, columns)
    _add_order_rows(building, school, columns)
    return _participation_levels(building, school, unit, columns)


@dataclass(frozen=True)
class _Attended:
    """Distinct slots per school: some candidates count by themselves, others through a shared column."""

    single: sparse.csr_array
    shared: sparse.csr_array
    shared_school: Ints
    shared_columns: Ints
    single_entries: Ints
    single_school: Ints

    def count(self, chosen: Floats) -> Floats:
        """Return the distinct slots by school; only right for schools with a need."""
        together = np.minimum(1.0, self.shared @ chosen)
        return np.asarray(
            self.single @ chosen + np.bincount(self.shared_school, together, minlength=self.single.shape[0])
        )


def _add_attended(building: Building, need: Ints) -> _Attended:
    """Add a column per school and slot that several of its groups could attend together."""
    instance, candidates = building.instance, building.candidates
    entries = np.flatnonzero(need[instance.group_school[candidates.group]] > 0)
    school = instance.group_school[candidates.group[entries]]
    slot = candidates.slot[entries]
    key, number, count = np.unique(
        school * max(1, len(instance.slots)) + slot, return_inverse=True, return_counts=True
    )
    key_slot = key % max(1, len(instance.slots))
    is_shared = (count > 1) & (instance.slot_groups[key_slot] > 1)
    position = np.cumsum(is_shared) - 1
    member = is_shared[number]
    together = membership(position[number[member]], entries[member], (int(is_shared.sum()), len(candidates)))
    shared_school = key[is_shared] // max(1, len(instance.slots))
    columns = building.add_columns(
        np.ones(int(is_shared.sum())),
        lambda chosen: np.minimum(1.0, together @ chosen),
        integer=False,
        school=shared_school,
    )
    building.add_rows(
        np.concatenate([position[number[member]], np.arange(len(columns))]),
        np.concatenate([entries[member], columns]),
        np.concatenate([-np.ones(int(member.sum())), np.ones(len(columns))]),
        lower=np.full(len(columns), -np.inf),
        upper=np.zeros(len(columns)),
    )
    single, single_school = entries[~member], school[~member]
    shape = (len(instance.schools), len(candidates))
    return _Attended(
        membership(single_school, single, shape), together, shared_school, columns, single, single_school
    )


def _add_need_rows(building: Building, attended: _Attended, need: Ints, school: Ints, short: Ints) -> None:
    needy = np.flatnonzero(need > 0)
    row_of = np.cumsum(need > 0) - 1
    schools = np.concatenate([attended.single_school, attended.shared_school, school])
    columns = np.concatenate([attended.single_entries, attended.shared_columns, short])
    building.add_rows(
        row_of[schools],
        columns,
        np.ones(len(columns)),
        lower=need[needy].astype(np.float64),
        upper=np.full(len(needy), np.inf),
    )


def _add_order_rows(building: Building, school: Ints, columns: Ints) -> None:
    later = np.flatnonzero(school[1:] == school[:-1]) + 1
    building.add_rows(
        np.tile(np.arange(len(later)), 2),
        np.concatenate([columns[later - 1], columns[later]]),
        np.concatenate([np.ones(len(later)), -np.ones(len(later))]),
        lower=np.full(len(later), -np.inf),
        upper=np.zeros(len(later)),
    )


def _participation_levels(building: Building, school: Ints, unit: Ints, columns: Ints) -> dict[int, Ints]:
    """Say which columns count for which level: a school with a lower guarantee counts with its last one."""
    instance = building.instance
    reached = instance.already[school] + unit
    last = instance.guarantee[school]
    return {k: columns[reached == np.minimum(k, last)] for k in instance.guarantee_levels}


def add_granted(building: Building) -> Granted:
    """Add the columns and rows of granted wishes and of the fairness curve."""
    columns, weights, group = _add_granted_columns(building)
    return _add_curve(building, columns, weights, group)


def _add_granted_columns(building: Building) -> tuple[Ints, Floats, Ints]:
    """Return columns, weights and groups whose weighted sum is what is granted, in points ÷ 100.

    A group whose placements cannot exceed its best counts by its candidates; another one gets a column that
    is at most the sum of its points and at most its best.
    """
    instance, candidates = building.instance, building.candidates
    count = np.bincount(candidates.group, minlength=len(instance.groups))
    points = candidates.points / 100
    highest = np.zeros(len(instance.groups))
    np.maximum.at(highest, candidates.group, points)
    most = highest * np.minimum(count, instance.group_wanted)
    capped = np.flatnonzero(most > instance.group_best / 100 + 1e-9)
    position = np.full(len(instance.groups), -1, dtype=np.intp)
    position[capped] = np.arange(len(capped))
    entries = np.flatnonzero(position[candidates.group] >= 0)
    best = instance.group_best[capped] / 100

    def fill(chosen: Floats) -> Floats:
        total = np.bincount(candidates.group, chosen * points, minlength=len(instance.groups))
        return np.minimum(best, total[capped])

    columns = building.add_columns(best, fill, integer=False, school=instance.group_school[capped])
    building.add_rows(
        np.concatenate([position[candidates.group[entries]], np.arange(len(capped))]),
        np.concatenate([entries, columns]),
        np.concatenate([-points[entries], np.ones(len(capped))]),
        lower=np.full(len(capped), -np.inf),
        upper=np.zeros(len(capped)),
    )
    plain = np.flatnonzero(position[candidates.group] < 0)
    return (
        np.concatenate([plain, columns]),
        np.concatenate([points[plain], np.ones(len(columns))]),
        np.concatenate([candidates.group[plain], capped]),
    )


def _add_curve(building: Building, columns: Ints, weights: Floats, group: Ints) -> Granted:
    """Add a column for every piece of a school's curve that it can still climb."""
    instance = building.instance
    school, piece, length, constant = _open_pieces(building, weights, group)
    slopes = np.array([SCORES.slope(number) for number in range(SCORES.tenths)])
    granted_by = sparse.coo_array(
        (weights, (instance.group_school[group], np.arange(len(columns)))),
        shape=(len(instance.schools), len(columns)),
    ).tocsr()
    best = np.maximum(1, instance.school_best) / 100
    before = _lengths_before(school, length)
    blocks = list(building.blocks)

    def fill(chosen: Floats) -> Floats:
        values = np.concatenate([block.fill(chosen) for block in blocks])
        tenths = (granted_by @ values[columns]) / best * SCORES.tenths
        return np.asarray(np.clip(tenths[school] - before, 0.0, length))

    pieces = building.add_columns(length, fill, integer=False, school=school)
    climbing = np.unique(school)
    row_of = np.full(len(instance.schools), -1, dtype=np.intp)
    row_of[climbing] = np.arange(len(climbing))
    entry_school = instance.group_school[group]
    used = row_of[entry_school] >= 0
    building.add_rows(
        np.concatenate([row_of[school], row_of[entry_school[used]]]),
        np.concatenate([pieces, columns[used]]),
        np.concatenate([np.ones(len(pieces)), -SCORES.tenths * weights[used] / best[entry_school[used]]]),
        lower=np.full(len(climbing), -np.inf),
        upper=np.zeros(len(climbing)),
    )
    return Granted(columns, weights, group, pieces, slopes[piece], constant)


def _open_pieces(building: Building, weights: Floats, group: Ints) -> tuple[Ints, Ints, Floats, float]:
    """Return school, piece and length (in tenths) of what is open, and the fairness that is certain."""
    instance = building.instance
    reachable = _most_granted(building, weights, group)
    schools: list[int] = []
    pieces: list[int] = []
    lengths: list[float] = []
    constant = 0.0
    for index, school in enumerate(instance.schools):
        if instance.school_best[index] == 0:
            constant += SCORES.fairness(1.0)
            continue
        constant += SCORES.fairness(school.history)
        certain = min(1.0, school.history) * SCORES.tenths
        highest = min(
            float(SCORES.tenths),
            certain + SCORES.tenths * reachable[index] * 100 / instance.school_best[index] + 1e-9,
        )
        for piece in range(SCORES.tenths):
            if piece + 1 > certain and piece < highest:
                schools.append(index)
                pieces.append(piece)
                lengths.append(piece + 1 - max(float(piece), certain))
    as_index = np.array(schools, dtype=np.intp)
    return as_index, np.array(pieces, dtype=np.intp), np.array(lengths, dtype=np.float64), constant


def _most_granted(building: Building, weights: Floats, group: Ints) -> Floats:
    """Return by school what its groups can be granted at most, in points ÷ 100."""
    instance = building.instance
    sums = np.bincount(group, weights, minlength=len(instance.groups))
    most = np.minimum(sums, instance.group_best / 100)
    return np.bincount(instance.group_school, most, minlength=len(instance.schools)).astype(np.float64)


def _lengths_before(school: Ints, length: Floats) -> Floats:
    """Return the length of a school's pieces before each piece."""
    total = np.cumsum(length) - length
    first = np.searchsorted(school, school)
    return total - total[first] if len(school) else total


def schools_below(building: Building, k: int, short: Ints) -> Level:
    """Level 1: schools with fewer than min(k, guarantee) participations, each with its column."""
    term = _Term(short, np.ones(len(short)))
    return _level(building, f"schools_below_{k}", "min", term, 0.0, step=1.0, with_wishes=False)


def changed_placements(building: Building, published: Ints, gone: int) -> Level:
    """Level 2: published pairs that are not in the result; ``gone`` of them are not possible any more."""
    term = _Term(published, -np.ones(len(published)))
    offset = float(len(published) + gone)
    return _level(building, "changed_placements", "min", term, offset, step=1.0, with_wishes=False)


def fairness(building: Building, granted: Granted) -> Level:
    """Level 3: the sum over schools of the steep concave curve of their satisfaction."""
    term = _Term(granted.pieces, granted.slopes)
    return _level(building, "fairness", "max", term, granted.constant, tolerance=TOLERANCE, with_wishes=True)


def wish_points(building: Building) -> Level:
    """Level 4: points of all placements; of equal solutions the one with fewer kilometres is preferred."""
    points = building.candidates.points.astype(np.float64)
    term = _Term(np.arange(len(points)), points)
    level = _level(building, "wish_points", "max", term, 0.0, step=1.0, with_wishes=True)
    weight = _MOST_GUIDE / max(1.0, _most_of_groups(building, building.candidates.km))
    guide = np.zeros(len(level.cost))
    guide[: len(points)] = weight * building.candidates.km
    return replace(
        level,
        guide=guide,
        most_guide=_MOST_GUIDE,
        gap=max(1e-6, weight * _GUIDED_KM),
        least=-_most_of_groups(building, points),
    )


def _most_of_groups(building: Building, amount: Floats) -> float:
    """Return at least as much as the placements of any solution can add up to."""
    instance, candidates = building.instance, building.candidates
    highest = np.zeros(len(instance.groups))
    np.maximum.at(highest, candidates.group, amount)
    count = np.bincount(candidates.group, minlength=len(instance.groups))
    return float(highest @ np.minimum(count, instance.group_wanted))


def kilometres(building: Building) -> Level:
    """Level 5: distance of all placements, one way."""
    km = building.candidates.km
    return _level(
        building,
        "kilometres",
        "min",
        _Term(np.arange(len(km)), km),
        0.0,
        tolerance=KM_TOLERANCE,
        with_wishes=True,
    )


def lottery(building: Building, granted: Granted) -> Level:
    """Level 6: what is granted, weighted by the place in the published draw."""
    instance = building.instance
    weight = instance.lottery_weight[instance.group_school[granted.group]]
    term = _Term(granted.columns, weight * granted.weights)
    level = _level(building, "lottery", "max", term, 0.0, tolerance=TOLERANCE, with_wishes=True)
    most = instance.lottery_weight @ _most_granted(building, granted.weights, granted.group)
    return replace(level, least=-float(most))


def _level(
    building: Building,
    name: str,
    sense: str,
    term: _Term,
    offset: float,
    *,
    step: float = 0.0,
    tolerance: float = 0.0,
    with_wishes: bool,
) -> Level:
    sign = 1.0 if sense == "min" else -1.0
    cost = np.zeros(building.column_count)
    np.add.at(cost, term.columns, sign * term.weights)
    gap = 0.999 * step if step else min(0.1 * tolerance, 1e-6)
    guide = np.zeros(len(cost))
    return Level(name, sense, cost, sign * offset, step, gap, tolerance or 0.5 * step, with_wishes, guide)

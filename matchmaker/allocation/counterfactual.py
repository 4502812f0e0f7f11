"""What would it cost? A placement is forced, the rest is solved again, and the two are compared."""

import time
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from matchmaker.allocation.guarantee import (
    Ground,
    Guarantee,
    Part,
    solve_guarantee,
    stated_bounds,
    stated_values,
)
from matchmaker.allocation.measures import participations_by_school, satisfaction_by_school
from matchmaker.allocation.model import Fixed
from matchmaker.allocation.naming import IDS, Names, capital, count_of
from matchmaker.allocation.problem import Pair, Placement, Problem, Result, Slot
from matchmaker.allocation.search import Clock, SolveTimeoutError, Work, search_level
from matchmaker.allocation.solver import Floats, Ints, Limits, solve_mip

_WINDOW = 2_500
_STARTS = 6
_WORK = 20_000
_SLACK = 1e-7
_VISIBLE = 1e-6


@dataclass(frozen=True, slots=True)
class Effect:
    """A school that would get more or less; satisfaction is 0 … 1."""

    school: str
    participations_before: int
    participations_after: int
    satisfaction_before: float
    satisfaction_after: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """A group that would move; ``None`` for no slot."""

    group: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What would follow if a group got a slot, or one slot of an activity.

    Attributes
    ----------
    group, slot, activity
        What was forced; one of ``slot`` and ``activity`` is given.
    possible
        Whether any allocation holds it: False when no slot suits the group or locked placements exclude it.
    guarantee_before, guarantee_after
        Schools below k = 1, 2, …; after: the best found with the placement forced, empty when impossible.
    proven
        Whether no allocation with the placement forced has better guarantee levels.
    fairness_before, fairness_after
        The fairness of the result, and the best found with the placement forced while everything far away
        stays. More than before is possible inside the fairness band of the problem only.
    effects
        Schools whose participations or satisfaction change, those that lose most first.
    exchanges
        The shortest chain of moves found: the forced placement first.
    """

    group: str
    slot: str | None
    activity: str | None
    possible: bool
    guarantee_before: tuple[int, ...]
    guarantee_after: tuple[int, ...]
    proven: bool
    fairness_before: float
    fairness_after: float
    effects: tuple[Effect, ...] = ()
    exchanges: tuple[Exchange, ...] = ()

    @property
    def costs_guarantee(self) -> bool:
        """Return whether a guarantee level gets worse."""
        return self.possible and self.guarantee_after > self.guarantee_before


def force(
    problem: Problem,
    result: Result,
    group_id: str,
    *,
    slot: str | None = None,
    activity: str | None = None,
    seconds: float = 5.0,
    seed: int = 1,
) -> Counterfactual:
    """Solve again with a group placed in a slot, or in one of the slots of an activity.

    The guarantee levels come first, then fairness, then as few moves as possible.

    Parameters
    ----------
    problem, result
        A problem and an allocation for it that the checker has passed.
    group_id, slot, activity
        What is forced: exactly one of ``slot`` and ``activity``, by id.
    seconds
        Wall time.
    seed
        Seed of the solver.

    Raises
    ------
    KeyError
        When the problem has no such group, slot or activity.
    ValueError
        When not exactly one of ``slot`` and ``activity`` is given.
    SolveTimeoutError
        When the time was over before it was known whether any allocation holds the placement.
    """
    if (slot is None) == (activity is None):
        raise ValueError("name either a slot or an activity")
    forcing = _Forcing(problem, result, time.monotonic() + seconds, seed)
    return forcing.run(group_id, slot, activity)


class _Forcing:
    """One forced placement and the search for the least it costs."""

    def __init__(self, problem: Problem, result: Result, deadline: float, seed: int) -> None:
        self.problem = problem
        self.result = result
        self.deadline = deadline
        self.seed = seed
        placed = tuple(Pair(item.group, item.slot) for item in result.placements)
        self.ground = Ground(replace(problem, published=placed))
        self.placed = self.ground.chosen(placed)
        self.before = stated_values(result)
        self.floor = self.before if self.before == stated_bounds(result) else ()

    def run(self, group: str, slot: str | None, activity: str | None) -> Counterfactual:
        """Force, solve again, compare."""
        forced = self._find_forced(group, slot, activity)
        fairness = _value(self.result, "fairness")
        before = Counterfactual(group, slot, activity, False, self.before, (), True, fairness, fairness)
        if not len(forced):
            return before
        if np.any(self.placed[forced] > 0.5):
            return replace(before, possible=True, guarantee_after=self.before)
        return self._solve(forced, before)

    def _find_forced(self, group: str, slot: str | None, activity: str | None) -> Ints:
        """Return the candidates of which one must be placed."""
        instance, candidates = self.ground.instance, self.ground.candidates
        own = candidates.group == instance.group_index[group]
        if slot is not None:
            return np.flatnonzero(own & (candidates.slot == instance.slot_index[slot]))
        index = {item.id: place for place, item in enumerate(instance.activities)}[activity or ""]
        return np.flatnonzero(own & (instance.slot_activity[candidates.slot] == index))

    def _solve(self, forced: Ints, before: Counterfactual) -> Counterfactual:
        part = self._near(self._groups_at_stake(forced), self.placed)
        chosen = self._start(part, forced)
        if chosen is None:
            part = self.ground.whole()
            chosen = self._start(part, forced)
        if chosen is None:
            return before
        found = self._guarantee(part, chosen, forced)
        proven = found.values == self.floor
        if not proven and len(part.positions) == len(self.ground.candidates):
            proven = found.is_proven
        elif not proven:
            part, found, proven = self._widen(part, found, forced)
        fairness, chosen = self._fairness(part, found, forced)
        after = replace(
            before, possible=True, guarantee_after=found.values, proven=proven, fairness_after=fairness
        )
        return self._compared(after, part.placements(chosen))

    def _near(self, groups: Ints, placed: Floats) -> Part:
        free = self.ground.neighbourhood(groups, placed, _WINDOW)
        return self.ground.part(free, placed)

    def _groups_at_stake(self, forced: Ints) -> Ints:
        """Return the group that is forced and those that hold its slots now."""
        candidates = self.ground.candidates
        inside = np.isin(candidates.slot, candidates.slot[forced]) & (self.placed > 0.5)
        return np.unique(np.concatenate([candidates.group[forced], candidates.group[inside]]))

    def _row(self, part: Part, forced: Ints) -> Fixed:
        """Return the row: at least one of the forced candidates is placed."""
        cost = np.zeros(len(part.model.lower))
        cost[np.searchsorted(part.positions, forced)] = -1.0
        return Fixed(cost, -1.0)

    def _start(self, part: Part, forced: Ints) -> Floats | None:
        """Return placements with a forced candidate, near to the result; None when there are none."""
        inside = np.searchsorted(part.positions, forced)
        near = np.flatnonzero(part.narrow(self.placed) > 0.5)
        starts = [part.start([int(entry)], near) for entry in self._emptiest(forced, inside)]
        found = [start for start in starts if start is not None]
        if found:
            return min(found, key=lambda start: self._worth(part, start))
        level = replace(part.model.levels[0], cost=np.zeros(len(part.model.lower)), with_wishes=False)
        program = part.model.program(level, [self._row(part, forced)])
        outcome = solve_mip(program, Limits(max(0.1, self.deadline - time.monotonic()), seed=self.seed))
        if outcome.infeasible:
            return None
        if outcome.values is None:
            raise SolveTimeoutError("it is not known yet whether the placement can be forced")
        return np.asarray(np.round(outcome.values[: part.model.placement_count]))

    def _emptiest(self, forced: Ints, inside: Ints) -> list[int]:
        """Return some of the forced candidates in the part, those in slots with most room first."""
        instance, slot = self.ground.instance, self.ground.candidates.slot
        held = np.bincount(slot[self.placed > 0.5], minlength=len(instance.slots))
        room = instance.slot_groups[slot[forced]] - held[slot[forced]]
        return [int(entry) for entry in inside[np.lexsort((inside, -room))][:_STARTS]]

    def _worth(self, part: Part, chosen: Floats) -> tuple[float, ...]:
        """Return the guarantee levels and the changes of placements, to be compared."""
        completed = part.model.complete(chosen)
        levels = part.model.levels[: len(self.before) + 1]
        return tuple(round(float(level.cost @ completed + level.offset), 6) for level in levels)

    def _guarantee(self, part: Part, chosen: Floats, forced: Ints) -> Guarantee:
        return solve_guarantee(
            part.model,
            chosen,
            deadline=self.deadline,
            seed=self.seed,
            fixed=[self._row(part, forced)],
            floor=self.floor,
        )

    def _widen(self, part: Part, found: Guarantee, forced: Ints) -> tuple[Part, Guarantee, bool]:
        """Solve with everything free, then return to the surroundings of what moves."""
        count = len(self.ground.candidates)
        whole = self.ground.whole()
        solved = self._guarantee(whole, part.widen(found.chosen, count), forced)
        rows = [self._row(whole, forced), *solved.fixed]
        changes = whole.model.levels[len(self.before)]
        chosen = search_level(whole.model, changes, rows, solved.chosen, self._clock()).chosen
        moved = self.ground.candidates.group[np.flatnonzero(np.abs(chosen - self.placed) > 0.5)]
        near = self._near(np.unique(np.concatenate([moved, self._groups_at_stake(forced)])), chosen)
        again = self._guarantee(near, near.narrow(chosen), forced)
        return near, again, solved.is_proven

    def _clock(self) -> Clock:
        return Clock(self.deadline, self.seed, Work(_WORK))

    def _fairness(self, part: Part, found: Guarantee, forced: Ints) -> tuple[float, Floats]:
        """Return the best fairness found, and placements about as fair with the fewest moves."""
        levels = {level.name: level for level in part.model.levels}
        rows = [self._row(part, forced), *found.fixed]
        fairness = levels["fairness"]
        fairest = search_level(part.model, fairness, rows, found.chosen, self._clock())
        enough = max(fairest.value, -_value(self.result, "fairness"))
        rows.append(Fixed(fairness.cost, enough - fairness.offset + _SLACK))
        changes = replace(levels["changed_placements"], with_wishes=True)
        fewest = search_level(part.model, changes, rows, fairest.chosen, self._clock())
        return fairness.stated(fairest.value), fewest.chosen

    def _compared(self, after: Counterfactual, placements: tuple[Placement, ...]) -> Counterfactual:
        return replace(
            after,
            effects=_list_effects(self.problem, self.result.placements, placements),
            exchanges=_list_exchanges(after.group, self.result.placements, placements),
        )


def _value(result: Result, name: str) -> float:
    return next(item.value for item in result.objectives if item.name == name)


def _list_effects(
    problem: Problem, before: tuple[Placement, ...], after: tuple[Placement, ...]
) -> tuple[Effect, ...]:
    had, has = participations_by_school(problem, before), participations_by_school(problem, after)
    was, now = satisfaction_by_school(problem, before), satisfaction_by_school(problem, after)
    effects = [
        Effect(school, had[school], has[school], round(was[school], 6), round(now[school], 6))
        for school in sorted(had)
        if had[school] != has[school] or abs(was[school] - now[school]) > _SLACK
    ]
    effects.sort(
        key=lambda effect: (
            effect.participations_after - effect.participations_before,
            effect.satisfaction_after - effect.satisfaction_before,
        )
    )
    return tuple(effects)


def _list_exchanges(
    first: str, before: tuple[Placement, ...], after: tuple[Placement, ...]
) -> tuple[Exchange, ...]:
    """Return who would move, the group that is forced first."""
    old = {(item.group, item.slot) for item in before}
    new = {(item.group, item.slot) for item in after}
    left: dict[str, list[str]] = defaultdict(list)
    taken: dict[str, list[str]] = defaultdict(list)
    for group, slot in sorted(old - new):
        left[group].append(slot)
    for group, slot in sorted(new - old):
        taken[group].append(slot)
    movers = sorted({*left, *taken}, key=lambda group: (group != first, group))
    return tuple(
        Exchange(group, was, now) for group in movers for was, now in zip_longest(left[group], taken[group])
    )


def format_counterfactual(counterfactual: Counterfactual, problem: Problem, names: Names = IDS) -> str:
    """Return the price of a placement as Dutch sentences, one per line."""
    slots = {slot.id: slot for slot in problem.slots}
    group = names.group(counterfactual.group)
    if counterfactual.slot is not None:
        what = names.slot(slots[counterfactual.slot])
    else:
        what = names.activity(counterfactual.activity or "")
    if not counterfactual.possible:
        return f"{capital(group)} kan niet naar {what}: er is geen verdeling waarin dat past."
    if not counterfactual.exchanges:
        return f"{capital(group)} gaat al naar {what}."
    lines = [f"Als {group} naar {what} gaat:", *_guarantee_lines(counterfactual)]
    lines += [_effect_line(effect, names) for effect in counterfactual.effects]
    lines += _fairness_lines(counterfactual)
    lines += [_exchange_line(exchange, slots, names) for exchange in counterfactual.exchanges]
    return "\n".join(lines)


def _guarantee_lines(counterfactual: Counterfactual) -> list[str]:
    pairs = zip(counterfactual.guarantee_before, counterfactual.guarantee_after, strict=True)
    proof = (
        "" if counterfactual.proven else " Een betere verdeling is niet gevonden, maar ook niet uitgesloten."
    )
    return [
        f"- Er hebben {count_of(after - before, 'school', 'scholen')} meer minder dan "
        f"{count_of(k, 'deelname', 'deelnames')} (eerst {before}, dan {after}).{proof}"
        for k, (before, after) in enumerate(pairs, start=1)
        if after > before
    ]


def _effect_line(effect: Effect, names: Names) -> str:
    parts = []
    if effect.participations_after != effect.participations_before:
        change = effect.participations_after - effect.participations_before
        word = "meer" if change > 0 else "minder"
        parts.append(f"{count_of(abs(change), 'deelname', 'deelnames')} {word}")
    if effect.satisfaction_after != effect.satisfaction_before:
        before, after = effect.satisfaction_before, effect.satisfaction_after
        parts.append(f"van de wensen {after:.0%} vervuld in plaats van {before:.0%}")
    return f"- {capital(names.school(effect.school))}: {', '.join(parts)}."


def _fairness_lines(counterfactual: Counterfactual) -> list[str]:
    if counterfactual.costs_guarantee:
        return []
    before, after = counterfactual.fairness_before, counterfactual.fairness_after
    if after < before - _VISIBLE:
        return [f"- De eerlijkheid daalt van {_decimal(before)} naar {_decimal(after)}."]
    return [
        (
            "- Voor de garantie en de eerlijkheid maakt het geen verschil; "
            "dan beslissen de wenspunten, de kilometers en de loting."
        )
    ]


def _decimal(value: float) -> str:
    return f"{value:.4f}".replace(".", ",")


def _exchange_line(exchange: Exchange, slots: dict[str, Slot], names: Names) -> str:
    was = names.slot(slots[exchange.was]) if exchange.was is not None else "geen plaats"
    now = names.slot(slots[exchange.now]) if exchange.now is not None else "geen plaats"
    return f"- {capital(names.group(exchange.group))} gaat van {was} naar {now}."

"""What would have had to be different for a school: small changes, each confirmed by solving again."""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from matchmaker.allocation.guarantee import Ground, kept_guarantees, solve_guarantee, stated_values
from matchmaker.allocation.measures import participations_by_school, satisfaction_by_school
from matchmaker.allocation.naming import IDS, Names, count_of, list_words
from matchmaker.allocation.problem import (
    Group,
    Pair,
    Placement,
    Problem,
    Result,
    Slot,
    Wish,
    school_guarantee,
)
from matchmaker.allocation.search import Clock, Work, search_level
from matchmaker.allocation.shortfalls import reserved_among
from matchmaker.allocation.variations import (
    DAY,
    DISTANCE,
    HALF_DAY,
    MORE_KM,
    OPEN_TO_OTHER,
    WANTED,
    WISH,
    Variation,
    list_variations,
)

_WINDOW = 2_000
_WORK = 5_000
_VISIBLE = 0.005
_DAYS = ("", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_PART_WORDS = {"morning": "ochtend", "afternoon": "middag"}

SENTENCES = {
    WISH: "{groups} ook {kind} had gewenst",
    WANTED: "{groups} om {wanted} plaatsen had gevraagd",
    OPEN_TO_OTHER: "de groepen ook openstonden voor iets dat zij niet gewenst hebben",
    DISTANCE: "de groepen {km} km verder wilden reizen",
    HALF_DAY: "de groepen op {when} konden",
    DAY: "de groepen op {when} konden",
}
"""Code of a change → Dutch words after "if"."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something a school could have done, and what it would have brought.

    Attributes
    ----------
    code
        One of :data:`~matchmaker.allocation.variations.CHANGES`.
    groups
        Ids of the groups for which it holds.
    facts
        What fills the sentence: ``kind`` or ``activity`` of one more wish, ``km`` more travel, ``weekday``
        (1 Monday … 7 Sunday) and ``part`` (``morning``, ``afternoon``) that would be free.
    effort
        How much is asked, an order and not a measure: lower is easier.
    participations_before, participations_after
        Of the school, ``already`` included.
    satisfaction_before, satisfaction_after
        Of the school, 0 … 1.
    others_stay
        True when all other schools keep their placements; False when others move, none of them below the
        guarantee that it has now.
    """

    code: str
    groups: tuple[str, ...]
    effort: int
    participations_before: int
    participations_after: int
    satisfaction_before: float
    satisfaction_after: float
    others_stay: bool
    facts: dict[str, str] = field(default_factory=dict)


def what_would_help(
    problem: Problem, result: Result, school_id: str, *, seconds: float = 5.0, seed: int = 1
) -> tuple[Change, ...]:
    """Return the changes that would bring a school more, the least effort first.

    A school below its guarantee is told what would bring participations, another one what would bring more
    of its wishes.

    Parameters
    ----------
    problem, result
        A problem and an allocation for it that the checker has passed.
    school_id
        Id of the school.
    seconds
        Wall time; changes that were not tried in time are left out.
    seed
        Seed of the solver.

    Raises
    ------
    KeyError
        When the problem has no such school.
    """
    deadline = time.monotonic() + seconds
    looking = _Looking(problem, result, school_id, deadline, seed)
    variations = list_variations(problem, school_id)
    found, left = looking.where_others_stay(variations)
    if looking.is_short:
        found += looking.where_others_move(left)
    return _least_effort(found)


@dataclass(frozen=True)
class _Gained:
    """What a school has: participations up to what counts, then satisfaction."""

    participations: int
    satisfaction: float

    def is_more_than(self, other: "_Gained") -> bool:
        return self.participations > other.participations or (
            self.participations == other.participations and self.satisfaction > other.satisfaction + _VISIBLE
        )


class _Looking:
    """One school, and what changes would bring it."""

    def __init__(self, problem: Problem, result: Result, school_id: str, deadline: float, seed: int) -> None:
        self.problem = problem
        self.result = result
        self.school = {school.id: school for school in problem.schools}[school_id]
        self.deadline = deadline
        self.seed = seed
        self.now = self._measured(problem, result.placements)
        self.guarantee = school_guarantee(problem, self.school)
        self.is_short = self.now.participations < self.guarantee

    def _measured(self, problem: Problem, placements: Iterable[Placement]) -> _Gained:
        placed = tuple(placements)
        name = self.school.id
        return _Gained(
            participations_by_school(problem, placed)[name],
            satisfaction_by_school(problem, placed)[name],
        )

    def _change(self, variation: Variation, gained: _Gained, *, others_stay: bool) -> Change:
        return Change(
            variation.code,
            variation.groups,
            variation.effort,
            self.now.participations,
            gained.participations,
            round(self.now.satisfaction, 6),
            round(gained.satisfaction, 6),
            others_stay,
            variation.facts,
        )

    def where_others_stay(self, variations: list[Variation]) -> tuple[list[Change], list[Variation]]:
        """Return the changes that help while all others stay, and the variations that do not."""
        own = tuple(group for group in self.problem.groups if group.school == self.school.id)
        room = self._room([own, *(variation.varied for variation in variations)])
        unchanged = self._solve(room, own)
        found: list[Change] = []
        left: list[Variation] = []
        for variation in variations:
            if time.monotonic() > self.deadline:
                break
            gained = self._solve(room, variation.varied)
            better = gained.is_more_than(unchanged) and gained.is_more_than(self.now)
            if self.is_short:
                enough = gained.participations > self.now.participations
            else:
                enough = gained.satisfaction > max(unchanged.satisfaction, self.now.satisfaction) + _VISIBLE
            if better and enough:
                found.append(self._change(variation, gained, others_stay=True))
            else:
                left.append(variation)
        return found, left

    def _room(self, variants: list[tuple[Group, ...]]) -> Problem:
        """Return the part of the problem that the school could meet, everybody else in place.

        The others are locked where they are and ask for nothing more.
        """
        slots = self._slots_in_reach(variants)
        placed: dict[str, list[str]] = defaultdict(list)
        slot_of = {slot.id: slot for slot in slots}
        school_of = {group.id: group.school for group in self.problem.groups}
        for item in self.result.placements:
            if item.slot in slot_of and school_of[item.group] != self.school.id:
                placed[item.group].append(item.slot)
        others = tuple(
            replace(
                group,
                wanted=len(placed[group.id]),
                open_to_other=False,
                wishes=tuple(Wish(activity=slot_of[name].activity) for name in placed[group.id]),
            )
            for group in self.problem.groups
            if group.id in placed
        )
        names = {self.school.id, *(group.school for group in others)}
        held = tuple(Pair(group, slot) for group in placed for slot in placed[group])
        own_locked = tuple(pair for pair in self.problem.locked if school_of[pair.group] == self.school.id)
        return replace(
            self.problem,
            schools=tuple(
                replace(school, guarantee=self.guarantee if school == self.school else 0)
                for school in self.problem.schools
                if school.id in names
            ),
            groups=others,
            slots=tuple(reserved_among(slot, names) for slot in slots),
            locked=(*held, *own_locked),
            published=None,
        )

    def _slots_in_reach(self, variants: list[tuple[Group, ...]]) -> list[Slot]:
        """Return the slots that suit the school in any variant, and those of the same hosts and days."""
        activities = {activity.id: activity for activity in self.problem.activities}
        everything = {group.id: group for group in variants[0]}
        widest = tuple(
            replace(
                group,
                open_to_other=True,
                max_km=None if group.max_km is None else group.max_km + max(MORE_KM),
                unavailable=(),
            )
            for group in everything.values()
        )
        ground = Ground(replace(self.problem, groups=widest, locked=(), published=None))
        reached = {ground.instance.slots[slot] for slot in np.unique(ground.candidates.slot).tolist()}
        days = {(activities[slot.activity].host, slot.start.date()) for slot in reached}
        return [
            slot for slot in self.problem.slots if (activities[slot.activity].host, slot.start.date()) in days
        ]

    def _solve(self, room: Problem, groups: tuple[Group, ...]) -> _Gained:
        """Return what the school can have with these groups while all others stay."""
        problem = replace(room, groups=(*room.groups, *groups))
        part = Ground(problem).whole()
        chosen = part.start()
        if chosen is None:
            return self.now
        solved = solve_guarantee(part.model, chosen, deadline=self.deadline, seed=self.seed)
        fairness = next(level for level in part.model.levels if level.name == "fairness")
        clock = Clock(self.deadline, self.seed, Work(_WORK))
        found = search_level(part.model, fairness, list(solved.fixed), solved.chosen, clock)
        return self._measured(problem, part.placements(found.chosen))

    def where_others_move(self, variations: list[Variation]) -> list[Change]:
        """Return the changes that lift the school when others may move without falling below."""
        found = []
        for variation in variations:
            if time.monotonic() > self.deadline:
                break
            gained = self._solve_around(variation)
            if gained is not None and gained.participations > self.now.participations:
                found.append(self._change(variation, gained, others_stay=False))
        return found

    def _solve_around(self, variation: Variation) -> _Gained | None:
        """Solve the surroundings of the school; every guarantee that is kept now stays kept."""
        varied = {group.id: group for group in variation.varied}
        groups = tuple(varied.get(group.id, group) for group in self.problem.groups)
        ground = Ground(replace(self.problem, groups=groups, published=None))
        placed = ground.chosen(self.result.placements)
        own = np.array([ground.instance.group_index[name] for name in varied], dtype=np.intp)
        part = ground.part(ground.neighbourhood(own, placed, _WINDOW), placed)
        chosen = part.narrow(placed)
        kept = kept_guarantees(part.model, chosen)
        solved = solve_guarantee(part.model, chosen, deadline=self.deadline, seed=self.seed, fixed=[kept])
        if solved.values >= stated_values(self.result):
            return None
        return self._measured(ground.problem, part.placements(solved.chosen))


def _least_effort(changes: list[Change]) -> tuple[Change, ...]:
    """Return the changes in order, without those that ask more than another of the same sort for no more."""
    kept: dict[tuple[str, str], Change] = {}
    for change in sorted(changes, key=_order):
        kept.setdefault(_sort_of(change), change)
    return tuple(sorted(kept.values(), key=_order))


def _sort_of(change: Change) -> tuple[str, str]:
    if change.code in (HALF_DAY, DAY):
        return "time", change.facts["weekday"]
    return change.code, change.facts.get("kind", "")


def _order(change: Change) -> tuple[int, int, float, tuple[str, ...], str]:
    return (
        change.effort,
        -change.participations_after,
        -change.satisfaction_after,
        change.groups,
        change.facts.get("weekday", ""),
    )


def format_change(change: Change, names: Names = IDS) -> str:
    """Return a change as a Dutch sentence."""
    facts = change.facts
    what = SENTENCES[change.code].format(
        groups=list_words([names.group(group) for group in change.groups]),
        kind=names.kind(facts["kind"]) if "kind" in facts else "",
        wanted=facts.get("wanted", ""),
        km=facts.get("km", ""),
        when=_DAYS[int(facts.get("weekday", "0"))] + _PART_WORDS.get(facts.get("part", ""), ""),
    )
    return f"Als {what}, {_gain(change)}."


def _gain(change: Change) -> str:
    gains = []
    had, has = change.participations_before, change.participations_after
    was, now = change.satisfaction_before, change.satisfaction_after
    if has > had:
        gains.append(f"had de school {count_of(has, 'deelname', 'deelnames')} gehad in plaats van {had}")
    if now > was + _VISIBLE:
        gains.append(f"was {now:.0%} van de wensen vervuld in plaats van {was:.0%}")
    gain = f"dan {list_words(gains)}"
    return (
        gain if change.others_stay else f"{gain}; andere scholen schuiven daarvoor, maar houden hun garantie"
    )


def format_changes(changes: Sequence[Change], names: Names = IDS) -> str:
    """Return what would have helped as Dutch lines."""
    if not changes:
        return "Eén kleine verandering bij de school zelf had niet geholpen."
    return "\n".join(f"- {format_change(change, names)}" for change in changes)

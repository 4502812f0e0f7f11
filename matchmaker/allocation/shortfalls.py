"""Why a school stays below its guarantee: first what no allocation could change, then what is scarce."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from matchmaker.allocation.directory import Directory
from matchmaker.allocation.guarantee import Ground, find_standing
from matchmaker.allocation.measures import participations_by_school
from matchmaker.allocation.problem import Group, Placement, Problem, School, Slot, school_guarantee

NO_LIST = "no_list"
ASKS_TOO_FEW = "asks_too_few"
NO_SLOT = "no_slot"
FEW_SLOTS = "few_slots"
MINIMUM = "minimum"
SCARCE = "scarce"

CAUSES = (NO_LIST, ASKS_TOO_FEW, NO_SLOT, FEW_SLOTS, MINIMUM, SCARCE)
"""All causes, in the order in which they are looked for; the first that holds is told."""

STRUCTURAL = (NO_LIST, ASKS_TOO_FEW, NO_SLOT, FEW_SLOTS, MINIMUM)
"""Causes for which no allocation of the present wishes and slots could bring the school to its guarantee."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A school below its guarantee.

    Attributes
    ----------
    school
        Id of the school.
    participations, guarantee
        What it has, ``already`` included, and what it should have.
    cause
        One of :data:`CAUSES`.
    facts
        What fills the sentence of the cause, as text: ``asked`` (most visits that its groups ask for),
        ``reachable`` (most participations if it were alone), ``slots`` (slots that suit one of its groups),
        ``groups`` and ``without`` (groups with wishes, and those of them that no slot suits), ``rivals``
        (other schools that these slots suit), ``rule`` (the rule of :mod:`matchmaker.domain.eligibility` that
        keeps most slots away by itself, or ``several``), ``blocked`` (how many it keeps away).
    """

    school: str
    participations: int
    guarantee: int
    cause: str
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def lacks(self) -> int:
        """How many participations are missing."""
        return self.guarantee - self.participations


def list_structural(problem: Problem) -> tuple[Shortfall, ...]:
    """Return the schools that no allocation of these wishes and slots could bring to their guarantee.

    Their ``participations`` are the most that they could have, all others left aside; they stand in the
    order of their ids.
    """
    looking = CauseFinder(problem)
    found = []
    for school in sorted(problem.schools, key=lambda school: school.id):
        shortfall = looking.find_structural(school)
        if shortfall is not None:
            found.append(shortfall)
    return tuple(found)


def list_shortfalls(problem: Problem, placements: Iterable[Placement]) -> tuple[Shortfall, ...]:
    """Return the schools that placements leave below their guarantee, each with its cause, by id."""
    counts = participations_by_school(problem, placements)
    looking = CauseFinder(problem)
    found = []
    for school in sorted(problem.schools, key=lambda school: school.id):
        if counts[school.id] < school_guarantee(problem, school):
            cause = looking.find_structural(school) or looking.scarce(school)
            found.append(replace(cause, participations=counts[school.id]))
    return tuple(found)


class CauseFinder:
    """Looks for the causes of shortfalls in one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.directory = Directory(problem)
        self._groups: dict[str, list[Group]] = defaultdict(list)
        for group in problem.groups:
            self._groups[group.school].append(group)

    @cached_property
    def _suiting(self) -> dict[str, tuple[Slot, ...]]:
        """School → the slots that suit one of its groups."""
        ground = Ground(self.problem)
        instance, candidates = ground.instance, ground.candidates
        school = instance.group_school[candidates.group]
        keys = np.unique(school * max(1, len(instance.slots)) + candidates.slot).tolist()
        suiting: dict[str, list[Slot]] = defaultdict(list)
        for key in keys:
            index, slot = divmod(key, max(1, len(instance.slots)))
            suiting[instance.schools[index].id].append(instance.slots[slot])
        return {name: tuple(slots) for name, slots in suiting.items()}

    def find_structural(self, school: School) -> Shortfall | None:
        """Return why a school could not reach its guarantee if it were alone; None when it could."""
        guarantee = school_guarantee(self.problem, school)
        if school.already >= guarantee:
            return None
        groups = [group for group in self._groups[school.id] if group.wishes or group.open_to_other]
        asked = sum(group.wanted for group in groups)
        slots = self._suiting.get(school.id, ())
        facts = {"asked": str(asked), "slots": str(len(slots))}
        if not groups:
            return Shortfall(school.id, school.already, guarantee, NO_LIST, facts)
        if school.already + asked < guarantee:
            reachable = min(asked, len(slots))
            return Shortfall(school.id, school.already + reachable, guarantee, ASKS_TOO_FEW, facts)
        if not slots:
            facts |= self._main_rule(groups)
            return Shortfall(school.id, school.already, guarantee, NO_SLOT, facts)
        return self._unreachable(school, groups, facts)

    def _unreachable(self, school: School, groups: list[Group], facts: dict[str, str]) -> Shortfall | None:
        guarantee = school_guarantee(self.problem, school)
        slots = self._suiting[school.id]
        if self._most(school, [], slots) >= guarantee:
            return None
        reachable = self._most(school, [], tuple(replace(slot, min_groups=0) for slot in slots))
        if reachable < guarantee:
            facts |= {**self._empty_handed(groups), "reachable": str(reachable)}
            return Shortfall(school.id, reachable, guarantee, FEW_SLOTS, facts)
        reachable = self._most(school, self._partners(school, slots), slots)
        if reachable >= guarantee:
            return None
        facts["reachable"] = str(reachable)
        return Shortfall(school.id, reachable, guarantee, MINIMUM, facts)

    def _partners(self, school: School, slots: tuple[Slot, ...]) -> list[Group]:
        """Return groups of other schools that could help the slots with a minimum to run."""
        needing = [slot for slot in slots if slot.min_groups > 1]
        return [
            group
            for group in self.problem.groups
            if group.school != school.id
            and any(self.directory.find_refusal(group, slot) is None for slot in needing)
        ]

    def _most(self, school: School, partners: list[Group], slots: tuple[Slot, ...]) -> int:
        """Return the participations of a school, up to its guarantee, when nobody else counts."""
        held = {pair.slot for pair in self.problem.locked} - {slot.id for slot in slots}
        present = {pair.group for pair in self.problem.locked} | {group.id for group in partners}
        groups = [g for g in self.problem.groups if g.school == school.id or g.id in present]
        names = {school.id, *(group.school for group in groups)}
        offered = [*slots, *(slot for slot in self.problem.slots if slot.id in held)]
        activities = {slot.activity for slot in offered}
        alone = replace(
            self.problem,
            schools=tuple(
                replace(other, guarantee=school_guarantee(self.problem, other) if other == school else 0)
                for other in self.problem.schools
                if other.id in names
            ),
            groups=tuple(_wishing_among(group, activities) for group in groups),
            activities=tuple(item for item in self.problem.activities if item.id in activities),
            slots=tuple(reserved_among(slot, names) for slot in offered),
            published=None,
        )
        standing = find_standing(alone, deadline=math.inf, seed=1)
        if standing is None:
            return school.already
        return participations_by_school(alone, standing.placements)[school.id]

    def _empty_handed(self, groups: list[Group]) -> dict[str, str]:
        """Return how many groups no slot suits, and the rule that keeps most slots from them."""
        without = [
            group
            for group in groups
            if all(self.directory.find_refusal(group, slot) is not None for slot in self.problem.slots)
        ]
        counts = {"groups": str(len(groups)), "without": str(len(without))}
        return {**self._main_rule(without or groups), **counts}

    def _main_rule(self, groups: list[Group]) -> dict[str, str]:
        """Return the rule that keeps most slots away by itself, and how many."""
        alone: Counter[str] = Counter()
        for group in groups:
            for slot in self.problem.slots:
                refusals = self.directory.list_refusals(group, slot)
                if len(refusals) == 1:
                    alone[refusals[0].rule] += 1
        if not alone:
            return {"rule": "several", "blocked": str(len(self.problem.slots))}
        rule = min(alone, key=lambda name: (-alone[name], name))
        return {"rule": rule, "blocked": str(alone[rule])}

    def scarce(self, school: School) -> Shortfall:
        """Return the shortfall of a school that could reach its guarantee, were the places not taken."""
        slots = self._suiting.get(school.id, ())
        rivals = {
            other.id
            for other in self.problem.schools
            if other.id != school.id and not {s.id for s in slots}.isdisjoint(self._suiting_ids(other.id))
        }
        facts = {"slots": str(len(slots)), "rivals": str(len(rivals))}
        guarantee = school_guarantee(self.problem, school)
        return Shortfall(school.id, school.already, guarantee, SCARCE, facts)

    def _suiting_ids(self, school: str) -> set[str]:
        return {slot.id for slot in self._suiting.get(school, ())}


def reserved_among(slot: Slot, schools: set[str]) -> Slot:
    """Return a slot whose reserved places name only schools that are there."""
    if slot.reserved is None:
        return slot
    there = tuple(school for school in slot.reserved.schools if school in schools)
    return replace(slot, reserved=replace(slot.reserved, schools=there))


def _wishing_among(group: Group, activities: set[str]) -> Group:
    """Return a group that names only activities that are there."""
    wishes = tuple(wish for wish in group.wishes if wish.activity is None or wish.activity in activities)
    return replace(group, wishes=wishes)

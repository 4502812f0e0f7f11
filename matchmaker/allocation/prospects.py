"""What can be expected while wishes still come in: a quick look ahead, without solving."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from matchmaker.allocation.candidates import Candidates, build_candidates
from matchmaker.allocation.chances import Chances, draw_chances
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.openings import Openings
from matchmaker.allocation.problem import Problem
from matchmaker.allocation.reach import Reach, Shortage, find_reach
from matchmaker.domain.levels import format_levels, sort_levels

STEPS = range(1, 6)
"""Five steps of chance, 1 hardly … 5 almost certain; 0 stands for impossible."""

_STEP_EDGES = (0.10, 0.35, 0.65, 0.95)
"""A chance above so many edges is on the next step; chosen so that every step comes true far more often."""
_MOST_WEEKS_NAMED = 6
_MOST_SCHOOLS_NAMED = 12


@dataclass(frozen=True, slots=True)
class WishProspect:
    """The chance that one wish of a group is granted: ``step`` 1 … 5, 0 when it cannot be.

    It cannot when no slot suits the group, or when all that it names is named by higher wishes already.
    """

    group: str
    rank: int
    step: int


@dataclass(frozen=True, slots=True)
class SchoolProspect:
    """The chance that a school reaches its guarantee.

    Attributes
    ----------
    school
        Its id.
    reachable
        Most participations it could have if no other school asked for anything, those it has included.
    guarantee
        Participations it should reach.
    step
        1 … 5; 0 when ``reachable`` is below the guarantee; 5 when it has them already.
    """

    school: str
    reachable: int
    guarantee: int
    step: int


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Schools that together lack places, whatever is decided.

    Attributes
    ----------
    schools
        Their ids, sorted.
    level
        The guarantee level k: each of them asks for participations up to min(k, its guarantee).
    asked, places
        Participations they need together on top of what they have, and the most they can get.
    kinds, levels
        Kinds of activity that suit their groups, sorted, and the levels of those groups, young to old.
    weeks
        ISO weeks in which those slots are, such as ``2026-W41``, sorted.
    """

    schools: tuple[str, ...]
    level: int
    asked: int
    places: int
    kinds: tuple[str, ...]
    levels: tuple[str, ...]
    weeks: tuple[str, ...]

    @property
    def lacking(self) -> int:
        """Participations that are missing for certain."""
        return self.asked - self.places


@dataclass(frozen=True, slots=True)
class Prospects:
    """A look ahead.

    Attributes
    ----------
    guarantee_promised
        False when it is certain that some school stays below its guarantee; True says only that nothing
        was found against it.
    least_below
        For k = 1 … the largest guarantee: a proven lower bound on the schools below k.
    schools, wishes
        One for each school, and for each wish of each group, in the order of the problem.
    bottlenecks
        Sets of schools that lack places together, disjoint within a level; the lowest level first, then those
        that lack most. Schools that could not reach the level even alone are not in them: see ``schools``.
    """

    guarantee_promised: bool
    least_below: tuple[int, ...]
    schools: tuple[SchoolProspect, ...]
    wishes: tuple[WishProspect, ...]
    bottlenecks: tuple[Bottleneck, ...]


def find_prospects(problem: Problem, *, seed: int = 1) -> Prospects:
    """Look ahead: bounds by maximum flow, chances by draws.

    Parameters
    ----------
    problem
        The problem with the wishes known so far. Locked placements count as certain; published ones do not
        count.
    seed
        Of the draws; the same problem and seed give the same prospects.

    Notes
    -----
    The bounds are proven, the chances are estimates. How often wishes of each step come true is measured by
    ``benchmarks/prospects.py``.
    """
    instance = Instance(problem)
    candidates = build_candidates(instance)
    openings = Openings(instance, candidates)
    reach = find_reach(instance, openings)
    chances = draw_chances(instance, candidates, openings, seed=seed)
    schools = _schools(instance, openings, reach, chances)
    return Prospects(
        guarantee_promised=not any(reach.least_below),
        least_below=reach.least_below,
        schools=tuple(schools[school.id] for school in problem.schools),
        wishes=tuple(_wishes(problem, instance, candidates, chances)),
        bottlenecks=tuple(_bottlenecks(instance, openings, reach)),
    )


def find_step(chance: float) -> int:
    """Return the step 1 … 5 of a chance 0 … 1."""
    return 1 + sum(chance > edge for edge in _STEP_EDGES)


def _schools(
    instance: Instance, openings: Openings, reach: Reach, chances: Chances
) -> dict[str, SchoolProspect]:
    facts = zip(
        instance.schools,
        reach.reachable.tolist(),
        instance.guarantee.tolist(),
        openings.has.tolist(),
        chances.school.tolist(),
        strict=True,
    )
    return {
        school.id: SchoolProspect(
            school.id,
            reachable,
            guarantee,
            5 if has >= guarantee else 0 if reachable < guarantee else find_step(chance),
        )
        for school, reachable, guarantee, has, chance in facts
    }


def _wishes(
    problem: Problem, instance: Instance, candidates: Candidates, chances: Chances
) -> Iterator[WishProspect]:
    possible = np.zeros_like(chances.wish, dtype=np.bool_)
    possible[candidates.group, candidates.rank] = True
    ranks = range(1, chances.wish.shape[1])
    for group in problem.groups:
        row = instance.group_index[group.id]
        for rank, _ in enumerate(group.wishes, start=1):
            can_be = rank in ranks and possible[row, rank]
            yield WishProspect(group.id, rank, find_step(float(chances.wish[row, rank])) if can_be else 0)


def _bottlenecks(instance: Instance, openings: Openings, reach: Reach) -> list[Bottleneck]:
    """Return the shortages, each set of schools once: for the lowest level at which it lacks places."""
    found: dict[tuple[str, ...], Bottleneck] = {}
    for shortage in reach.shortages:
        bottleneck = _bottleneck(instance, openings, shortage)
        found.setdefault(bottleneck.schools, bottleneck)
    return sorted(found.values(), key=lambda item: (item.level, -item.lacking, item.schools))


def _bottleneck(instance: Instance, openings: Openings, shortage: Shortage) -> Bottleneck:
    groups = np.unique(openings.group[np.isin(openings.school, shortage.schools)]).tolist()
    slots = [instance.slots[slot] for slot in shortage.slots.tolist()]
    activities = [
        instance.activities[activity] for activity in instance.slot_activity[shortage.slots].tolist()
    ]
    return Bottleneck(
        schools=tuple(instance.schools[school].id for school in shortage.schools.tolist()),
        level=shortage.level,
        asked=shortage.asked,
        places=shortage.places,
        kinds=tuple(sorted({activity.kind for activity in activities})),
        levels=sort_levels({level for group in groups for level in instance.groups[group].levels}),
        weeks=tuple(sorted({f"{slot.start:%G-W%V}" for slot in slots})),
    )


def format_bottleneck(bottleneck: Bottleneck, name_of: Callable[[str], str] = str) -> str:
    """Return a Dutch sentence; ``name_of`` gives the name of a school by its id."""
    names = ", ".join(name_of(school) for school in bottleneck.schools[:_MOST_SCHOOLS_NAMED])
    if len(bottleneck.schools) > _MOST_SCHOOLS_NAMED:
        names += f" en nog {len(bottleneck.schools) - _MOST_SCHOOLS_NAMED}"
    if len(bottleneck.schools) == 1:
        who = f"School {names} kan"
    else:
        who = f"Deze {len(bottleneck.schools)} scholen kunnen samen"
        names = f" Het gaat om: {names}."
    needed = "is er 1" if bottleneck.asked == 1 else f"zijn er {bottleneck.asked}"
    sentence = f"{who} op hoogstens {_places(bottleneck.places)} terecht; nodig {needed}."
    about = [
        format_levels(bottleneck.levels) or ", ".join(bottleneck.levels),
        _format_weeks(bottleneck.weeks),
    ]
    sentence += f" Er is te weinig aanbod voor {', '.join(part for part in about if part)}."
    return sentence + (names if len(bottleneck.schools) > 1 else "")


def _places(count: int) -> str:
    return "1 plek" if count == 1 else f"{count} plekken"


def _format_weeks(weeks: tuple[str, ...]) -> str:
    """Return the weeks as people say them; many only by the first and the last."""
    numbers = [str(int(week[-2:])) for week in weeks]
    if len(numbers) > _MOST_WEEKS_NAMED:
        return f"week {numbers[0]} t/m {numbers[-1]}"
    return f"week {', '.join(numbers)}" if numbers else ""

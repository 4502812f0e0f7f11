"""The figures by which two allocations of one problem are held side by side.

They are for people who compare: how many schools fall short, how the worst-off fare, how many first wishes
came true, how far everybody travels. The objectives themselves are stated by the result and recomputed by
the checker.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from matchmaker.allocation.problem import Placement, Problem, largest_guarantee, school_guarantee
from matchmaker.allocation.scores import SCORES

_WORST_OFF_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Measures:
    """An allocation in figures.

    Attributes
    ----------
    placements
        How many there are.
    schools_below
        For k = 1 … the largest guarantee: schools with fewer participations than the lesser of k and their
        own guarantee.
    worst_off
        Mean satisfaction, 0 … 1, of the worst-off twentieth of the schools that have something to be granted,
        at least one school; 1 when no school has.
    first_wishes
        Placements that grant a wish of rank 1.
    groups_placed
        Groups with at least one placement.
    kilometres
        One way, all placements together.
    fairness, wish_points
        As the objectives of the same name.
    """

    placements: int
    schools_below: tuple[int, ...]
    worst_off: float
    first_wishes: int
    groups_placed: int
    kilometres: float
    fairness: float
    wish_points: int


def measure(problem: Problem, placements: Iterable[Placement]) -> Measures:
    """Measure any placements that keep the rules; ranks and kilometres are taken as stated."""
    placed = tuple(placements)
    satisfaction = satisfaction_by_school(problem, placed)
    return Measures(
        placements=len(placed),
        schools_below=_schools_below(problem, placed),
        worst_off=_worst_off(problem, satisfaction),
        first_wishes=sum(item.rank == 1 for item in placed),
        groups_placed=len({item.group for item in placed}),
        kilometres=sum(item.km for item in placed),
        fairness=sum(SCORES.fairness(satisfaction[school.id] + school.history) for school in problem.schools),
        wish_points=sum(SCORES.points(item.rank) for item in placed),
    )


def satisfaction_by_school(problem: Problem, placements: Iterable[Placement]) -> dict[str, float]:
    """Return the points granted as a share of the points that could be, 0 … 1, by school id.

    A school that has nothing to be granted is at 1.
    """
    points: dict[str, int] = defaultdict(int)
    for item in placements:
        points[item.group] += SCORES.points(item.rank)
    best = _best_by_school(problem)
    granted = dict.fromkeys(best, 0)
    for group in problem.groups:
        most = SCORES.best(has_wishes=bool(group.wishes), open_to_other=group.open_to_other)
        granted[group.school] += min(most, points[group.id])
    return {school: granted[school] / best[school] if best[school] else 1.0 for school in best}


def participations_by_school(problem: Problem, placements: Iterable[Placement]) -> dict[str, int]:
    """Return what each school has already plus the distinct slots that its groups attend, by school id."""
    school_of = {group.id: group.school for group in problem.groups}
    attended = {(school_of[item.group], item.slot) for item in placements}
    counts = {school.id: school.already for school in problem.schools}
    for school, _ in attended:
        counts[school] += 1
    return counts


def _best_by_school(problem: Problem) -> dict[str, int]:
    best = {school.id: 0 for school in problem.schools}
    for group in problem.groups:
        best[group.school] += SCORES.best(has_wishes=bool(group.wishes), open_to_other=group.open_to_other)
    return best


def _schools_below(problem: Problem, placements: tuple[Placement, ...]) -> tuple[int, ...]:
    counts = participations_by_school(problem, placements)
    return tuple(
        sum(counts[school.id] < min(k, school_guarantee(problem, school)) for school in problem.schools)
        for k in range(1, largest_guarantee(problem) + 1)
    )


def _worst_off(problem: Problem, satisfaction: dict[str, float]) -> float:
    best = _best_by_school(problem)
    shares = sorted(satisfaction[school] for school in best if best[school])
    worst = shares[: max(1, ceil(_WORST_OFF_SHARE * len(shares)))]
    return sum(worst) / len(worst) if worst else 1.0

"""Judge a result with the checker and draw from it what people want to know."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from matchmaker.allocation.checker import check
from matchmaker.allocation.problem import Problem, Result, school_guarantee
from matchmaker.allocation.reasons import CODES, WishReason, list_reasons
from matchmaker.allocation.scores import SCORES
from matchmaker.domain.runs import Verdict

# More would say no more: one broken rule is enough to refuse a result.
MOST_VIOLATIONS = 200


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What is stored beside a result.

    Attributes
    ----------
    figures
        Counts for people; `below` holds, by school id, the participations of each school under its
        guarantee, `without_place`, by group id, why a group with wishes got nothing, and `imagined` group
        and slot of each placement in a copy of that slot, which only exists on paper.
    satisfaction
        By school id, the share of its wish points that a school was granted, 0 … 1.
    participations
        By school id, the participations that the school has with this result.
    reasons
        One entry for every wish of every group with its machine-readable reason code.
    """

    verdict: Verdict
    violations: list[str]
    objectives: list[dict[str, Any]]
    figures: dict[str, Any]
    satisfaction: dict[str, float]
    participations: dict[str, int]
    reasons: list[dict[str, Any]]


def examine_result(problem: Problem, result: Result) -> RunOutcome:
    """Check the result against its problem; figures and reasons are drawn only when it passes."""
    verdict = check(problem, result)
    objectives = [
        {key: value for key, value in asdict(level).items() if value is not None}
        for level in result.objectives
    ]
    violations = [str(violation) for violation in verdict.violations[:MOST_VIOLATIONS]]
    if violations or result.status not in {"optimal", "feasible"}:
        return RunOutcome(Verdict.REFUSED, violations, objectives, {}, {}, {}, [])
    reasons = list_reasons(problem, result)
    figures = {**_count_figures(problem, result), "without_place": _explain_without_place(result, reasons)}
    return RunOutcome(
        Verdict.PASSED,
        [],
        objectives,
        figures,
        _measure_satisfaction(problem, result),
        {school_id[1:]: count for school_id, count in count_participations_of(problem, result).items()},
        [_describe_reason(reason) for reason in reasons],
    )


def is_imagined(slot_id: str) -> bool:
    """Tell whether a slot is there only because the run counts a host twice."""
    return "+" in slot_id


def count_participations_of(problem: Problem, result: Result) -> dict[str, int]:
    """Return every school's participations with this result: what it had, plus distinct slots."""
    school_of = {group.id: group.school for group in problem.groups}
    slots = defaultdict(set)
    for placement in result.placements:
        slots[school_of[placement.group]].add(placement.slot)
    return {school.id: school.already + len(slots[school.id]) for school in problem.schools}


def _count_figures(problem: Problem, result: Result) -> dict[str, Any]:
    participations = count_participations_of(problem, result)
    below = {
        school.id[1:]: participations[school.id]
        for school in problem.schools
        if participations[school.id] < school_guarantee(problem, school)
    }
    return {
        "schools": len(problem.schools),
        "schools_at_guarantee": len(problem.schools) - len(below),
        "guarantee": problem.guarantee,
        "below": below,
        "groups": len(problem.groups),
        "groups_with_list": sum(1 for group in problem.groups if group.wishes or group.open_to_other),
        "groups_with_place": len({placement.group for placement in result.placements}),
        "placements": len(result.placements),
        "imagined": [
            [int(placement.group[1:]), int(placement.slot[1:].partition("+")[0])]
            for placement in result.placements
            if is_imagined(placement.slot)
        ],
        "first_wishes": sum(1 for placement in result.placements if placement.rank == 1),
        "kilometres": round(sum(placement.km for placement in result.placements), 1),
    }


def _describe_reason(reason: WishReason) -> dict[str, Any]:
    """Return the decision on one wish, with how many of its slots each rule excluded.

    Which rule excluded which slot, and who stood ahead there, follows again from the stored problem and
    result at any time; kept for every slot it would be forty times as large.
    """
    return {
        "group": reason.group,
        "rank": reason.rank,
        "activity": reason.activity,
        "kind": reason.kind,
        "code": reason.code,
        "placed_in": reason.placed_in,
        "slots": dict(Counter(slot.code for slot in reason.slots)),
    }


def _explain_without_place(result: Result, reasons: Iterable[WishReason]) -> dict[str, str]:
    """Return, by id of each group with wishes that got nothing, the reason of its wish nearest to a place."""
    placed = {placement.group for placement in result.placements}
    codes: dict[str, list[str]] = defaultdict(list)
    for reason in reasons:
        if reason.group not in placed:
            codes[reason.group[1:]].append(reason.code)
    return {group_id: min(found, key=CODES.index) for group_id, found in codes.items()}


def _measure_satisfaction(problem: Problem, result: Result) -> dict[str, float]:
    points: Counter[str] = Counter()
    for placement in result.placements:
        points[placement.group] += SCORES.points(placement.rank)
    granted: Counter[str] = Counter()
    best: Counter[str] = Counter()
    for group in problem.groups:
        most = SCORES.best(has_wishes=bool(group.wishes), open_to_other=group.open_to_other)
        best[group.school] += most
        granted[group.school] += min(points[group.id], most)
    return {
        school.id[1:]: round(granted[school.id] / best[school.id], 4)
        for school in problem.schools
        if best[school.id]
    }

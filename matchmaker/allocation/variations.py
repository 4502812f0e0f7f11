"""Small changes that a school could have made to its lists of wishes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from matchmaker.allocation.problem import Group, Interval, Problem, Wish
from matchmaker.domain.levels import levels_fit

WISH = "wish"
WANTED = "wanted"
OPEN_TO_OTHER = "open_to_other"
DISTANCE = "distance"
HALF_DAY = "half_day"
DAY = "day"

CHANGES = (WISH, WANTED, OPEN_TO_OTHER, DISTANCE, HALF_DAY, DAY)
"""Codes of changes, the least effort first."""

MORE_KM = (5.0, 10.0)
"""How much farther a school is asked to travel."""
_EFFORT = {WISH: 1, WANTED: 2, OPEN_TO_OTHER: 3, DISTANCE: 4, HALF_DAY: 5, DAY: 7}
_PARTS = (
    (HALF_DAY, "morning", 0, 12),
    (HALF_DAY, "afternoon", 12, 24),
    (DAY, "day", 0, 24),
)
_LONG_STRETCH = timedelta(days=2)


@dataclass(frozen=True)
class Variation:
    """The groups of a school as they could have been.

    ``groups`` are the ids of those that differ, ``varied`` are all groups of the school; ``effort`` is an
    order and not a measure.
    """

    code: str
    groups: tuple[str, ...]
    effort: int
    facts: dict[str, str]
    varied: tuple[Group, ...]


def list_variations(problem: Problem, school_id: str) -> list[Variation]:
    """Return the small changes that a school could have made, the least effort first."""
    groups = tuple(group for group in problem.groups if group.school == school_id)
    variations = [
        *_more_wishes(problem, groups),
        *_more_visits(groups),
        *_other_activities(groups),
        *_more_travel(groups),
        *_free_times(groups),
    ]
    return sorted(variations, key=lambda item: item.effort)


def _with(groups: tuple[Group, ...], changed: dict[str, Group]) -> tuple[Group, ...]:
    return tuple(changed.get(group.id, group) for group in groups)


def _more_wishes(problem: Problem, groups: tuple[Group, ...]) -> Iterator[Variation]:
    """One more wish of one group, for a kind that it did not wish and that serves its levels."""
    for kind in sorted({activity.kind for activity in problem.activities}):
        for group in groups:
            serves = any(
                activity.kind == kind and levels_fit(group.levels, activity.levels)
                for activity in problem.activities
            )
            if serves and all(wish.kind != kind for wish in group.wishes):
                changed = replace(group, wishes=(*group.wishes, Wish(kind=kind)))
                varied = _with(groups, {group.id: changed})
                yield Variation(WISH, (group.id,), _EFFORT[WISH], {"kind": kind}, varied)


def _more_visits(groups: tuple[Group, ...]) -> Iterator[Variation]:
    for group in groups:
        changed = replace(group, wanted=group.wanted + 1)
        facts = {"wanted": str(changed.wanted)}
        yield Variation(WANTED, (group.id,), _EFFORT[WANTED], facts, _with(groups, {group.id: changed}))


def _other_activities(groups: tuple[Group, ...]) -> Iterator[Variation]:
    changed = {g.id: replace(g, open_to_other=True) for g in groups if not g.open_to_other}
    if changed:
        yield Variation(OPEN_TO_OTHER, tuple(changed), _EFFORT[OPEN_TO_OTHER], {}, _with(groups, changed))


def _more_travel(groups: tuple[Group, ...]) -> Iterator[Variation]:
    for km in MORE_KM:
        changed = {g.id: replace(g, max_km=g.max_km + km) for g in groups if g.max_km is not None}
        if changed:
            effort = _EFFORT[DISTANCE] + (2 if km > MORE_KM[0] else 0)
            facts = {"km": f"{km:g}"}
            yield Variation(DISTANCE, tuple(changed), effort, facts, _with(groups, changed))


def _free_times(groups: tuple[Group, ...]) -> Iterator[Variation]:
    """Weekdays and half-days that would be free; longer stretches, such as holidays, stay closed."""
    for weekday in range(1, 8):
        for code, part, first, last in _PARTS:
            changed = {}
            for group in groups:
                free = _freed(group.unavailable, weekday, first, last)
                if free != group.unavailable:
                    changed[group.id] = replace(group, unavailable=free)
            if changed:
                facts = {"weekday": str(weekday), "part": part}
                yield Variation(code, tuple(changed), _EFFORT[code], facts, _with(groups, changed))


def _freed(unavailable: tuple[Interval, ...], weekday: int, first: int, last: int) -> tuple[Interval, ...]:
    """Return blocked times without some hours of a weekday; stretches of two days or more stay."""
    left: list[Interval] = []
    for interval in unavailable:
        if interval.end - interval.start >= _LONG_STRETCH:
            left.append(interval)
            continue
        pieces = [interval]
        day = interval.start.replace(hour=0, minute=0)
        while day < interval.end:
            if day.isoweekday() == weekday:
                cut = Interval(day + timedelta(hours=first), day + timedelta(hours=last))
                pieces = [rest for piece in pieces for rest in _without(piece, cut)]
            day += timedelta(days=1)
        left += pieces
    return tuple(left)


def _without(interval: Interval, cut: Interval) -> Iterator[Interval]:
    if cut.end <= interval.start or interval.end <= cut.start:
        yield interval
        return
    if interval.start < cut.start:
        yield Interval(interval.start, cut.start)
    if cut.end < interval.end:
        yield Interval(cut.end, interval.end)

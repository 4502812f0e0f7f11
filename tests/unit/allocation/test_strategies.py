"""The strategies put every rule in play, and what fails shrinks to next to nothing."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from matchmaker.allocation.formats import read_problem, write_problem
from matchmaker.allocation.problem import Problem
from matchmaker.allocation.solve import solve
from tests.unit.allocation.brute_force import BruteForce, TooLargeError
from tests.unit.allocation.differences import difference
from tests.unit.allocation.strategies import problems

SEARCH = settings(
    max_examples=3000,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

IN_PLAY: dict[str, Callable[[Problem], bool]] = {
    "levels": lambda p: any(len(group.levels) > 1 for group in p.groups),
    "pupils": lambda p: any(item.max_pupils == 25 for item in p.activities),
    "a blocked time": lambda p: any(group.unavailable for group in p.groups),
    "a range": lambda p: any(item.range_km for item in p.activities),
    "an unknown place": lambda p: any(school.lat is None for school in p.schools),
    "places for pupils": lambda p: any(slot.pupils for slot in p.slots),
    "a gap": lambda p: p.min_gap_minutes > 0,
    "a multi-stop day": lambda p: len([s for s in p.slots if s.multi_stop_day == "carousel"]) > 1,
    "more than one wanted": lambda p: any(group.wanted > 1 for group in p.groups),
    "a minimum": lambda p: any(slot.min_groups == 2 for slot in p.slots),
    "a host's day": lambda p: any(host.max_slots_per_day == 1 for host in p.hosts),
    "a locked pair": lambda p: bool(p.locked),
    "open to other": lambda p: any(group.open_to_other and group.wishes for group in p.groups),
    "reserved places": lambda p: any(slot.reserved and slot.reserved.groups for slot in p.slots),
    "a repair": lambda p: bool(p.published),
    "a guarantee of its own": lambda p: any(school.guarantee == 3 for school in p.schools),
    "history": lambda p: any(school.history == 0.25 for school in p.schools),
    "participations already": lambda p: any(school.already for school in p.schools),
    "a slot past midnight": lambda p: any(slot.end.date() > slot.start.date() for slot in p.slots),
}


@pytest.mark.parametrize("name", IN_PLAY)
def test_every_rule_is_in_play(name: str) -> None:
    assert IN_PLAY[name](find(problems(), IN_PLAY[name], settings=settings(SEARCH, phases=[Phase.generate])))


def somebody_suits(problem: Problem) -> bool:
    reference = BruteForce(problem)
    return any(reference.suits(group, slot) for group in problem.groups for slot in problem.slots)


@pytest.mark.nightly
def test_what_goes_wrong_with_every_placement_shrinks_to_one_group_and_one_slot() -> None:
    smallest = find(problems(), somebody_suits, settings=settings(SEARCH, max_examples=200))
    assert len(smallest.groups) == len(smallest.slots) == 1
    assert len(smallest.schools) + len(smallest.hosts) + len(smallest.activities) <= 6
    assert (smallest.locked, smallest.published, smallest.groups[0].unavailable) == ((), None, ())


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_the_engine_finds_what_enumeration_finds(problem: Problem) -> None:
    try:
        assert difference(problem, solve(problem, seconds=30)) is None
    except TooLargeError:
        BruteForce(problem)


@settings(max_examples=30, deadline=None)
@given(problem=problems(band=True))
def test_the_engine_finds_what_enumeration_finds_inside_the_band(problem: Problem) -> None:
    try:
        assert difference(problem, solve(problem, seconds=30)) is None
    except TooLargeError:
        BruteForce(problem)


@settings(max_examples=100, deadline=None)
@given(problem=problems(band=True))
def test_the_canonical_text_reads_back_as_the_same_problem(problem: Problem) -> None:
    again = read_problem(write_problem(problem))
    assert write_problem(again) == write_problem(problem)
    assert again.groups == problem.groups
    assert again.slots == problem.slots
    assert again.activities == problem.activities

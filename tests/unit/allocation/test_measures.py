"""Figures of an allocation, by hand and against what the checker recomputes."""

import pytest
from hypothesis import given as given_that
from hypothesis import settings

from matchmaker.allocation.measures import measure, participations_by_school, satisfaction_by_school
from matchmaker.allocation.problem import Problem, School
from matchmaker.allocation.solve import solve
from tests.unit.allocation.small import activity, group, problem, result_of, slot
from tests.unit.allocation.strategies import problems

TWO_SCHOOLS = problem(
    [group("g1", "s1", "a1 a2", wanted=2), group("g2", "s1", "a1"), group("g3", "s2", "a2")],
    [slot("t1", "a1", groups=2), slot("t2", "a2", day=6)],
    [activity("a1", lat=52.0, lon=6.3), activity("a2")],
    schools=[School("s1", lat=52.0, lon=6.4), School("s2", already=1)],
)


def test_a_slot_counts_once_for_a_school_and_what_it_has_already_counts_too() -> None:
    placements = result_of(TWO_SCHOOLS, "g1-t1 g1-t2 g2-t1").placements
    assert participations_by_school(TWO_SCHOOLS, placements) == {"s1": 2, "s2": 1}
    assert participations_by_school(TWO_SCHOOLS, ()) == {"s1": 0, "s2": 1}


def test_satisfaction_is_points_granted_by_points_that_could_be() -> None:
    placements = result_of(TWO_SCHOOLS, "g1-t1 g1-t2").placements
    assert satisfaction_by_school(TWO_SCHOOLS, placements) == {"s1": 0.5, "s2": 0.0}


def test_a_school_that_asks_for_nothing_is_satisfied_and_never_the_worst_off() -> None:
    given = problem([group("g1", "s1", "")], [slot("t1")])
    assert satisfaction_by_school(given, ()) == {"s1": 1.0}
    assert measure(given, ()).worst_off == 1.0


def test_the_figures_of_an_allocation_by_hand() -> None:
    figures = measure(TWO_SCHOOLS, result_of(TWO_SCHOOLS, "g1-t2 g2-t1").placements)
    assert figures.placements == 2
    assert figures.schools_below == (0, 1)
    assert figures.worst_off == 0.0
    assert figures.first_wishes == 1
    assert figures.groups_placed == 2
    assert figures.kilometres == pytest.approx(6.85, abs=0.05)
    assert figures.wish_points == 185
    assert figures.fairness == pytest.approx((1 - 2**-9 + 0.25 * 2**-10) / (1 - 2**-10))


def test_the_worst_off_are_a_twentieth_of_the_schools_rounded_up() -> None:
    groups = [group(f"g{n:02}", f"s{n:02}") for n in range(21)]
    given = problem(groups, [slot("t1", groups=20)])
    placed = " ".join(f"g{n:02}-t1" for n in range(20))
    assert measure(given, result_of(given, placed).placements).worst_off == 0.5
    assert measure(given, ()).worst_off == 0.0


def test_nothing_measures_as_nothing() -> None:
    figures = measure(Problem(), ())
    assert (figures.placements, figures.schools_below, figures.worst_off) == (0, (), 1.0)


@settings(deadline=None, max_examples=30)
@given_that(given=problems())
def test_what_is_an_objective_too_has_the_value_that_the_result_states(given: Problem) -> None:
    result = solve(given, seconds=5)
    stated = {item.name: item.value for item in result.objectives}
    if not stated:
        return
    figures = measure(given, result.placements)
    for k, count in enumerate(figures.schools_below, start=1):
        assert count == stated[f"schools_below_{k}"]
    assert figures.fairness == pytest.approx(stated["fairness"], abs=1e-6)
    assert figures.wish_points == stated["wish_points"]
    assert figures.kilometres == pytest.approx(stated["kilometres"], abs=1e-3)

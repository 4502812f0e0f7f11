"""Other settings make another problem; everything that is not named stays."""

from dataclasses import replace

import pytest
from hypothesis import given as given_that
from hypothesis import settings
from hypothesis import strategies as st

from matchmaker.allocation.formats import read_problem, write_problem
from matchmaker.allocation.locked import list_locked_problems
from matchmaker.allocation.problem import Host, Problem, School
from matchmaker.allocation.scenarios import Scenario, UnknownHostError, apply
from matchmaker.allocation.solve import solve
from tests.unit.allocation.small import activity, group, pairs, problem, slot
from tests.unit.allocation.strategies import problems

BASE = problem(
    [group("g1", "s1", "a1 a2", max_km=10.0), group("g2", "s2", "a1")],
    [slot("t1", "a1", groups=2, pupils=50), slot("t2", "a2", day=6)],
    [activity("a1", "h1"), activity("a2", "h2")],
    hosts=[Host("h1", 1), Host("h2")],
)


def slots_of(given: Problem) -> list[str]:
    return [item.id for item in given.slots]


def test_no_other_settings_make_the_same_problem() -> None:
    assert apply(BASE, Scenario("as it is")) == BASE


def test_a_host_that_is_left_out_takes_its_slots_along_and_leaves_the_wishes() -> None:
    changed = apply(BASE, Scenario("without", without_hosts=("h1",)))
    assert slots_of(changed) == ["t2"]
    assert (changed.groups, changed.activities, changed.hosts) == (BASE.groups, BASE.activities, BASE.hosts)
    (placement,) = solve(changed, seconds=5).placements
    assert placement.rank == 2


def test_locked_placements_that_a_scenario_makes_impossible_are_let_go() -> None:
    locked = replace(BASE, locked=pairs("g1-t1 g1-t2"))
    assert apply(locked, Scenario("without", without_hosts=("h1",))).locked == pairs("g1-t2")


def test_a_locked_placement_that_is_too_far_now_is_let_go_and_one_that_was_wrong_before_stays() -> None:
    given = problem(
        [group("g1", max_km=10.0, pupils=20), group("g2", max_km=10.0, pupils=40)],
        [slot("t1", groups=2)],
        [activity(lat=52.0, lon=6.4, max_pupils=30)],
        schools=[School("s1", 52.0, 6.3)],
        locked=pairs("g1-t1 g2-t1"),
    )
    assert apply(given, Scenario("near", travel=0.5)).locked == pairs("g2-t1")
    assert apply(given, Scenario("far", travel=2.0)).locked == given.locked


def test_travel_is_a_factor_on_every_limit_and_no_limit_stays_none() -> None:
    changed = apply(BASE, Scenario("farther", travel=1.5))
    assert [item.max_km for item in changed.groups] == [15.0, None]


def test_a_host_that_comes_twice_offers_every_slot_once_more() -> None:
    changed = apply(BASE, Scenario("twice", doubled_hosts=("h1",)))
    assert slots_of(changed) == ["t1", "t1+2", "t2"]
    assert changed.slots[1] == replace(BASE.slots[0], id="t1+2")
    assert changed.hosts == (Host("h1", 2), Host("h2"))


def test_a_new_slot_never_takes_an_id_that_is_taken() -> None:
    given = replace(BASE, slots=(*BASE.slots, slot("t1+2", "a2", day=7)))
    assert "t1+3" in slots_of(apply(given, Scenario("twice", doubled_hosts=("h1",))))


def test_more_places_in_every_slot_bring_pupil_places_in_proportion() -> None:
    given = replace(BASE, slots=(*BASE.slots, slot("t3", "a2", day=7, groups=0)))
    changed = apply(given, Scenario("wider", extra_groups=1))
    assert [(item.groups, item.pupils) for item in changed.slots] == [(3, 75), (2, None), (0, None)]


def test_what_is_added_is_added() -> None:
    more = Scenario(
        "one host more",
        extra_hosts=(Host("h3"),),
        extra_activities=(activity("a3", "h3"),),
        extra_slots=(slot("t3", "a3", day=7),),
    )
    changed = apply(BASE, more)
    assert slots_of(changed) == ["t1", "t2", "t3"]
    assert changed.activities[-1].id == "a3"
    assert read_problem(write_problem(changed)) == read_problem(write_problem(changed))


def test_a_guarantee_holds_for_schools_with_their_own_too() -> None:
    given = replace(BASE, schools=(School("s1", guarantee=3), School("s2")))
    changed = apply(given, Scenario("once", guarantee=1, fairness_band=0.01))
    assert (changed.guarantee, changed.schools[0].guarantee) == (1, None)
    assert changed.fairness_band == 0.01
    assert apply(given, Scenario("as it is")).schools[0].guarantee == 3


def test_unknown_hosts_are_named() -> None:
    with pytest.raises(UnknownHostError, match="there is no host with id 'h8', 'h9'") as refused:
        apply(BASE, Scenario("typo", without_hosts=("h9", "h1"), doubled_hosts=("h8",)))
    assert refused.value.hosts == ("h8", "h9")


@settings(deadline=None, max_examples=40)
@given_that(given=problems(), travel=st.sampled_from([None, 0.3, 2.0, 1e6]), groups=st.integers(0, 2))
def test_a_scenario_of_a_good_problem_is_a_good_problem(
    given: Problem, travel: float | None, groups: int
) -> None:
    hosts = [host.id for host in given.hosts]
    scenario = Scenario("any", tuple(hosts[:1]), travel, tuple(hosts[1:]), groups)
    changed = apply(given, scenario)
    assert read_problem(write_problem(changed))
    if not list_locked_problems(given):
        assert not list_locked_problems(changed)

"""What a placement would cost others, held against solving the whole problem with it locked."""

from dataclasses import replace
from random import Random

import pytest

from matchmaker.allocation.checker import check
from matchmaker.allocation.counterfactual import force, format_counterfactual
from matchmaker.allocation.explain import PRICED_CODES, explain_activity
from matchmaker.allocation.guarantee import stated_values
from matchmaker.allocation.problem import Pair, Problem, Result, School
from matchmaker.allocation.reasons import list_reasons
from matchmaker.allocation.solve import solve
from tests.unit.allocation.random_problems import random_problem
from tests.unit.allocation.small import activity, group, problem, result_of, slot
from tests.unit.allocation.town import town

ONE_PLACE = problem(
    [group("g1"), group("g2", "s2")],
    [slot("t1")],
    schools=[School("s1", lottery=1), School("s2", already=1, lottery=2)],
    guarantee=1,
)


def test_the_only_place_of_a_school_without_visits_costs_its_guarantee() -> None:
    found = force(ONE_PLACE, solve(ONE_PLACE), "g2", slot="t1")
    assert (found.guarantee_before, found.guarantee_after) == ((0,), (1,))
    assert found.costs_guarantee
    assert found.proven
    assert [(item.school, item.participations_after) for item in found.effects] == [("s1", 0), ("s2", 2)]
    assert [(item.group, item.was, item.now) for item in found.exchanges] == [
        ("g2", None, "t1"),
        ("g1", "t1", None),
    ]
    text = format_counterfactual(found, ONE_PLACE)
    assert "Er hebben 1 school meer minder dan 1 deelname (eerst 0, dan 1)." in text
    assert "School s1: 1 deelname minder" in text


def test_a_placement_that_breaks_a_rule_is_impossible() -> None:
    given = problem([group("g1", levels=("vo1",))], [slot("t1")], guarantee=1)
    found = force(given, solve(given), "g1", slot="t1")
    assert not found.possible
    assert "er is geen verdeling waarin dat past" in format_counterfactual(found, given)


def test_what_stands_already_costs_nothing() -> None:
    found = force(ONE_PLACE, solve(ONE_PLACE), "g1", activity="a1")
    assert (found.possible, found.exchanges, found.guarantee_after) == (True, (), found.guarantee_before)


def test_a_chain_of_moves_is_found_where_nobody_has_to_lose() -> None:
    given = problem(
        [group("g1"), group("g2", "s2", "visit"), group("g3", "s3", "a3")],
        [slot("t1"), slot("t2", "a2", day=6), slot("t3", "a3", day=7)],
        [activity("a1"), activity("a2"), activity("a3", kind="lab")],
        guarantee=1,
    )
    found = force(given, result_of(given, "g2-t1 g3-t3"), "g1", slot="t1")
    assert [(item.group, item.was, item.now) for item in found.exchanges] == [
        ("g1", None, "t1"),
        ("g2", "t1", "t2"),
    ]
    assert found.guarantee_after == (0,)


def test_exactly_one_of_slot_and_activity_is_named() -> None:
    with pytest.raises(ValueError, match="either"):
        force(ONE_PLACE, solve(ONE_PLACE), "g1")
    with pytest.raises(KeyError):
        force(ONE_PLACE, solve(ONE_PLACE), "g9", slot="t1")
    with pytest.raises(KeyError):
        force(ONE_PLACE, solve(ONE_PLACE), "g1", slot="t9")


def _locked(given: Problem, pair: Pair) -> Result:
    return solve(replace(given, locked=(*given.locked, pair), published=None))


@pytest.mark.parametrize(
    "part", [0, 1, 2, 3, *(pytest.param(part, marks=pytest.mark.nightly) for part in range(4, 30))]
)
def test_the_guarantee_with_a_placement_forced_is_that_of_the_problem_with_it_locked(part: int) -> None:
    compared = 0
    for seed in range(part * 20, part * 20 + 20):
        random = Random(seed)
        given = replace(random_problem(random), published=None)
        result = solve(given)
        if result.status != "optimal":
            continue
        pair = Pair(random.choice(given.groups).id, random.choice(given.slots).id)
        if pair in given.locked:
            continue
        found = force(given, result, pair.group, slot=pair.slot)
        locked = _locked(given, pair)
        assert found.possible == (locked.status == "optimal"), seed
        if found.possible:
            assert found.proven, seed
            assert found.guarantee_after == stated_values(locked), seed
            assert found.guarantee_after >= found.guarantee_before, seed
            compared += 1
    assert compared


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.nightly) for part in range(1, 12))]
)
def test_in_a_town_a_wish_that_was_refused_never_makes_the_whole_better(part: int) -> None:
    given, result = town()
    assert result.status == "optimal"
    best = next(item.best for item in result.objectives if item.name == "fairness")
    assert best is not None
    refused = [
        reason
        for reason in list_reasons(given, result)
        if reason.code in PRICED_CODES and reason.activity is not None
    ]
    for reason in Random(part).sample(refused, 6):
        found = force(given, result, reason.group, activity=reason.activity, seconds=60)
        if not found.exchanges:
            continue
        assert found.proven
        assert found.guarantee_after >= found.guarantee_before
        if found.guarantee_after == found.guarantee_before:
            assert found.fairness_after <= best + 1e-6
        assert found.exchanges[0].group == reason.group


def test_where_all_occupants_had_fewer_participations_forcing_costs_a_guarantee_or_moves_somebody() -> None:
    given, result = town()
    reasons = [
        slot_reason
        for reason in list_reasons(given, result)
        for slot_reason in [(reason.group, item) for item in reason.slots]
        if slot_reason[1].code == "group_places"
        and slot_reason[1].occupants
        and all("fewer_participations" in occupant.ahead for occupant in slot_reason[1].occupants)
    ]
    assert reasons
    for group_id, item in Random(1).sample(reasons, min(4, len(reasons))):
        found = force(given, result, group_id, slot=item.slot, seconds=60)
        if found.possible:
            assert found.guarantee_after >= found.guarantee_before
            moved = {exchange.group for exchange in found.exchanges if exchange.was == item.slot}
            assert moved & {occupant.group for occupant in item.occupants}


def test_the_placements_that_a_counterfactual_tells_of_keep_every_rule() -> None:
    given, result = town()
    reason = next(
        reason
        for reason in list_reasons(given, result)
        if reason.code == "group_places" and reason.activity is not None
    )
    found = force(given, result, reason.group, activity=reason.activity, seconds=60)
    placed = {(item.group, item.slot) for item in result.placements}
    placed -= {(item.group, item.was) for item in found.exchanges if item.was is not None}
    placed |= {(item.group, item.now) for item in found.exchanges if item.now is not None}
    after = result_of(given, " ".join(f"{group}-{slot}" for group, slot in sorted(placed)))
    assert not check(given, after).violations
    assert stated_values(after) == found.guarantee_after


def test_an_activity_that_was_not_wished_is_explained_by_its_rule() -> None:
    given = problem([group("g1"), group("g2", "s2", "a2")], [slot("t1"), slot("t2", "a2", day=6)])
    explained = explain_activity(given, solve(given), "g1", "a2")
    assert (explained.reason.rank, explained.reason.code) == (0, "wished")
    assert explained.counterfactual is None
    assert "Geen wens (activiteit a2): niet gekregen." in explained.text


def test_a_full_activity_is_explained_with_its_price() -> None:
    explained = explain_activity(ONE_PLACE, solve(ONE_PLACE), "g2", "a1")
    assert explained.reason.code == "group_places"
    assert explained.counterfactual is not None
    assert explained.counterfactual.guarantee_after == (1,)
    assert "Als groep g2 naar activiteit a1 gaat:" in explained.text

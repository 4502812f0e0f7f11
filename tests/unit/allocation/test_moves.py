"""Who moved in a repair, and why: each reason by hand, and every move of random repairs told once."""

from dataclasses import replace
from typing import Any

from hypothesis import given as given_that
from hypothesis import settings

from benchmarks.generate import Size, generate_problem
from matchmaker.allocation.moves import SENTENCES, Move, format_move, list_moves
from matchmaker.allocation.problem import Host, Pair, Problem, Reserved
from matchmaker.allocation.solve import solve
from tests.unit.allocation.small import blocked, group, pairs, problem, result_of, slot
from tests.unit.allocation.strategies import problems

TWO_DAYS = [slot("t1", "a1"), slot("t2", "a2", day=6)]


def moves(groups: list[Any], slots: list[Any], published: str, now: str, **fields: Any) -> list[Move]:
    given = problem(groups, slots, published=pairs(published), **fields)
    return list(list_moves(given, result_of(given, now)))


def codes(groups: list[Any], slots: list[Any], published: str, now: str, **fields: Any) -> list[str]:
    return [move.code for move in moves(groups, slots, published, now, **fields)]


def test_nothing_moves_in_a_first_allocation_or_when_everything_stands() -> None:
    given = problem([group("g1")], [slot("t1")])
    assert list_moves(given, result_of(given, "g1-t1")) == ()
    assert moves([group("g1")], [slot("t1")], "g1-t1", "g1-t1") == []


def test_nothing_moves_where_there_is_no_allocation() -> None:
    given = problem([group("g1")], [slot("t1")], published=pairs("g1-t1"))
    assert list_moves(given, replace(result_of(given, ""), status="infeasible")) == ()


def test_a_slot_that_is_gone_is_the_reason_and_what_came_instead_is_told() -> None:
    found = moves([group("g1", wishes="a1 a2")], TWO_DAYS, "g1-t9", "g1-t2")
    assert found == [Move("g1", "t9", "t2", "slot_gone")]
    assert format_move(found[0]) == "Groep g1 gaat van tijdvak t9 naar tijdvak t2. Het tijdvak is vervallen."


def test_a_group_that_is_gone_loses_its_place() -> None:
    found = moves([group("g1")], [slot("t1")], "g0-t1", "")
    assert found == [Move("g0", "t1", None, "group_gone")]
    assert format_move(found[0]) == (
        "Groep g0 verliest tijdvak t1 en krijgt er niets voor terug. De groep doet niet meer mee."
    )


def test_a_rule_that_no_longer_holds_is_told_with_its_facts() -> None:
    busy = group("g1", wishes="a1 a2", unavailable=(blocked(5),))
    (found,) = moves([busy], TWO_DAYS, "g1-t1", "g1-t2")
    assert (found.code, found.facts["rule"]) == ("not_eligible", "free")
    assert "De groep kan niet op 05-10-2026 09.00 uur" in format_move(found)


def test_another_date_of_the_same_activity_is_what_came_instead() -> None:
    slots = [*TWO_DAYS, slot("t3", "a1", day=7)]
    given = [group("g1", wishes="a1 a2", wanted=2, unavailable=(blocked(5),))]
    found = moves(given, slots, "g1-t1", "g1-t2 g1-t3", guarantee=0)
    assert [(move.was, move.now, move.code) for move in found] == [
        ("t1", "t3", "not_eligible"),
        (None, "t2", "room"),
    ]


def test_a_group_locked_elsewhere_cannot_stay() -> None:
    found = moves([group("g1", wishes="a1 a2")], TWO_DAYS, "g1-t1", "g1-t2", locked=pairs("g1-t2"))
    assert found == [Move("g1", "t1", "t2", "locked", {"slot": "t2"})]


def test_a_group_that_wants_less_gives_up_a_place() -> None:
    found = moves([group("g1", wishes="a1 a2")], TWO_DAYS, "g1-t1 g1-t2", "g1-t1")
    assert found == [Move("g1", "t2", None, "wanted", {"wanted": "1"})]


def test_a_slot_that_shrank_lets_somebody_go() -> None:
    two = [group("g1", "s1"), group("g2", "s2")]
    assert codes(two, [slot("t1", groups=1)], "g1-t1 g2-t1", "g1-t1") == ["slot_smaller"]
    assert codes(two, [slot("t1", groups=2, pupils=30)], "g1-t1 g2-t1", "g1-t1") == ["slot_smaller"]
    kept = slot("t1", groups=2, reserved=Reserved(1, ("s1",)))
    three = [*two, group("g3", "s3")]
    assert codes(three, [kept], "g2-t1 g3-t1", "g2-t1") == ["slot_smaller"]


def test_a_slot_that_misses_its_minimum_does_not_run() -> None:
    found = moves([group("g1")], [slot("t1", groups=3, min_groups=2)], "g1-t1 g9-t1", "")
    assert [(move.group, move.code) for move in found] == [("g1", "minimum"), ("g9", "group_gone")]
    assert "er zijn minstens 2 groepen nodig" in format_move(found[0])


def test_a_host_that_receives_less_a_day_drops_a_slot() -> None:
    slots = [slot("t1", "a1"), slot("t2", "a1", hour=13)]
    two = [group("g1", "s1"), group("g2", "s2")]
    found = moves(two, slots, "g1-t1 g2-t2", "g1-t1", hosts=[Host("h1", 1)])
    assert found == [Move("g2", "t2", None, "host_day", {"limit": "1"})]


def test_two_published_places_that_came_to_overlap_are_told_as_a_clash() -> None:
    slots = [slot("t1", "a1"), slot("t2", "a2", hour=9.5)]
    found = moves([group("g1", wishes="a1 a2", wanted=2)], slots, "g1-t1 g1-t2", "g1-t1")
    assert found == [Move("g1", "t2", None, "clash", {"slot": "t1"})]


def test_a_place_that_lifts_another_school_to_its_guarantee_is_told_by_that_school() -> None:
    groups = [group("g1", "s1", "a1 a2"), group("g2", "s2", "a1")]
    found = moves(groups, TWO_DAYS, "g1-t1", "g1-t2 g2-t1", guarantee=1)
    assert [(move.group, move.code) for move in found] == [("g1", "lifted_school"), ("g2", "lifted_school")]
    assert found[1] == Move("g2", None, "t1", "lifted_school", {"school": "s2"})
    assert format_move(found[1]) == (
        "Groep g2 krijgt tijdvak t1 erbij. Zo komt school s2 dichter bij de garantie."
    )


def test_a_move_that_brings_the_own_school_one_more_participation_says_so() -> None:
    groups = [group("g1", "s1", "a1 a2"), group("g2", "s1", "a1")]
    slots = [slot("t1", "a1", groups=2), slot("t2", "a2", day=6)]
    assert moves(groups, slots, "g1-t1 g2-t1", "g1-t2 g2-t1") == [
        Move("g1", "t1", "t2", "lifted_school", {"school": "s1"})
    ]


def test_a_higher_wish_is_told_as_better() -> None:
    given = [group("g1", wishes="a2 a1")]
    assert codes(given, TWO_DAYS, "g1-t1", "g1-t2", guarantee=0) == ["better"]


def test_a_place_that_somebody_else_holds_now_is_told_by_the_group() -> None:
    groups = [group("g1", "s1", "a1 a2"), group("g2", "s2", "a1")]
    found = moves(groups, TWO_DAYS, "g1-t1", "g1-t2 g2-t1", guarantee=0)
    assert found == [Move("g1", "t1", "t2", "made_room", {"group": "g2"}), Move("g2", None, "t1", "room")]


def test_what_no_single_fact_explains_is_for_the_whole() -> None:
    assert codes([group("g1")], [slot("t1")], "g1-t1", "", guarantee=0) == ["overall"]


def test_names_can_be_given() -> None:
    names = {"g1": "groep 7 van De Linde", "t1": "het bezoek van dinsdag", "t2": "het bezoek van woensdag"}
    found = Move("g1", "t1", "t2", "clash", {"slot": "t2"})
    assert format_move(found, lambda _, identifier: names[identifier]) == (
        "Groep 7 van De Linde gaat van het bezoek van dinsdag naar het bezoek van woensdag. "
        "De groep kan niet ook in het bezoek van woensdag zijn."
    )


@settings(deadline=None, max_examples=30)
@given_that(given=problems())
def test_every_difference_is_told_once_and_has_a_sentence(given: Problem) -> None:
    result = solve(given, seconds=5)
    found = list_moves(given, result)
    if given.published is None or result.status in ("infeasible", "invalid"):
        assert found == ()
        return
    placed = {Pair(item.group, item.slot) for item in result.placements}
    lost = [Pair(move.group, move.was) for move in found if move.was is not None]
    won = [Pair(move.group, move.now) for move in found if move.now is not None]
    assert len(lost) == len(set(lost))
    assert set(lost) == set(given.published) - placed
    assert len(won) == len(set(won))
    assert set(won) == placed - set(given.published)
    assert all(format_move(move) for move in found)


def test_losing_slots_of_a_region_is_told_slot_by_slot() -> None:
    given = generate_problem(Size(40, 120, 130, towns=6), seed=2)
    before = solve(given, seconds=2)
    gone = {item.id for item in given.slots[::20]}
    repair = replace(
        given,
        slots=tuple(item for item in given.slots if item.id not in gone),
        published=tuple(Pair(item.group, item.slot) for item in before.placements),
    )
    found = list_moves(repair, solve(repair, seconds=3))
    assert {move.was for move in found if move.code == "slot_gone"} == gone & {
        item.slot for item in before.placements
    }
    assert {move.code for move in found} <= {*SENTENCES, "not_eligible"}


def test_a_placement_on_top_is_told_when_nothing_was_published() -> None:
    found = moves([group("g1")], [slot("t1")], "", "g1-t1")
    assert found == [Move("g1", None, "t1", "lifted_school", {"school": "s1"})]


def test_a_placement_locked_on_top_says_so() -> None:
    found = moves([group("g1")], [slot("t1")], "", "g1-t1", locked=pairs("g1-t1"))
    assert found == [Move("g1", None, "t1", "locked", {"slot": "t1"})]

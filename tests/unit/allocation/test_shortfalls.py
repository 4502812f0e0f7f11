"""Why a school stays below its guarantee: one case for every cause."""

import pytest

from matchmaker.allocation.certificate import RULES, SENTENCES, format_shortfall
from matchmaker.allocation.problem import Group, Problem, School
from matchmaker.allocation.shortfalls import CAUSES, list_shortfalls, list_structural
from matchmaker.domain.eligibility import SENTENCES as ELIGIBILITY
from tests.unit.allocation.small import blocked, group, pairs, problem, result_of, slot

TWO = [School("s1", guarantee=2), School("s2", guarantee=0)]

CASES: dict[str, tuple[str, dict[str, str], Problem]] = {
    "no list of wishes was handed in": (
        "no_list",
        {},
        problem([Group("g1", "s1", ("po7",), 20)], [slot("t1")], schools=TWO),
    ),
    "the groups ask for one visit": (
        "asks_too_few",
        {"asked": "1"},
        problem([group("g1")], [slot("t1"), slot("t2", day=6)], schools=TWO),
    ),
    "every slot is for other levels": (
        "no_slot",
        {"rule": "levels", "blocked": "1"},
        problem([group("g1", wanted=2, levels=("vo1",))], [slot("t1")], schools=TWO),
    ),
    "every slot is on a blocked day": (
        "no_slot",
        {"rule": "free", "blocked": "2"},
        problem(
            [group("g1", wanted=2, unavailable=(blocked(5),))], [slot("t1"), slot("t2", hour=13)], schools=TWO
        ),
    ),
    "an activity is done once, however often it is offered": (
        "few_slots",
        {"slots": "2", "reachable": "1"},
        problem([group("g1", wanted=2)], [slot("t1"), slot("t2", day=6)], schools=TWO),
    ),
    "one of two groups finds nothing": (
        "few_slots",
        {"without": "1", "groups": "2", "rule": "levels"},
        problem([group("g1"), group("g2", levels=("vo1",))], [slot("t1"), slot("t2", day=6)], schools=TWO),
    ),
    "a slot lacks the groups that it needs to run": (
        "minimum",
        {"slots": "2", "reachable": "1"},
        problem(
            [group("g1", wishes="a1 a2", wanted=2)],
            [slot("t1"), slot("t2", "a2", day=6, groups=2, min_groups=2)],
            schools=TWO,
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_school_that_no_allocation_can_lift_has_its_cause(name: str) -> None:
    cause, facts, given = CASES[name]
    found = list_structural(given)
    assert [(item.school, item.cause) for item in found] == [("s1", cause)]
    assert facts.items() <= found[0].facts.items()


def test_a_school_that_could_have_its_guarantee_alone_is_short_because_places_are_scarce() -> None:
    given = problem([group("g1"), group("g2", "s2")], [slot("t1")], guarantee=1)
    assert list_structural(given) == ()
    short = list_shortfalls(given, result_of(given, "g1-t1").placements)
    assert [(item.school, item.cause, item.lacks) for item in short] == [("s2", "scarce", 1)]
    assert short[0].facts == {"slots": "1", "rivals": "1"}


def test_a_locked_placement_of_another_school_makes_the_cause_structural() -> None:
    given = problem(
        [group("g1"), group("g2", "s2")], [slot("t1")], guarantee=1, locked=pairs("g2-t1"), schools=[
            School("s1"), School("s2")
        ]
    )  # fmt: skip
    assert [(item.school, item.cause) for item in list_structural(given)] == [("s1", "few_slots")]


def test_a_partner_from_another_school_can_make_a_slot_run() -> None:
    given = problem([group("g1"), group("g2", "s2")], [slot("t1", groups=2, min_groups=2)], guarantee=1)
    assert list_structural(given) == ()


def test_visits_of_earlier_rounds_count() -> None:
    given = problem([group("g1")], [slot("t1")], schools=[School("s1", already=1)])
    assert list_structural(given) == ()


def test_every_cause_and_every_rule_has_a_sentence() -> None:
    assert set(SENTENCES) == set(CAUSES)
    assert set(RULES) == {*ELIGIBILITY, "several"}


@pytest.mark.parametrize("name", CASES)
def test_a_shortfall_reads_as_sentences_without_gaps(name: str) -> None:
    (item,) = list_structural(CASES[name][2])
    text = format_shortfall(item)
    assert text.startswith("School s1: ")
    assert "–" not in text
    assert "{" not in text

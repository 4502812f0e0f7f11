"""Why a wish was not granted, and what is missing in a region."""

import pytest
from hypothesis import given, settings

from matchmaker.allocation.blind_spots import find_blind_spots
from matchmaker.allocation.explain import SENTENCES, explain
from matchmaker.allocation.problem import Host, Problem, Reserved, School
from matchmaker.allocation.reasons import CODES, list_reasons, reason_document
from matchmaker.allocation.solve import solve
from tests.unit.allocation.small import activity, blocked, group, pairs, problem, result_of, slot
from tests.unit.allocation.strategies import problems

FAR = [activity(lat=52.1, lon=6.2)]
PLACE = [School("s1", 52.0, 6.2)]

CASES: dict[str, tuple[Problem, str, str]] = {
    "placed": (problem([group("g1")], [slot("t1")]), "g1-t1", "placed"),
    "nothing was offered": (
        problem([group("g1", wishes="lab")], [slot("t1")], schools=PLACE),
        "",
        "no_slots",
    ),
    "wrong level": (problem([group("g1", levels=("po1",))], [slot("t1")]), "", "levels"),
    "too many pupils": (problem([group("g1")], [slot("t1")], [activity(max_pupils=9)]), "", "max_pupils"),
    "too few pupils": (problem([group("g1")], [slot("t1")], [activity(min_pupils=21)]), "", "min_pupils"),
    "blocked": (problem([group("g1", unavailable=(blocked(5),))], [slot("t1")]), "", "free"),
    "too far": (problem([group("g1", max_km=2.0)], [slot("t1")], FAR, schools=PLACE), "", "distance"),
    "out of range": (
        problem(
            [group("g1")],
            [slot("t1")],
            [activity(lat=52.1, lon=6.2, mobile=True, range_km=2.0)],
            schools=PLACE,
        ),
        "",
        "range",
    ),
    "full": (problem([group("g1"), group("g2", "s2")], [slot("t1")]), "g2-t1", "group_places"),
    "no places for so many pupils": (
        problem([group("g1"), group("g2", "s2")], [slot("t1", groups=2, pupils=30)]),
        "g2-t1",
        "pupil_places",
    ),
    "kept for others": (
        problem(
            [group("g1"), group("g2", "s2")],
            [slot("t1", groups=2, reserved=Reserved(1, ()))],
            schools=[School("s1"), School("s2")],
        ),
        "g2-t1",
        "reserved",
    ),
    "too many pupils for the slot, whoever is in it": (
        problem([group("g1", pupils=28), group("g2", "s2")], [slot("t1", pupils=26)]),
        "g2-t1",
        "pupil_places",
    ),
    "everything kept for others": (
        problem(
            [group("g1"), group("g2", "s2")],
            [slot("t1", reserved=Reserved(1, ("s2",)))],
            schools=[School("s1"), School("s2")],
        ),
        "g2-t1",
        "reserved",
    ),
    "does not run": (problem([group("g1")], [slot("t1", groups=2, min_groups=2)]), "", "minimum"),
    "the host takes no more that day": (
        problem(
            [group("g1"), group("g2", "s2", "a2")],
            [slot("t1"), slot("t2", "a2", hour=11)],
            hosts=[Host("h1", 1)],
        ),
        "g2-t2",
        "host_day",
    ),
    "something else that day": (
        problem([group("g1", wishes="a1 a2", wanted=2)], [slot("t1"), slot("t2", "a2", hour=11)]),
        "g1-t2",
        "one_activity_a_day",
    ),
    "elsewhere at that time": (
        problem([group("g1", wishes="a1 a2", wanted=2)], [slot("t1"), slot("t2", "a2", hour=9.5)]),
        "g1-t2",
        "one_place_at_a_time",
    ),
    "has what it wants, by a lower wish": (
        problem([group("g1", wishes="a1 a2")], [slot("t1"), slot("t2", "a2", day=6)]),
        "g1-t2",
        "wanted",
    ),
    "worth less": (problem([group("g1")], [slot("t1")]), "", "worth_less"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_first_wish_of_a_group_has_the_reason(name: str) -> None:
    given_problem, text, code = CASES[name]
    reasons = list_reasons(given_problem, result_of(given_problem, text))
    assert next(reason for reason in reasons if reason.group == "g1").code == code


def test_a_lower_wish_says_that_a_higher_one_was_granted() -> None:
    given_problem = problem([group("g1", wishes="a1 a2")], [slot("t1"), slot("t2", "a2", day=6)])
    reasons = list_reasons(given_problem, result_of(given_problem, "g1-t1"))
    assert [reason.code for reason in reasons] == ["placed", "served_better"]


def test_a_full_slot_names_the_schools_in_it_and_why_they_stood_ahead() -> None:
    given_problem = problem(
        [group("g1", "s1", "a2 a1"), group("g2", "s2", "a1"), group("g3", "s1", "a3")],
        [slot("t1", groups=1), slot("t3", "a3", day=6)],
        [activity("a1"), activity("a2"), activity("a3")],
        schools=[School("s1", lottery=2), School("s2", lottery=1)],
    )
    reasons = list_reasons(given_problem, result_of(given_problem, "g2-t1 g3-t3"))
    full = next(reason for reason in reasons if reason.activity == "a1")
    assert full.slots[0].occupants[0].group == "g2"
    assert full.slots[0].occupants[0].ahead == ("fewer_participations", "higher_rank", "lottery")


def test_every_code_has_a_sentence() -> None:
    assert {code for code in CODES if code != "placed"} <= set(SENTENCES)


@settings(max_examples=60, deadline=None)
@given(problem=problems(band=True))
def test_every_wish_of_every_group_has_a_reason_and_a_text(problem: Problem) -> None:
    result = solve(problem)
    reasons = list_reasons(problem, result)
    assert len(reasons) == sum(len(item.wishes) for item in problem.groups)
    for item in problem.groups:
        explanation = explain(problem, result, item.id)
        assert explanation.text.startswith(f"Groep {item.id}")
        assert explanation.wishes == tuple(reason for reason in reasons if reason.group == item.id)
        assert all(reason_document(reason)["code"] in CODES for reason in explanation.wishes)
    if result.status == "optimal":
        assert all(reason.code != "worth_less" or problem.published is not None for reason in reasons) or any(
            slot.min_groups > 1 for slot in problem.slots
        )


def test_a_missing_slot_is_found_and_its_gain_confirmed() -> None:
    given_problem = problem(
        [group("g1", "s1", "visit"), group("g2", "s2", "visit"), group("g3", "s3", "visit", levels=("vo1",))],
        [slot("t1"), slot("t2", day=6, groups=2)],
        [activity("a1")],
        schools=[School("s1", 52.0, 6.2), School("s2", 52.0, 6.2), School("s3", 52.2, 6.5)],
        guarantee=1,
    )
    spots = find_blind_spots(given_problem, limit=5)
    assert spots[0].gain == (1,)
    assert (spots[0].kind, spots[0].levels, spots[0].near) == ("visit", ("vo1",), "s3")
    assert all(spot.lifted > 0 for spot in spots)


def test_nothing_is_missing_where_every_school_has_its_guarantee() -> None:
    assert find_blind_spots(problem([group("g1")], [slot("t1")], guarantee=1)) == []


def test_a_school_that_no_slot_can_help_gives_no_blind_spot() -> None:
    given_problem = problem([group("g1", unavailable=(blocked(5),))], [slot("t1")], guarantee=1)
    assert find_blind_spots(given_problem) == []


def test_locked_placements_that_cannot_stand_give_no_blind_spot() -> None:
    given_problem = problem(
        [group("g1", pupils=31)], [slot("t1")], [activity(max_pupils=1)], locked=pairs("g1-t1")
    )
    assert find_blind_spots(given_problem) == []

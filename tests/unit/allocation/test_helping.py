"""What would have helped a school, each change confirmed by solving the changed problem."""

from dataclasses import replace
from math import inf

import pytest

from matchmaker.allocation.guarantee import find_standing, list_short, stated_values
from matchmaker.allocation.helping import SENTENCES, format_change, format_changes, what_would_help
from matchmaker.allocation.problem import Interval, Problem, School
from matchmaker.allocation.solve import solve
from matchmaker.allocation.variations import CHANGES, list_variations
from tests.unit.allocation.small import activity, at, blocked, group, problem, result_of, slot
from tests.unit.allocation.town import town

PLACE = [School("s1", 52.0, 6.2)]

CASES: dict[str, tuple[Problem, str, dict[str, str]]] = {
    "one more wish": (
        problem([group("g1")], [slot("t2", "a2")], [activity("a1"), activity("a2", kind="lab")], guarantee=1),
        "wish",
        {"kind": "lab"},
    ),
    "one more visit": (
        problem([group("g1", wishes="a1 a2")], [slot("t1"), slot("t2", "a2", day=6)], guarantee=2),
        "wanted",
        {"wanted": "2"},
    ),
    "five kilometres more": (
        problem(
            [group("g1", max_km=10.0)],
            [slot("t1")],
            [activity(lat=52.1, lon=6.2)],
            schools=PLACE,
            guarantee=1,
        ),
        "distance",
        {"km": "5"},
    ),
    "ten kilometres more": (
        problem(
            [group("g1", max_km=3.0)], [slot("t1")], [activity(lat=52.1, lon=6.2)], schools=PLACE, guarantee=1
        ),
        "distance",
        {"km": "10"},
    ),
    "the morning of a weekday": (
        problem([group("g1", unavailable=(blocked(5),))], [slot("t1")], guarantee=1),
        "half_day",
        {"weekday": "1", "part": "morning"},
    ),
    "the whole of a weekday": (
        problem([group("g1", unavailable=(blocked(5),))], [slot("t1", hour=11, hours=2)], guarantee=1),
        "day",
        {"weekday": "1"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_school_without_visits_is_told_the_change_that_helps(name: str) -> None:
    given, code, facts = CASES[name]
    changes = what_would_help(given, solve(given), "s1")
    change = next(change for change in changes if change.code == code)
    assert facts.items() <= change.facts.items()
    assert change.participations_after == change.participations_before + 1
    assert change.others_stay
    assert format_change(change).startswith("Als ")


def test_the_change_of_least_effort_stands_first() -> None:
    changes = what_would_help(CASES["one more wish"][0], solve(CASES["one more wish"][0]), "s1")
    assert [change.code for change in changes] == ["wish", "open_to_other"]


def test_a_holiday_is_not_something_a_school_could_have_given_up() -> None:
    holiday = Interval(at(3, 0), at(12, 0))
    given = problem([group("g1", unavailable=(holiday,))], [slot("t1")], guarantee=1)
    assert what_would_help(given, solve(given), "s1") == ()
    assert format_changes(()) == "Eén kleine verandering bij de school zelf had niet geholpen."


def test_others_move_when_that_costs_nobody_the_guarantee() -> None:
    given = problem(
        [group("g1", levels=("vo1",)), group("g2", "s2", "a2 a3")],
        [slot("t2", "a2"), slot("t3", "a3", day=6)],
        [activity("a1"), activity("a2", kind="lab", levels=("po7", "vo1")), activity("a3", kind="fair")],
        guarantee=1,
    )
    changes = what_would_help(given, result_of(given, "g2-t2"), "s1")
    wish = next(change for change in changes if change.code == "wish")
    assert (wish.facts, wish.others_stay, wish.participations_after) == ({"kind": "lab"}, False, 1)
    assert "andere scholen schuiven" in format_change(wish)


def test_a_place_that_another_school_needs_is_not_promised() -> None:
    given = problem(
        [group("g1"), group("g2", "s2", "a2")],
        [slot("t2", "a2")],
        [activity("a1"), activity("a2", kind="lab")],
        guarantee=1,
    )
    assert what_would_help(given, solve(given), "s1") == ()


def test_a_school_at_its_guarantee_is_told_what_would_bring_more_of_its_wishes() -> None:
    given = problem(
        [group("g1", wishes="a1 a2", wanted=2)],
        [slot("t1", groups=0), slot("t2", "a2", day=6), slot("t3", "a3", day=7)],
        [activity("a1"), activity("a2"), activity("a3", kind="lab")],
        guarantee=1,
    )
    changes = what_would_help(given, solve(given), "s1")
    assert [(change.code, change.facts) for change in changes][:1] == [("wish", {"kind": "lab"})]
    assert (changes[0].satisfaction_before, changes[0].satisfaction_after) == (0.85, 1.0)
    assert "was 100% van de wensen vervuld in plaats van 85%" in format_change(changes[0])


def test_an_unknown_school_is_a_key_error() -> None:
    given = CASES["one more wish"][0]
    with pytest.raises(KeyError):
        what_would_help(given, solve(given), "s9")


def test_every_change_has_its_words() -> None:
    assert set(SENTENCES) == set(CHANGES)


def test_in_a_town_the_changed_problem_really_leaves_fewer_schools_below() -> None:
    given, result = town()
    confirmed = 0
    for school in list_short(given, result.placements)[:3]:
        for change in what_would_help(given, result, school.id, seconds=60)[:1]:
            varied = next(
                item.varied
                for item in list_variations(given, school.id)
                if (item.code, item.groups, item.facts) == (change.code, change.groups, change.facts)
            )
            by_id = {item.id: item for item in varied}
            changed = replace(given, groups=tuple(by_id.get(item.id, item) for item in given.groups))
            standing = find_standing(changed, deadline=inf, seed=1)
            assert standing is not None
            assert standing.values < stated_values(result)
            confirmed += 1
    assert confirmed

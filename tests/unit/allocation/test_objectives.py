"""Each objective on instances that can be solved by hand."""

import pytest

from matchmaker.allocation.problem import Problem, Result, School
from matchmaker.allocation.scores import SCORES
from matchmaker.allocation.solve import solve
from tests.unit.allocation.small import activity, group, pairs, placed, problem, slot


def value(result: Result, name: str) -> float:
    return next(item.value for item in result.objectives if item.name == name)


def solved(given: Problem) -> Result:
    result = solve(given)
    assert result.status == "optimal"
    return result


def test_a_first_participation_goes_before_a_second_one() -> None:
    given = problem(
        [group("g1", "s1", "a1 a2", wanted=2), group("g2", "s2", "a2 a1")],
        [slot("t1", "a1"), slot("t2", "a2", day=6)],
        schools=[School("s1", already=1), School("s2")],
    )
    result = solved(given)
    assert value(result, "schools_below_1") == 0
    assert value(result, "schools_below_2") == 1
    assert placed(result) in ("g1-t1 g2-t2", "g1-t2 g2-t1")


def test_two_groups_of_a_school_in_one_slot_are_one_participation() -> None:
    given = problem(
        [group("g1", "s1", "a1 a2"), group("g2", "s1", "a1 a2")],
        [slot("t1", "a1", groups=2), slot("t2", "a2", day=6)],
    )
    result = solved(given)
    assert value(result, "schools_below_2") == 0
    assert {item.slot for item in result.placements} == {"t1", "t2"}


def test_participations_of_earlier_count() -> None:
    given = problem([group("g1")], [slot("t1", groups=0)], schools=[School("s1", already=2)])
    assert value(solved(given), "schools_below_2") == 0


def test_a_school_with_a_lower_guarantee_is_satisfied_sooner() -> None:
    given = problem(
        [group("g1", "s1"), group("g2", "s2")],
        [slot("t1", groups=2)],
        schools=[School("s1", guarantee=1), School("s2", guarantee=3)],
    )
    result = solved(given)
    assert [item.name for item in result.objectives[:3]] == [f"schools_below_{k}" for k in (1, 2, 3)]
    assert [item.value for item in result.objectives[:3]] == [0, 1, 1]


def test_without_schools_there_is_no_guarantee_level() -> None:
    result = solved(Problem())
    assert [item.name for item in result.objectives] == ["fairness", "wish_points", "kilometres", "lottery"]


def test_a_repair_keeps_what_was_published_before_it_improves_wishes() -> None:
    slots = [slot("t1", "a1"), slot("t2", "a2", day=6)]
    groups = [group("g1", "s1", "a1 a2")]
    assert placed(solved(problem(groups, slots))) == "g1-t1"
    repaired = solved(problem(groups, slots, published=pairs("g1-t2")))
    assert placed(repaired) == "g1-t2"
    assert value(repaired, "changed_placements") == 0


def test_a_repair_gives_up_a_published_placement_for_the_guarantee() -> None:
    given = problem(
        [group("g1", "s1"), group("g2", "s2")],
        [slot("t1")],
        schools=[School("s1", already=2), School("s2")],
        published=pairs("g1-t1"),
    )
    result = solved(given)
    assert placed(result) == "g2-t1"
    assert value(result, "changed_placements") == 1


def test_a_published_pair_whose_slot_or_group_is_gone_is_no_change() -> None:
    given = problem([group("g1")], [slot("t1")], published=pairs("g1-t9 g9-t1 g1-t1"))
    assert value(solved(given), "changed_placements") == 0


def test_a_published_pair_that_a_rule_forbids_now_is_a_change() -> None:
    given = problem(
        [group("g1", pupils=31)], [slot("t1")], [activity(max_pupils=30)], published=pairs("g1-t1")
    )
    assert value(solved(given), "changed_placements") == 1


@pytest.mark.parametrize(
    ("share", "height"), [(0.0, 0.0), (0.1, 512 / 1023), (0.15, 640 / 1023), (0.2, 768 / 1023), (1.0, 1.0)]
)
def test_every_next_tenth_of_satisfaction_is_worth_half(share: float, height: float) -> None:
    assert SCORES.fairness(share) == pytest.approx(height)


def test_fairness_helps_the_school_that_got_less() -> None:
    given = problem(
        [group("g1", "s1", "a1 a2"), group("g2", "s1", "a3"), group("g3", "s2", "a1")],
        [slot("t1", "a1"), slot("t3", "a3", day=6)],
        [activity("a1"), activity("a2"), activity("a3")],
        schools=[School("s1", already=2), School("s2", already=2)],
    )
    assert placed(solved(given)) == "g2-t3 g3-t1"


def test_history_lets_others_gain_more() -> None:
    given = problem(
        [group("g1", "s1"), group("g2", "s2")],
        [slot("t1")],
        schools=[School("s1", already=2, history=0.3, lottery=1), School("s2", already=2, lottery=2)],
    )
    assert placed(solved(given)) == "g2-t1"


def test_points_fall_with_the_rank_and_are_least_for_what_was_not_wished() -> None:
    points = [SCORES.points(rank) for rank in (*range(1, 11), None)]
    assert points == [100, 85, 72, 61, 52, 44, 37, 31, 25, 25, 15]


def test_an_activity_takes_the_best_rank_that_covers_it() -> None:
    given = problem([group("g1", wishes="a2 visit a1")], [slot("t1", "a1")], [activity("a1"), activity("a2")])
    assert [item.rank for item in solved(given).placements] == [2]


def test_a_second_placement_adds_wish_points_but_no_satisfaction() -> None:
    given = problem(
        [group("g1", wishes="a1 a2", wanted=2)], [slot("t1", "a1"), slot("t2", "a2", day=6)], guarantee=0
    )
    result = solved(given)
    assert value(result, "fairness") == pytest.approx(1.0)
    assert value(result, "wish_points") == 185
    assert value(result, "lottery") == pytest.approx(1.0)


def test_kilometres_are_saved_when_wishes_are_equal() -> None:
    given = problem(
        [group("g1", "s1", "visit"), group("g2", "s2", "visit")],
        [slot("t1", "a1"), slot("t2", "a2")],
        [activity("a1", lat=52.0, lon=6.0), activity("a2", lat=52.0, lon=7.0)],
        schools=[School("s1", 52.0, 7.0), School("s2", 52.0, 6.0)],
    )
    result = solved(given)
    assert placed(result) == "g1-t2 g2-t1"
    assert value(result, "kilometres") == 0


def test_one_degree_of_latitude_is_111_km_times_the_detour_factor() -> None:
    given = problem(
        [group("g1")],
        [slot("t1")],
        [activity(lat=53.0, lon=6.0)],
        schools=[School("s1", 52.0, 6.0)],
        detour_factor=1.5,
    )
    assert value(solved(given), "kilometres") == pytest.approx(1.5 * 6371.0088 * 3.141592653589793 / 180)


def test_the_lower_lottery_number_wins_what_is_equal() -> None:
    for first, second, winner in ((3, 8, "g1-t1"), (8, 3, "g2-t1")):
        given = problem(
            [group("g1", "s1"), group("g2", "s2")],
            [slot("t1")],
            schools=[School("s1", lottery=first), School("s2", lottery=second)],
        )
        assert placed(solved(given)) == winner


def test_the_fairness_band_buys_wish_points() -> None:
    def given(band: float) -> Problem:
        return problem(
            [group("g1", "s1", "a2 a1"), group("g2", "s2", "a2", wanted=2), group("g3", "s2", "a3 a2 a1")],
            [slot("t1", "a1"), slot("t2", "a2", day=6), slot("t3", "a3", day=7, groups=0)],
            schools=[School("s1", history=0.95, already=2), School("s2", history=0.9, already=2)],
            fairness_band=band,
        )

    strict, free = solved(given(0.0)), solved(given(0.05))
    fairness = next(item for item in free.objectives if item.name == "fairness")
    assert fairness.best == pytest.approx(value(strict, "fairness"))
    assert fairness.value >= 0.95 * value(strict, "fairness")
    assert value(free, "wish_points") >= value(strict, "wish_points")

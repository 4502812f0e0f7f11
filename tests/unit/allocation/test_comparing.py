"""Two results side by side: objectives, who gains, who loses, what moved."""

from dataclasses import replace

from hypothesis import given as given_that
from hypothesis import settings

from matchmaker.allocation.comparing import PlacementChange, SchoolChange, compare
from matchmaker.allocation.measures import measure
from matchmaker.allocation.problem import Host, Problem
from matchmaker.allocation.solve import solve
from tests.unit.allocation.small import activity, group, problem, result_of, slot
from tests.unit.allocation.strategies import problems

BASE = problem(
    [group("g1", "s1", "a1 a2", wanted=2), group("g2", "s2", "a1"), group("g3", "s3", "a2")],
    [slot("t1", "a1"), slot("t2", "a2", day=6)],
)


def test_a_result_compared_with_itself_differs_in_nothing() -> None:
    result = result_of(BASE, "g1-t1 g3-t2")
    same = compare((BASE, result), (BASE, result))
    assert [row.better for row in same.objectives] == [0] * len(result.objectives)
    assert (same.gaining, same.losing, same.changed) == ((), (), ())
    assert same.first == same.second == measure(BASE, result.placements)


def test_schools_that_gain_and_lose_are_told_with_before_and_after() -> None:
    found = compare((BASE, result_of(BASE, "g1-t1 g1-t2")), (BASE, result_of(BASE, "g1-t1 g3-t2")))
    assert found.gaining == (SchoolChange("s3", 0, 1, 0.0, 1.0),)
    assert found.losing == (SchoolChange("s1", 2, 1, 1.0, 1.0),)


def test_participations_decide_before_satisfaction_who_gains() -> None:
    assert SchoolChange("s", 1, 2, 0.9, 0.5).gains
    assert not SchoolChange("s", 1, 1, 0.9, 0.5).gains


def test_schools_for_which_most_changes_come_first() -> None:
    first = result_of(BASE, "g1-t1 g1-t2")
    found = compare((BASE, result_of(BASE, "")), (BASE, result_of(BASE, "g1-t1 g3-t2")))
    assert [change.school for change in found.gaining] == ["s1", "s3"]
    found = compare((BASE, first), (BASE, result_of(BASE, "g2-t1")))
    assert [change.school for change in found.losing] == ["s1"]


def test_changed_placements_are_told_by_group() -> None:
    found = compare((BASE, result_of(BASE, "g1-t1 g3-t2")), (BASE, result_of(BASE, "g1-t2 g2-t1")))
    assert found.changed == (
        PlacementChange("g1", ("t1",), ("t2",)),
        PlacementChange("g2", (), ("t1",)),
        PlacementChange("g3", ("t2",), ()),
    )


def test_every_objective_says_which_result_is_better_in_its_own_sense() -> None:
    found = compare((BASE, result_of(BASE, "g1-t1 g1-t2")), (BASE, result_of(BASE, "g1-t1 g3-t2")))
    better = {row.name: row.better for row in found.objectives}
    assert better["schools_below_1"] == 2
    assert better["fairness"] == 2
    assert better["kilometres"] == 0


def test_a_level_that_only_one_result_has_stands_in_its_place() -> None:
    repair = replace(BASE, published=())
    found = compare((BASE, result_of(BASE, "g1-t1")), (repair, result_of(repair, "g1-t1")))
    assert [row.name for row in found.objectives] == [
        "schools_below_1",
        "schools_below_2",
        "changed_placements",
        "fairness",
        "wish_points",
        "kilometres",
        "lottery",
    ]
    (changed,) = [row for row in found.objectives if row.name == "changed_placements"]
    assert (changed.first, changed.better) == (None, 0)
    other = compare((repair, result_of(repair, "")), (BASE, result_of(BASE, "")))
    assert [row.name for row in other.objectives] == [row.name for row in found.objectives]


def test_problems_that_share_most_ids_can_be_compared() -> None:
    more = replace(
        BASE,
        hosts=(*BASE.hosts, Host("h9")),
        activities=(*BASE.activities, activity("a9", "h9")),
        slots=(*BASE.slots, slot("t9", "a9", day=7)),
        groups=(*BASE.groups[:2], group("g9", "s9", "a9")),
        schools=(*BASE.schools[:2], replace(BASE.schools[0], id="s9")),
    )
    found = compare((BASE, result_of(BASE, "g1-t1 g3-t2")), (more, result_of(more, "g1-t1 g9-t9")))
    assert (found.only_first, found.only_second) == (("s3",), ("s9",))
    assert (found.gaining, found.losing) == ((), ())
    assert found.changed == (PlacementChange("g3", ("t2",), ()), PlacementChange("g9", (), ("t9",)))


@settings(deadline=None, max_examples=20)
@given_that(given=problems())
def test_turning_the_comparison_round_swaps_gains_and_losses(given: Problem) -> None:
    result = solve(given, seconds=5)
    if not result.objectives:
        return
    other = result_of(given, " ".join(f"{pair.group}-{pair.slot}" for pair in given.locked))
    there = compare((given, result), (given, other))
    back = compare((given, other), (given, result))
    assert [change.school for change in there.gaining] == [change.school for change in back.losing]
    assert [row.better for row in there.objectives] == [(0, 2, 1)[row.better] for row in back.objectives]
    assert len(there.changed) == len(back.changed)

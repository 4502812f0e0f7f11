"""Extra slots: what each is worth by itself, and the fewest that do all that slots can do."""

from dataclasses import replace
from itertools import combinations
from math import inf

from matchmaker.allocation.blind_spots import BlindSpot, Survey, find_blind_spots
from matchmaker.allocation.guarantee import Standing, find_standing, stated_values
from matchmaker.allocation.imagined import Imagined, Price, imagine, list_promising, with_slots
from matchmaker.allocation.problem import Activity, Host, Problem, School, Slot
from matchmaker.allocation.smallest_set import smallest_set
from tests.unit.allocation.small import activity, blocked, group, pairs, problem, result_of, slot
from tests.unit.allocation.town import town

APART = problem(
    [group(f"g{n}", f"s{n}", "visit", max_km=5.0) for n in (1, 2, 3)],
    [slot("t1", groups=2), slot("t2", day=6, groups=2)],
    [activity("a1", lat=51.5, lon=5.0)],
    schools=[School("s1", 52.0, 6.2), School("s2", 52.01, 6.2), School("s3", 52.5, 6.2)],
    guarantee=1,
)
"""Two schools near each other, a third far away, and all slots farther still."""


def _add(given: Problem, spots: tuple[BlindSpot, ...]) -> Problem:
    """Build the slots of blind spots from what they say, independent of how they were thought up."""
    for number, spot in enumerate(spots):
        name = f"new{number}"
        if spot.activity is None:
            new = Activity(
                name,
                name,
                spot.kind,
                spot.levels,
                lat=spot.lat,
                lon=spot.lon,
                mobile=spot.mobile,
                range_km=spot.range_km,
            )
            given = replace(given, hosts=(*given.hosts, Host(name)), activities=(*given.activities, new))
        added = Slot(name, spot.activity or name, spot.start, spot.end, spot.groups)
        given = replace(given, slots=(*given.slots, added))
    return given


def _values(given: Problem) -> tuple[int, ...]:
    standing = find_standing(given, deadline=inf, seed=1)
    assert standing is not None
    assert standing.values == standing.bounds
    return standing.values


def test_one_slot_serves_schools_that_are_near_each_other_and_another_the_far_one() -> None:
    found = smallest_set(APART)
    assert (len(found.spots), found.values, found.complete, found.still_short) == (2, (0,), True, ())
    assert found.proven_smallest
    assert found.irredundant
    assert sorted(spot.gain for spot in found.spots) == [(1,), (2,)]


def test_nothing_has_to_be_added_where_every_school_has_its_guarantee() -> None:
    given = problem([group("g1")], [slot("t1")], guarantee=1)
    found = smallest_set(given)
    assert (found.spots, found.complete, found.proven_smallest, found.values) == ((), True, True, (0,))


def test_a_school_that_asks_for_nothing_stays_short_whatever_is_added() -> None:
    given = replace(APART, schools=(*APART.schools, School("s4", 52.0, 6.2)))
    found = smallest_set(given)
    assert (found.complete, found.still_short, found.values, len(found.spots)) == (False, ("s4",), (1,), 2)


def test_locked_placements_that_cannot_stand_have_no_smallest_set() -> None:
    given = problem([group("g1", pupils=31)], [slot("t1")], [activity(max_pupils=1)], locked=pairs("g1-t1"))
    found = smallest_set(given)
    assert (found.spots, found.complete, found.values) == ((), False, ())


def test_the_set_of_a_town_does_what_it_says_when_the_slots_are_really_there() -> None:
    given, result = town()
    found = smallest_set(given)
    assert found.spots
    assert found.values < stated_values(result)
    assert _values(_add(given, found.spots)) == found.values
    for left_out in found.spots[:3]:
        rest = tuple(spot for spot in found.spots if spot is not left_out)
        assert _values(_add(given, rest)) > found.values


def test_no_pair_of_promising_slots_does_what_a_proven_set_of_three_does() -> None:
    far = School("s5", 50.9, 6.2)
    given = replace(
        APART, schools=(*APART.schools, far), groups=(*APART.groups, group("g5", "s5", "visit", max_km=5.0))
    )
    found = smallest_set(given)
    assert (len(found.spots), found.proven_smallest, found.values) == (3, True, (0,))
    offered: list[Imagined] = [item for item, _ in list_promising(given, imagine(given, given.schools), 1)]
    for pair in combinations(offered, 2):
        assert _values(with_slots(given, pair)) > found.values


def test_the_gain_of_a_blind_spot_is_what_solving_with_it_shows() -> None:
    given, result = town()
    spots = find_blind_spots(given, limit=3)
    assert spots
    for spot in spots:
        after = _values(_add(given, (spot,)))
        gain = tuple(old - new for old, new in zip(stated_values(result), after, strict=True))
        assert gain == spot.gain
        assert spot.lifted_schools


def test_a_kind_that_comes_to_the_school_is_imagined_that_way() -> None:
    given = problem(
        [group("g1", wishes="lab", max_km=0.5)],
        [slot("t1")],
        [activity("a1", kind="lab", mobile=True, range_km=3.0, lat=51.5, lon=5.0)],
        schools=[School("s1", 52.0, 6.2)],
        guarantee=1,
    )
    (spot,) = find_blind_spots(given, limit=1)
    assert (spot.mobile, spot.near, spot.gain) == (True, "s1", (1,))


def test_the_effect_of_the_slot_and_of_more_wishes_are_told_apart() -> None:
    given = problem(
        [group("g1", wishes="lab"), group("g2", "s2", "visit")],
        [slot("t1"), slot("t2", "a2", day=6, groups=0)],
        [activity("a1", lat=52.0, lon=6.2), activity("a2", kind="lab", lat=52.0, lon=6.2)],
        schools=[School("s1", 52.0, 6.2), School("s2", 52.0, 6.2, already=1)],
        guarantee=1,
    )
    spots = find_blind_spots(given, with_wish_gains=True)
    lab = next(spot for spot in spots if spot.kind == "lab")
    assert (lab.gain, lab.wish_gain, lab.both_gain) == ((1,), (0,), (1,))


def test_days_on_which_the_short_school_is_blocked_are_avoided() -> None:
    given = problem(
        [group("g1", wishes="visit", unavailable=(blocked(5),)), group("g2", "s2", "visit")],
        [slot("t1"), slot("t2", day=6)],
        schools=[School("s1", 52.0, 6.2), School("s2", already=1)],
        locked=pairs("g2-t2"),
        guarantee=1,
    )
    assert {spot.start.day for spot in find_blind_spots(given)} == {6}


def test_a_set_that_was_cut_by_the_clock_claims_no_proof() -> None:
    found = smallest_set(town()[0], seconds=1e-3)
    assert not found.proven_smallest
    assert len(found.values) == 2


def test_what_more_searching_finds_is_not_told_as_the_gain_of_a_slot() -> None:
    given = problem(
        [group("g1", "s1", "visit"), group("g2", "s2", "visit")],
        [slot("t1"), slot("t2", day=6)],
        schools=[School("s1", 52.0, 6.2), School("s2", 52.0, 6.2)],
        guarantee=1,
    )
    careless = result_of(given, "g1-t1")
    unproven = Standing((1,), (0,), careless.placements, given.schools[1:])
    survey = Survey(given, unproven, given.schools[1:], imagine(given, given.schools[1:]), inf, 1)
    for item in survey.imagined:
        assert survey.confirm(item, Price(1.0, ("s2",)), unproven) is None
        assert survey.confirm_near(item, Price(1.0, ("s2",)), unproven) is None

"""Large problems: partitions, windows and bounds, tried on small ones that can also be solved exactly."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from matchmaker.allocation import candidates as candidates_module
from matchmaker.allocation import rounds
from matchmaker.allocation import solve as solve_module
from matchmaker.allocation.bounds import Prices, TileBounds
from matchmaker.allocation.candidates import TooManyPairsError, build_candidates, find_positions
from matchmaker.allocation.greedy import Greedy
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.large import LargeSearch, level_search
from matchmaker.allocation.model import Fixed, Model, build_model
from matchmaker.allocation.objectives import Level
from matchmaker.allocation.partition import (
    find_components,
    nearest_schools,
    split_further,
    split_schools,
)
from matchmaker.allocation.problem import Problem, Result, School
from matchmaker.allocation.search import Clock, Found, Work, search_level
from matchmaker.allocation.solve import solve
from matchmaker.allocation.solver import Floats, Ints
from matchmaker.allocation.windows import Effort, LargeProgram, Windows
from tests.unit.allocation.random_problems import MEDIUM, random_problem
from tests.unit.allocation.small import activity, group, problem, slot

TOLERANCE = 2e-6
PLENTY = 1e9


@pytest.fixture
def in_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every problem be searched as a large one, in tiles of three schools."""
    monkeypatch.setattr(solve_module, "level_search", lambda model: LargeSearch(model, tile=3).search)


def by_seeds(few: int, many: int) -> pytest.MarkDecorator:
    """Run a test on the seeds up to ``few`` always, and on those from there up to ``many`` in the night."""
    night = pytest.param(range(few, many), marks=pytest.mark.nightly)
    return pytest.mark.parametrize("seeds", [range(few), night], ids=["few", "many"])


def clock() -> Clock:
    return Clock(deadline=PLENTY, seed=1, work=Work(PLENTY))


def model_of(given: Problem) -> tuple[Model, Floats] | None:
    """Return the model and a start; None when the quick start finds none."""
    instance = Instance(given)
    pairs = build_candidates(instance)
    locked, _ = find_positions(instance, pairs, given.locked)
    published, gone = find_positions(instance, pairs, given.published or ())
    start = Greedy(instance, pairs).build(locked, published)
    return None if start is None else (build_model(instance, pairs, locked, published, gone), start)


def levels_with_optimum(
    seed: int, *, band: bool = False
) -> Iterator[tuple[Model, Level, list[Fixed], Found]]:
    """Yield the levels of a random problem, each with what is fixed before it and its exact answer."""
    given = replace(random_problem(Random(seed), MEDIUM, band=band), locked=())
    built = model_of(given)
    if built is None or not len(built[0].candidates):
        return
    model, chosen = built
    fixed: list[Fixed] = []
    for level in model.levels:
        found = search_level(model, level, fixed, chosen, clock())
        assert found.is_proven(level)
        yield model, level, list(fixed), found
        chosen = found.chosen
        fixed.append(Fixed(level.cost, found.value - level.offset + 1e-7))


def random_tiles(random: Random, schools: int) -> list[Ints]:
    number = np.array([random.randrange(4) for _ in range(schools)])
    return [np.flatnonzero(number == tile) for tile in range(4) if np.any(number == tile)]


# ---- partition ------------------------------------------------------------------------------------------


def two_towns(count: int = 3) -> Problem:
    """Two towns in which groups wish the activity of their own town only."""
    groups = [group(f"g{i}{town}", f"s{i}{town}", f"a{town}") for town in "12" for i in range(count)]
    slots = [slot(f"t{town}", f"a{town}", groups=2) for town in "12"]
    schools = [
        School(f"s{i}{town}", 51.9 + int(town) * 0.2, 6 + i * 0.01) for town in "12" for i in range(count)
    ]
    return problem(groups, slots, [activity(f"a{town}", f"h{town}") for town in "12"], schools=schools)


def test_schools_that_share_a_slot_are_one_component() -> None:
    model, _ = model_of(two_towns()) or pytest.fail("there is a start")
    component = dict(zip([s.id for s in model.instance.schools], find_components(model), strict=True))
    assert len({component[f"s{i}1"] for i in range(3)}) == 1
    assert component["s01"] != component["s02"]


def test_a_school_that_meets_nobody_is_a_component_of_its_own() -> None:
    given = problem([group("g1", "s1"), group("g2", "s2", "a2")], [slot("t1"), slot("t2", "a2")])
    model, _ = model_of(given) or pytest.fail("there is a start")
    assert len(set(find_components(model).tolist())) == 2


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_every_school_is_in_exactly_one_tile(turn: int) -> None:
    given = random_problem(Random(turn), MEDIUM)
    instance = Instance(given)
    component = np.array([index % 2 for index in range(len(instance.schools))])
    tiles = split_schools(instance, component, 3, turn)
    assert sorted(np.concatenate(tiles).tolist()) == list(range(len(instance.schools)))
    assert max(len(tile) for tile in tiles) <= 4


def test_a_component_that_fits_into_a_tile_is_not_cut() -> None:
    model, _ = model_of(two_towns()) or pytest.fail("there is a start")
    component = find_components(model)
    for tile in split_schools(model.instance, component, 2):
        assert len(set(component[tile].tolist())) == 1


def test_small_components_share_a_tile() -> None:
    model, _ = model_of(two_towns()) or pytest.fail("there is a start")
    assert len(split_schools(model.instance, find_components(model), 6)) == 1


def test_tiles_are_split_into_smaller_ones_that_stay_inside() -> None:
    model, _ = model_of(two_towns(6)) or pytest.fail("there is a start")
    wide = split_schools(model.instance, find_components(model), 6)
    for tile, parts in zip(wide, split_further(model.instance, wide, 2), strict=True):
        assert sorted(np.concatenate(parts).tolist()) == sorted(tile.tolist())
        assert max(len(part) for part in parts) <= 3


def test_schools_of_unknown_place_do_not_lie_in_tiles_of_neighbours() -> None:
    schools = [School(f"s{i}", None if i == 4 else 52.0, None if i == 4 else 6 + i / 10) for i in range(8)]
    instance = Instance(problem([group(f"g{i}", f"s{i}") for i in range(8)], [slot("t1")], schools=schools))
    tiles = split_schools(instance, np.zeros(8, dtype=np.intp), 2)
    assert [4] in [tile.tolist() for tile in tiles]
    assert nearest_schools(instance, 4, 3).tolist() == [4]
    assert nearest_schools(instance, 0, 3).tolist() == [0, 1, 2]


# ---- windows --------------------------------------------------------------------------------------------


@by_seeds(4, 40)
def test_windows_and_the_exact_way_agree_within_their_bounds(in_windows: None, seeds: range) -> None:
    # Three levels a problem can be compared on average: one in four problems is invalid and has none.
    assert sum(agree(seed) for seed in seeds) >= 2 * len(seeds)


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(10))
def test_windows_agree_with_the_exact_way_on_many_problems(in_windows: None, part: int) -> None:
    assert sum(agree(10_000 + part * 100 + seed) for seed in range(100)) >= 200


def agree(seed: int) -> int:
    """Hold windows against the exact way, level by level, as long as both fix the same; return how many."""
    given = random_problem(Random(seed), MEDIUM, band=seed % 2 == 0)
    exact, windows = exactly(given), solve(given, seconds=60)
    assert (windows.status in ("infeasible", "invalid")) == (exact.status in ("infeasible", "invalid"))
    for number, (right, found) in enumerate(zip(exact.objectives, windows.objectives, strict=True)):
        best, reached = (item.value if item.best is None else item.best for item in (right, found))
        sign = 1 if right.sense == "min" else -1
        assert sign * reached >= sign * best - TOLERANCE, f"seed {seed}: {right} {found}"
        assert sign * found.bound <= sign * best + TOLERANCE, f"seed {seed}: {right} {found}"
        if abs(reached - best) > TOLERANCE:
            return number + 1
    return len(exact.objectives)


def exactly(given: Problem) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve_module, "level_search", level_search)
        return solve(given, seconds=60)


@by_seeds(8, 40)
def test_most_guarantee_levels_are_proven_in_windows(in_windows: None, seeds: range) -> None:
    levels = [
        item
        for seed in seeds
        for item in solve(random_problem(Random(seed), MEDIUM), seconds=60).objectives
        if item.name.startswith("schools_below")
    ]
    proven = [item for item in levels if item.value == item.bound]
    # Tiles of three schools prove 86 in 100 of such levels; real tiles have 225 schools.
    assert len(levels) >= len(seeds)
    assert len(proven) >= 0.75 * len(levels)


@by_seeds(6, 30)
def test_windows_give_the_same_placements_every_time_whatever_the_threads(
    in_windows: None, monkeypatch: pytest.MonkeyPatch, seeds: range
) -> None:
    for seed in seeds:
        given = random_problem(Random(seed), MEDIUM)
        monkeypatch.setattr(rounds, "THREADS", 2)
        first = solve(given, seconds=60)
        monkeypatch.setattr(rounds, "THREADS", 1)
        assert solve(given, seconds=60).placements == first.placements


def test_independent_towns_that_fit_into_tiles_are_merged_without_loss(in_windows: None) -> None:
    merged, exact = solve(two_towns(3), seconds=30), exactly(two_towns(3))
    assert merged.objectives == exact.objectives
    assert merged.status == "optimal"


@pytest.mark.parametrize("schools", [4, 6])
def test_independent_towns_that_are_cut_lose_no_value_and_no_guarantee_bound(
    in_windows: None, schools: int
) -> None:
    # Only fairness keeps a gap: its relaxation gives everybody half a place, worth nearly a whole one.
    merged, exact = solve(two_towns(schools), seconds=30), exactly(two_towns(schools))
    assert [item.value for item in merged.objectives] == [item.value for item in exact.objectives]
    assert [item.bound for item in merged.objectives if item.name != "fairness"] == [
        item.bound for item in exact.objectives if item.name != "fairness"
    ]


@by_seeds(4, 40)
def test_a_window_keeps_what_earlier_levels_reached(seeds: range) -> None:
    for seed in seeds:
        for model, level, fixed, _ in levels_with_optimum(seed):
            start = model.complete(Greedy(model.instance, model.candidates).build(NONE, NONE))  # type: ignore[arg-type]
            kept = all(float(item.cost @ start) <= item.limit + TOLERANCE for item in fixed)
            if not kept:
                continue
            windows = Windows(LargeProgram(model, level, fixed), start[: model.placement_count], clock())
            before = windows.value
            windows.search(random_tiles(Random(seed), len(model.instance.schools)), Effort(PLENTY))
            assert windows.value <= before + TOLERANCE
            for item in fixed:
                assert float(item.cost @ model.complete(windows.chosen)) <= item.limit + TOLERANCE


NONE: Ints = np.zeros(0, dtype=np.intp)


def test_a_search_without_time_left_keeps_the_start_and_a_valid_bound() -> None:
    for model, level, fixed, right in levels_with_optimum(3):
        over = Clock(deadline=0.0, seed=1, work=Work(PLENTY))
        found = LargeSearch(model, tile=3)
        found.search(level, fixed, right.chosen, over)
        break
    for model, level, fixed, right in levels_with_optimum(5):
        if not fixed:
            over = Clock(deadline=0.0, seed=1, work=Work(PLENTY))
            ended = LargeSearch(model, tile=3).search(level, fixed, right.chosen, over)
            assert np.array_equal(ended.chosen, right.chosen)
            assert ended.bound <= right.value + TOLERANCE


# ---- bounds ---------------------------------------------------------------------------------------------


@by_seeds(6, 25)
def test_free_tiles_never_claim_more_than_the_best_there_is(seeds: range) -> None:
    seen = 0
    for seed in seeds:
        tiles: TileBounds | None = None
        for model, level, fixed, right in levels_with_optimum(seed, band=True):
            tiles = tiles or TileBounds(random_tiles(Random(seed), len(model.instance.schools)))
            windows = Windows(LargeProgram(model, level, fixed), right.chosen, clock())
            relaxed = tiles.free(windows, Effort(PLENTY), whole=False)
            whole = tiles.free(windows, Effort(PLENTY), whole=True)
            assert relaxed.sum() <= whole.sum() + TOLERANCE, f"seed {seed} {level.name}"
            assert whole.sum() + level.offset <= right.value + TOLERANCE, f"seed {seed} {level.name}"
            if not level.with_wishes:
                least, bound = tiles.counted(windows, 2.0, Effort(PLENTY))
                assert bound + level.offset <= right.value + TOLERANCE, f"seed {seed} {level.name}"
                assert least.sum() <= bound + TOLERANCE
            tiles.remember(whole)
            seen += 1
    assert seen >= 3 * len(seeds)


@by_seeds(5, 20)
def test_any_prices_give_a_valid_bound(seeds: range) -> None:
    for seed in seeds:
        random = Random(seed)
        tiles: TileBounds | None = None
        for model, level, fixed, right in levels_with_optimum(seed):
            tiles = tiles or TileBounds(random_tiles(random, len(model.instance.schools)))
            windows = Windows(LargeProgram(model, level, fixed), right.chosen, clock())
            rows = len(windows.large.program.row_lower)
            prices = np.array([random.choice([0.0, random.gauss(0, 1)]) for _ in range(rows)])
            bound = tiles.priced(windows, prices, Effort(PLENTY))
            assert bound <= right.value + TOLERANCE, f"seed {seed} {level.name}"
            tiles.remember(tiles.free(windows, Effort(PLENTY), whole=True))


@by_seeds(4, 20)
def test_solving_tile_after_tile_never_lowers_the_bound_of_the_prices(seeds: range) -> None:
    for seed in seeds:
        for model, level, fixed, right in levels_with_optimum(seed):
            windows = Windows(LargeProgram(model, level, fixed), right.chosen, clock())
            prices = Prices(windows, np.zeros(len(fixed)))
            before = prices.bound()
            for turn in range(3):
                tiles = random_tiles(Random(10 * seed + turn), len(model.instance.schools))
                prices.raise_bound(tiles, Effort(PLENTY))
                assert before - TOLERANCE <= prices.bound() <= right.value + TOLERANCE
                before = prices.bound()


def test_prices_see_that_two_tiles_want_the_same_place() -> None:
    given = replace(problem([group("g1", "s1"), group("g2", "s2")], [slot("t1")]), guarantee=1)
    model, chosen = model_of(given) or pytest.fail("there is a start")
    windows = Windows(LargeProgram(model, model.levels[0], []), chosen, clock())
    tiles = [np.array([0]), np.array([1])]
    free = TileBounds(tiles).free(windows, Effort(PLENTY), whole=True)
    prices = Prices(windows, np.zeros(0))
    prices.raise_bound([np.array([0, 1])], Effort(PLENTY))
    assert free.sum() == 0
    assert TileBounds(tiles).priced(windows, prices.prices, Effort(PLENTY)) == pytest.approx(1.0)


def test_the_flows_prove_a_guarantee_level_before_any_window_is_searched() -> None:
    given = replace(problem([group("g1", "s1"), group("g2", "s2")], [slot("t1")]), guarantee=1)
    model, chosen = model_of(given) or pytest.fail("there is a start")
    over = Clock(deadline=0.0, seed=1, work=Work(PLENTY))
    found = LargeSearch(model, tile=1).search(model.levels[0], [], chosen, over)
    assert (found.value, found.bound) == (1, 1)


def test_the_answer_at_the_end_of_the_guarantee_is_kept_although_checks_take_time(
    in_windows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solve_module, "LARGE_SIZE", 0)
    kept: list[Result] = []
    given = two_towns()
    solve(given, seconds=30, keep=kept.append)
    after_start_guarantee_fairness_and_kilometres = 4
    assert len(kept) == after_start_guarantee_fairness_and_kilometres
    guarantee = [item for item in kept[1].objectives if item.name.startswith("schools_below")]
    assert all(item.value == item.bound for item in guarantee)


# ---- size -----------------------------------------------------------------------------------------------


def test_a_problem_with_more_pairs_than_memory_holds_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(candidates_module, "MOST_PAIRS", 5)
    with pytest.raises(TooManyPairsError, match="more than 5 eligible pairs"):
        build_candidates(Instance(two_towns()))


def test_a_region_is_searched_as_a_whole_and_a_larger_problem_in_windows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, _ = model_of(two_towns()) or pytest.fail("there is a start")
    assert not hasattr(level_search(model), "__self__")
    monkeypatch.setattr("matchmaker.allocation.large.LARGE_SIZE", 5)
    assert isinstance(getattr(level_search(model), "__self__", None), LargeSearch)

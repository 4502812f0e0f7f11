"""Chooses by size how a level is searched: exactly for a region, in windows for a province or the country.

A large level goes this way: windows over a partition of the schools, a bound from the tiles of a partition,
more windows over partitions with other borders, windows around schools that are still short, and better
bounds where the gap is not closed. Every step is bounded by work: the clock is only the safety net.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from matchmaker.allocation.bounds import Prices, TileBounds
from matchmaker.allocation.model import Fixed, Model
from matchmaker.allocation.objectives import Level
from matchmaker.allocation.openings import Openings
from matchmaker.allocation.partition import find_components, nearest_schools, split_further, split_schools
from matchmaker.allocation.reach import find_reach
from matchmaker.allocation.rounds import work_apart
from matchmaker.allocation.search import Clock, Found, search_level, trivial_bound, true_bound
from matchmaker.allocation.solver import Floats, Ints
from matchmaker.allocation.windows import Effort, LargeProgram, Windows

LARGE_SIZE = 80_000
"""Eligible pairs up to which a problem is searched as a whole."""

LevelSearch = Callable[[Level, list[Fixed], Floats, Clock], Found]

_MOST_IN_FLOWS = 600_000
"""Eligible pairs up to which flows bound the guarantee: for a while they take 0.7 kB for each."""
_WIDE_TILE = 450
_TILE = 225
_COUNTING_WINDOW = 200
_WISHES_WINDOW = 100
_FOCUS_WINDOW = 150
_FOCUS_COVERS = 40
_TURNS = 3
_WINDOW_WORK = 8_000.0
_TILE_WORK = 20_000.0
_COUNTING_WORK = 1_500.0
"""Work for a tile that counts: most need a twentieth of it, and what is not proven by then hardly ever is."""
_EARLIER_WEIGHT = 2.0
"""Price of a school in an earlier counting level: more than it could win in a later one."""
_GAP_PER_SCHOOL = {"fairness": 1e-4, "wish_points": 0.1, "kilometres": 0.05, "lottery": 5e-4}
"""Where a window stops to improve: far below what a school would notice."""
_CLOSE_ENOUGH = 1e-3
"""Gap, as a share of the value, at which prices are not worth their work."""
_LEAST_GAIN = 1e-4
"""Gain of a sweep, as a share of the value, below which no other sweep follows."""


def level_search(model: Model) -> LevelSearch:
    """Return the way to search the levels of a model; they must be searched in their order."""
    if model.placement_count <= LARGE_SIZE:
        return partial(search_level, model)
    return LargeSearch(model).search


class LargeSearch:
    """The search of a large model, level by level.

    Parameters
    ----------
    model
        The problem.
    tile
        Schools in a tile of the bounds; half of that in windows about wishes.
    """

    def __init__(self, model: Model, tile: int = _TILE) -> None:
        self._model = model
        self._scale = tile / _TILE
        self._component = find_components(model)
        wide = split_schools(model.instance, self._component, self._size(_WIDE_TILE))
        parts = split_further(model.instance, wide, tile)
        self._parent = np.repeat(np.arange(len(wide)), [len(part) for part in parts])
        self._wide = TileBounds(wide)
        self._fewest_below: dict[str, float] | None = None
        self._near = TileBounds([schools for part in parts for schools in part])

    def _size(self, size: int) -> int:
        return max(1, round(size * self._scale))

    def search(self, level: Level, fixed: list[Fixed], chosen: Floats, clock: Clock) -> Found:
        """Improve placements on one level; see :func:`~matchmaker.allocation.search.search_level`."""
        windows = Windows(LargeProgram(self._model, level, fixed), chosen, clock)
        windows.bound = self._first_bound(level, fixed, clock)
        if level.with_wishes:
            self._search_wishes(windows)
        else:
            self._search_counting(windows)
        return Found(windows.chosen, windows.value, min(windows.bound, windows.value))

    def _first_bound(self, level: Level, fixed: list[Fixed], clock: Clock) -> float:
        """Return a bound that needs no tiles: for a guarantee level the one of the flows."""
        if self._fewest_below is None:
            # Apart, so that whoever waits hears of it meanwhile.
            [self._fewest_below] = work_apart([self._bounds_of_flows], clock, 1.0)
        return max(trivial_bound(self._model, level, fixed), self._fewest_below.get(level.name, -np.inf))

    def _bounds_of_flows(self, _: Clock) -> dict[str, float]:
        """For each guarantee level return how many schools stay below it in any case."""
        if self._model.placement_count > _MOST_IN_FLOWS:
            return {}
        instance = self._model.instance
        reach = find_reach(instance, Openings(instance, self._model.candidates))
        levels = zip(instance.guarantee_levels, reach.least_below, strict=True)
        return {f"schools_below_{level}": float(least) for level, least in levels}

    def _search_counting(self, windows: Windows) -> None:
        """Search a level that counts schools or placements: whole numbers, and soon proven."""
        effort = Effort(_COUNTING_WORK)
        self._sweep(windows, 0, _COUNTING_WINDOW, effort)
        near, bound = self._near.counted(windows, _EARLIER_WEIGHT, Effort(_COUNTING_WORK))
        self._prove(windows, bound)
        wide = np.bincount(self._parent, near, minlength=len(self._wide.tiles)).astype(np.float64)
        for turn in range(1, _TURNS):
            if not self._is_done(windows):
                self._sweep(windows, turn, _COUNTING_WINDOW, effort)
        if not self._is_done(windows):
            least, bound = self._wide.counted(windows, _EARLIER_WEIGHT, Effort(4 * _COUNTING_WORK))
            wide = np.maximum(wide, least)
            self._prove(windows, bound)
        self._focus(windows, near)
        if not self._is_done(windows):
            self._price(windows, earlier=-1.0, gap=0.0)
        self._near.remember(near)
        self._wide.remember(wide)

    def _search_wishes(self, windows: Windows) -> None:
        """Search a level about wishes: good all over, with a bound that shows it."""
        gap = _GAP_PER_SCHOOL.get(windows.large.level.name, 0.0)
        near = self._near.free(windows, Effort(_TILE_WORK), whole=False)
        self._prove(windows, float(near.sum()))
        for turn in range(_TURNS):
            before = windows.value
            self._sweep(windows, turn, _WISHES_WINDOW, Effort(_WINDOW_WORK, gap))
            if before - windows.value < _LEAST_GAIN * abs(windows.value):
                break
        if windows.value - windows.bound > _CLOSE_ENOUGH * abs(windows.value):
            self._price(windows, earlier=0.0, gap=3 * gap)
        self._near.remember(near)

    def _sweep(self, windows: Windows, turn: int, size: int, effort: Effort) -> None:
        """Search windows that cover all schools."""
        tiles = split_schools(self._model.instance, self._component, self._size(size), turn)
        windows.search(tiles, effort)

    def _focus(self, windows: Windows, near: Floats) -> None:
        """Search windows around schools that are short in tiles that need not be, as long as that helps."""
        for _ in range(_TURNS):
            before = windows.value
            if self._is_done(windows):
                return
            windows.search(self._around_short(windows, near), Effort(2 * _COUNTING_WORK))
            if windows.value >= before:
                return

    def _around_short(self, windows: Windows, near: Floats) -> list[Ints]:
        value = windows.value_by_school()
        wanting = [
            schools
            for schools, least in zip(self._near.tiles, near, strict=True)
            if value[schools].sum() > least + 0.5
        ]
        waiting = [school for schools in wanting for school in schools.tolist() if value[school] > 0.5]
        covered: set[int] = set()
        found: list[Ints] = []
        for school in waiting:
            if school not in covered:
                schools = nearest_schools(self._model.instance, school, self._size(_FOCUS_WINDOW))
                covered.update(schools[: self._size(_FOCUS_COVERS)].tolist())
                found.append(np.sort(schools))
        return found

    def _price(self, windows: Windows, earlier: float, gap: float) -> None:
        """Price what tiles share, and prove with the prices."""
        if windows.is_over():
            return
        prices = Prices(windows, np.full(len(self._near.least), earlier))
        for turn in range(2):
            tiles = split_schools(self._model.instance, self._component, self._size(_TILE), turn)
            prices.raise_bound(tiles, Effort(2 * _TILE_WORK))
        self._prove(windows, prices.bound() - windows.large.level.offset)
        work = _COUNTING_WORK if windows.large.level.step else _TILE_WORK
        bound = self._near.priced(windows, prices.prices, Effort(work, gap))
        self._prove(windows, bound - windows.large.level.offset)

    @staticmethod
    def _prove(windows: Windows, bound: float) -> None:
        """Take note of a bound on what the columns cost, without the level's offset."""
        level = windows.large.level
        proven = true_bound(replace(level, most_guide=0.0), bound + level.offset)
        windows.bound = max(windows.bound, proven)
        windows.report()

    @staticmethod
    def _is_done(windows: Windows) -> bool:
        return windows.value - windows.bound <= windows.large.level.tolerance or windows.is_over()

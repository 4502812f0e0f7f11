"""Bounds that hold for a whole large problem, made of bounds of its tiles.

Let the schools be split into tiles, let x_t be the columns of tile t, and let every level be a sum over
schools: f(x) = Σ f_t(x_t).

*Free tiles.* Leave out of each row what other tiles have in it, at the least it can be. What remains holds
for every solution, so that with z_t the best of tile t under these rows, Σ z_t ≤ min f. Every tile may use
all of a slot that it shares. Where values are whole numbers each z_t may be rounded up. A row
Σ f_i(x_t) ≤ V_i of an earlier level becomes f_i(x_t) ≤ V_i − Σ z_i,s over the other tiles s: they need at
least that.

*Priced tiles.* For any prices π of rows with the right sign, and the rows of the tiles kept as above,
Σ π_r b_r + Σ min (f_t − π A_t) x_t ≤ min f (Lagrangian relaxation: Geoffrion 1974, doi:10.1007/BFb0120690).
Good prices come from block-coordinate ascent: the linear relaxation is solved for the rows of one tile at a
time, over all columns in them, while all other rows keep their prices. No such step lowers the bound.

Everything is weak duality, so that a tile that is not solved to the end makes a bound weaker, never wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy import sparse

from matchmaker.allocation.objectives import Level
from matchmaker.allocation.parts import Part, free_part, reach, task_of, without_hopeless
from matchmaker.allocation.rounds import THREADS, work_apart
from matchmaker.allocation.search import Clock, relax_task, search_task
from matchmaker.allocation.solver import Floats, Ints, LinearModel, Mask, dual_bound, valid_prices
from matchmaker.allocation.windows import Effort, LargeProgram, Windows


class TileBounds:
    """Bounds from one partition, which remembers what each tile needs of the earlier levels.

    Parameters
    ----------
    tiles
        The schools of each tile.
    """

    def __init__(self, tiles: Sequence[Ints]) -> None:
        self.tiles = list(tiles)
        self.least: list[Floats] = []

    def remember(self, least: Floats) -> None:
        """Keep the bounds of the tiles on a level that is fixed from now on."""
        self.least.append(least)

    def free(self, windows: Windows, effort: Effort, *, whole: bool) -> Floats:
        """Return a bound for each tile, all other tiles free; ``whole`` solves it in whole placements."""
        level = replace(windows.large.level, most_guide=0.0)
        return self._solve(windows, windows.large.program, level, effort, whole=whole)

    def counted(self, windows: Windows, weight: float, effort: Effort) -> tuple[Floats, float]:
        """Return a bound for each tile and one for the whole; all earlier levels count too.

        Earlier levels have a price, a whole number, on top of their rows: what one of them leaves open
        because it is not proven is then lost once, and not once in every tile.
        """
        large = windows.large
        program = large.program
        price = np.zeros(len(program.row_lower))
        price[large.local_rows :] = -weight
        cost = program.cost - program.matrix.T @ price
        level = replace(large.level, most_guide=0.0)
        tiles = self._solve(windows, replace(program, cost=cost), level, effort, whole=True)
        limits = program.row_upper[large.local_rows :]
        # A tile can use at most what the others do not need.
        used = [limit - (needs.sum() - needs) for limit, needs in zip(limits, self.least, strict=False)]
        least = tiles - weight * np.sum(used, axis=0) if used else tiles
        return least, float(tiles.sum() - weight * limits.sum())

    def priced(self, windows: Windows, prices: Floats, effort: Effort) -> float:
        """Return a bound for the whole problem from prices of its rows.

        The prices of rows inside one tile are left out: the tile keeps those rows anyway.
        """
        large = windows.large
        program = large.program
        price = np.where(self._rows_of_several(large), valid_prices(program, prices), 0.0)
        reduced = program.cost - program.matrix.T @ price
        shared = large.school < 0
        cost = np.where(shared, 0.0, reduced)
        level = replace(large.level, step=0.0, most_guide=0.0)
        tiles = self._solve(windows, replace(program, cost=cost), level, effort, whole=True)
        rows = np.where(price > 0, program.row_lower, program.row_upper)
        constant = float(price[price != 0] @ rows[price != 0])
        loose = np.minimum(reduced * program.lower, reduced * program.upper)[shared]
        return constant + float(loose.sum()) + float(tiles.sum()) + large.level.offset

    def _rows_of_several(self, large: LargeProgram) -> Mask:
        """Return which rows hold columns of more than one tile."""
        tile = np.full(len(large.model.instance.schools) + 1, -1, dtype=np.intp)
        for number, schools in enumerate(self.tiles):
            tile[schools] = number
        first, last = _span(large.program.matrix, tile[large.school])
        return np.asarray(first < last)

    def _solve(
        self, windows: Windows, program: LinearModel, level: Level, effort: Effort, *, whole: bool
    ) -> Floats:
        least, most = reach(program.matrix, program.lower, program.upper)
        first = windows.large.local_rows
        least[first:] = [needs.sum() for needs in self.least[: len(least) - first]]
        rest = _Rest(program, level, least, most, effort.gap, whole)
        jobs = [partial(self._solve_tile, windows, rest, number) for number in range(len(self.tiles))]
        return np.array(work_apart(jobs, windows.clock, effort.work))

    def _solve_tile(self, windows: Windows, rest: "_Rest", number: int, clock: Clock) -> float:
        """Return the bound of a tile."""
        large, schools = windows.large, self.tiles[number]
        columns = large.columns_of(schools)
        if clock.is_over():
            return _trivial(rest.program, columns)
        part = free_part(rest.program, columns, rest.least, rest.most)
        self._limit_earlier(large, part, number)
        part = without_hopeless(part, large.model.placement_count, windows.values)
        task = task_of(large.model, rest.level, part, windows.values, rest.gap * len(schools))
        if not rest.whole:
            return max(relax_task(task, clock).bound, _trivial(rest.program, columns))
        return search_task(task, clock).bound

    def _limit_earlier(self, large: LargeProgram, part: Part, number: int) -> None:
        """Leave to each tile what the others do not need of the earlier levels."""
        for place in np.flatnonzero(part.rows >= large.local_rows).tolist():
            earlier = int(part.rows[place]) - large.local_rows
            needs = self.least[earlier]
            limit = large.program.row_upper[large.local_rows + earlier] - (needs.sum() - needs[number])
            part.program.row_upper[place] = limit


@dataclass(frozen=True)
class _Rest:
    """What all tiles of a level share.

    ``least`` and ``most`` are what all columns together make of each row, ``gap`` is per school, ``whole``
    says whether placements are whole.
    """

    program: LinearModel
    level: Level
    least: Floats
    most: Floats
    gap: float
    whole: bool


def _trivial(program: LinearModel, columns: Ints) -> float:
    """Return a bound that needs no solving: every column at its cheaper end."""
    cost = program.cost[columns]
    return float(np.minimum(cost * program.lower[columns], cost * program.upper[columns]).sum())


def _span(matrix: sparse.csc_array, tile: Ints) -> tuple[Ints, Ints]:
    """Return the first and last tile that has a column in each row; columns of no tile count for none."""
    entries = matrix.tocoo()
    row, of_entry = entries.coords[0], tile[entries.coords[1]]
    first = np.full(matrix.shape[0], np.iinfo(np.intp).max, dtype=np.intp)
    last = np.full(matrix.shape[0], -1, dtype=np.intp)
    owned = of_entry >= 0
    np.minimum.at(first, row[owned], of_entry[owned])
    np.maximum.at(last, row[owned], of_entry[owned])
    return first, last


class Prices:
    """Prices of all rows of a large program, and the bound that they prove."""

    def __init__(self, windows: Windows, earlier: Floats) -> None:
        """Begin with prices of the earlier levels' rows, and nothing for all others."""
        self._windows = windows
        self._large = windows.large
        program = self._large.program
        self._by_row = program.matrix[: self._large.local_rows].tocsr()
        self.prices = np.zeros(len(program.row_lower))
        self.prices[self._large.local_rows :] = earlier
        self._reduced = program.cost - program.matrix.T @ self.prices

    def bound(self) -> float:
        """Return the bound of the present prices on the level."""
        return dual_bound(self._large.program, self.prices)[0] + self._large.level.offset

    def raise_bound(self, tiles: Sequence[Ints], effort: Effort) -> None:
        """Solve the rows of one tile after the other, all other prices fixed."""
        blocks = self._blocks(tiles)
        while blocks and not self._windows.is_over():
            taken = self._round(blocks)
            jobs = [partial(self._solve, blocks[index]) for index in taken]
            found = work_apart(jobs, self._windows.clock, effort.work)
            for index, prices in zip(taken, found, strict=True):
                self._put(blocks[index], prices)
            blocks = [block for index, block in enumerate(blocks) if index not in taken]

    def _blocks(self, tiles: Sequence[Ints]) -> list["_Block"]:
        """Return for each tile the rows of which it has most columns, and all columns in them."""
        large = self._large
        tile = np.full(len(large.model.instance.schools) + 1, -1, dtype=np.intp)
        for number, schools in enumerate(tiles):
            tile[schools] = number
        owner = _owner(self._by_row, tile[large.school], len(tiles))
        blocks = []
        for number in range(len(tiles)):
            rows = np.flatnonzero(owner == number)
            if len(rows):
                columns = np.unique(self._by_row[rows].indices).astype(np.intp)
                blocks.append(_Block(rows, columns, large.local_rows_of(columns)))
        return blocks

    def _round(self, blocks: Sequence["_Block"]) -> list[int]:
        """Return the first blocks of which none has a column in the rows of another."""
        touched: Mask = np.zeros(self._large.local_rows, dtype=np.bool_)
        taken: list[int] = []
        for index, block in enumerate(blocks):
            if not np.any(touched[block.touched]):
                touched[block.touched] = True
                taken.append(index)
            if len(taken) == 2 * THREADS:
                break
        return taken

    def _solve(self, block: "_Block", clock: Clock) -> Floats:
        """Return new prices of a block's rows."""
        large, program = self._large, self._large.program
        matrix = self._by_row[block.rows][:, block.columns].tocsc()
        own = self.prices[block.rows]
        part = LinearModel(
            cost=self._reduced[block.columns] + matrix.T @ own,
            lower=program.lower[block.columns],
            upper=program.upper[block.columns],
            integer=program.integer[block.columns],
            matrix=matrix,
            row_lower=program.row_lower[block.rows],
            row_upper=program.row_upper[block.rows],
        )
        whole = Part(block.columns, block.rows, part)
        relaxed = relax_task(task_of(large.model, large.level, whole, self._windows.values, 0.0), clock)
        before = dual_bound(part, own)[0]
        return valid_prices(part, relaxed.duals if relaxed.bound > before else own)

    def _put(self, block: "_Block", prices: Floats) -> None:
        change = prices - self.prices[block.rows]
        self.prices[block.rows] = prices
        self._reduced -= self._by_row[block.rows].T @ change


@dataclass(frozen=True)
class _Block:
    """Rows whose prices are found together, all columns in them, and all rows that these columns touch."""

    rows: Ints
    columns: Ints
    touched: Ints


def _owner(matrix: sparse.csr_array, tile: Ints, tiles: int) -> Ints:
    """Return the tile that has most columns in each row, -1 for a row without any."""
    entries = matrix.tocoo()
    of_entry = tile[entries.coords[1]]
    owned = of_entry >= 0
    key, count = np.unique(entries.coords[0][owned] * tiles + of_entry[owned], return_counts=True)
    row, number = key // tiles, key % tiles
    order = np.lexsort((number, -count, row))
    first = order[np.unique(row[order], return_index=True)[1]]
    owner = np.full(matrix.shape[0], -1, dtype=np.intp)
    owner[row[first]] = number[first]
    return owner

"""Columns and rows of a linear model, collected block by block.

A block of columns comes with a rule that fills it from the placements, so that every solution of the problem
can be written down as a complete solution of the model: without one the solver starts from nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matchmaker.allocation.candidates import Candidates
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.solver import Floats, Ints, Mask

Fill = Callable[[Floats], Floats]
"""Placements (0 or 1 per candidate) → values of a block of columns."""


@dataclass(frozen=True)
class Block:
    """A stretch of columns and how placements determine it."""

    columns: Ints
    fill: Fill


class Building:
    """A model under construction; the first columns are the candidates, 1 when placed."""

    def __init__(self, instance: Instance, candidates: Candidates, locked: Ints) -> None:
        self.instance = instance
        self.candidates = candidates
        self.blocks: list[Block] = []
        self._lower: list[Floats] = []
        self._upper: list[Floats] = []
        self._integer: list[Mask] = []
        self._school: list[Ints] = []
        self._entries: list[tuple[NDArray[np.int32], NDArray[np.int32], Floats]] = []
        self._row_lower: list[Floats] = []
        self._row_upper: list[Floats] = []
        self.column_count = 0
        self.row_count = 0
        count = len(candidates)
        school = instance.group_school[candidates.group]
        placed = self.add_columns(np.ones(count), lambda chosen: chosen, integer=True, school=school)
        self._lower[0][placed[locked]] = 1.0

    def add_columns(self, upper: Floats, fill: Fill, *, integer: bool, school: Ints | None = None) -> Ints:
        """Add a block of columns from 0 to ``upper`` and return their positions.

        ``school`` says to which school each belongs, None that they belong to no school.
        """
        columns = np.arange(self.column_count, self.column_count + len(upper), dtype=np.intp)
        self._lower.append(np.zeros(len(upper)))
        self._upper.append(upper.astype(np.float64))
        self._integer.append(np.full(len(upper), integer, dtype=np.bool_))
        self._school.append(np.full(len(upper), -1, dtype=np.intp) if school is None else school)
        self.blocks.append(Block(columns, fill))
        self.column_count += len(upper)
        return columns

    def add_rows(self, row: Ints, column: Ints, value: Floats, *, lower: Floats, upper: Floats) -> None:
        """Add rows; ``row`` numbers the new rows from 0, one number for each entry."""
        # Half the size for positions: at the size of a country there are some ten million entries.
        rows = (row + self.row_count).astype(np.int32)
        self._entries.append((rows, column.astype(np.int32), value.astype(np.float64)))
        self._row_lower.append(lower.astype(np.float64))
        self._row_upper.append(upper.astype(np.float64))
        self.row_count += len(lower)

    def add_at_most(self, key: Ints, column: Ints, value: Floats, limit: Floats) -> None:
        """Add a row ``sum ≤ limit`` for each key; rows that cannot bind are left out.

        ``limit`` gives the limit for each entry, the same for all entries of one key. All columns lie
        between 0 and 1 and all values are positive.
        """
        keys, first, row = np.unique(key, return_index=True, return_inverse=True)
        limits = limit[first]
        binding = np.bincount(row, value, minlength=len(keys)) > limits + 1e-9
        number = np.cumsum(binding) - 1
        kept = binding[row]
        self.add_rows(
            number[row[kept]],
            column[kept],
            value[kept],
            lower=np.full(int(binding.sum()), -np.inf),
            upper=limits[binding],
        )

    def matrix(self) -> sparse.csc_array:
        """Return the coefficients of all rows and columns added so far."""
        row, column, value = (
            np.concatenate(parts) if parts else np.zeros(0) for parts in zip(*self._entries, strict=True)
        )
        shape = (self.row_count, self.column_count)
        return sparse.coo_array((value, (row, column)), shape=shape).tocsc()

    def column_bounds(self) -> tuple[Floats, Floats, Mask]:
        """Return lower bounds, upper bounds and integrality of all columns."""
        return np.concatenate(self._lower), np.concatenate(self._upper), np.concatenate(self._integer)

    def column_school(self) -> Ints:
        """Return the school to which each column belongs, -1 for those that belong to none."""
        return np.concatenate(self._school)

    def row_bounds(self) -> tuple[Floats, Floats]:
        """Return lower and upper bounds of all rows."""
        return np.concatenate([*self._row_lower, []]), np.concatenate([*self._row_upper, []])


def membership(block_of_entry: Ints, candidate: Ints, shape: tuple[int, int]) -> sparse.csr_array:
    """Return the matrix that adds up placements by block."""
    ones = np.ones(len(candidate))
    return sparse.coo_array((ones, (block_of_entry, candidate)), shape=shape).tocsr()

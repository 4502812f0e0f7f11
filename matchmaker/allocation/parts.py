"""A part of a linear program: some of its columns and their rows, with the rest either fixed or free.

With the rest *fixed* the part is a window: what it finds can be put in place of what was there, and every row
of the whole program still holds. With the rest *free* the part is a relaxation: whatever the rest does, the
part cannot do better, so that it gives a bound.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from matchmaker.allocation.model import Model
from matchmaker.allocation.objectives import Level
from matchmaker.allocation.search import Task
from matchmaker.allocation.solver import Floats, Ints, LinearModel

_ROUNDING = 1e-6


@dataclass(frozen=True)
class Part:
    """Columns and rows of a program, by their positions in it, and the program over them."""

    columns: Ints
    rows: Ints
    program: LinearModel


def fixed_part(program: LinearModel, columns: Ints, values: Floats, activity: Floats) -> Part:
    """Return the part of some columns while all others keep their values.

    Parameters
    ----------
    program
        The whole program.
    columns
        Sorted positions of the columns that may change.
    values, activity
        A solution of the whole program, and what it makes of each row.
    """
    matrix, rows = _cut_out(program.matrix, columns)
    rest = activity[rows] - matrix @ values[columns]
    return _part(program, columns, _Rows(rows, matrix, rest, rest))


def free_part(program: LinearModel, columns: Ints, least: Floats, most: Floats) -> Part:
    """Return the part of some columns while all others may have any value between their bounds.

    Parameters
    ----------
    program, columns
        The whole program and sorted positions of the columns of the part.
    least, most
        What all columns of the program together can make of each row at least and at most.
    """
    matrix, rows = _cut_out(program.matrix, columns)
    own_least, own_most = reach(matrix, program.lower[columns], program.upper[columns])
    low = np.where(np.isfinite(least[rows]), least[rows] - own_least, -np.inf)
    high = np.where(np.isfinite(most[rows]), most[rows] - own_most, np.inf)
    # What remains of a difference of equal sums is noise.
    low[np.abs(low) < _ROUNDING] = 0.0
    high[np.abs(high) < _ROUNDING] = 0.0
    return _part(program, columns, _Rows(rows, matrix, low, high))


def reach(matrix: sparse.csc_array, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Return what columns between their bounds can make of each row at least and at most."""
    rising = sparse.csc_array(
        (np.maximum(matrix.data, 0.0), matrix.indices, matrix.indptr), shape=matrix.shape
    )
    least, most = rising @ lower, rising @ upper
    np.minimum(matrix.data, 0.0, out=rising.data)
    return least + rising @ upper, most + rising @ lower


def _cut_out(matrix: sparse.csc_array, columns: Ints) -> tuple[sparse.csc_array, Ints]:
    """Return some columns without empty rows, and the rows that are left."""
    some = matrix[:, columns]
    is_used = np.zeros(matrix.shape[0], dtype=np.bool_)
    is_used[some.indices] = True
    rows = np.flatnonzero(is_used)
    number = np.cumsum(is_used) - 1
    shape = (len(rows), len(columns))
    return sparse.csc_array((some.data, number[some.indices], some.indptr), shape=shape), rows


@dataclass(frozen=True)
class _Rows:
    """The rows of a part, their matrix, and what all other columns make of them at least and at most."""

    rows: Ints
    matrix: sparse.csc_array
    low: Floats
    high: Floats


def _part(program: LinearModel, columns: Ints, of: _Rows) -> Part:
    part = LinearModel(
        cost=program.cost[columns],
        lower=program.lower[columns],
        upper=program.upper[columns],
        integer=program.integer[columns],
        matrix=of.matrix,
        row_lower=program.row_lower[of.rows] - of.high,
        row_upper=program.row_upper[of.rows] - of.low,
    )
    return Part(columns, of.rows, part)


def without_hopeless(part: Part, placements: int, values: Floats) -> Part:
    """Return the part without placements for which a row has no room whatever happens to the others.

    Parameters
    ----------
    part
        A part with at least one solution.
    placements
        How many columns of the whole program stand for a placement.
    values
        The present solution of the whole program; what it holds stays.
    """
    matrix = part.program.matrix
    least, _ = reach(matrix, part.program.lower, part.program.upper)
    room = part.program.row_upper - least
    column = np.repeat(np.arange(len(part.columns)), np.diff(matrix.indptr))
    is_hopeless = np.zeros(len(part.columns), dtype=np.bool_)
    is_hopeless[column[matrix.data > room[matrix.indices] + _ROUNDING]] = True
    is_hopeless &= (part.columns < placements) & (values[part.columns] < 0.5)
    kept = np.flatnonzero(~is_hopeless)
    return Part(part.columns[kept], part.rows, part.program.only(kept))


def task_of(model: Model, level: Level, part: Part, values: Floats, gap: float) -> Task:
    """Return the search of a part that begins with the present solution and may end at a gap."""
    placements = part.columns[: int(np.searchsorted(part.columns, model.placement_count))]
    candidates = model.candidates
    exact = replace(level, offset=0.0, least=-np.inf)
    return Task(
        program=part.program,
        placements=len(placements),
        group=candidates.group[placements],
        appeal=candidates.km[placements] * 1e-6 - candidates.points[placements] * 1e-3,
        level=replace(exact, gap=max(level.gap, gap), tolerance=max(level.tolerance, gap)),
        start=values[part.columns],
    )

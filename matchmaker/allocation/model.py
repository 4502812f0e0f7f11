"""The whole model of a problem: columns, hard rules and objective levels."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from matchmaker.allocation import objectives
from matchmaker.allocation.building import Block, Building
from matchmaker.allocation.candidates import Candidates
from matchmaker.allocation.constraints import add_hard_rules
from matchmaker.allocation.instance import Instance
from matchmaker.allocation.objectives import Level
from matchmaker.allocation.solver import Floats, Ints, LinearModel, Mask


@dataclass(frozen=True)
class Fixed:
    """An earlier level that must keep its value: ``cost · columns ≤ limit``."""

    cost: Floats
    limit: float


@dataclass(frozen=True)
class Model:
    """A problem as a linear model without an objective, and its levels in order.

    The first columns are the candidates. The columns and rows about granted wishes come last and are left
    out for the levels that do not need them.
    """

    instance: Instance
    candidates: Candidates
    levels: tuple[Level, ...]
    blocks: tuple[Block, ...]
    lower: Floats
    upper: Floats
    integer: Mask
    matrix: sparse.csc_array
    row_lower: Floats
    row_upper: Floats
    plain_columns: int
    plain_rows: int
    column_school: Ints

    @cached_property
    def placement_count(self) -> int:
        """How many columns stand for a placement."""
        return len(self.candidates)

    def complete(self, chosen: Floats) -> Floats:
        """Return the values of all columns that belong to placements (1 per candidate placed, else 0)."""
        return np.concatenate([block.fill(chosen) for block in self.blocks])

    def program(self, level: Level, fixed: list[Fixed]) -> LinearModel:
        """Return the linear model that minimises a level while earlier levels keep their values."""
        columns = len(self.lower) if level.with_wishes else self.plain_columns
        rows = len(self.row_lower) if level.with_wishes else self.plain_rows
        matrix = self.matrix[:rows, :columns]
        extra = [sparse.csr_array(item.cost[:columns].reshape(1, -1)) for item in fixed]
        return LinearModel(
            cost=level.cost[:columns],
            lower=self.lower[:columns],
            upper=self.upper[:columns],
            integer=self.integer[:columns],
            matrix=sparse.vstack([matrix, *extra], format="csc") if extra else matrix,
            row_lower=np.concatenate([self.row_lower[:rows], np.full(len(fixed), -np.inf)]),
            row_upper=np.concatenate([self.row_upper[:rows], [item.limit for item in fixed]]),
            offset=level.offset,
        )


def build_model(
    instance: Instance, candidates: Candidates, locked: Ints, published: Ints, gone: int
) -> Model:
    """Build the model.

    Parameters
    ----------
    instance, candidates
        The problem and its eligible pairs.
    locked, published
        Positions of the candidates that must stand, and of those that were published.
    gone
        Published pairs whose group and slot exist, but which are not eligible any more.
    """
    building = Building(instance, candidates, locked)
    add_hard_rules(building)
    short = objectives.add_participations(building)
    plain_columns, plain_rows = building.column_count, building.row_count
    granted = objectives.add_granted(building)
    levels = [objectives.schools_below(building, k, short[k]) for k in instance.guarantee_levels]
    if instance.problem.published is not None:
        levels.append(objectives.changed_placements(building, published, gone))
    levels += [
        objectives.fairness(building, granted),
        objectives.wish_points(building),
        objectives.kilometres(building),
        objectives.lottery(building, granted),
    ]
    lower, upper, integer = building.column_bounds()
    row_lower, row_upper = building.row_bounds()
    return Model(
        instance=instance,
        candidates=candidates,
        levels=tuple(levels),
        blocks=tuple(building.blocks),
        lower=lower,
        upper=upper,
        integer=integer,
        matrix=building.matrix(),
        row_lower=row_lower,
        row_upper=row_upper,
        plain_columns=plain_columns,
        plain_rows=plain_rows,
        column_school=building.column_school(),
    )

"""Splits the schools of a large problem into tiles that can be looked at one at a time.

Schools that nothing connects, directly or through others, are independent: no rule of the problem looks at
two of them. :func:`find_components` finds such sets exactly, from the rows of the model. A component that is
still too large is cut by place into tiles of neighbours (k-d tree: Bentley 1975, doi:10.1145/361002.361007),
which do share slots along their borders; several partitions with other borders exist for the same problem.

What separates exactly
----------------------
Let components C have independent rows, and let every level be a sum over schools, as all levels are.

1. The first level is min Σ f₁(x_C). The minimum of a sum of independent terms is the sum of the minima, so
   components can be solved apart and merged without loss.
2. A later level j has the row Σ f_i(x_C) ≤ V_i for every earlier level i. When level i is solved to
   optimality, V_i = Σ min f_i, so that no component can be above its own minimum: the one row is the same as
   one row for each component with that component's own value. Level j then separates too, by induction.
3. When level i was not solved to optimality, or when it is the fairness level with a band, the row leaves
   something to share, and the component with the best use for it should get it. The row stays one row then:
   a search that gives each component its present share keeps the rule but may miss an exchange, so its bound
   must come from the whole problem (:mod:`matchmaker.allocation.bounds`), not from the components.

With a band of 0 and proven levels, point 2 holds for all levels up to the last.
"""

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from matchmaker.allocation.instance import Instance
from matchmaker.allocation.model import Model
from matchmaker.allocation.solver import Floats, Ints

_PACKED = 1.5
"""A component up to this many times the size of a tile is not cut."""


def find_components(model: Model) -> Ints:
    """Return the number of each school's component: schools with the same number are connected.

    Two schools are connected when a row of the model holds columns of both, such as the places of one slot,
    or when a chain of such schools leads from one to the other.
    """
    schools = len(model.instance.schools)
    entries = model.matrix.tocoo()
    rows = model.matrix.shape[0]
    shared = np.cumsum(model.column_school < 0) - 1
    node = np.where(model.column_school < 0, schools + shared, model.column_school)
    first_row = schools + int((model.column_school < 0).sum())
    ends = node[entries.coords[1]].astype(np.int32), (first_row + entries.coords[0]).astype(np.int32)
    edges = sparse.coo_array(
        (np.ones(len(entries.data), dtype=np.int8), ends), shape=(first_row + rows, first_row + rows)
    )
    _, label = csgraph.connected_components(edges, directed=False)
    _, number = np.unique(label[:schools], return_inverse=True)
    return np.asarray(number, dtype=np.intp)


def split_schools(instance: Instance, component: Ints, size: int, turn: int = 0) -> list[Ints]:
    """Return the schools in tiles of neighbours, in an order that is the same for the same problem.

    Parameters
    ----------
    instance
        The problem.
    component
        The component of each school; a tile never cuts a component that fits into it.
    size
        Schools that a tile should have at most, or one and a half times as many for whole components.
    turn
        Which of several partitions; borders of one lie inside tiles of another.

    Notes
    -----
    Schools of unknown place are near nothing and everything. They get tiles of their own, in the order of
    their ids, so that a window of neighbours is not blocked by a school that could go anywhere.
    """
    places = _turned(_places(instance), turn)
    tiles: list[Ints] = []
    small: list[Ints] = []
    for members in groups_of(component):
        if len(members) > _PACKED * size:
            tiles += _cut_component(places, members, size)
        else:
            small.append(members)
    return tiles + _pack(small, size)


def groups_of(number: Ints) -> list[Ints]:
    """Return for each number that occurs where it does, by number."""
    order = np.argsort(number, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(number[order])) + 1)
    return [part for part in parts if len(part)]


def split_further(instance: Instance, tiles: list[Ints], size: int) -> list[list[Ints]]:
    """Return each tile in smaller ones."""
    places = _places(instance)
    return [[tile] if len(tile) <= _PACKED * size else _cut_component(places, tile, size) for tile in tiles]


def _pack(components: list[Ints], size: int) -> list[Ints]:
    """Put small components together, in their order, up to the size of a tile."""
    tiles: list[list[Ints]] = []
    filled = 0
    for members in components:
        if not tiles or filled + len(members) > _PACKED * size:
            tiles.append([])
            filled = 0
        tiles[-1].append(members)
        filled += len(members)
    return [np.concatenate(members) for members in tiles]


def _cut_component(places: Floats, members: Ints, size: int) -> list[Ints]:
    known = ~np.isnan(places[members]).any(axis=1)
    parts = _cut(places, members[known], size)
    unknown = members[~known]
    return parts + [unknown[first : first + size] for first in range(0, len(unknown), size)]


def _cut(places: Floats, members: Ints, size: int) -> list[Ints]:
    """Halve the longer side of a set of places until every part is small enough."""
    if len(members) <= size:
        return [members] if len(members) else []
    spread = places[members].max(axis=0) - places[members].min(axis=0)
    along = places[members, int(np.argmax(spread))]
    order = np.lexsort((members, along))
    parts = int(np.ceil(len(members) / size))
    middle = round(len(members) * (parts // 2) / parts)
    return _cut(places, members[order[:middle]], size) + _cut(places, members[order[middle:]], size)


def _places(instance: Instance) -> Floats:
    """Return north and east of each school in degrees of latitude, not a number where it is unknown."""
    places = np.array(
        [
            (np.nan, np.nan) if school.lat is None or school.lon is None else (school.lat, school.lon)
            for school in instance.schools
        ]
    ).reshape(-1, 2)
    known = places[~np.isnan(places[:, 0]), 0]
    east = np.cos(np.radians(known.mean() if len(known) else 0.0))
    return np.asarray(places * (1.0, east), dtype=np.float64)


def _turned(places: Floats, turn: int) -> Floats:
    """Return the places in a turned coordinate system: its cuts run in other directions."""
    angle = turn * np.radians(37.0)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(places @ rotation)


def nearest_schools(instance: Instance, school: int, count: int) -> Ints:
    """Return the ``count`` schools nearest to a school, itself first; alone when its place is unknown."""
    places = _places(instance)
    away = np.hypot(*(places - places[school]).T)
    away[school] = -1.0
    order = np.lexsort((np.arange(len(away)), away))
    return np.asarray(order[: min(count, int(np.sum(~np.isnan(away))))])

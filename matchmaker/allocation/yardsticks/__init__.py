"""Other ways to allocate, to hold the engine against: what would have come of it otherwise?"""

from matchmaker.allocation.problem import Placement, Problem

YARDSTICKS = ("first_come", "deferred_acceptance", "iterated_matching")
"""Names, in the order in which reports show them."""


class LockedPlacementsError(ValueError):
    """The locked placements cannot stand, so that there is nothing to compare."""


def run_yardstick(problem: Problem, name: str, *, seed: int = 1) -> tuple[Placement, ...]:
    """Allocate in another way.

    Parameters
    ----------
    problem
        Any problem; published placements are not looked at.
    name
        One of :data:`YARDSTICKS`.
    seed
        Decides the order of arrival and ties.

    Returns
    -------
    tuple of Placement
        Sorted as in a result; every hard rule holds and locked placements stand.

    Raises
    ------
    LockedPlacementsError
        When the locked placements cannot stand.
    """
    raise NotImplementedError

"""What can be expected while wishes still come in: a quick look ahead, without solving."""

from collections.abc import Callable
from dataclasses import dataclass

from matchmaker.allocation.problem import Problem

STEPS = range(1, 6)
"""Five steps of chance, 1 hardly … 5 almost certain; 0 stands for impossible."""


@dataclass(frozen=True, slots=True)
class WishProspect:
    """The chance that one wish of a group is granted: ``step`` 1 … 5, 0 when no slot suits it at all."""

    group: str
    rank: int
    step: int


@dataclass(frozen=True, slots=True)
class SchoolProspect:
    """The chance that a school reaches its guarantee.

    Attributes
    ----------
    school
        Its id.
    reachable
        Most participations it could have if no other school asked for anything, those it has included.
    guarantee
        Participations it should reach.
    step
        1 … 5; 0 when ``reachable`` is below the guarantee; 5 when it has them already.
    """

    school: str
    reachable: int
    guarantee: int
    step: int


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Schools that together lack places, whatever is decided.

    Attributes
    ----------
    schools
        Their ids, sorted.
    level
        The guarantee level k: each of them asks for participations up to min(k, its guarantee).
    asked, places
        Participations they ask for together on top of what they have, and the most they can get.
    kinds, levels
        Kinds of activity that suit their groups, and the levels of those groups, sorted.
    weeks
        ISO weeks in which those slots are, such as ``2026-W41``, sorted.
    """

    schools: tuple[str, ...]
    level: int
    asked: int
    places: int
    kinds: tuple[str, ...]
    levels: tuple[str, ...]
    weeks: tuple[str, ...]

    @property
    def lacking(self) -> int:
        """Participations that are missing for certain."""
        return self.asked - self.places


@dataclass(frozen=True, slots=True)
class Prospects:
    """A look ahead.

    Attributes
    ----------
    guarantee_promised
        False when it is certain that some school stays below its guarantee; True says only that nothing
        was found against it.
    least_below
        For k = 1 … the largest guarantee: a proven lower bound on the schools below k.
    schools, wishes
        One for each school, and for each wish of each group, in the order of the problem.
    bottlenecks
        Disjoint sets of schools that lack places together, most lacking first.
    """

    guarantee_promised: bool
    least_below: tuple[int, ...]
    schools: tuple[SchoolProspect, ...]
    wishes: tuple[WishProspect, ...]
    bottlenecks: tuple[Bottleneck, ...]


def find_prospects(problem: Problem, *, seed: int = 1) -> Prospects:
    """Look ahead: bounds by maximum flow, chances by drawing lots.

    Parameters
    ----------
    problem
        The problem with the wishes known so far.
    seed
        Seed of the draws.
    """
    raise NotImplementedError


def format_bottleneck(bottleneck: Bottleneck, name_of: Callable[[str], str] = str) -> str:
    """Return a Dutch sentence; ``name_of`` gives the name of a school by its id."""
    raise NotImplementedError

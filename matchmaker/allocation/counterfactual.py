"""What would it cost? A placement is forced, the rest is solved again, and the two are compared."""

from dataclasses import dataclass

from matchmaker.allocation.naming import IDS, Names
from matchmaker.allocation.problem import Problem, Result


@dataclass(frozen=True, slots=True)
class Effect:
    """A school that would get more or less; satisfaction is 0 … 1."""

    school: str
    participations_before: int
    participations_after: int
    satisfaction_before: float
    satisfaction_after: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """A group that would move; ``None`` for no slot."""

    group: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What would follow if a group got a slot, or one slot of an activity.

    Attributes
    ----------
    group, slot, activity
        What was forced; one of ``slot`` and ``activity`` is given.
    possible
        Whether any allocation holds it: False when no slot suits the group or locked placements exclude it.
    guarantee_before, guarantee_after
        Schools below k = 1, 2, …; after: the best found with the placement forced, empty when impossible.
    proven
        Whether no allocation with the placement forced has better guarantee levels.
    fairness_before, fairness_after
        The best fairness of the result, and the best found with the placement forced.
    effects
        Schools whose participations or satisfaction change, those that lose most first.
    exchanges
        The shortest chain of moves found: the forced placement first.
    """

    group: str
    slot: str | None
    activity: str | None
    possible: bool
    guarantee_before: tuple[int, ...]
    guarantee_after: tuple[int, ...]
    proven: bool
    fairness_before: float
    fairness_after: float
    effects: tuple[Effect, ...] = ()
    exchanges: tuple[Exchange, ...] = ()

    @property
    def costs_guarantee(self) -> bool:
        """Return whether a guarantee level gets worse."""
        return self.possible and self.guarantee_after > self.guarantee_before


def force(
    problem: Problem,
    result: Result,
    group_id: str,
    *,
    slot: str | None = None,
    activity: str | None = None,
    seconds: float = 5.0,
    seed: int = 1,
) -> Counterfactual:
    """Solve again with a group placed in a slot, or in one of the slots of an activity.

    The guarantee levels come first, then fairness, then as few moves as possible.

    Parameters
    ----------
    problem, result
        A problem and an allocation for it that the checker has passed.
    group_id, slot, activity
        What is forced: exactly one of ``slot`` and ``activity``, by id.
    seconds
        Wall time.
    seed
        Seed of the solver.

    Raises
    ------
    KeyError
        When the problem has no such group, slot or activity.
    ValueError
        When not exactly one of ``slot`` and ``activity`` is given.
    """
    raise NotImplementedError


def format_counterfactual(counterfactual: Counterfactual, problem: Problem, names: Names = IDS) -> str:
    """Return the price of a placement as Dutch sentences."""
    raise NotImplementedError

"""What is proven about the guarantee, which schools stay below it, why, and what would really help.

A certificate is data; :func:`format_certificate` makes a Dutch text of it that can be forwarded as it is.
"""

from dataclasses import dataclass

from matchmaker.allocation.naming import IDS, Names
from matchmaker.allocation.problem import Problem, Result
from matchmaker.allocation.shortfalls import Shortfall


@dataclass(frozen=True, slots=True)
class GuaranteeLevel:
    """Schools below ``k`` participations: how many there are, and how few there can be at all."""

    k: int
    value: int
    bound: int

    @property
    def is_proven(self) -> bool:
        """Return whether no allocation leaves fewer schools below."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Capacity that binds: schools that have too few places together, and one extra slot that helps them.

    Attributes
    ----------
    schools
        Ids of the schools that compete for these places, those below their guarantee first.
    levels, kinds
        What the missing slot would be for: levels of classes, kinds of activity that are wished.
    activity
        Id of an activity that exists and would only have to be offered once more; None for a new one.
    near
        Id of the school at the place of a new slot; None when ``activity`` is given.
    weeks
        ISO weeks such as ``2026-W41`` in which the relaxation values the slot most, in order of time.
    groups
        Group places of the extra slot.
    groups_short
        Participations that the schools of this bottleneck lack together in the result.
    dual
        What the relaxation expects of the slot, in participations.
    confirmed
        By how many schools each level k = 1, 2, … really falls, found by solving with the extra slot.
    """

    schools: tuple[str, ...]
    levels: tuple[str, ...]
    kinds: tuple[str, ...]
    activity: str | None
    near: str | None
    weeks: tuple[str, ...]
    groups: int
    groups_short: int
    dual: float
    confirmed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What can be said about the guarantee of a result.

    Attributes
    ----------
    levels
        Value and proven bound for every k.
    promised
        Whether every school reaches its guarantee.
    shortfalls
        The schools that do not, with the cause, by id.
    bottlenecks
        Binding capacity, each confirmed by a solve; what was not confirmed is left out.
    complete
        Whether every suspected bottleneck was tried before the time was over.
    """

    levels: tuple[GuaranteeLevel, ...]
    promised: bool
    shortfalls: tuple[Shortfall, ...]
    bottlenecks: tuple[Bottleneck, ...]
    complete: bool = True


def certify(problem: Problem, result: Result, *, seconds: float = 20.0, seed: int = 1) -> Certificate:
    """Return what is proven about the guarantee, and why it is not reached where it is not.

    Parameters
    ----------
    problem, result
        A problem and an allocation for it that the checker has passed.
    seconds
        Wall time for looking for bottlenecks and confirming them.
    seed
        Seed of the solver.
    """
    raise NotImplementedError


def format_certificate(certificate: Certificate, problem: Problem, names: Names = IDS) -> str:
    """Return the certificate as a Dutch text, paragraphs separated by blank lines."""
    raise NotImplementedError

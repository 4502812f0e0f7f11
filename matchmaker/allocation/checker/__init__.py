"""Checks a result against its problem, independently of how it was made.

The checker is the specification in code: it derives every hard rule from the problem and recomputes every
objective from its definition. It shares nothing with the engine but the values of
:mod:`matchmaker.allocation.problem`, so that a mistake in the engine cannot excuse itself.
"""

from collections.abc import Iterator

from matchmaker.allocation.checker.facts import Facts, Verdict, Violation
from matchmaker.allocation.checker.objectives import check_objectives, recompute
from matchmaker.allocation.checker.rules import check_pair, check_rules
from matchmaker.allocation.problem import Problem, Result, problem_sha256

__all__ = ["Verdict", "Violation", "check"]


def check(problem: Problem, result: Result) -> Verdict:
    """Check every rule and every stated figure.

    Parameters
    ----------
    problem
        A problem in the sense of the format: its ids are unique and name something.
    result
        Any result of the right form, however wrong.

    Returns
    -------
    Verdict
        The violations, none when every rule holds and every figure is right, and the objectives as they
        are recomputed from the placements, in order, with the stated bounds left out.

    Notes
    -----
    A bound cannot be proven by looking at one result: it is checked not to contradict the values. The same
    goes for the status ``infeasible``.
    """
    facts = Facts(problem, result)
    violations = list(_check_identity(problem, result))
    if result.status in ("infeasible", "invalid"):
        violations += _check_refusal(facts, result)
        return Verdict(tuple(violations), ())
    violations += facts.unknown
    violations += _check_order(facts, result)
    violations += check_rules(facts)
    objectives = recompute(facts)
    violations += check_objectives(facts, result, objectives)
    return Verdict(tuple(violations), objectives)


def _check_identity(problem: Problem, result: Result) -> Iterator[Violation]:
    if result.problem_sha256 != problem_sha256(problem):
        yield Violation("problem", "the result belongs to another problem: its SHA-256 differs")


def _check_refusal(facts: Facts, result: Result) -> Iterator[Violation]:
    """A refused problem has no placements, and a reason that can be seen in its locked pairs."""
    if result.placements or result.objectives:
        yield Violation("status", f"a result that is {result.status} has no placements and no objectives")
    if not facts.problem.locked:
        yield Violation("status", f"a problem without locked placements is never {result.status}")
    elif result.status == "invalid" and not any(
        True for pair in facts.problem.locked for _ in check_pair(facts, pair.group, pair.slot)
    ):
        yield Violation("status", "no locked placement breaks a rule by itself")


def _check_order(facts: Facts, result: Result) -> Iterator[Violation]:
    keys = [
        (item.group, facts.slots[item.slot].start, item.slot)
        for item in result.placements
        if item.slot in facts.slots
    ]
    if keys != sorted(keys):
        yield Violation("order", "placements are not sorted by group, start of the slot and slot")

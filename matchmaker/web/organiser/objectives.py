"""The levels of an allocation's result in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from matchmaker.models import AllocationRun
from matchmaker.web.formats import format_km, format_number
from matchmaker.web.language import gettext as _
from matchmaker.web.language import ngettext

# Values that differ less are equal: the solver counts in floating point numbers.
TOLERANCE = 1e-6
BELOW = "schools_below_"


@dataclass(frozen=True)
class ObjectiveLine:
    """One level: its name, what was reached and what cannot be beaten.

    `gap` is what could at most be won, `given` what later levels used of it; empty when that is nothing.
    """

    name: str
    value: str
    bound: str
    proven: bool
    gap: str
    given: str


def build_objective_lines(objectives: Iterable[Mapping[str, Any]]) -> list[ObjectiveLine]:
    """Return the levels in their order of importance."""
    return [_build_line(objective) for objective in objectives]


def rank_result(run: AllocationRun) -> tuple[float, ...]:
    """Return the levels of a run so that a better result of the same input is the greater tuple."""
    return tuple(
        (1 if level["sense"] == "max" else -1) * round(float(level.get("best") or level["value"]), 3)
        for level in run.objectives
    )


def name_objective(name: str) -> str:
    """Return what a level is about."""
    if name.startswith(BELOW) and name.removeprefix(BELOW).isdigit():
        count = int(name.removeprefix(BELOW))
        return ngettext("Scholen zonder activiteit", "Scholen met minder dan %(num)d activiteiten", count)
    return {
        "changed_placements": _("Veranderde plaatsingen"),
        "fairness": _("Eerlijkheid van de wensen"),
        "wish_points": _("Punten voor wensen"),
        "kilometres": _("Kilometers, enkele reis"),
        "lottery": _("Loting bij gelijke gevallen"),
    }.get(name, name)


def _build_line(objective: Mapping[str, Any]) -> ObjectiveLine:
    value, bound = float(objective["value"]), float(objective["bound"])
    # What a later level used of its margin was given away on purpose: the proof is about the best found.
    best = float(objective.get("best") or value)
    return ObjectiveLine(
        name=name_objective(objective["name"]),
        value=_format(objective["name"], value),
        bound=_format(objective["name"], bound),
        proven=_is_same(best, bound),
        gap=_format_gap(objective["name"], best, bound),
        given="" if _is_same(value, best) else _format_gap(objective["name"], value, best),
    )


def _is_same(value: float, other: float) -> bool:
    return abs(value - other) <= TOLERANCE * max(1.0, abs(value))


def _format(name: str, value: float) -> str:
    if name == "kilometres":
        return format_km(value)
    whole = name.startswith(BELOW) or name in {"changed_placements", "wish_points"}
    return format_number(value, 0 if whole else 2)


def _format_gap(name: str, value: float, bound: float) -> str:
    """Return the difference: schools as a number, the rest as a share of the larger of both."""
    if name.startswith(BELOW):
        count = max(1, round(abs(value - bound)))
        return ngettext("%(count)s school", "%(count)s scholen", count, count=count)
    larger = max(abs(value), abs(bound))
    percentage = max(100 * abs(value - bound) / larger if larger else 0, 0.1)
    return f"{format_number(percentage, 1)}%"

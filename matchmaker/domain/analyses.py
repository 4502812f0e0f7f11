"""Kinds and states of what the engine calculates beside its runs."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class AnalysisKind(StrEnum):
    """What is calculated, about a round or about a run's result."""

    PROSPECTS = "prospects"
    BLIND_SPOTS = "blind_spots"
    REPORT = "report"
    SCHOOL_CHANGES = "school_changes"
    PLACEMENT_PRICE = "placement_price"


class AnalysisState(StrEnum):
    """Life of an analysis; what was found before stays readable while a newer one waits or runs."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


# Once more, because something changed or somebody asks.
_AGAIN = frozenset({AnalysisState.WAITING})
ANALYSIS_TRANSITIONS = MappingProxyType(
    {
        AnalysisState.WAITING: frozenset(
            {AnalysisState.RUNNING, AnalysisState.CANCELLED, AnalysisState.FAILED}
        ),
        # Back to waiting: the worker died or stops, and another takes the analysis over.
        AnalysisState.RUNNING: frozenset(
            {
                AnalysisState.FINISHED,
                AnalysisState.CANCELLED,
                AnalysisState.FAILED,
                AnalysisState.WAITING,
            }
        ),
        AnalysisState.FINISHED: _AGAIN,
        AnalysisState.CANCELLED: _AGAIN,
        AnalysisState.FAILED: _AGAIN,
    }
)
ACTIVE_ANALYSIS_STATES = frozenset({AnalysisState.WAITING, AnalysisState.RUNNING})

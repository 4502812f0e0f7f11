"""Ask for an analysis: what the engine can say about a round or a result beside its runs."""

from __future__ import annotations

from matchmaker import clock
from matchmaker.allocation.problem import problem_sha256
from matchmaker.domain.analyses import (
    ACTIVE_ANALYSIS_STATES,
    ANALYSIS_TRANSITIONS,
    AnalysisKind,
    AnalysisState,
)
from matchmaker.domain.errors import AnalysisActiveError, RunNotUsableError, RunTooLateError
from matchmaker.domain.runs import Verdict
from matchmaker.domain.transitions import require_transition
from matchmaker.extensions import db
from matchmaker.models import AllocationRun, Analysis, Round
from matchmaker.queries.analyses import find_analysis, list_wishing_rounds, mark_input
from matchmaker.queries.rounds import lock_round
from matchmaker.queries.runs import get_run
from matchmaker.scope import unscoped, within
from matchmaker.services import audit
from matchmaker.services.problems import build_problem
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import ANALYSIS_WORK

SECONDS = {
    AnalysisKind.PROSPECTS: 20,
    AnalysisKind.BLIND_SPOTS: 240,
    AnalysisKind.REPORT: 60,
    AnalysisKind.SCHOOL_CHANGES: 10,
    AnalysisKind.PLACEMENT_PRICE: 10,
}
"""Most seconds that an analysis of each kind may take."""


def request_blind_spots(round_id: int, actor_id: int | None) -> int:
    """Ask which extra slots would help the round as it is now; return the id of the analysis.

    Raises
    ------
    NotFoundError
        When there is no such round.
    AnalysisActiveError
        When this is being calculated already.
    """
    with write_transaction():
        round_ = lock_round(round_id)
        analysis = _queue(round_, AnalysisKind.BLIND_SPOTS, "", actor_id)
        analysis.input_mark = mark_input(round_)
        audit.record(
            "request_blind_spots", "round", round_id, region_id=analysis.region_id, actor_id=actor_id
        )
    return analysis.id


def request_school_changes(run_id: int, school_id: int, actor_id: int | None) -> int:
    """Ask what a school could have done to get more in a run.

    Raises
    ------
    NotFoundError
        When there is no such run.
    RunNotUsableError
        When the checker has not passed the run.
    AnalysisActiveError
        When this is being calculated already.
    """
    return _request_about_run(run_id, AnalysisKind.SCHOOL_CHANGES, f"S{school_id}", actor_id)


def request_placement_price(run_id: int, group_id: int, activity_id: int, actor_id: int | None) -> int:
    """Ask what it would cost others if a group had got an activity; raises as `request_school_changes`."""
    return _request_about_run(run_id, AnalysisKind.PLACEMENT_PRICE, f"G{group_id}:A{activity_id}", actor_id)


def queue_report(run: AllocationRun) -> None:
    """Queue the report of a run that the checker has just passed, in the caller's transaction."""
    _queue(run.round, AnalysisKind.REPORT, str(run.id), None, run)


def cancel_analysis(analysis_id: int, actor_id: int | None) -> None:
    """Stop an analysis; what an earlier one found stays.

    Raises
    ------
    RunTooLateError
        When it has ended already.
    """
    with write_transaction() as session:
        analysis = session.get_one(Analysis, analysis_id, with_for_update=True)
        if analysis.state not in ACTIVE_ANALYSIS_STATES:
            raise RunTooLateError
        _set_state(analysis, AnalysisState.CANCELLED)
        analysis.lease_token, analysis.lease_until = None, None
        audit.record(
            "cancel_analysis", "analysis", analysis.id, region_id=analysis.region_id, actor_id=actor_id
        )


def refresh_prospects() -> int:
    """Queue the prospects of every round in which wishes come in and something has changed.

    Returns
    -------
    int
        How many were queued. A round whose rows look as they did is passed over; one whose rows differ
        but whose problem is the same is only marked.
    """
    queued = 0
    for round_id, region_id in _list_wishing():
        with within(region_id):
            queued += _refresh(round_id)
    return queued


@unscoped("rounds in which wishes come in")
def _list_wishing() -> list[tuple[int, int]]:
    """Return the ids of the rounds and of their regions."""
    return [(round_.id, round_.region_id) for round_ in list_wishing_rounds()]


def _refresh(round_id: int) -> bool:
    round_ = db.session.get_one(Round, round_id)
    mark = mark_input(round_)
    known = find_analysis(round_id, AnalysisKind.PROSPECTS)
    if known is not None and (known.input_mark == mark or known.state in ACTIVE_ANALYSIS_STATES):
        return False
    same = known is not None and known.problem_sha256 == problem_sha256(build_problem(round_id))
    with write_transaction(ANALYSIS_WORK):
        round_ = lock_round(round_id)
        analysis = find_analysis(round_id, AnalysisKind.PROSPECTS)
        if not same and (analysis is None or analysis.state not in ACTIVE_ANALYSIS_STATES):
            analysis = _queue(round_, AnalysisKind.PROSPECTS, "", None)
        if analysis is not None:
            analysis.input_mark = mark
    return not same


def _request_about_run(run_id: int, kind: AnalysisKind, subject: str, actor_id: int | None) -> int:
    with write_transaction():
        run = get_run(run_id)
        round_ = lock_round(run.round_id)
        if run.verdict != Verdict.PASSED:
            raise RunNotUsableError
        analysis = _queue(round_, kind, f"{run_id}:{subject}", actor_id, run)
        audit.record(
            f"request_{kind.value}",
            "allocation_run",
            run_id,
            region_id=run.region_id,
            actor_id=actor_id,
            after={"analysis": analysis.id, "subject": subject},
        )
        return analysis.id


def _queue(
    round_: Round, kind: AnalysisKind, subject: str, actor_id: int | None, run: AllocationRun | None = None
) -> Analysis:
    """Set the analysis waiting, a new one or once more; the round is locked."""
    analysis = find_analysis(round_.id, kind, subject)
    if analysis is None:
        analysis = Analysis(
            region_id=round_.region_id,
            round_id=round_.id,
            run_id=run.id if run else None,
            kind=kind,
            subject=subject,
            limit_seconds=SECONDS[kind],
            error="",
        )
        db.session.add(analysis)
    elif analysis.state in ACTIVE_ANALYSIS_STATES:
        raise AnalysisActiveError
    else:
        _set_state(analysis, AnalysisState.WAITING)
    analysis.requested_by_id = actor_id
    analysis.created_at = clock.now()
    analysis.progress, analysis.error, analysis.attempts = {}, "", 0
    db.session.flush()
    return analysis


def _set_state(analysis: Analysis, state: AnalysisState) -> None:
    analysis.state = require_transition("analysis", ANALYSIS_TRANSITIONS, analysis.state, state)

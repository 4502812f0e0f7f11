"""Carry out analyses: what the worker does. Rows, leases and tokens as for runs."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import and_, or_, select, update

from matchmaker import clock
from matchmaker.allocation.formats import write_problem
from matchmaker.allocation.problem import problem_sha256
from matchmaker.config import Settings
from matchmaker.domain.analyses import ANALYSIS_TRANSITIONS, AnalysisKind, AnalysisState
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.transitions import require_transition
from matchmaker.models import Analysis
from matchmaker.queries.runs import get_run
from matchmaker.scope import unscoped, within
from matchmaker.services.child_process import ChildOutcome, run_child
from matchmaker.services.names import name_everything
from matchmaker.services.problems import build_problem
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import ANALYSIS_WORK

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
# What starting, reading and writing may take beyond the engine's own limit.
GRACE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Claim:
    """An analysis in the hands of this worker."""

    analysis_id: int
    token: str
    kind: AnalysisKind
    subject: str
    seconds: int
    region_id: int
    round_id: int
    run_id: int | None


@dataclass(frozen=True, slots=True)
class _Input:
    """What the engine is given."""

    problem_json: str
    sha256: str
    result_json: str | None


def execute_waiting_analyses(should_stop: Callable[[], bool] = lambda: False) -> int:
    """Carry out every analysis that waits, short ones first; return how many this worker took.

    Parameters
    ----------
    should_stop
        Asked each second; once true, the analysis at hand goes back to the others that wait, and this ends.
    """
    taken = 0
    while not should_stop() and (claim := _claim_next()) is not None:
        taken += 1
        with within(claim.region_id):
            _execute(claim, should_stop)
    return taken


@unscoped("which analysis is next")
def _claim_next() -> _Claim | None:
    """Take the shortest analysis that waits or lost its worker; give up on those that kill theirs."""
    now = clock.now()
    orphaned = and_(Analysis.state == AnalysisState.RUNNING, Analysis.lease_until < now)
    first = (
        select(Analysis)
        .where(or_(Analysis.state == AnalysisState.WAITING, orphaned))
        .order_by(Analysis.limit_seconds, Analysis.created_at, Analysis.id)
        .limit(1)
    )
    with write_transaction(ANALYSIS_WORK) as session:
        while True:
            analysis = session.scalars(first.with_for_update(skip_locked=True)).one_or_none()
            if analysis is None:
                return None
            if analysis.attempts < MOST_ATTEMPTS:
                break
            _end(analysis, AnalysisState.FAILED)
            analysis.error = f"The worker ended unexpectedly, {MOST_ATTEMPTS} times."
            session.flush()
        if analysis.state == AnalysisState.RUNNING:
            _set_state(analysis, AnalysisState.WAITING)
        _set_state(analysis, AnalysisState.RUNNING)
        analysis.attempts += 1
        token = secrets.token_hex(16)
        analysis.lease_token, analysis.lease_until = token, now + LEASE
        own_subject = analysis.subject.partition(":")[2]
        return _Claim(
            analysis.id,
            token,
            analysis.kind,
            own_subject,
            analysis.limit_seconds,
            analysis.region_id,
            analysis.round_id,
            analysis.run_id,
        )


def _execute(claim: _Claim, should_stop: Callable[[], bool]) -> None:
    try:
        given = _load_input(claim)
        outcome = _calculate(claim, given, should_stop)
    except Exception as error:
        # One analysis that cannot be carried out keeps no other waiting.
        log.exception("analysis %s failed", claim.analysis_id)
        _finish(claim, None, ChildOutcome(None, stopped=False, failed=True, error=str(error)))
        return
    if outcome.stopped and should_stop():
        _hand_back(claim)
    else:
        _finish(claim, given, outcome)


def _load_input(claim: _Claim) -> _Input:
    """Return the snapshot of the run, or the round's problem as it is now."""
    if claim.run_id is None:
        problem = build_problem(claim.round_id)
        return _Input(write_problem(problem), problem_sha256(problem), None)
    run = get_run(claim.run_id, with_documents=True)
    if run.result_json is None:
        raise NotFoundError
    return _Input(run.problem_json, run.problem_sha256, run.result_json)


def _calculate(claim: _Claim, given: _Input, should_stop: Callable[[], bool]) -> ChildOutcome:
    settings: Settings = current_app.config["SETTINGS"]
    folder = settings.instance_path / "analyses" / str(claim.analysis_id)
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / "answer.json"
    arguments = ["--kind", claim.kind.value, "--subject", claim.subject, "--out", str(out)]
    arguments += [
        "--seconds",
        str(claim.seconds),
        "--problem",
        _put(folder / "problem.json", given.problem_json),
    ]
    names = json.dumps(name_everything(claim.region_id))
    arguments += ["--names", _put(folder / "names.json", names)]
    if given.result_json is not None:
        arguments += ["--result", _put(folder / "result.json", given.result_json)]
    return run_child(
        folder,
        "matchmaker.services.analysis_process",
        arguments,
        out,
        seconds=claim.seconds + GRACE_SECONDS,
        on_progress=lambda event: _heartbeat(claim, event) and not should_stop(),
    )


def _put(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def _heartbeat(claim: _Claim, event: dict[str, Any]) -> bool:
    """Keep the lease and show progress; False when the analysis was stopped or is no longer ours."""
    with write_transaction(ANALYSIS_WORK) as session:
        statement = (
            update(Analysis)
            .where(
                Analysis.id == claim.analysis_id,
                Analysis.lease_token == claim.token,
                Analysis.state == AnalysisState.RUNNING,
            )
            .values(lease_until=clock.now() + LEASE, progress=event)
            .returning(Analysis.id)
        )
        return session.execute(statement).one_or_none() is not None


def _hand_back(claim: _Claim) -> None:
    """Leave the analysis to another worker, or to this one after its restart; it does not count as a try."""
    with write_transaction(ANALYSIS_WORK) as session:
        analysis = session.get(Analysis, claim.analysis_id)
        if analysis is not None and _is_ours(analysis, claim):
            _end(analysis, AnalysisState.WAITING)
            analysis.attempts -= 1


def _finish(claim: _Claim, given: _Input | None, outcome: ChildOutcome) -> None:
    """Store the answer, or why there is none; an answer that was there before stays then."""
    document = json.loads(outcome.text) if outcome.text else None
    with write_transaction(ANALYSIS_WORK) as session:
        analysis = session.get(Analysis, claim.analysis_id)
        if analysis is None or not _is_ours(analysis, claim):
            return
        _end(analysis, AnalysisState.FINISHED if document and not outcome.failed else AnalysisState.FAILED)
        analysis.error = outcome.error.strip() if outcome.failed or not document else ""
        if document and given is not None:
            analysis.document, analysis.problem_sha256 = document, given.sha256
            analysis.computed_at = clock.now()


def _is_ours(analysis: Analysis, claim: _Claim) -> bool:
    return analysis.lease_token == claim.token and analysis.state == AnalysisState.RUNNING


def _end(analysis: Analysis, state: AnalysisState) -> None:
    _set_state(analysis, state)
    analysis.lease_token, analysis.lease_until = None, None


def _set_state(analysis: Analysis, state: AnalysisState) -> None:
    analysis.state = require_transition("analysis", ANALYSIS_TRANSITIONS, analysis.state, state)

"""Solve allocation runs: what the worker does.

The row is the truth: a queue only wakes the worker. Whoever solves a run holds a lease and writes
only while the row still carries its token, so that a worker that was thought dead changes nothing.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import and_, or_, select, update

from matchmaker import clock
from matchmaker.allocation.formats import ProblemFormatError, read_problem, read_result
from matchmaker.allocation.problem import Result
from matchmaker.config import Settings
from matchmaker.domain.phases import PHASE_TRANSITIONS, Phase
from matchmaker.domain.run_settings import read_settings
from matchmaker.domain.runs import RUN_TRANSITIONS, RunState, Verdict
from matchmaker.domain.transitions import require_transition
from matchmaker.failpoints import reach
from matchmaker.models import AllocationRun, Placement, Round
from matchmaker.queries.rounds import lock_round
from matchmaker.queries.runs import get_run
from matchmaker.scope import unscoped, within
from matchmaker.services import audit
from matchmaker.services.analyses import queue_report
from matchmaker.services.run_results import RunOutcome, examine_result, is_imagined
from matchmaker.services.solver_process import SolverOutcome, run_solver
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import RUN_LEASE

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Claim:
    """A run in the hands of this worker."""

    run_id: int
    region_id: int
    token: str
    seconds: int
    seed: int
    problem_json: str


def execute_waiting_runs(should_stop: Callable[[], bool] = lambda: False) -> int:
    """Solve every run that waits, one after the other; return how many this worker took.

    Parameters
    ----------
    should_stop
        Asked each second; once true, the run at hand goes back to the others that wait, and this ends.
    """
    taken = 0
    _give_up_on_fatal_runs()
    while not should_stop() and (claim := _claim_next()) is not None:
        taken += 1
        with within(claim.region_id):
            _execute(claim, should_stop)
    return taken


@unscoped("runs that nobody finishes")
def _give_up_on_fatal_runs() -> None:
    """Close runs whose workers died again and again, so that they do not take the next one along."""
    now = clock.now()
    statement = (
        update(AllocationRun)
        .where(
            AllocationRun.state == RunState.RUNNING,
            AllocationRun.lease_until < now,
            AllocationRun.attempts >= MOST_ATTEMPTS,
        )
        .values(
            state=RunState.FAILED,
            error=f"The worker ended unexpectedly, {MOST_ATTEMPTS} times.",
            finished_at=now,
            lease_token=None,
            lease_until=None,
        )
        .returning(AllocationRun.id, AllocationRun.region_id)
    )
    with write_transaction(RUN_LEASE) as session:
        for run_id, region_id in session.execute(statement):
            _record_end(run_id, region_id, RunState.FAILED)


@unscoped("which run is next")
def _claim_next() -> _Claim | None:
    """Take the oldest run that waits or whose worker died."""
    now = clock.now()
    orphaned = and_(AllocationRun.state == RunState.RUNNING, AllocationRun.lease_until < now)
    oldest = (
        select(AllocationRun.id)
        .where(or_(AllocationRun.state == RunState.WAITING, orphaned))
        .order_by(AllocationRun.id)
        .limit(1)
    )
    with write_transaction(RUN_LEASE) as session:
        run_id = session.scalars(oldest.with_for_update(skip_locked=True)).one_or_none()
        if run_id is None:
            return None
        run = get_run(run_id, with_documents=True)
        if run.state == RunState.RUNNING:
            _set_state(run, RunState.WAITING)
        _set_state(run, RunState.RUNNING)
        run.attempts += 1
        run.started_at = now
        run.lease_token, run.lease_until = secrets.token_hex(16), now + LEASE
        claim = _Claim(run.id, run.region_id, run.lease_token, run.limit_seconds, run.seed, run.problem_json)
    reach("run.claimed")
    return claim


def _execute(claim: _Claim, should_stop: Callable[[], bool]) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    folder = settings.instance_path / "runs" / str(claim.run_id)
    outcome = run_solver(
        folder,
        claim.problem_json,
        seconds=claim.seconds,
        seed=claim.seed,
        on_progress=lambda event: _heartbeat(claim, event) and not should_stop(),
    )
    reach("run.solved")
    if outcome.stopped and should_stop():
        _hand_back(claim)
    else:
        _finish(claim, outcome)


def _hand_back(claim: _Claim) -> None:
    """Leave the run to another worker, or to this one after its restart; it does not count as a try."""
    with write_transaction(RUN_LEASE):
        run = get_run(claim.run_id)
        if run.lease_token != claim.token or run.state != RunState.RUNNING:
            return
        _set_state(run, RunState.WAITING)
        run.attempts -= 1
        run.lease_token, run.lease_until = None, None


def _heartbeat(claim: _Claim, event: dict[str, Any]) -> bool:
    """Keep the lease and show progress; False when the run was cancelled or is no longer ours."""
    with write_transaction(RUN_LEASE) as session:
        statement = (
            update(AllocationRun)
            .where(
                AllocationRun.id == claim.run_id,
                AllocationRun.lease_token == claim.token,
                AllocationRun.state == RunState.RUNNING,
            )
            .values(lease_until=clock.now() + LEASE, progress=event)
            .returning(AllocationRun.cancel_requested_at)
        )
        row = session.execute(statement).one_or_none()
    return row is not None and row.cancel_requested_at is None


def _finish(claim: _Claim, outcome: SolverOutcome) -> None:
    """Check the result with the independent checker and store it, or store why there is none."""
    problem = read_problem(claim.problem_json)
    result = _read(outcome)
    examined = examine_result(problem, result) if result is not None else None
    reach("run.checked")
    with write_transaction() as session:
        run = get_run(claim.run_id)
        round_ = lock_round(run.round_id)
        if run.lease_token != claim.token or run.state != RunState.RUNNING:
            log.warning("run %s was taken over by another worker; this result is dropped", claim.run_id)
            return
        run.finished_at, run.lease_token, run.lease_until = clock.now(), None, None
        run.progress = outcome.progress or run.progress
        if examined is None or result is None:
            _close_without_result(run, outcome)
            _record_end(run.id, run.region_id, run.state)
            return
        _store(run, result, outcome.result_json, examined)
        # The best result so far is kept when the engine failed later; what it said is kept with it.
        run.error = outcome.error.strip() if outcome.failed else ""
        session.flush()
        _record_end(run.id, run.region_id, run.state, examined.verdict)
        if examined.verdict == Verdict.PASSED:
            queue_report(run)
        publishable = examined.verdict == Verdict.PASSED and not read_settings(run.settings).is_imagined
        if publishable and round_.phase == Phase.ALLOCATING:
            _begin_review(round_)
        reach("run.stored")


def _begin_review(round_: Round) -> None:
    before = round_.phase
    round_.phase = require_transition("round", PHASE_TRANSITIONS, before, Phase.REVIEWING)
    audit.record(
        "change_phase",
        "round",
        round_.id,
        region_id=round_.region_id,
        before={"phase": before.value},
        after={"phase": round_.phase.value},
    )


def _record_end(run_id: int, region_id: int, state: RunState, verdict: Verdict | None = None) -> None:
    after = {"state": state.value, "verdict": verdict.value if verdict else None}
    audit.record("finish_run", "allocation_run", run_id, region_id=region_id, after=after)


def _read(outcome: SolverOutcome) -> Result | None:
    if outcome.result_json is None:
        return None
    try:
        return read_result(outcome.result_json)
    except ProblemFormatError as error:
        log.error("the engine wrote an unreadable result: %s", error)  # noqa: TRY400 - it says it all
        return None


def _close_without_result(run: AllocationRun, outcome: SolverOutcome) -> None:
    cancelled = run.cancel_requested_at is not None
    _set_state(run, RunState.CANCELLED if cancelled else RunState.FAILED)
    if not cancelled:
        run.error = outcome.error.strip() or "The engine ended without a result."


def _store(run: AllocationRun, result: Result, document: str | None, examined: RunOutcome) -> None:
    _set_state(run, RunState.FINISHED)
    run.result_json = document
    run.status = result.status
    run.versions = {
        "matchmaker": result.version,
        "solver": f"{result.solver.name} {result.solver.version}",
    }
    run.objectives = examined.objectives
    run.figures = examined.figures
    run.satisfaction = examined.satisfaction
    run.participations = examined.participations
    run.reasons = examined.reasons
    run.verdict = examined.verdict
    run.violations = examined.violations
    if examined.verdict == Verdict.PASSED:
        run.placements = [
            Placement(
                region_id=run.region_id,
                group_id=int(placement.group[1:]),
                slot_id=int(placement.slot[1:]),
                rank=placement.rank,
                km=placement.km,
            )
            for placement in result.placements
            if not is_imagined(placement.slot)
        ]


def _set_state(run: AllocationRun, state: RunState) -> None:
    run.state = require_transition("run", RUN_TRANSITIONS, run.state, state)

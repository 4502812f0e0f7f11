"""Start and cancel allocation runs."""

from __future__ import annotations

from flask import current_app

from matchmaker import __version__, clock
from matchmaker.allocation.formats import write_problem
from matchmaker.allocation.problem import problem_sha256
from matchmaker.config import Settings
from matchmaker.domain.errors import RunActiveError, RunTooLateError, WrongPhaseError
from matchmaker.domain.phases import RUN_PHASES
from matchmaker.domain.run_settings import RunSettings
from matchmaker.domain.runs import ACTIVE_RUN_STATES, RUN_TRANSITIONS, RunState
from matchmaker.domain.transitions import require_transition
from matchmaker.models import AllocationRun, Round
from matchmaker.queries.rounds import lock_round
from matchmaker.queries.runs import count_runs, find_active_run, get_run
from matchmaker.services import audit
from matchmaker.services.problems import build_problem_with
from matchmaker.services.transaction import write_transaction


def start_run(
    round_id: int,
    actor_id: int | None,
    *,
    seconds: int | None = None,
    seed: int = 1,
    name: str = "",
    run_settings: RunSettings | None = None,
) -> int:
    """Take a snapshot of the round's problem and queue a run; return its id.

    Parameters
    ----------
    seconds
        Time limit of the solve; None: the setting ``solve_seconds``.
    name
        What the organiser calls the run, up to 80 characters.
    run_settings
        What differs from the round as it stands; None: nothing.

    Raises
    ------
    WrongPhaseError
        When the round is not in a phase for allocating.
    RunActiveError
        When another run of the round is waiting or running.
    UnknownScenarioHostError
        When the settings name a host that takes no part in the round.
    """
    settings: Settings = current_app.config["SETTINGS"]
    chosen = run_settings or RunSettings()
    problem = build_problem_with(round_id, chosen)
    document = write_problem(problem)
    with write_transaction() as session:
        round_ = _lock_startable(round_id)
        run = AllocationRun(
            region_id=round_.region_id,
            round_id=round_id,
            number=count_runs(round_id) + 1,
            name=name.strip(),
            settings=chosen.as_document(),
            seed=seed,
            limit_seconds=seconds or settings.solve_seconds,
            versions={"matchmaker": __version__},
            progress={},
            figures={},
            problem_json=document,
            problem_sha256=problem_sha256(problem),
            error="",
            started_by_id=actor_id,
        )
        session.add(run)
        session.flush()
        _record_start(run)
    return run.id


def _lock_startable(round_id: int) -> Round:
    """Return the locked round when a run of it may start now."""
    round_ = lock_round(round_id)
    if round_.phase not in RUN_PHASES:
        raise WrongPhaseError(round_.phase.value)
    if find_active_run(round_id) is not None:
        raise RunActiveError
    return round_


def _record_start(run: AllocationRun) -> None:
    audit.record(
        "start_run",
        "allocation_run",
        run.id,
        region_id=run.region_id,
        actor_id=run.started_by_id,
        after={"round": run.round_id, "settings": run.settings, "seconds": run.limit_seconds},
    )


def cancel_run(run_id: int, actor_id: int | None) -> None:
    """Ask the worker to stop; what it found so far is kept when the checker passes it.

    Raises
    ------
    RunTooLateError
        When the run has ended already.
    """
    with write_transaction():
        run = get_run(run_id)
        lock_round(run.round_id)
        if run.state not in ACTIVE_RUN_STATES:
            raise RunTooLateError
        run.cancel_requested_at = run.cancel_requested_at or clock.now()
        if run.state == RunState.WAITING:
            run.state = require_transition("run", RUN_TRANSITIONS, run.state, RunState.CANCELLED)
            run.finished_at = clock.now()
        audit.record("cancel_run", "allocation_run", run.id, region_id=run.region_id, actor_id=actor_id)

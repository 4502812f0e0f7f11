"""Runs: started by an organiser, solved by a worker in a process of its own, checked, stored."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.errors import RunActiveError, RunTooLateError, WrongPhaseError
from matchmaker.domain.phases import Phase
from matchmaker.domain.runs import RunState, Verdict
from matchmaker.extensions import db
from matchmaker.models import AllocationRun, AuditEntry, Placement, Round
from matchmaker.queries.runs import get_run
from matchmaker.services.run_execution import LEASE, MOST_ATTEMPTS, execute_waiting_runs
from matchmaker.services.runs import cancel_run, start_run
from tests.integration.services.season import Season, make_season


@pytest.fixture
def season(app: Flask) -> Season:
    return make_season()


def test_a_run_is_solved_checked_and_stored_with_its_placements(season: Season) -> None:
    run_id = start_run(season.round_id, None, seconds=20)
    assert execute_waiting_runs() == 1
    run = get_run(run_id, with_documents=True)
    assert (run.state, run.verdict, run.violations) == (RunState.FINISHED, Verdict.PASSED, [])
    assert run.status == "optimal"
    assert [level["name"] for level in run.objectives][:2] == ["schools_below_1", "schools_below_2"]
    assert run.objectives[1]["value"] == run.objectives[1]["bound"]
    assert run.figures["schools"] == season.schools
    assert run.figures["placements"] == len(run.placements) > 0
    assert run.versions["solver"].startswith("HiGHS ")
    assert run.progress["cut_by_time"] is False


def test_a_passed_run_brings_the_round_to_reviewing(season: Season) -> None:
    start_run(season.round_id, None, seconds=20)
    execute_waiting_runs()
    assert db.session.get_one(Round, season.round_id).phase == Phase.REVIEWING


def test_every_wish_has_a_reason_code(season: Season) -> None:
    run_id = start_run(season.round_id, None, seconds=20)
    execute_waiting_runs()
    reasons = get_run(run_id).reasons
    assert {(reason["group"], reason["rank"]) for reason in reasons} >= {("G1", 1), ("G1", 2)}
    assert all(reason["code"] for reason in reasons)


def test_the_same_input_and_seed_give_the_same_placements(season: Season) -> None:
    found = []
    for _ in range(2):
        run_id = start_run(season.round_id, None, seconds=20)
        execute_waiting_runs()
        found.append(
            db.session.execute(
                sa.select(Placement.group_id, Placement.slot_id)
                .where(Placement.run_id == run_id)
                .order_by(Placement.group_id, Placement.slot_id)
            ).all()
        )
    assert found[0] == found[1]


def test_a_second_run_waits_until_the_first_has_ended(season: Season) -> None:
    start_run(season.round_id, None)
    with pytest.raises(RunActiveError):
        start_run(season.round_id, None)


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase not in {"allocating", "reviewing"}])
def test_runs_start_only_when_allocating_or_reviewing(season: Season, phase: Phase) -> None:
    db.session.get_one(Round, season.round_id).phase = phase
    db.session.commit()
    with pytest.raises(WrongPhaseError):
        start_run(season.round_id, None)


def test_a_waiting_run_that_is_cancelled_is_never_solved(season: Season) -> None:
    run_id = start_run(season.round_id, None)
    cancel_run(run_id, None)
    assert execute_waiting_runs() == 0
    assert get_run(run_id).state == RunState.CANCELLED


def test_an_ended_run_cannot_be_cancelled(season: Season) -> None:
    run_id = start_run(season.round_id, None)
    cancel_run(run_id, None)
    with pytest.raises(RunTooLateError):
        cancel_run(run_id, None)


def test_a_run_whose_worker_died_is_taken_over(season: Season) -> None:
    run_id = start_run(season.round_id, None, seconds=20)
    leave_behind(run_id, attempts=1)
    assert execute_waiting_runs() == 1
    assert get_run(run_id).state == RunState.FINISHED


def test_a_run_with_a_living_worker_is_left_alone(season: Season) -> None:
    run_id = start_run(season.round_id, None)
    leave_behind(run_id, attempts=1, lease=LEASE)
    assert execute_waiting_runs() == 0


def test_a_run_that_kills_its_worker_again_and_again_is_given_up(season: Season) -> None:
    run_id = start_run(season.round_id, None)
    leave_behind(run_id, attempts=MOST_ATTEMPTS)
    assert execute_waiting_runs() == 0
    run = get_run(run_id)
    assert run.state == RunState.FAILED
    assert "ended unexpectedly" in run.error


def test_a_worker_that_stops_hands_its_run_back(season: Season) -> None:
    run_id = start_run(season.round_id, None, seconds=20)
    asked = iter([False, True, True, True])
    assert execute_waiting_runs(lambda: next(asked, True)) == 1
    run = get_run(run_id)
    assert (run.state, run.attempts, run.lease_token) == (RunState.WAITING, 0, None)
    assert execute_waiting_runs() == 1
    assert get_run(run_id).state == RunState.FINISHED


def test_starting_and_cancelling_are_in_the_audit_log(season: Season) -> None:
    cancel_run(start_run(season.round_id, None), None)
    assert db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
        "start_run",
        "cancel_run",
    ]


def leave_behind(run_id: int, *, attempts: int, lease: timedelta = timedelta(seconds=-1)) -> None:
    """Make the run look as a worker leaves it that was killed in the middle."""
    run: AllocationRun = get_run(run_id)
    run.state, run.attempts = RunState.RUNNING, attempts
    run.lease_token, run.lease_until = "another worker", clock.now() + lease
    db.session.commit()

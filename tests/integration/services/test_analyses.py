"""Analyses: asked for once, carried out by a worker, kept until a newer answer takes their place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.analyses import AnalysisKind, AnalysisState
from matchmaker.domain.errors import AnalysisActiveError, RunNotUsableError, RunTooLateError
from matchmaker.domain.phases import Phase
from matchmaker.extensions import db
from matchmaker.models import Activity, Analysis, AuditEntry, Round, WishList
from matchmaker.queries.analyses import find_analysis
from matchmaker.services.analyses import (
    cancel_analysis,
    refresh_prospects,
    request_blind_spots,
    request_school_changes,
)
from matchmaker.services.analysis_execution import LEASE, MOST_ATTEMPTS, execute_waiting_analyses
from matchmaker.services.run_execution import execute_waiting_runs
from matchmaker.services.runs import start_run
from tests.integration.services.season import Season, make_season


@pytest.fixture
def season(app: Flask) -> Season:
    return make_season()


@pytest.fixture
def run_id(season: Season) -> int:
    """A run that the checker passed."""
    found = start_run(season.round_id, None, seconds=20)
    execute_waiting_runs()
    return found


@pytest.fixture
def wishing(season: Season) -> Season:
    """The same season while wishes come in."""
    db.session.get_one(Round, season.round_id).phase = Phase.WISHING
    db.session.commit()
    return season


def get_analysis(season: Season, kind: AnalysisKind, subject: str = "") -> Analysis:
    db.session.rollback()
    found = find_analysis(season.round_id, kind, subject)
    assert found is not None
    return found


def change_state(analysis_id: int, **values: object) -> None:
    db.session.execute(sa.update(Analysis).where(Analysis.id == analysis_id).values(**values))
    db.session.commit()


def test_a_passed_run_is_held_against_the_yardsticks(season: Season, run_id: int) -> None:
    assert execute_waiting_analyses() == 1
    report = get_analysis(season, AnalysisKind.REPORT, str(run_id))
    assert report.state == AnalysisState.FINISHED, report.error
    assert report.document is not None
    assert set(report.document["yardsticks"]) == {"first_come", "deferred_acceptance", "iterated_matching"}
    best = report.document["engine"]["schools_below"]
    for figures in report.document["yardsticks"].values():
        assert figures["schools_below"] >= best
    assert [level["k"] for level in report.document["certificate"]["levels"]] == [1, 2]


def test_blind_spots_are_found_and_kept_with_the_round(season: Season) -> None:
    request_blind_spots(season.round_id, None)
    assert execute_waiting_analyses() == 1
    found = get_analysis(season, AnalysisKind.BLIND_SPOTS)
    assert found.state == AnalysisState.FINISHED, found.error
    assert found.document is not None
    assert set(found.document) == {"structural", "spots", "smallest_set"}
    assert found.problem_sha256
    assert found.computed_at


def test_the_same_question_is_not_asked_twice_at_a_time(season: Season) -> None:
    request_blind_spots(season.round_id, None)
    with pytest.raises(AnalysisActiveError):
        request_blind_spots(season.round_id, None)


def test_a_run_that_the_checker_refused_has_nothing_to_explain(season: Season) -> None:
    run_id = start_run(season.round_id, None, seconds=20)
    with pytest.raises(RunNotUsableError):
        request_school_changes(run_id, 1, None)


def test_asking_again_keeps_the_old_answer_until_the_new_one_is_there(wishing: Season) -> None:
    analysis_id = request_blind_spots(wishing.round_id, None)
    change_state(analysis_id, state=AnalysisState.FINISHED, document={"spots": []})
    assert request_blind_spots(wishing.round_id, None) == analysis_id
    again = get_analysis(wishing, AnalysisKind.BLIND_SPOTS)
    assert (again.state, again.document) == (AnalysisState.WAITING, {"spots": []})


def test_an_analysis_can_be_stopped_once_and_asked_for_again(season: Season) -> None:
    analysis_id = request_blind_spots(season.round_id, None)
    cancel_analysis(analysis_id, None)
    with pytest.raises(RunTooLateError):
        cancel_analysis(analysis_id, None)
    assert execute_waiting_analyses() == 0
    assert request_blind_spots(season.round_id, None) == analysis_id
    actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["request_blind_spots", "cancel_analysis", "request_blind_spots"]


def test_an_analysis_whose_worker_died_is_taken_over_and_given_up_in_the_end(season: Season) -> None:
    analysis_id = request_blind_spots(season.round_id, None)
    lost = {"state": AnalysisState.RUNNING, "lease_token": "another worker"}
    change_state(analysis_id, **lost, attempts=1, lease_until=clock.now() + LEASE)
    assert execute_waiting_analyses() == 0
    change_state(analysis_id, **lost, attempts=MOST_ATTEMPTS, lease_until=clock.now() - timedelta(seconds=1))
    assert execute_waiting_analyses() == 0
    given_up = get_analysis(season, AnalysisKind.BLIND_SPOTS)
    assert given_up.state == AnalysisState.FAILED
    assert "ended unexpectedly" in given_up.error


def test_a_worker_that_stops_hands_its_analysis_back(season: Season) -> None:
    request_blind_spots(season.round_id, None)
    asked: Iterator[bool] = iter([False, True, True, True])
    assert execute_waiting_analyses(lambda: next(asked, True)) == 1
    waiting = get_analysis(season, AnalysisKind.BLIND_SPOTS)
    assert (waiting.state, waiting.attempts, waiting.lease_token) == (AnalysisState.WAITING, 0, None)


def test_prospects_are_refreshed_when_a_wish_changes_and_only_then(wishing: Season) -> None:
    assert refresh_prospects() == 1
    assert execute_waiting_analyses() == 1
    first = get_analysis(wishing, AnalysisKind.PROSPECTS)
    assert first.state == AnalysisState.FINISHED, first.error
    assert first.document is not None
    assert set(first.document["wishes"]["G1"]) <= set(range(6))
    before = first.problem_sha256
    assert refresh_prospects() == 0
    db.session.scalars(sa.select(WishList)).first().wanted = 1
    db.session.commit()
    assert refresh_prospects() == 1
    assert execute_waiting_analyses() == 1
    assert get_analysis(wishing, AnalysisKind.PROSPECTS).problem_sha256 != before


def test_a_change_that_leaves_the_problem_as_it_was_costs_no_calculation(wishing: Season) -> None:
    refresh_prospects()
    execute_waiting_analyses()
    db.session.scalars(sa.select(Activity)).first().description = "Nu met helm."
    db.session.commit()
    assert refresh_prospects() == 0
    assert execute_waiting_analyses() == 0


def test_prospects_are_for_rounds_in_which_wishes_come_in(season: Season) -> None:
    assert refresh_prospects() == 0

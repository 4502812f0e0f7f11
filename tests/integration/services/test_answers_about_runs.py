"""What would help a school, and what a placement would cost others: asked about a run."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.domain.analyses import AnalysisKind
from matchmaker.extensions import db
from matchmaker.models import Activity, Group, School
from matchmaker.queries.analyses import find_analysis
from matchmaker.services.analyses import request_placement_price, request_school_changes
from matchmaker.services.analysis_execution import execute_waiting_analyses
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


def test_what_would_help_a_school_and_what_a_placement_would_cost_is_calculated(
    season: Season, run_id: int
) -> None:
    school = db.session.scalars(sa.select(School.id)).first()
    group = db.session.scalars(sa.select(Group.id)).first()
    activity = db.session.scalars(sa.select(Activity.id)).first()
    assert school
    assert group
    assert activity
    request_school_changes(run_id, school, None)
    request_placement_price(run_id, group, activity, None)
    assert execute_waiting_analyses() == 3
    changes = find_analysis(season.round_id, AnalysisKind.SCHOOL_CHANGES, f"{run_id}:S{school}")
    price = find_analysis(season.round_id, AnalysisKind.PLACEMENT_PRICE, f"{run_id}:G{group}:A{activity}")
    assert changes
    assert price
    assert changes.error == price.error == ""
    assert changes.document is not None
    assert "changes" in changes.document
    assert price.document is not None
    assert price.document["price"]["possible"] is True

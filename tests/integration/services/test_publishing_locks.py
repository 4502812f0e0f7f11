"""While somebody changes a region's input, its publication waits, and then sees the change (PostgreSQL).

SQLite has one writer at a time, so there is nothing to show there.
"""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.domain.errors import RunOutdatedError
from matchmaker.extensions import db
from matchmaker.models import Booking, Group, Region
from matchmaker.scope import within
from matchmaker.services.publishing import publish_run
from matchmaker.services.run_execution import execute_waiting_runs
from matchmaker.services.runs import start_run
from tests.integration.services.season import make_season


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    return postgresql_url


def test_a_change_that_is_under_way_is_waited_for_and_makes_the_run_outdated(app: Flask) -> None:
    run_id = start_run(make_season().round_id, None, seconds=20)
    execute_waiting_runs()
    db.session.rollback()
    region_id = db.session.scalars(sa.select(Region.id)).one()
    db.session.rollback()
    outcome: list[BaseException | None] = []

    def publish() -> None:
        with app.app_context(), within(region_id):
            try:
                publish_run(run_id)
                outcome.append(None)
            except RunOutdatedError as refusal:
                outcome.append(refusal)

    with db.engine.connect() as other:
        other.execute(sa.select(Region.id).with_for_update())
        other.execute(sa.update(Group).values(pupils=Group.pupils + 1))
        thread = threading.Thread(target=publish)
        thread.start()
        thread.join(5)
        assert thread.is_alive(), "the publication did not wait"
        other.commit()
    thread.join(30)
    assert isinstance(outcome[0], RunOutdatedError)
    assert db.session.scalars(sa.select(sa.func.count()).select_from(Booking)).one() == 0

"""What machines that watch the site are told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError

from matchmaker import clock
from matchmaker.extensions import db
from matchmaker.models import SendingState
from matchmaker.services.heartbeat import note_heartbeat
from matchmaker.web.public import health_views
from tests.factories import MessageFactory
from tests.site import StrictClient


def beat(app: Flask, *, ago: timedelta = timedelta(0)) -> None:
    with app.app_context(), time_machine.travel(clock.now() - ago, tick=False):
        note_heartbeat()


def test_a_process_that_answers_is_alive_whatever_the_rest_does(visitor: StrictClient) -> None:
    response = visitor.get("/healthz")
    assert (response.status_code, response.data) == (200, b"ok\n")


def test_a_site_whose_worker_lives_is_ready(site_app: Flask, visitor: StrictClient) -> None:
    beat(site_app)
    response = visitor.get("/readyz")
    assert (response.status_code, response.json) == (200, {"ready": True, "troubles": []})


@pytest.mark.parametrize("ago", [None, timedelta(minutes=2, seconds=5)])
def test_a_silent_worker_is_told_within_two_minutes(
    site_app: Flask, visitor: StrictClient, ago: timedelta | None
) -> None:
    if ago is not None:
        beat(site_app, ago=ago)
    response = visitor.get("/readyz")
    assert (response.status_code, response.json) == (503, {"ready": False, "troubles": ["worker_silent"]})


def test_a_database_that_is_gone_is_told_and_is_no_fault(
    visitor: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_now: datetime) -> None:
        raise OperationalError("SELECT 1", {}, ConnectionError())

    monkeypatch.setattr(health_views, "read_vitals", fail)
    response = visitor.get("/readyz")
    assert (response.status_code, response.json) == (503, {"ready": False, "troubles": ["database"]})


def test_a_mail_server_that_takes_nothing_is_told(site_app: Flask, visitor: StrictClient) -> None:
    beat(site_app)
    with site_app.app_context():
        since = clock.now() - timedelta(minutes=5)
        db.session.execute(sa.update(SendingState).values(problem="refused", problem_since=since))
        MessageFactory()
        db.session.commit()
    response = visitor.get("/readyz")
    assert (response.status_code, response.json) == (
        503,
        {"ready": False, "troubles": ["mail_refused", "mail_late"]},
    )

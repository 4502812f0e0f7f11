"""What the database says about the background work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker.domain.runs import MessageState
from matchmaker.domain.site_health import Vitals
from matchmaker.extensions import db
from matchmaker.models import Heartbeat, SendingState
from matchmaker.models.message import URGENT_LANE
from matchmaker.queries.site_health import read_vitals
from matchmaker.services.heartbeat import note_heartbeat
from matchmaker.services.sending import pause_sending, resume_sending
from tests.factories import MessageFactory, RegionFactory

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_an_empty_site_says_nothing(app: Flask) -> None:
    assert read_vitals(NOW) == Vitals()


def test_the_newest_note_counts_and_is_the_only_row(app: Flask) -> None:
    for moment in (NOW - MINUTE, NOW):
        with time_machine.travel(moment, tick=False):
            note_heartbeat()
    assert read_vitals(NOW).beat_at == NOW
    assert db.session.scalars(sa.select(sa.func.count(Heartbeat.id))).one() == 1


def test_the_oldest_mail_that_could_have_left_is_found_in_each_lane(app: Flask) -> None:
    MessageFactory(next_attempt_at=NOW - 9 * MINUTE)
    MessageFactory(next_attempt_at=NOW - 20 * MINUTE)
    MessageFactory(next_attempt_at=NOW - 3 * MINUTE, lane=URGENT_LANE)
    MessageFactory(next_attempt_at=NOW + MINUTE, lane=URGENT_LANE)
    MessageFactory(next_attempt_at=NOW - 60 * MINUTE, state=MessageState.SENT, sent_at=NOW - 2 * MINUTE)
    MessageFactory(next_attempt_at=NOW - 60 * MINUTE, state=MessageState.FAILED)
    db.session.commit()
    assert read_vitals(NOW) == Vitals(
        urgent_due_at=NOW - 3 * MINUTE, bulk_due_at=NOW - 20 * MINUTE, sent_at=NOW - 2 * MINUTE
    )


def test_mail_that_waits_by_decision_is_not_late(app: Flask) -> None:
    region = RegionFactory()
    MessageFactory(region_id=region.id, next_attempt_at=NOW - 20 * MINUTE)
    db.session.commit()
    pause_sending(region.id)
    assert read_vitals(NOW).due_at is None
    resume_sending(region.id)
    assert read_vitals(NOW).due_at == NOW - 20 * MINUTE


def test_a_mail_server_that_takes_nothing_matters_while_mail_waits_for_it(app: Flask) -> None:
    db.session.execute(sa.update(SendingState).values(problem="535", problem_since=NOW - 7 * MINUTE))
    db.session.commit()
    assert read_vitals(NOW).refused_since is None
    MessageFactory(next_attempt_at=NOW + MINUTE)
    db.session.commit()
    assert read_vitals(NOW).refused_since == NOW - 7 * MINUTE

"""The worker's note that it lives."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker.extensions import db
from matchmaker.models import Heartbeat
from matchmaker.queries.site_health import read_vitals
from matchmaker.services.heartbeat import note_heartbeat

MOMENTS = [datetime(2026, 11, 30, 9, minute, tzinfo=UTC) for minute in (0, 1)]


def test_nobody_lives_before_the_first_note(app: Flask) -> None:
    assert read_vitals().beat_at is None


def test_the_newest_note_counts_and_is_the_only_row(app: Flask) -> None:
    for moment in MOMENTS:
        with time_machine.travel(moment, tick=False):
            note_heartbeat()
    assert read_vitals().beat_at == MOMENTS[-1]
    assert db.session.scalars(sa.select(sa.func.count(Heartbeat.id))).one() == 1

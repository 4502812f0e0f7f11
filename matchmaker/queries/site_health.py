"""Reads of how the background work of the whole site stands."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.domain.site_health import Vitals
from matchmaker.extensions import db
from matchmaker.models import Heartbeat
from matchmaker.models.heartbeat import WORKER


def read_vitals() -> Vitals:
    """Return what there is to judge the background work by."""
    beat_at = db.session.scalars(select(Heartbeat.beat_at).where(Heartbeat.name == WORKER)).one_or_none()
    return Vitals(beat_at)

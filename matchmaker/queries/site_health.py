"""Reads of how the background work of the whole site stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select

from matchmaker.domain.runs import MessageState
from matchmaker.domain.site_health import Vitals
from matchmaker.extensions import db
from matchmaker.models import Heartbeat, Message, SendingState
from matchmaker.models.heartbeat import WORKER
from matchmaker.models.message import BULK_LANE, URGENT_LANE
from matchmaker.queries.sending import is_held
from matchmaker.scope import unscoped


@unscoped("how the mail of the whole site stands")
def read_vitals(now: datetime) -> Vitals:
    """Return what there is to judge the background work by, in one query that counts nothing."""
    statement = select(
        select(Heartbeat.beat_at).where(Heartbeat.name == WORKER).scalar_subquery(),
        select(SendingState.problem_since).where(_is_anything_queued()).scalar_subquery(),
        _select_oldest_due(URGENT_LANE, now),
        _select_oldest_due(BULK_LANE, now),
        select(func.max(Message.sent_at)).scalar_subquery(),
    )
    return Vitals(*db.session.execute(statement).one())


def _is_anything_queued() -> ColumnElement[bool]:
    """Without mail to try it with nobody learns that the server works again, and nobody misses it."""
    return exists().where(Message.state == MessageState.QUEUED)


def _select_oldest_due(lane: int, now: datetime) -> ScalarSelect[datetime]:
    """Return since when the oldest queued message of a lane could have left, along the index of sending."""
    queued = (
        select(Message.next_attempt_at.label("since"))
        .where(Message.state == MessageState.QUEUED, Message.lane == lane, Message.next_attempt_at <= now)
        .where(~is_held(Message, now))
        .order_by(Message.next_attempt_at)
        .limit(1)
        .subquery()
    )
    return select(queued.c.since).scalar_subquery()

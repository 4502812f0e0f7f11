"""Reads of the trial mails that somebody sent to themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.kinds import MessageKind
from matchmaker.extensions import db
from matchmaker.models import Message


def find_last_trial(region_id: int, user_id: int, since: datetime) -> Message | None:
    """Return the newest trial mail of a person in a region, or None when there is none of so lately."""
    statement = _select_trials(region_id, user_id, since).options(joinedload(Message.user))
    return db.session.scalars(statement.order_by(Message.id.desc()).limit(1)).first()


def count_trials_since(region_id: int, user_id: int, since: datetime) -> int:
    """Return how many trial mails a person sent in a region since a moment."""
    found = _select_trials(region_id, user_id, since).subquery()
    return db.session.scalars(select(func.count()).select_from(found)).one()


def _select_trials(region_id: int, user_id: int, since: datetime) -> Select[Message]:
    return select(Message).where(
        Message.region_id == region_id,
        Message.created_at >= since,
        Message.user_id == user_id,
        Message.kind == MessageKind.TRIAL,
    )

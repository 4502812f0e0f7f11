"""Reads of calendars that people subscribe to."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from matchmaker.extensions import db
from matchmaker.models import CalendarFeed, User


def find_feed_by_token(token_hash: str) -> CalendarFeed | None:
    """Return the feed with this token, with its active owner, or None."""
    statement = (
        select(CalendarFeed)
        .join(CalendarFeed.user)
        .where(CalendarFeed.token_hash == token_hash, User.active)
        .options(contains_eager(CalendarFeed.user), joinedload(CalendarFeed.organisation))
    )
    return db.session.scalars(statement).one_or_none()


def list_feeds(user_id: int) -> list[CalendarFeed]:
    """Return a person's feeds, oldest first."""
    statement = select(CalendarFeed).where(CalendarFeed.user_id == user_id).order_by(CalendarFeed.id)
    return list(db.session.scalars(statement))

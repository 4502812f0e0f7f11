"""Reads of whether mail leaves: pauses that somebody decided on, and problems of the mail server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select

from matchmaker.extensions import db
from matchmaker.models import Message, Region, SendingState
from matchmaker.models.message import URGENT_LANE


@dataclass(frozen=True, slots=True)
class Sending:
    """Whether mail leaves, as somebody who looks after it wants to know.

    Parameters
    ----------
    paused_at
        Since when somebody lets nothing but sign-in mail leave; None: it leaves.
    problem, problem_since
        Why the mail server takes nothing at all, in one line, and since when; empty and None: it does.
    held_until
        When it is tried again at the earliest.
    """

    paused_at: datetime | None = None
    problem: str = ""
    problem_since: datetime | None = None
    held_until: datetime | None = None


def get_sending() -> Sending:
    """Return whether mail leaves from the site as a whole."""
    row = db.session.scalars(select(SendingState)).one_or_none()
    if row is None:
        return Sending()
    return Sending(row.paused_at, row.problem, row.problem_since, row.held_until)


def find_region_pause(region_id: int) -> datetime | None:
    """Return since when the region's own mail waits by decision, or None when it leaves."""
    return db.session.scalars(select(Region.mail_paused_at).where(Region.id == region_id)).one_or_none()


def is_held(message: type[Message], now: datetime) -> ColumnElement[bool]:
    """Return the condition for messages that do not leave now, whatever their own time.

    A pause holds everything but urgent mail: who cannot sign in cannot end the pause either.
    """
    without_way_out = exists().where(SendingState.held_until > now)
    all_paused = exists().where(SendingState.paused_at.is_not(None))
    region_paused = exists().where(Region.id == message.region_id, Region.mail_paused_at.is_not(None))
    return or_(without_way_out, (message.lane != URGENT_LANE) & or_(all_paused, region_paused))

"""Reads of the mail of the whole site as figures, without anybody's name or address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message, Region, User
from matchmaker.models.message import BULK_LANE, URGENT_LANE
from matchmaker.scope import unscoped

LANES = {URGENT_LANE: "urgent", BULK_LANE: "bulk"}
LATELY = timedelta(days=1)
_WAITING = (MessageState.QUEUED, MessageState.LEASED)
_ENDED = (MessageState.SENT, MessageState.FAILED, MessageState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """How many messages of a lane have yet to leave, and since when the oldest of them could."""

    waiting: int = 0
    oldest_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MailFigures:
    """The mail of the whole site.

    Parameters
    ----------
    lanes
        By the name of the lane; each is there.
    outcomes
        Messages that were last due within `LATELY`, by kind and state; what is queued was postponed.
    people_in_trouble
        Accounts whom mail does not reach, by what is wrong.
    paused_regions
        Regions that hold their mail back.
    """

    lanes: Mapping[str, LaneFigures] = field(default_factory=dict)
    outcomes: Mapping[tuple[MessageKind, MessageState], int] = field(default_factory=dict)
    people_in_trouble: Mapping[MailTrouble, int] = field(default_factory=dict)
    paused_regions: int = 0


@unscoped("how the mail of the whole site stands")
def read_mail_figures(now: datetime) -> MailFigures:
    """Return the figures of this moment; old messages are neither read nor counted."""
    return MailFigures(
        _read_lanes(now), _count_outcomes(now - LATELY), _count_people_in_trouble(), _count_paused_regions()
    )


def _read_lanes(now: datetime) -> dict[str, LaneFigures]:
    due_at = func.min(Message.next_attempt_at).filter(
        Message.state == MessageState.QUEUED, Message.next_attempt_at <= now
    )
    statement = (
        select(Message.lane, func.count(), due_at).where(Message.state.in_(_WAITING)).group_by(Message.lane)
    )
    found = {LANES[lane]: LaneFigures(number, since) for lane, number, since in db.session.execute(statement)}
    return {name: found.get(name, LaneFigures()) for name in LANES.values()}


def _count_outcomes(since: datetime) -> dict[tuple[MessageKind, MessageState], int]:
    """Count along the index in which messages wait; it keeps the moment at which each was last due."""
    postponed = (Message.state == MessageState.QUEUED) & (Message.attempts > 0)
    statement = (
        select(Message.kind, Message.state, func.count())
        .where(Message.state.in_((*_ENDED, MessageState.QUEUED)), Message.lane.in_(LANES))
        .where(Message.next_attempt_at >= since, or_(Message.state.in_(_ENDED), postponed))
        .group_by(Message.kind, Message.state)
    )
    return {(kind, state): number for kind, state, number in db.session.execute(statement)}


def _count_people_in_trouble() -> dict[MailTrouble, int]:
    statement = (
        select(User.mail_trouble, func.count())
        .where(User.active, User.mail_trouble.is_not(None))
        .group_by(User.mail_trouble)
    )
    found = {trouble: number for trouble, number in db.session.execute(statement) if trouble is not None}
    return {trouble: found.get(trouble, 0) for trouble in MailTrouble}


def _count_paused_regions() -> int:
    return db.session.scalars(
        select(func.count()).select_from(Region).where(Region.mail_paused_at.is_not(None))
    ).one()

"""Reads for the overview of organisers: what came in, and who is asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from matchmaker.domain.kinds import MessageKind, SlotState
from matchmaker.domain.phases import RESULT_PHASES, Phase
from matchmaker.extensions import db
from matchmaker.models import Host, Message, Round, School, Slot, WishList


def list_open_rounds(region_id: int) -> list[Round]:
    """Return the rounds of a region whose result is not known yet, by the first day of their visits."""
    statement = select(Round).where(Round.region_id == region_id, Round.phase.not_in(RESULT_PHASES))
    return list(db.session.scalars(statement.order_by(Round.visits_from, Round.id)))


def count_asked(round_: Round) -> int:
    """Return how many active hosts or schools are asked in the phase of now."""
    kind = Host if round_.phase is Phase.OFFERING else School
    statement = select(func.count(kind.id)).where(kind.region_id == round_.region_id, kind.active)
    return db.session.scalars(statement).one()


def count_answers_since(round_: Round, since: datetime) -> int:
    """Return how many open slots, or submitted wish lists, came in after a moment."""
    if round_.phase is Phase.OFFERING:
        statement = select(func.count(Slot.id)).where(
            Slot.round_id == round_.id, Slot.state == SlotState.OPEN, Slot.created_at > since
        )
    else:
        statement = select(func.count(WishList.id)).where(
            WishList.round_id == round_.id, WishList.submitted_at > since
        )
    return db.session.scalars(statement).one()


def find_last_digest(region_id: int, before: datetime) -> datetime | None:
    """Return when organisers of a region last got an overview before a moment, or None."""
    statement = select(func.max(Message.created_at)).where(
        Message.region_id == region_id, Message.kind == MessageKind.DIGEST, Message.created_at < before
    )
    return db.session.scalars(statement).one()

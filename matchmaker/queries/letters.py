"""Reads for whoever writes letters: what was written before, and who has answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from matchmaker.domain.kinds import HolidayRegion, MessageKind, SlotState
from matchmaker.domain.phases import Phase
from matchmaker.extensions import db
from matchmaker.models import Activity, Group, Message, Organisation, Round, School, Slot, WishList


def list_recipients(cause: str, kind: MessageKind, since: datetime | None = None) -> set[str]:
    """Return the addresses for which the outbox holds, or held, a mail of a cause and kind.

    Parameters
    ----------
    since
        Only mails written after this moment; None: whenever.
    """
    statement = select(Message.recipient).where(Message.cause == cause, Message.kind == kind)
    if since is not None:
        statement = statement.where(Message.created_at > since)
    return set(db.session.scalars(statement))


def list_rounds_in(phases: Iterable[Phase]) -> list[tuple[int, int]]:
    """Return the ids of the rounds in one of the phases, each with the id of its region."""
    statement = select(Round.id, Round.region_id).where(Round.phase.in_(list(phases))).order_by(Round.id)
    return [(round_id, region_id) for round_id, region_id in db.session.execute(statement)]


def list_answered(round_: Round) -> set[int]:
    """Return the ids of who answered: hosts with an open slot, or in the phase of wishes schools with any."""
    if round_.phase is Phase.OFFERING:
        offered = (
            select(Activity.host_id)
            .join(Slot, Slot.activity_id == Activity.id)
            .where(Slot.round_id == round_.id, Slot.state == SlotState.OPEN)
        )
        return set(db.session.scalars(offered))
    asked = (
        select(Group.school_id)
        .join(WishList, WishList.group_id == Group.id)
        .where(WishList.round_id == round_.id, WishList.submitted_at.is_not(None))
    )
    return set(db.session.scalars(asked))


def list_holiday_regions(region_id: int) -> dict[int, HolidayRegion]:
    """Return the holiday region of each school of a region, by id."""
    statement = select(School.id, School.holiday_region).where(School.region_id == region_id)
    return {row.id: row.holiday_region for row in db.session.execute(statement)}


def list_newest(kind: MessageKind, causes: Iterable[str]) -> dict[str, tuple[datetime, int]]:
    """Return for each cause when its newest mail of a kind was written, and its sequence."""
    statement = (
        select(Message.cause, func.max(Message.created_at), func.max(Message.sequence))
        .where(Message.kind == kind, Message.cause.in_(list(causes)))
        .group_by(Message.cause)
    )
    return {cause: (written_at, sequence) for cause, written_at, sequence in db.session.execute(statement)}


def count_answered(round_: Round) -> int:
    """Return how many active hosts or schools have answered in the phase of now."""
    answered = list_answered(round_)
    statement = select(Organisation.id).where(Organisation.region_id == round_.region_id, Organisation.active)
    return len(answered & set(db.session.scalars(statement)))


def count_by_kind(causes: Iterable[str]) -> dict[MessageKind, int]:
    """Return how many mails of these causes there are, by kind."""
    statement = select(Message.kind, func.count()).where(Message.cause.in_(list(causes)))
    return {row.kind: row[1] for row in db.session.execute(statement.group_by(Message.kind))}


def list_school_ids(region_id: int) -> list[int]:
    """Return the ids of all schools of a region."""
    return list(
        db.session.scalars(select(School.id).where(School.region_id == region_id).order_by(School.id))
    )

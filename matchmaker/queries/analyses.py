"""Reads of analyses, and of what tells cheaply that a round's input has changed."""

from __future__ import annotations

import hashlib

from sqlalchemy import Executable, func, select
from sqlalchemy.orm import undefer

from matchmaker.domain.analyses import AnalysisKind
from matchmaker.domain.phases import Phase
from matchmaker.extensions import db
from matchmaker.models import (
    Activity,
    Analysis,
    BlockedTime,
    Booking,
    ClosedDay,
    Group,
    Organisation,
    Round,
    Slot,
    Wish,
    WishList,
)


def find_analysis(round_id: int, kind: AnalysisKind, subject: str = "") -> Analysis | None:
    """Return the analysis of this kind and subject with its answer, or None when nobody asked for it."""
    statement = (
        select(Analysis)
        .where(Analysis.round_id == round_id, Analysis.kind == kind, Analysis.subject == subject)
        .options(undefer(Analysis.document))
    )
    return db.session.scalars(statement).one_or_none()


def list_prices(run_id: int) -> list[Analysis]:
    """Return what was asked about the price of placements in a run, with the answers."""
    statement = (
        select(Analysis)
        .where(Analysis.run_id == run_id, Analysis.kind == AnalysisKind.PLACEMENT_PRICE)
        .options(undefer(Analysis.document))
        .order_by(Analysis.id)
    )
    return list(db.session.scalars(statement))


def list_wishing_rounds() -> list[Round]:
    """Return the rounds in which wishes come in."""
    return list(db.session.scalars(select(Round).where(Round.phase == Phase.WISHING).order_by(Round.id)))


def mark_input(round_: Round) -> str:
    """Return a mark of the rows behind a round's problem that changes when one of them does.

    It counts rows and adds up their versions: much cheaper than building the problem, and good enough to
    tell that nothing happened.
    """
    own_lists = select(WishList.id).where(WishList.round_id == round_.id)
    parts: list[Executable] = [
        select(func.count(), func.sum(WishList.version), func.max(WishList.submitted_at)).where(
            WishList.round_id == round_.id
        ),
        select(func.count(), func.max(Wish.id)).where(Wish.wish_list_id.in_(own_lists)),
        select(func.count(), func.max(BlockedTime.id)).where(BlockedTime.wish_list_id.in_(own_lists)),
        select(func.count(), func.sum(Slot.version)).where(Slot.round_id == round_.id),
        select(func.count(), func.sum(Activity.version)).where(Activity.region_id == round_.region_id),
        select(func.count(), func.sum(Organisation.version)).where(
            Organisation.region_id == round_.region_id
        ),
        select(func.count(), func.sum(Group.version)).where(Group.school_year_id == round_.school_year_id),
        select(func.count(), func.max(ClosedDay.id)).where(ClosedDay.region_id == round_.region_id),
        select(func.count(), func.sum(Booking.version)).where(Booking.region_id == round_.region_id),
    ]
    facts = [tuple(db.session.execute(part).one()) for part in parts]
    return hashlib.sha256(repr([round_.version, facts]).encode()).hexdigest()

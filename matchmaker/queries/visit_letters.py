"""Reads for letters about visits: which visits there are, and what was told about them to whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from matchmaker.domain.bookings import STANDING_STATES, BookingState
from matchmaker.domain.kinds import MessageKind, SlotState
from matchmaker.domain.questions import QuestionPurpose
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Activity, Booking, Group, Message, SignedQuestion, Slot, ToldVisit

Appointment = tuple[int, int, datetime, datetime]
"""A visit at a time: booking, slot, start and end."""


class Told(NamedTuple):
    """A visit as a letter tells of it."""

    booking_id: int
    slot_id: int
    starts_at: datetime
    ends_at: datetime
    address: str

    @property
    def appointment(self) -> Appointment:
        """The visit without its place: somebody who was told of it knows when it is."""
        return self[:4]


@dataclass(frozen=True, slots=True)
class VisitRow:
    """The few facts of a visit by which letters about it are planned.

    Parameters
    ----------
    settled_at
        When the booking was made or changed last.
    """

    booking_id: int
    slot_id: int
    group_id: int
    school_id: int
    host_id: int
    state: BookingState
    starts_at: datetime
    ends_at: datetime
    address: str
    settled_at: datetime

    @property
    def told(self) -> Told:
        """The visit as a letter tells of it now."""
        return Told(self.booking_id, self.slot_id, self.starts_at, self.ends_at, self.address)


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter to one person, with the visits that it tells of."""

    message_id: int
    recipient: str
    state: MessageState
    written_at: datetime
    visits: frozenset[Told]


def list_visits(region_id: int, first: datetime, last: datetime) -> list[VisitRow]:
    """Return the visits of a region that begin from one moment up to another and stand, earliest first."""
    statement = (
        select(
            Booking.id.label("booking_id"),
            Booking.slot_id,
            Booking.group_id,
            Group.school_id,
            Activity.host_id,
            Booking.state,
            Slot.starts_at,
            Slot.ends_at,
            Slot.address,
            Booking.changed_at.label("settled_at"),
        )
        .join(Booking.group)
        .join(Booking.slot)
        .join(Slot.activity)
        .where(
            Booking.region_id == region_id,
            Booking.state.in_(STANDING_STATES),
            Slot.state == SlotState.OPEN,
            Slot.starts_at >= first,
            Slot.starts_at < last,
        )
        .order_by(Slot.starts_at, Booking.id)
    )
    return [VisitRow(**row) for row in db.session.execute(statement).mappings()]


def list_letters(region_id: int, kind: MessageKind, since: datetime) -> list[LetterRow]:
    """Return the letters of a kind since a moment that somebody has, gets or could not get, oldest first."""
    statement = (
        select(
            Message.id,
            Message.recipient,
            Message.state,
            Message.created_at,
            ToldVisit.booking_id,
            ToldVisit.slot_id,
            ToldVisit.starts_at,
            ToldVisit.ends_at,
            ToldVisit.address,
        )
        .join(ToldVisit, ToldVisit.message_id == Message.id)
        .where(
            Message.region_id == region_id,
            Message.kind == kind,
            Message.created_at >= since,
            Message.state != MessageState.SUPERSEDED,
        )
        .order_by(Message.id)
    )
    letters: dict[int, LetterRow] = {}
    for row in db.session.execute(statement):
        told = Told(row.booking_id, row.slot_id, row.starts_at, row.ends_at, row.address)
        known = letters.get(row.id)
        visits = frozenset({told}) | (known.visits if known else frozenset())
        letters[row.id] = LetterRow(row.id, row.recipient, row.state, row.created_at, visits)
    return list(letters.values())


def find_last_sequences(cause: str, kind: MessageKind) -> dict[str, int]:
    """Return the highest sequence of a cause and kind, by recipient."""
    statement = (
        select(Message.recipient, func.max(Message.sequence).label("last"))
        .where(Message.cause == cause, Message.kind == kind)
        .group_by(Message.recipient)
    )
    return {row.recipient: row.last for row in db.session.execute(statement)}


def list_asked(booking_ids: Collection[int], purpose: QuestionPurpose) -> list[SignedQuestion]:
    """Return the questions for one purpose about these bookings that still count, oldest first."""
    statement = (
        select(SignedQuestion)
        .where(
            SignedQuestion.booking_id.in_(list(booking_ids)),
            SignedQuestion.purpose == purpose,
            SignedQuestion.voided_at.is_(None),
        )
        .order_by(SignedQuestion.id)
    )
    return list(db.session.scalars(statement))

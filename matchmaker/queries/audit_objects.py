"""What the things are called that entries of the audit log are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    Activity,
    AllocationRun,
    AuditEntry,
    Booking,
    Group,
    Message,
    Organisation,
    Round,
    Slot,
)


@dataclass(frozen=True, slots=True)
class Named:
    """An object of entries that is still there: its name, or its number in its round."""

    name: str
    number: int | None = None


def name_objects(entries: Iterable[AuditEntry]) -> dict[tuple[str, int], Named]:
    """Return the names of what the entries are about, one query for each type; unknown types are left out."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        if entry.object_id is not None:
            wanted.setdefault(entry.object_type, set()).add(entry.object_id)
    return {
        (kind, row_id): named
        for kind in sorted(wanted.keys() & _READERS.keys())
        for row_id, named in _READERS[kind](wanted[kind]).items()
    }


def _name_rounds(ids: Iterable[int]) -> dict[int, Named]:
    rows = db.session.execute(select(Round.id, Round.name).where(Round.id.in_(ids)))
    return {row.id: Named(row.name) for row in rows}


def _name_runs(ids: Iterable[int]) -> dict[int, Named]:
    statement = select(AllocationRun.id, AllocationRun.number, Round.name).join(AllocationRun.round)
    rows = db.session.execute(statement.where(AllocationRun.id.in_(ids)))
    return {row.id: Named(row.name, row.number) for row in rows}


def _name_organisations(ids: Iterable[int]) -> dict[int, Named]:
    rows = db.session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return {row.id: Named(row.name) for row in rows}


def _name_messages(ids: Iterable[int]) -> dict[int, Named]:
    rows = db.session.execute(select(Message.id, Message.subject).where(Message.id.in_(ids)))
    return {row.id: Named(row.subject) for row in rows}


def _name_bookings(ids: Iterable[int]) -> dict[int, Named]:
    statement = (
        select(Booking.id, Group.name, Activity.title)
        .join(Booking.group)
        .join(Booking.slot)
        .join(Slot.activity)
        .where(Booking.id.in_(ids))
    )
    return {row.id: Named(f"{row.name} ({row.title})") for row in db.session.execute(statement)}


def _name_slots(ids: Iterable[int]) -> dict[int, Named]:
    rows = db.session.execute(select(Slot.id, Activity.title).join(Slot.activity).where(Slot.id.in_(ids)))
    return {row.id: Named(row.title) for row in rows}


_READERS: Mapping[str, Callable[[Iterable[int]], dict[int, Named]]] = {
    "round": _name_rounds,
    "allocation_run": _name_runs,
    "school": _name_organisations,
    "host": _name_organisations,
    "organisation": _name_organisations,
    "message": _name_messages,
    "booking": _name_bookings,
    "slot": _name_slots,
}

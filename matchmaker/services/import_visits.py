"""Steps of an import: what a file changes about visits that people have in their calendars."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker import clock
from matchmaker.exchange.rows import GroupRow
from matchmaker.exchange.sheets import GROUPS
from matchmaker.models import Slot
from matchmaker.queries.visits import list_booked_slots, list_slot_bookings
from matchmaker.services.contact_changes import tell_contacts
from matchmaker.services.import_context import ImportContext
from matchmaker.services.visit_changes import Picture


def take_resized(context: ImportContext, rows: Mapping[int, GroupRow]) -> None:
    """Let the places that groups hold follow their new size; refuse a group that no longer fits.

    Parameters
    ----------
    rows
        The rows of groups that were there with another number of pupils, by the group's id; the groups hold
        the new number already.
    """
    if not rows:
        return
    slots = list_booked_slots(rows.keys())
    bookings = list_slot_bookings([slot.id for slot in slots])
    for slot in slots:
        held = [booking.group for booking in bookings[slot.id]]
        pupils = sum(_size_of(group.id, group.pupils, rows) for group in held)
        if slot.capacity_pupils is None or pupils <= slot.capacity_pupils:
            if not context.problems:
                slot.taken_pupils = pupils
            continue
        row = next(rows[group.id] for group in held if group.id in rows)
        context.refuse(GROUPS.name, row, "Leerlingen", _tell_full(slot, pupils))


def tell_visitors(context: ImportContext, before: Picture) -> None:
    """Mail whoever has a visit in the calendar that the file changed, and who answers for one from now on."""
    if not before:
        return
    messages = tell_contacts(context.region.id, before)
    if messages:
        context.report.notes.append(
            f"Er gaan {len(messages)} mails weg over bezoeken die door dit bestand veranderen."
        )


def _size_of(group_id: int, known: int, rows: Mapping[int, GroupRow]) -> int:
    return rows[group_id].pupils or known if group_id in rows else known


def _tell_full(slot: Slot, pupils: int) -> str:
    day = clock.local(slot.starts_at)
    return (
        f"Zo komen er {pupils} leerlingen bij “{slot.activity.title}” op {day:%d-%m-%Y %H.%M}; "
        f"er is plaats voor {slot.capacity_pupils}. Zeg eerst een groep af, of verruim het tijdvak."
    )

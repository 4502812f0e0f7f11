"""The calendar of a region that everybody may follow: what hosts do when, and nothing about who comes."""

from __future__ import annotations

from functools import lru_cache

from flask import current_app

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.kinds import SlotState
from matchmaker.models import Region, Slot
from matchmaker.notifications.calendar import CalendarEntry, Mailbox, build_feed, make_public_uid
from matchmaker.notifications.composing import system_address
from matchmaker.queries.public_agenda import list_agenda_slots
from matchmaker.services.feeds import HISTORY


def build_public_agenda(region: Region) -> bytes:
    """Return the region's calendar; what was withdrawn after publication stays for some weeks, cancelled."""
    slots = list_agenda_slots(region.id, clock.now() - HISTORY)
    return _write(tuple(_describe(region, slot) for slot in slots), region.name)


@lru_cache(maxsize=16)
def _write(entries: tuple[CalendarEntry, ...], name: str) -> bytes:
    """Return the file; programs of many people fetch the same one, and writing it takes most of the time."""
    return build_feed(entries, name)


def _describe(region: Region, slot: Slot) -> CalendarEntry:
    settings: Settings = current_app.config["SETTINGS"]
    activity, withdrawn = slot.activity, slot.state is SlotState.WITHDRAWN
    url = f"{settings.base_url}/regio/{region.slug}/aanbod/{activity.id}"
    return CalendarEntry(
        uid=make_public_uid(slot.calendar_uid),
        # Not those of the slot, which rise with every booking and so would tell that somebody comes.
        sequence=int(withdrawn),
        stamp=slot.round.published_at or slot.created_at,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=f"{activity.title} ({activity.host.name})",
        organiser=Mailbox(name=region.sender_name or region.name, email=system_address(settings)),
        location=_locate(slot),
        url=url,
        description=f"Voor groepen van scholen die zich hebben opgegeven.\nMeer: {url}",
        cancelled=withdrawn,
        is_busy=False,
    )


def _locate(slot: Slot) -> str:
    """Return where it is as the catalogue says it; never a school, nor where one occasion is for once."""
    activity, host = slot.activity, slot.activity.host
    if activity.mobile or slot.address:
        return ""
    parts = (host.name, activity.address or host.street, host.place)
    return ", ".join(part for part in parts if part)

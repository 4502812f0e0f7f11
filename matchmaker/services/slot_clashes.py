"""Whom a slot would run into at another time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from matchmaker import clock
from matchmaker.domain.moving import FINAL, Agenda, ClashKind, Engagement, exceeds_host_day, find_clash
from matchmaker.domain.school_calendar import Stretch
from matchmaker.models import Booking, Group, Slot
from matchmaker.queries.demand import list_closed_days, list_group_wish_lists
from matchmaker.queries.visits import list_other_visits, list_slot_bookings, list_visited_moments
from matchmaker.services.availability import list_blocked, list_days_off, wall_of


@dataclass(frozen=True, slots=True)
class SlotTarget:
    """Where a slot is to go.

    Parameters
    ----------
    starts_at, ends_at
        Aware, in this order.
    address
        The place of this one occasion; empty: where the activity is otherwise.
    """

    starts_at: datetime
    ends_at: datetime
    address: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """A rule that does not hold at the new time, and the group that it is about; None: the host itself."""

    kind: ClashKind
    group: Group | None = None

    @property
    def is_final(self) -> bool:
        """Tell whether nobody can wave it through."""
        return self.kind in FINAL


def list_clashes(slot: Slot, target: SlotTarget) -> list[Clash]:
    """Return what stands against the new time: at most one rule per group, then the host's own.

    The rooms of other places are not known, so a new address is not checked for distance.
    """
    bookings = list_slot_bookings([slot.id]).get(slot.id, [])
    if not bookings or (target.starts_at, target.ends_at) == (slot.starts_at, slot.ends_at):
        return []
    agendas = _list_agendas(slot, bookings, target)
    wanted = _engage(target.starts_at, target.ends_at, slot.multi_stop_day)
    gap = timedelta(minutes=slot.round.min_gap_minutes)
    found = [(booking.group, find_clash(wanted, agendas[booking.group_id], gap)) for booking in bookings]
    clashes = [Clash(kind, group) for group, kind in found if kind is not None]
    host = slot.activity.host
    days = [clock.local(m).date() for m in list_visited_moments(host.id, slot.id)]
    if exceeds_host_day(wanted.when.start.date(), days, host.max_slots_per_day):
        clashes.append(Clash(ClashKind.HOST_DAY))
    return clashes


def _list_agendas(slot: Slot, bookings: list[Booking], target: SlotTarget) -> dict[int, Agenda]:
    group_ids = [booking.group_id for booking in bookings]
    first, last = clock.local(target.starts_at).date(), clock.local(target.ends_at).date()
    closed = list_closed_days(slot.region_id, first, last)
    wish_lists = list_group_wish_lists(group_ids, slot.round_id)
    others = list_other_visits(group_ids, slot.id)
    return {
        booking.group_id: Agenda(
            unavailable=[
                *list_days_off(booking.group.school, closed),
                *(list_blocked(wish_lists[booking.group_id]) if booking.group_id in wish_lists else ()),
            ],
            engagements=[
                _engage(other.starts_at, other.ends_at, other.multi_stop_day)
                for other in others.get(booking.group_id, [])
            ],
        )
        for booking in bookings
    }


def _engage(starts_at: datetime, ends_at: datetime, multi_stop_day: str | None) -> Engagement:
    return Engagement(Stretch(wall_of(starts_at), wall_of(ends_at)), multi_stop_day)

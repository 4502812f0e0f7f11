"""States of a booking and where a booking comes from."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class BookingState(StrEnum):
    """What a booking is at this moment; waiting and offered belong to the waiting list."""

    WAITING = "waiting"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no_show"


BOOKING_TRANSITIONS = MappingProxyType(
    {
        BookingState.WAITING: frozenset(
            {BookingState.OFFERED, BookingState.CONFIRMED, BookingState.CANCELLED}
        ),
        BookingState.OFFERED: frozenset(
            {BookingState.CONFIRMED, BookingState.DECLINED, BookingState.WAITING, BookingState.CANCELLED}
        ),
        BookingState.CONFIRMED: frozenset(
            {BookingState.CANCELLED, BookingState.ATTENDED, BookingState.NO_SHOW}
        ),
        BookingState.DECLINED: frozenset(),
        BookingState.CANCELLED: frozenset(),
        BookingState.ATTENDED: frozenset({BookingState.NO_SHOW}),
        BookingState.NO_SHOW: frozenset({BookingState.ATTENDED}),
    }
)

# States in which a group holds places in a slot.
HOLDING_STATES = frozenset(
    {BookingState.OFFERED, BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.NO_SHOW}
)
# States of a visit that stands or was: about these a teacher can be asked.
STANDING_STATES = frozenset({BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.NO_SHOW})
# States in which a group held places and does no longer.
GONE_STATES = frozenset({BookingState.DECLINED, BookingState.CANCELLED})
# States that count as a participation of the school.
COUNTING_STATES = frozenset({BookingState.CONFIRMED, BookingState.ATTENDED})


class BookingSource(StrEnum):
    """How a booking came to be."""

    ALLOCATION = "allocation"
    OPEN = "open"
    WAITING_LIST = "waiting_list"
    MANUAL = "manual"
    EXTERNAL = "external"

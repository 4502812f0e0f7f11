"""Move a slot to another time or place, and withdraw one: its host, or the organiser in its place."""

from __future__ import annotations

from typing import Any

from matchmaker import clock, scope
from matchmaker.domain.errors import (
    EditConflictError,
    GroupsCannotComeError,
    MomentPastError,
    NothingMovedError,
    VisitBegunError,
    VisitGoneError,
)
from matchmaker.domain.kinds import SlotState
from matchmaker.domain.slots import SLOT_TRANSITIONS
from matchmaker.domain.transitions import require_transition
from matchmaker.extensions import db
from matchmaker.failpoints import reach
from matchmaker.models import Booking, Slot
from matchmaker.notifications.visit_changes import ChangeFacts
from matchmaker.queries.regions import lock_region
from matchmaker.queries.visits import get_host_slot, list_slot_bookings, lock_slot
from matchmaker.services import audit
from matchmaker.services.cancelling import mark_cancelled, name_doer
from matchmaker.services.places import count_places
from matchmaker.services.questions import void_questions_about
from matchmaker.services.slot_clashes import SlotTarget, list_clashes
from matchmaker.services.transaction import write_transaction
from matchmaker.services.visit_changes import take_picture, tell_changes, tell_organisers


def move_slot(
    region_id: int,
    host_id: int,
    slot_id: int,
    target: SlotTarget,
    actor_id: int,
    *,
    version: int,
    reason: str = "",
    despite_clashes: bool = False,
) -> None:
    """Move a slot with all who come to it; every calendar follows.

    Parameters
    ----------
    version
        Of the slot, as the person saw it.
    reason
        In the words of whoever does it; schools read them. May be empty.
    despite_clashes
        Whether the person was told who cannot come then, and goes on.

    Raises
    ------
    NotFoundError
        When the host has no such slot.
    VisitGoneError, VisitBegunError
        When it was withdrawn, or has begun.
    NothingMovedError
        When it is there already.
    EditConflictError
        When somebody changed it in between.
    MomentPastError
        When the new time is not in the future.
    GroupsCannotComeError
        When a group would be in two places, or others cannot come and `despite_clashes` is not given.
    ValueError
        When the new end is not after the new beginning.
    """
    with scope.within(region_id), write_transaction() as session:
        lock_region(region_id)
        slot = _lock_coming(host_id, slot_id)
        _check_target(slot, target, version, despite_clashes=despite_clashes)
        before, old = take_picture([slot.id]), _facts_of(slot)
        bookings = list_slot_bookings([slot.id]).get(slot.id, [])
        _move(slot, bookings, target)
        session.flush()
        reach("move.after_slot")
        facts = ChangeFacts(by=name_doer(slot.activity.host, actor_id), reason=reason)
        tell_changes(slot.activity.host.region, before, facts)
        tell_organisers(slot.activity.host.region, before, facts, except_id=actor_id)
        session.flush()
        reach("move.after_messages")
        _record("move_slot", slot, actor_id, old, _facts_of(slot))
    reach("move.committed")


def withdraw_slot(region_id: int, host_id: int, slot_id: int, actor_id: int, reason: str = "") -> None:
    """Take a slot back: everybody who was to come is called off, and nobody can come any more.

    Parameters
    ----------
    reason
        In the words of whoever does it; schools read them. May be empty.

    Raises
    ------
    NotFoundError
        When the host has no such slot.
    VisitGoneError, VisitBegunError
        When it was withdrawn already, or has begun.
    """
    with scope.within(region_id), write_transaction() as session:
        lock_region(region_id)
        slot = _lock_coming(host_id, slot_id)
        before = take_picture([slot.id])
        bookings = list_slot_bookings([slot.id]).get(slot.id, [])
        for booking in bookings:
            mark_cancelled(booking, reason)
        slot.state = require_transition("slot", SLOT_TRANSITIONS, slot.state, SlotState.WITHDRAWN)
        session.flush()
        reach("withdraw.after_slot")
        count_places(slot.id)
        facts = ChangeFacts(by=name_doer(slot.activity.host, actor_id), reason=reason)
        tell_changes(slot.activity.host.region, before, facts)
        tell_organisers(slot.activity.host.region, before, facts, except_id=actor_id)
        session.flush()
        reach("withdraw.after_messages")
        after = {"state": SlotState.WITHDRAWN.value, "bookings": len(bookings)}
        _record("withdraw_slot", slot, actor_id, {"state": SlotState.OPEN.value}, after)
    reach("withdraw.committed")


def require_coming_slot(slot: Slot) -> None:
    """Check that a slot stands and has not begun.

    Raises
    ------
    VisitGoneError, VisitBegunError
        When not.
    """
    if slot.state is SlotState.WITHDRAWN:
        raise VisitGoneError
    if slot.starts_at <= clock.now():
        raise VisitBegunError


def _lock_coming(host_id: int, slot_id: int) -> Slot:
    get_host_slot(host_id, slot_id)
    lock_slot(slot_id)
    slot = get_host_slot(host_id, slot_id)
    require_coming_slot(slot)
    return slot


def _check_target(slot: Slot, target: SlotTarget, version: int, *, despite_clashes: bool) -> None:
    if target.ends_at <= target.starts_at:
        raise ValueError("a slot ends after it begins")
    if (slot.starts_at, slot.ends_at, slot.address) == (target.starts_at, target.ends_at, target.address):
        raise NothingMovedError
    if slot.version != version:
        raise EditConflictError
    if target.starts_at <= clock.now():
        raise MomentPastError
    clashes = list_clashes(slot, target)
    is_final = any(clash.is_final for clash in clashes)
    if is_final or (clashes and not despite_clashes):
        raise GroupsCannotComeError(is_final=is_final)


def _move(slot: Slot, bookings: list[Booking], target: SlotTarget) -> None:
    is_elsewhere = target.address != slot.address
    is_moved = (target.starts_at, target.ends_at) != (slot.starts_at, slot.ends_at)
    slot.starts_at, slot.ends_at, slot.address = target.starts_at, target.ends_at, target.address
    for booking in bookings:
        booking.starts_at = target.starts_at
        if is_elsewhere:
            # How far it is to a place without coordinates is not known.
            booking.km = None
    if is_moved:
        # An answer about the old time says nothing about the new one.
        void_questions_about([booking.id for booking in bookings], clock.now())
    db.session.flush()


def _facts_of(slot: Slot) -> dict[str, Any]:
    starts, ends = clock.local(slot.starts_at), clock.local(slot.ends_at)
    return {
        "starts": f"{starts:%d-%m-%Y %H.%M}",
        "ends": f"{ends:%d-%m-%Y %H.%M}",
        "address": slot.address,
    }


def _record(action: str, slot: Slot, actor_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    audit.record(
        action,
        "slot",
        slot.id,
        region_id=slot.region_id,
        organisation_id=slot.activity.host_id,
        actor_id=actor_id,
        before=before,
        after=after,
    )

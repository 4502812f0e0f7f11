"""Call a visit off: the school for its own, the host for one group, the organiser for either."""

from __future__ import annotations

from matchmaker import clock, scope
from matchmaker.domain.bookings import BOOKING_TRANSITIONS, GONE_STATES, BookingState
from matchmaker.domain.errors import VisitBegunError, VisitGoneError
from matchmaker.domain.transitions import require_transition
from matchmaker.extensions import db
from matchmaker.failpoints import reach
from matchmaker.models import Booking, Organisation
from matchmaker.notifications.visit_changes import ChangeFacts
from matchmaker.queries import people
from matchmaker.queries.regions import lock_region
from matchmaker.queries.visits import get_booking_at
from matchmaker.services import audit
from matchmaker.services.places import count_places
from matchmaker.services.questions import void_questions_about
from matchmaker.services.transaction import write_transaction
from matchmaker.services.visit_changes import take_picture, tell_changes, tell_organisers


def cancel_booking(
    region_id: int, organisation_id: int, booking_id: int, actor_id: int, reason: str = ""
) -> None:
    """Call a visit off; its places are free and every calendar and organiser hears of it.

    Parameters
    ----------
    organisation_id
        The school or host in whose place it is done; the booking must be its own.
    reason
        In the words of whoever does it; the other side reads them. May be empty.

    Raises
    ------
    NotFoundError
        When the school or host has no such booking.
    VisitGoneError
        When it was called off already.
    VisitBegunError
        When it has begun.
    """
    with scope.within(region_id), write_transaction() as session:
        lock_region(region_id)
        booking = get_booking_at(organisation_id, booking_id)
        require_coming(booking)
        before, state = take_picture([booking.slot_id]), booking.state
        mark_cancelled(booking, reason)
        reach("cancel.after_booking")
        count_places(booking.slot_id)
        reach("cancel.after_places")
        organisation = session.get_one(Organisation, organisation_id)
        facts = ChangeFacts(by=name_doer(organisation, actor_id), reason=reason)
        tell_changes(organisation.region, before, facts)
        tell_organisers(organisation.region, before, facts, except_id=actor_id)
        session.flush()
        reach("cancel.after_messages")
        _record(booking, state, organisation_id, actor_id)
    reach("cancel.committed")


def require_coming(booking: Booking) -> None:
    """Check that a visit stands and has not begun.

    Raises
    ------
    VisitGoneError, VisitBegunError
        When not.
    """
    if booking.state in GONE_STATES:
        raise VisitGoneError
    if booking.slot.starts_at <= clock.now():
        raise VisitBegunError


def mark_cancelled(booking: Booking, reason: str) -> None:
    """Give a booking its last state, in the caller's transaction; open questions about it are void."""
    booking.state = require_transition("booking", BOOKING_TRANSITIONS, booking.state, BookingState.CANCELLED)
    booking.cancel_reason = reason
    void_questions_about([booking.id], clock.now())
    db.session.flush()


def name_doer(organisation: Organisation, actor_id: int) -> str:
    """Return who does it as others read it: the organisation, or the region when one of its people does."""
    own = {membership.organisation_id for membership in people.list_memberships(actor_id)}
    if organisation.id in own:
        return organisation.name
    return organisation.region.sender_name or organisation.region.name


def _record(booking: Booking, before: BookingState, organisation_id: int, actor_id: int) -> None:
    audit.record(
        "cancel_booking",
        "booking",
        booking.id,
        organisation_id=organisation_id,
        region_id=booking.region_id,
        actor_id=actor_id,
        before={"state": before.value},
        after={"state": booking.state.value, "slot_id": booking.slot_id},
    )

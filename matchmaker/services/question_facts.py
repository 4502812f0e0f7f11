"""What mails and pages around a question tell of its visit, and in whose name they do."""

from __future__ import annotations

from matchmaker.domain.kinds import Role
from matchmaker.models import Booking, Host, School
from matchmaker.notifications.questions import AskedGroup, AskedVisit, Asker
from matchmaker.queries import people


def describe_visit(booking: Booking) -> AskedVisit:
    """Return what somebody without an account may know of a visit.

    Parameters
    ----------
    booking
        Loaded with group, school, slot, activity and host.
    """
    school, slot, activity = booking.group.school, booking.slot, booking.slot.activity
    return AskedVisit(
        booking_id=booking.id,
        school_id=school.id,
        school=school.name,
        group=AskedGroup(name=booking.group.name, levels=tuple(booking.group.levels)),
        pupils=booking.group.pupils,
        activity=activity.title,
        host=activity.host.name,
        mobile=activity.mobile,
        location=_locate(school, "") if activity.mobile else _locate(activity.host, slot.venue),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )


def find_asker(actor_id: int, school: School) -> Asker:
    """Return who asks, by what they are at the school."""
    roles = {m.role for m in people.list_memberships(actor_id) if m.organisation_id == school.id}
    if Role.COORDINATOR in roles:
        return Asker.COORDINATOR
    return Asker.COLLEAGUE if roles else Asker.OFFICE


def _locate(place: School | Host, address: str) -> str:
    own = ", ".join(part for part in (place.street, f"{place.postcode} {place.place}".strip()) if part)
    return ", ".join(part for part in (place.name, address or own) if part)

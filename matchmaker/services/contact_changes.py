"""Let visits follow who answers for them: into the calendar of who comes, out of that of who goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from matchmaker import scope
from matchmaker.domain.invitations import RoleAt
from matchmaker.extensions import db
from matchmaker.models import Message, Region
from matchmaker.notifications.visit_changes import ChangeFacts
from matchmaker.queries.regions import lock_region
from matchmaker.queries.visits import list_coming_slot_ids
from matchmaker.services.visit_changes import Picture, take_picture, tell_changes
from matchmaker.services.visit_facts import CONTACT_ROLES


@contextmanager
def following_contacts(where: RoleAt) -> Iterator[None]:
    """Tell who gets the role, or loses it, within this block; as part of the caller's transaction.

    The block must flush what it changes. A role that answers for no visits changes no calendar.
    """
    if where.organisation_id is None or where.role not in CONTACT_ROLES:
        yield
        return
    with scope.within(where.region_id):
        lock_region(where.region_id)
        before = picture_visits(where.region_id, [where.organisation_id])
        yield
        tell_contacts(where.region_id, before)


def picture_visits(region_id: int, organisation_ids: Collection[int] | None = None) -> Picture:
    """Return what stands in calendars about the coming visits of schools and hosts; None: of the region."""
    return take_picture(list_coming_slot_ids(region_id, organisation_ids))


def tell_contacts(region_id: int, before: Picture) -> list[Message]:
    """Add a mail about each visit to everybody who answers for it now and did not, or did and no longer does.

    Returns
    -------
    list of Message
        The mails, which are in the session already.
    """
    if not before:
        return []
    region = db.session.get_one(Region, region_id)
    return tell_changes(region, before, ChangeFacts(by=region.sender_name or region.name))

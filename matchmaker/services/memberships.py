"""Give and end roles; each as part of the caller's transaction."""

from __future__ import annotations

from datetime import timedelta

from matchmaker import clock
from matchmaker.domain.invitations import RoleAt
from matchmaker.domain.security_events import SecurityEvent
from matchmaker.extensions import db
from matchmaker.models import Membership
from matchmaker.queries import people
from matchmaker.services import audit
from matchmaker.services.contact_changes import following_contacts
from matchmaker.services.security_notices import Occurrence, tell_owner


def add_membership(user_id: int, where: RoleAt, *, actor_id: int | None) -> Membership:
    """Give a person a role from today on, as part of the caller's transaction; who has it keeps it.

    The caller holds the locks of the region and of the user's row, in this order, and has checked that the
    role exists there. Whom somebody else gives a role hears of it by mail; who answers for visits from now
    on gets them in their calendar.
    """
    found = people.find_membership(user_id, where)
    if found is not None:
        return found
    with following_contacts(where):
        row = Membership(
            user_id=user_id,
            role=where.role,
            region_id=where.region_id,
            organisation_id=where.organisation_id,
            board=where.board,
            since=clock.today(),
        )
        db.session.add(row)
        db.session.flush()
    _record("add_membership", row, actor_id)
    if actor_id != user_id:
        tell_owner(user_id, Occurrence(SecurityEvent.ROLE_GIVEN, membership=row))
    return row


def end_membership(membership_id: int, *, actor_id: int | None) -> None:
    """End a role at once, as part of the caller's transaction; one that has ended is no mistake.

    Who had it hears of it by mail, and its visits leave their calendar. The caller holds the lock of the
    region. The last day of a role counts whole, so yesterday becomes the last day.
    A role that began today goes without a trace other than the audit log's.
    """
    row = db.session.get(Membership, membership_id)
    if row is None or (row.until is not None and row.until < clock.today()):
        return
    _record("end_membership", row, actor_id)
    tell_owner(row.user_id, Occurrence(SecurityEvent.ROLE_ENDED, membership=row))
    with following_contacts(RoleAt(row.role, row.region_id, row.organisation_id, row.board)):
        if row.since < clock.today():
            row.until = clock.today() - timedelta(days=1)
        else:
            db.session.delete(row)
        db.session.flush()


def _record(action: str, row: Membership, actor_id: int | None) -> None:
    audit.record(
        action,
        "membership",
        row.id,
        region_id=row.region_id,
        organisation_id=row.organisation_id,
        actor_id=actor_id,
        after={"user": row.user_id, "role": row.role.value},
    )

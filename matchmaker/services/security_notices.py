"""Tell people what happened to their account, as part of the transaction in which it happens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from matchmaker import clock
from matchmaker.domain.devices import Browser, System
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.security_events import SecurityEvent
from matchmaker.extensions import db
from matchmaker.models import Membership, Region, SignedInDevice, User
from matchmaker.notifications.security import SecurityFacts, compose_security_notice
from matchmaker.queries import people
from matchmaker.scope import unscoped
from matchmaker.services.letterheads import contact_of, gets_mail, letterhead_of

# What somebody signs in with: the two words that are kept of a browser.
DeviceKind = tuple[Browser, System]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What happened, with what is known about it; see `SecurityFacts`."""

    event: SecurityEvent
    device: DeviceKind | None = None
    provider: str = ""
    membership: Membership | None = None


def tell_owner(user_id: int, occurrence: Occurrence) -> None:
    """Queue a notice to the owner of an account; whoever has none any more hears nothing."""
    user = db.session.get_one(User, user_id)
    if not user.active or not gets_mail(user, MessageKind.SECURITY_NOTICE):
        return
    browser, system = occurrence.device or (None, None)
    role = occurrence.membership
    facts = SecurityFacts(
        uid=secrets.token_hex(16),
        event=occurrence.event,
        at=clock.now(),
        browser=browser,
        system=system,
        provider=occurrence.provider,
        role=role.role if role else None,
        place=_name_place(role) if role else "",
    )
    letterhead = letterhead_of(role.region if role else _find_region(user_id))
    db.session.add(compose_security_notice(facts, contact_of(user), letterhead))


def find_device_kind(device_id: int | None) -> DeviceKind | None:
    """Return what sort of device this is, as its row tells, or None."""
    row = db.session.get(SignedInDevice, device_id) if device_id is not None else None
    return (row.browser, row.system) if row is not None else None


def _name_place(role: Membership) -> str:
    return role.board or (role.organisation.name if role.organisation else role.region.name)


@unscoped("the roles of one person")
def _find_region(user_id: int) -> Region | None:
    """Return the region that the person joined last; its office is who can help."""
    roles = people.list_memberships(user_id)
    return roles[-1].region if roles else None

"""What the pages of one's own account need beyond the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker import clock
from matchmaker.domain.devices import is_live, lifetime_for
from matchmaker.domain.kinds import Role
from matchmaker.queries import devices, people
from matchmaker.web.account.device_names import name_device
from matchmaker.web.identity import Visitor

EXAMPLE_ROLES = (Role.ORGANISER, Role.COORDINATOR, Role.HOST_CONTACT)


@dataclass(frozen=True)
class ExamplePerson:
    """Somebody as whom a visitor of the demonstration can sign in."""

    email: str
    role: Role
    organisation: str


def list_example_people() -> list[ExamplePerson]:
    """Return one person per role of the example region."""
    found = [people.find_example_member(role) for role in EXAMPLE_ROLES]
    return [
        ExamplePerson(
            membership.user.email,
            membership.role,
            membership.organisation.name if membership.organisation else "",
        )
        for membership in found
        if membership is not None
    ]


def safe_path(path: str | None) -> str | None:
    """Return the path when it leads to a page of this site, else None.

    A browser reads ``//host`` and ``/\\host`` as another site, and drops control characters first.
    """
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 33 or character == "\\" for character in path) or len(path) > 500:
        return None
    return path


@dataclass(frozen=True)
class OwnDevice:
    """A device on which the visitor is signed in."""

    id: int
    name: str
    signed_in_at: datetime
    last_used_at: datetime
    is_this: bool


def list_own_devices(visitor: Visitor) -> list[OwnDevice]:
    """Return where the visitor is signed in now: this device first, then by last use."""
    lifetime, now = lifetime_for(m.role for m in visitor.memberships), clock.now()
    found = [
        OwnDevice(
            device.id,
            name_device(device.browser, device.system),
            device.signed_in_at,
            device.last_used_at,
            device.id == visitor.device.id,
        )
        for device in devices.list_devices(visitor.id)
        if is_live(device.signed_in_at, device.last_used_at, lifetime, now)
    ]
    return sorted(found, key=lambda device: not device.is_this)

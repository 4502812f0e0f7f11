"""What the pages of one's own account need beyond the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from matchmaker import clock
from matchmaker.domain.devices import is_live, lifetime_for
from matchmaker.domain.kinds import Role
from matchmaker.providers import Provider
from matchmaker.queries import devices, outside_identities, people
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


@dataclass(frozen=True)
class OwnIdentity:
    """An account elsewhere with which the visitor can sign in."""

    id: int
    name: str
    linked_at: datetime
    last_used_at: datetime | None


def list_own_identities(user_id: int, providers: Sequence[Provider]) -> list[OwnIdentity]:
    """Return the linked accounts; one of a provider that is no longer set goes by the name of its site."""
    names = {provider.issuer.rstrip("/"): provider.name for provider in providers}
    return [
        OwnIdentity(
            link.id,
            names.get(link.issuer.rstrip("/")) or urlsplit(link.issuer).hostname or link.issuer,
            link.linked_at,
            link.last_used_at,
        )
        for link in outside_identities.list_linked_identities(user_id)
    ]


def list_linkable_providers(
    identities: Sequence[OwnIdentity], providers: Sequence[Provider]
) -> list[Provider]:
    """Return the providers of which the visitor has linked no account yet."""
    linked = {identity.name for identity in identities}
    return [provider for provider in providers if provider.name not in linked]

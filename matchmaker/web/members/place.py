"""The school, host or region whose people a page is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from matchmaker.domain.invitations import list_invitable_roles
from matchmaker.domain.kinds import Role
from matchmaker.models import Host, Region, School
from matchmaker.services.invitations import list_own_roles
from matchmaker.web.access import current_host, current_region, current_school


@dataclass(frozen=True)
class Place:
    """A school or host, or a region when there is no organisation.

    Parameters
    ----------
    audience
        Name of the blueprint and of the layout.
    path
        What its addresses need.
    member
        Name of the parameter that holds a role.
    """

    audience: str
    region: Region
    organisation: School | Host | None
    path: Mapping[str, Any]
    member: str

    @property
    def organisation_id(self) -> int | None:
        """The id of the organisation; None: the region."""
        return self.organisation.id if self.organisation else None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.organisation.name if self.organisation else self.region.name

    def url(self, action: str, member_id: int | None = None, **more: Any) -> str:
        """Return the address of one of its pages about people."""
        arguments = {**self.path, **more}
        if member_id is not None:
            arguments[self.member] = member_id
        return url_for(f"{self.audience}.{action}", **arguments)

    def list_invitable_roles(self, visitor_id: int) -> list[Role]:
        """Return the roles to which somebody may invite others here."""
        able = list_invitable_roles(list_own_roles(visitor_id), self.region.id, self.organisation_id)
        kind = (
            {Role.COORDINATOR, Role.TEACHER} if isinstance(self.organisation, School) else {Role.HOST_CONTACT}
        )
        fitting = set(able) if self.organisation is None else able & kind
        return [role for role in Role if role in fitting]


def find_school_place() -> Place:
    """Return the school that the access rule loaded."""
    school = current_school()
    return Place("school", school.region, school, {"school_id": school.id}, "member_id")


def find_host_place() -> Place:
    """Return the host that the access rule loaded."""
    host = current_host()
    return Place("host", host.region, host, {"host_id": host.id}, "contact_id")


def find_region_place() -> Place:
    """Return the region that the access rule loaded."""
    region = current_region()
    return Place("organiser", region, None, {"slug": region.slug}, "member_id")

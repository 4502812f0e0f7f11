"""The person behind a session, as the pages see them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_login import UserMixin, current_user

from matchmaker.domain.kinds import REGION_ROLES, SCHOOL_ROLES, Role
from matchmaker.extensions import login_manager
from matchmaker.models import Membership
from matchmaker.queries import people


@dataclass(frozen=True)
class Home:
    """A place where somebody's work starts."""

    url: str
    name: str
    place: str
    role: Role


@dataclass(frozen=True)
class Visitor(UserMixin):  # type: ignore[misc]
    """A signed-in person with the roles they have today."""

    id: int
    name: str
    email: str
    language: str
    memberships: tuple[Membership, ...]

    def has_role(self, organisation_id: int, roles: frozenset[Role]) -> bool:
        """Tell whether the person has one of the roles in the organisation."""
        return any(m.organisation_id == organisation_id and m.role in roles for m in self.memberships)

    def has_region_role(self, region_id: int, roles: frozenset[Role]) -> bool:
        """Tell whether the person has one of the roles in the region itself."""
        return any(
            m.region_id == region_id and m.organisation_id is None and m.role in roles
            for m in self.memberships
        )

    def homes(self) -> list[Home]:
        """List where the person can start, one line for each organisation or region."""
        found = {home.url: home for home in map(_home_of, self.memberships)}
        return sorted(found.values(), key=lambda home: (home.name, home.url))


def _home_of(membership: Membership) -> Home:
    role, organisation = membership.role, membership.organisation
    if role in REGION_ROLES or organisation is None:
        url = url_for("organiser.show_home", slug=membership.region.slug)
        return Home(url, membership.region.name, "", role)
    if role in SCHOOL_ROLES:
        url = url_for("school.show_home", school_id=organisation.id)
    else:
        url = url_for("host.show_home", host_id=organisation.id)
    return Home(url, organisation.name, organisation.place, role)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_visitor(user_id: str) -> Visitor | None:
    """Read the person and their roles anew for each request, so that a withdrawn role works at once."""
    user = people.find_active_user(int(user_id)) if user_id.isdigit() else None
    if user is None:
        return None
    memberships = tuple(people.list_memberships(user.id))
    return Visitor(user.id, user.name, user.email, user.language, memberships)


def find_visitor() -> Visitor | None:
    """Return who is signed in, or None."""
    return current_user if current_user.is_authenticated else None


def get_visitor() -> Visitor:
    """Return who is signed in, on pages that nobody else reaches."""
    visitor: Visitor = current_user
    return visitor

"""What the sign-in pages need beyond the form."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.domain.kinds import Role
from matchmaker.queries import people

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

"""Coming aboard by invitation: what an invitation names, and who may invite whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from matchmaker import clock
from matchmaker.domain.kinds import BOARD_ROLES, HOST_ROLES, REGION_ROLES, SCHOOL_ROLES, Role

DAYS_VALID = 14
# So many invitations an address may get in a region within a day; more would only annoy.
MOST_PER_DAY = 5

# Whom somebody invites there where their own role counts.
_MAY_INVITE = {
    Role.COORDINATOR: SCHOOL_ROLES,
    Role.TEACHER: frozenset[Role](),
    Role.BOARD: frozenset[Role](),
    Role.HOST_CONTACT: HOST_ROLES,
    Role.ORGANISER: frozenset(Role) - {Role.ADMINISTRATOR},
    Role.VIEWER: frozenset[Role](),
    Role.ADMINISTRATOR: frozenset(Role),
}


@dataclass(frozen=True, slots=True)
class RoleAt:
    """A role and where it counts.

    Parameters
    ----------
    organisation_id
        The school or host; None for a role in the region itself or at a school board.
    board
        The school board; empty for other roles.
    """

    role: Role
    region_id: int
    organisation_id: int | None = None
    board: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who is invited, and to what; accepting grants this role here and nothing else.

    Parameters
    ----------
    email
        Kept in lower case without blanks around it; whether mail can reach it is not checked here.
    name
        What to call the person, blanks joined to one; empty when it is not known.
    organisation_id, board
        Where, as in `RoleAt`.
    language
        In which they asked for it; empty when it is not known.
    """

    email: str
    name: str
    role: Role
    region_id: int
    organisation_id: int | None = None
    board: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        """Write address and name in the one way in which they are kept and compared."""
        object.__setattr__(self, "email", self.email.strip().lower())
        object.__setattr__(self, "name", " ".join(self.name.split()))

    @property
    def where(self) -> RoleAt:
        """The role and where it counts."""
        return RoleAt(self.role, self.region_id, self.organisation_id, self.board)


def list_invitable_roles(
    own_roles: Iterable[RoleAt], region_id: int, organisation_id: int | None
) -> frozenset[Role]:
    """Return the roles to which somebody may invite others, in this organisation or in the region itself."""
    return frozenset(
        role
        for own in own_roles
        if own.region_id == region_id and own.organisation_id in {None, organisation_id}
        for role in _MAY_INVITE[own.role]
        if (role in REGION_ROLES | BOARD_ROLES) == (organisation_id is None)
    )


def may_invite(own_roles: Iterable[RoleAt], invited: Invited) -> bool:
    """Tell whether somebody with these roles may invite this person to this role."""
    return invited.role in list_invitable_roles(own_roles, invited.region_id, invited.organisation_id)


def find_expiry(now: datetime) -> datetime:
    """Return the moment from which an invitation of now is too old: the midnight after its fourteenth day."""
    day_after = clock.local(now).date() + timedelta(days=DAYS_VALID + 1)
    return clock.from_local(datetime.combine(day_after, time.min))

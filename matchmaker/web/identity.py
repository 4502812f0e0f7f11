"""The person behind a session, as the pages see them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import current_app, request, session, url_for
from flask_login import UserMixin, current_user, login_user

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.devices import RECENT, KnownDevice, is_live, lifetime_for, mark_rights
from matchmaker.domain.kinds import BOARD_ROLES, REGION_ROLES, SCHOOL_ROLES, Role
from matchmaker.domain.permissions import Permission, may
from matchmaker.domain.tokens import hash_token
from matchmaker.extensions import login_manager
from matchmaker.models import Host, Membership, Organisation, School
from matchmaker.queries import devices, people
from matchmaker.scope import unscoped
from matchmaker.services.devices import keep_device, sign_in_device

# Where Flask-Login keeps what `load_visitor` gets: the token of the device, never the id of a user.
TOKEN_KEY = "_user_id"  # noqa: S105 - the name of a place, not a secret


@dataclass(frozen=True)
class Home:
    """A place where somebody's work starts."""

    url: str
    name: str
    place: str
    role: Role
    region: str = ""

    def holds(self, path: str) -> bool:
        """Tell whether a page belongs to this place."""
        return path == self.url or path.startswith(f"{self.url}/")


@dataclass(frozen=True)
class HeldRole:
    """A role that somebody has today, with what is told about where: it outlives the scope it was read in."""

    id: int
    role: Role
    region_id: int
    region_slug: str
    region_name: str
    is_example: bool
    organisation_id: int | None
    organisation_name: str
    organisation_place: str
    board: str


@dataclass(frozen=True)
class Visitor(UserMixin):  # type: ignore[misc]
    """A signed-in person with the roles they have today, and the device they use."""

    id: int
    name: str = field(repr=False)
    email: str = field(repr=False)
    language: str
    memberships: tuple[HeldRole, ...] = field(repr=False)
    device: KnownDevice
    has_second_factor: bool
    second_step_done: bool
    token: str = field(repr=False)

    def get_id(self) -> str:
        """Return what the cookie keeps to find this visitor again."""
        return self.token

    def is_recent(self) -> bool:
        """Tell whether the person proved just now who they are."""
        return clock.now() < self.device.signed_in_at + RECENT

    def requires_second_factor(self) -> bool:
        """Tell whether the person must have one; people of the example of a demonstration need none."""
        settings: Settings = current_app.config["SETTINGS"]
        return settings.require_second_factor and any(
            may(m.role, Permission.MANAGE_ROUNDS)
            for m in self.memberships
            if not (settings.demo and m.is_example)
        )

    def lacks_second_step(self) -> bool:
        """Tell whether the second step of signing in is still to come."""
        return not self.second_step_done and (self.has_second_factor or self.requires_second_factor())

    def rights(self) -> str:
        """Return a mark of all that the person may do."""
        return mark_rights((m.region_id, m.organisation_id, m.role, m.board) for m in self.memberships)

    def may(self, permission: Permission, region_id: int, organisation: School | Host | None = None) -> bool:
        """Tell whether the person holds the permission in the region, or in this organisation of it."""
        return any(
            m.region_id == region_id and _reaches(m, organisation)
            for m in self.memberships
            if may(m.role, permission)
        )

    def has_region_role(self, region_id: int, roles: frozenset[Role]) -> bool:
        """Tell whether the person has one of the roles in the region itself."""
        return any(
            m.region_id == region_id and m.organisation_id is None and m.role in roles
            for m in self.memberships
        )

    def find_role(self, region_id: int, organisation: School | Host | None = None) -> Role | None:
        """Return as what the person acts here: the role in the organisation, else the one in the region."""
        found = [m for m in self.memberships if m.region_id == region_id and _reaches(m, organisation)]
        found.sort(key=lambda m: (m.organisation_id is None, not may(m.role, Permission.MANAGE_ROUNDS)))
        return found[0].role if found else None

    def is_visiting(self, organisation: Organisation) -> bool:
        """Tell whether the person sees this organisation's pages without having a role in it."""
        return all(m.organisation_id != organisation.id for m in self.memberships)

    def find_board_role(self, organisation: School | Host) -> HeldRole | None:
        """Return the role at a school board through which the person sees this organisation, or None."""
        return next(
            (
                m
                for m in self.memberships
                if m.role in BOARD_ROLES
                and m.region_id == organisation.region_id
                and _reaches(m, organisation)
            ),
            None,
        )

    def homes(self) -> list[Home]:
        """List where the person can start, one line for each organisation or region."""
        found = {home.url: home for home in map(home_of, self.memberships)}
        return sorted(found.values(), key=lambda home: (home.name, home.url))

    def find_home(self, path: str) -> Home | None:
        """Return the own place that a page belongs to, or None."""
        return next((home for home in self.homes() if home.holds(path)), None)


def _reaches(held: HeldRole, organisation: School | Host | None) -> bool:
    """Tell whether a role counts for an organisation of its region, or for the region itself when None."""
    if held.role in BOARD_ROLES:
        return isinstance(organisation, School) and organisation.board == held.board != ""
    if held.organisation_id is None:
        return True
    return organisation is not None and organisation.id == held.organisation_id


def home_of(held: HeldRole) -> Home:
    """Return where somebody's work in this role starts."""
    if held.role in BOARD_ROLES:
        url = url_for("board.show_home", membership_id=held.id)
        return Home(url, held.board, "", held.role, held.region_name)
    if held.role in REGION_ROLES or held.organisation_id is None:
        url = url_for("organiser.show_home", slug=held.region_slug)
        return Home(url, held.region_name, "", held.role, held.region_name)
    if held.role in SCHOOL_ROLES:
        url = url_for("school.show_home", school_id=held.organisation_id)
    else:
        url = url_for("host.show_home", host_id=held.organisation_id)
    return Home(url, held.organisation_name, held.organisation_place, held.role, held.region_name)


def _list_held_roles(user_id: int) -> tuple[HeldRole, ...]:
    with unscoped("what a person may do"):
        return tuple(map(hold, people.list_memberships(user_id)))


def hold(membership: Membership) -> HeldRole:
    """Return what the pages need of a membership, read in the scope of now."""
    region, organisation = membership.region, membership.organisation
    return HeldRole(
        membership.id,
        membership.role,
        region.id,
        region.slug,
        region.name,
        region.is_example,
        membership.organisation_id,
        organisation.name if organisation else "",
        organisation.place if organisation else "",
        membership.board,
    )


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_visitor(token: str) -> Visitor | None:
    """Read person, roles and device anew for each request, so that what is withdrawn is so at once."""
    row = devices.find_device_by_token(hash_token(token))
    if row is None:
        return None
    memberships = _list_held_roles(row.user_id)
    lifetime = lifetime_for(m.role for m in memberships)
    if not is_live(row.signed_in_at, row.last_used_at, lifetime, clock.now()):
        return None
    user = row.user
    is_renewed = row.token_hash != hash_token(token)
    device = KnownDevice(row.id, row.rights, row.last_used_at, row.signed_in_at, is_renewed)
    return Visitor(
        id=user.id,
        name=user.name,
        email=user.email,
        language=user.language,
        memberships=memberships,
        device=device,
        has_second_factor=user.second_factor is not None,
        second_step_done=row.second_factor_at is not None,
        token=token,
    )


def enter_as(user_id: int, *, second_step: bool = False) -> Visitor | None:
    """Begin a session as this person with a token of its own; nothing from before lives on in it.

    None when the person may not sign in after all.
    """
    token = sign_in_device(
        user_id,
        request.user_agent.string,
        instead_of=session.get(TOKEN_KEY),
        second_step=second_step,
    )
    session.clear()
    visitor: Visitor | None = load_visitor(token)
    if visitor is not None:
        login_user(visitor)
    return visitor


def keep_visitor() -> None:
    """Run before every view: note that the device is in use, and swap its token when rights changed."""
    visitor = find_visitor() if TOKEN_KEY in session and request.endpoint != "static" else None
    if visitor is None:
        return
    token = keep_device(visitor.device, visitor.token, visitor.rights())
    if token is not None:
        session[TOKEN_KEY] = token


def find_visitor() -> Visitor | None:
    """Return who is signed in, or None."""
    return current_user if current_user.is_authenticated else None


def get_visitor() -> Visitor:
    """Return who is signed in, on pages that nobody else reaches."""
    visitor: Visitor = current_user
    return visitor

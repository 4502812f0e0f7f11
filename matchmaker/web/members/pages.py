"""What the pages about people show beyond one query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from matchmaker import clock
from matchmaker.domain.kinds import BOARD_ROLES, HOST_ROLES, REGION_ROLES, SCHOOL_ROLES, Role
from matchmaker.domain.runs import MessageState
from matchmaker.exchange.problems import InputProblem
from matchmaker.models import Host, Invitation, InvitationList, Membership, School
from matchmaker.queries import members
from matchmaker.queries.members import DeliveryFigures, MemberFilters
from matchmaker.queries.slices import Slice
from matchmaker.services.invitation_lists import ListFigures, describe_list
from matchmaker.web.formats import format_day
from matchmaker.web.labels import label
from matchmaker.web.language import gettext as _
from matchmaker.web.members.forms import InviteForm
from matchmaker.web.members.place import Place


@dataclass(frozen=True)
class PagePlace:
    """What every page about people needs for its layout and its links."""

    place: Place

    @property
    def school(self) -> School | Host | None:
        """The school, for the layout of schools."""
        return self.place.organisation

    @property
    def host(self) -> School | Host | None:
        """The host, for the layout of hosts."""
        return self.place.organisation


@dataclass(frozen=True)
class InvitationLine:
    """Somebody who did not answer yet, and how it stands with the mail."""

    row: Invitation
    words: str
    tone: str
    note: str


@dataclass(frozen=True)
class MembersPage(PagePlace):
    """Who works at a school or host, and who is invited."""

    members: list[Membership]
    invitations: list[InvitationLine]
    form: InviteForm


@dataclass(frozen=True)
class RegionMembersPage(PagePlace):
    """Who works anywhere in a region."""

    filters: MemberFilters
    role: Role | None
    kind: str
    slice: Slice[Membership]
    figures: DeliveryFigures
    roles: list[tuple[str, str]]
    kinds: list[tuple[str, str]]

    @property
    def is_filtered(self) -> bool:
        """Tell whether anything was asked for."""
        return self.filters != MemberFilters()

    @property
    def deliveries(self) -> str:
        """How far the mails are."""
        return describe_deliveries(self.figures)

    def url(self, page: int) -> str:
        """Return the address of another page with the same filters."""
        role = self.role.value if self.role else None
        return self.place.url(
            "list_members", pagina=page, q=self.filters.text or None, rol=role, soort=self.kind or None
        )


@dataclass(frozen=True)
class RegionInvitationsPage(PagePlace):
    """Everybody of a region who did not answer yet."""

    text: str
    slice: Slice[Invitation]
    invitations: list[InvitationLine]
    figures: DeliveryFigures

    @property
    def deliveries(self) -> str:
        """How far the mails are."""
        return describe_deliveries(self.figures)

    def url(self, page: int) -> str:
        """Return the address of another page of the same search."""
        return self.place.url("list_invitations", pagina=page, q=self.text or None)


@dataclass(frozen=True)
class ListPage(PagePlace):
    """What a list of people would do when it is sent."""

    row: InvitationList
    figures: ListFigures
    problems: list[InputProblem]


@dataclass(frozen=True)
class LeavingPage(PagePlace):
    """A role that is about to end."""

    membership: Membership
    is_own: bool
    is_last: bool
    form: Any


_KINDS = {
    "school": SCHOOL_ROLES,
    "aanbieder": HOST_ROLES,
    "bestuur": BOARD_ROLES,
    "regio": REGION_ROLES,
}


def build_members_page(place: Place, form: InviteForm) -> MembersPage:
    """Build the page of a school or host."""
    organisation_id = place.organisation_id or 0
    invitations = members.list_open_invitations(place.region.id, organisation_id)
    return MembersPage(
        place, members.list_members(organisation_id), [describe_invitation(i) for i in invitations], form
    )


def build_region_members_page(place: Place, arguments: Mapping[str, str], page: int) -> RegionMembersPage:
    """Build the page of a region; what is not known in the address counts as not asked."""
    wanted, kind = arguments.get("rol", ""), arguments.get("soort", "")
    role = Role(wanted) if wanted in set(Role) else None
    kind = kind if kind in _KINDS else ""
    roles = _KINDS.get(kind, frozenset(Role)) & ({role} if role else frozenset(Role))
    # Nobody has a role that does not fit the kind; an empty set would mean any role.
    chosen = roles or frozenset({role} if role else ())
    filters = MemberFilters(_search_text(arguments), chosen if role or kind else frozenset())
    found = members.search_members(place.region.id, filters, page)
    kinds = [("school", _("scholen")), ("aanbieder", _("aanbieders"))]
    return RegionMembersPage(
        place,
        filters,
        role,
        kind,
        found,
        members.count_deliveries(place.region.id, clock.now()),
        [(each.value, label(each)) for each in Role],
        [*kinds, ("bestuur", _("schoolbesturen")), ("regio", _("de regio zelf"))],
    )


def build_region_invitations_page(
    place: Place, arguments: Mapping[str, str], page: int
) -> RegionInvitationsPage:
    """Build the page with all open invitations of a region."""
    text = _search_text(arguments)
    found = members.search_open_invitations(place.region.id, text, page)
    lines = [describe_invitation(row) for row in found.rows]
    return RegionInvitationsPage(
        place, text, found, lines, members.count_deliveries(place.region.id, clock.now())
    )


def build_list_page(place: Place, row: InvitationList) -> ListPage:
    """Build the page between reading a list and sending it."""
    return ListPage(place, row, describe_list(row), [InputProblem(*problem) for problem in row.problems])


def describe_invitation(row: Invitation) -> InvitationLine:
    """Say how an invitation stands: its mail, and until when it can be accepted."""
    last_day = row.expires_at - timedelta(seconds=1)
    if row.expires_at <= clock.now():
        return InvitationLine(row, _("verlopen"), "stop", _("De link werkt niet meer. Stuur een nieuwe."))
    state = row.message.state if row.message else MessageState.SENT
    if state == MessageState.FAILED:
        return InvitationLine(row, _("niet aangekomen"), "stop", _("Klopt het adres?"))
    if state != MessageState.SENT:
        return InvitationLine(row, _("wordt verstuurd"), "wait", "")
    return InvitationLine(row, _("verstuurd"), "ok", _("Geldig tot en met %(day)s", day=format_day(last_day)))


def describe_deliveries(figures: DeliveryFigures) -> str:
    """Say how far the mails are; nothing of what there is none of."""
    parts = (
        (figures.sent, _("verstuurd")),
        (figures.waiting, _("onderweg")),
        (figures.failed, _("niet aangekomen")),
        (figures.expired, _("verlopen")),
    )
    return ", ".join(f"{number} {words}" for number, words in parts if number)


def _search_text(arguments: Mapping[str, str]) -> str:
    return arguments.get("q", "").replace("\x00", "").strip()[:80]

"""Put the pages about people at the addresses of schools, hosts and regions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from matchmaker.domain.permissions import Permission
from matchmaker.web.access import AccessRule, HostMember, Organiser, SchoolMember, access
from matchmaker.web.members import list_views, region_views, views
from matchmaker.web.members.place import Place, find_host_place, find_region_place, find_school_place

_MANAGE = Permission.MANAGE_MEMBERS
_ONE, _INVITATION = "/<int:{member}>", "/uitnodigingen/<int:invitation_id>"


@dataclass(frozen=True)
class Address:
    """One address below that of all people of a place.

    Parameters
    ----------
    recent
        Whether it changes roles, so that people prove once more who they are.
    """

    ending: str
    view: Callable[..., Any]
    method: str = "GET"
    recent: bool = False


_SHARED = (
    Address(f"{_INVITATION}/opnieuw", views.invite_again, "POST"),
    Address(f"{_INVITATION}/intrekken", views.revoke_invitation, "POST"),
    Address(f"{_ONE}/uit-dienst", views.show_leaving, recent=True),
    Address(f"{_ONE}/uit-dienst", views.end_role, "POST", recent=True),
    Address(f"{_ONE}/overdragen", views.hand_over_role, "POST", recent=True),
)
_ORGANISATION = (
    Address("", views.list_members),
    Address("/uitnodigen", views.invite_member, "POST"),
    *_SHARED,
)
_REGION = (
    Address("", region_views.list_members),
    Address("/uitnodigingen", region_views.list_invitations),
    Address("/uitnodigen", region_views.show_invite, recent=True),
    Address("/uitnodigen", region_views.invite_member, "POST", recent=True),
    Address("/lijst", list_views.show_upload, recent=True),
    Address("/lijst", list_views.read_list, "POST", recent=True),
    Address("/lijst/voorbeeld.csv", list_views.download_list_example),
    Address("/lijst/<int:list_id>", list_views.show_list, recent=True),
    Address("/lijst/<int:list_id>/versturen", list_views.send_list, "POST", recent=True),
    *_SHARED,
)


@dataclass(frozen=True)
class Ground:
    """Where the pages of one kind of place stand, and how their place is found."""

    blueprint: Blueprint
    path: str
    place: Callable[[], Place]
    member: str = "member_id"

    def add(self, address: Address, rule: AccessRule) -> None:
        """Put one page at its address, behind its rule."""
        self.blueprint.add_url_rule(
            self.path + address.ending.format(member=self.member),
            address.view.__name__,
            access(rule)(self._bind(address.view)),
            methods=[address.method],
        )

    def _bind(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """Return the view with the place that the rule loaded instead of the path's first part."""

        def bound(**arguments: Any) -> Any:
            ids = [arguments[name] for name in (self.member, "invitation_id", "list_id") if name in arguments]
            return view(self.place(), *ids)

        return bound


def register_member_pages(school: Blueprint, host: Blueprint, organiser: Blueprint) -> None:
    """Add the pages to the three blueprints."""
    schools = Ground(school, "/school/<int:school_id>/mensen", find_school_place)
    hosts = Ground(host, "/aanbieder/<int:host_id>/mensen", find_host_place, "contact_id")
    regions = Ground(organiser, "/organisator/<string:slug>/mensen", find_region_place)
    for address in _ORGANISATION:
        schools.add(address, SchoolMember("school_id", _MANAGE, recent=address.recent))
        hosts.add(address, HostMember("host_id", _MANAGE, recent=address.recent))
    for address in _REGION:
        regions.add(address, Organiser("slug", _MANAGE, recent=address.recent))

"""What an organiser needs to judge a request to join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.domain.join_requests import AddressHint, JoinState, read_address
from matchmaker.domain.kinds import HOST_ROLES, SCHOOL_ROLES, Role
from matchmaker.models import Host, JoinRequest, Region, User
from matchmaker.queries import join_requests, organisations, people
from matchmaker.web.banners import Banner
from matchmaker.web.language import gettext as _


@dataclass(frozen=True)
class JoinRequestPage:
    """One request with what is known of the place and of the address."""

    row: JoinRequest
    hint: Banner
    responsible: list[User]
    others: list[JoinRequest]
    similar: list[Host]

    @property
    def waits(self) -> bool:
        """Tell whether nobody has decided yet."""
        return self.row.state is JoinState.WAITING


def build_join_request_page(region: Region, join_request_id: int) -> JoinRequestPage:
    """Build the page; what the address looks like is a hint, never a reason by itself."""
    row = join_requests.get_join_request(region.id, join_request_id)
    place_id = row.organisation_id
    members = (
        people.list_contacts([place_id], SCHOOL_ROLES | HOST_ROLES).get(place_id, []) if place_id else []
    )
    contacts = frozenset({Role.COORDINATOR}) | HOST_ROLES
    return JoinRequestPage(
        row=row,
        hint=_tell_hint(row, members),
        responsible=people.list_contacts([place_id], contacts).get(place_id, []) if place_id else [],
        others=join_requests.list_others_of_address(row),
        similar=organisations.list_hosts_like(region.id, row.host_name) if place_id is None else [],
    )


def _tell_hint(row: JoinRequest, members: Sequence[User]) -> Banner:
    website = row.organisation.website if row.organisation else ""
    hint = read_address(row.email, website, [user.email for user in members])
    return {
        AddressHint.WEBSITE: Banner(
            _("Het e-mailadres past bij de website %(website)s.", website=website), _tell_limits(), "ok"
        ),
        AddressHint.COLLEAGUES: Banner(
            _("Collega’s die al meedoen hebben een adres bij hetzelfde domein."), _tell_limits(), "ok"
        ),
        AddressHint.PRIVATE: Banner(
            _("Dit is een privéadres. Iedereen kan zo’n adres maken."),
            _("Bel de school of organisatie voordat u beslist."),
            "sun",
        ),
        AddressHint.UNKNOWN: Banner(
            _("We herkennen het domein van dit e-mailadres niet."),
            _("Bel bij twijfel de school of organisatie."),
            "sun",
        ),
    }[hint]


def _tell_limits() -> str:
    return _("Dat is een aanwijzing, geen bewijs. Bel bij twijfel.")

"""What the page about addresses in trouble shows beyond one query."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from matchmaker.models import Membership, Region, School
from matchmaker.queries.mail_trouble import list_members_in_trouble
from matchmaker.queries.slices import Slice
from matchmaker.web.mail_words import ProblemWords, explain_trouble


@dataclass(frozen=True)
class AddressLine:
    """A role of somebody whom mail does not reach."""

    membership: Membership
    problem: ProblemWords

    @property
    def organisation_url(self) -> str:
        """Where the work of the school or host starts; empty for a role in the region or at a board."""
        organisation = self.membership.organisation
        if organisation is None:
            return ""
        if isinstance(organisation, School):
            return url_for("school.show_home", school_id=organisation.id)
        return url_for("host.show_home", host_id=organisation.id)


@dataclass(frozen=True)
class AddressListPage:
    """Everybody of a region whom mail does not reach."""

    region: Region
    slice: Slice[Membership]
    lines: list[AddressLine]

    def url(self, page: int) -> str:
        """Return the address of another page."""
        return url_for("organiser.list_addresses", slug=self.region.slug, pagina=page)


def build_address_list(region: Region, page: int) -> AddressListPage:
    """Build one page of the people whom mail does not reach, newest trouble first."""
    found = list_members_in_trouble(region.id, page)
    lines = [
        AddressLine(membership, explain_trouble(trouble, membership.user.mail_trouble_reason))
        for membership in found.rows
        if (trouble := membership.user.mail_trouble) is not None
    ]
    return AddressListPage(region, found, lines)

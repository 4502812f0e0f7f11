"""Tell the organisers when a school or host has nobody left who answers for it."""

from __future__ import annotations

from collections.abc import Iterable

from matchmaker.models import Message, Organisation, User
from matchmaker.notifications.departures import compose_contact_left
from matchmaker.notifications.facts import DepartureFacts
from matchmaker.notifications.mime import is_usable_address
from matchmaker.queries import people
from matchmaker.services.letterheads import contact_of, letterhead_of


def tell_organisers(organisations: Iterable[Organisation], left: User) -> list[Message]:
    """Return a mail to each organiser for each organisation whose last contact leaves.

    Parameters
    ----------
    left
        Who leaves; gets no mail about it.
    """
    return [
        compose_contact_left(_facts(organisation, left), contact, letterhead_of(organisation.region))
        for organisation in organisations
        for contact in map(contact_of, people.list_organisers(organisation.region_id))
        if contact.user_id != left.id and is_usable_address(contact.email)
    ]


def _facts(organisation: Organisation, left: User) -> DepartureFacts:
    return DepartureFacts(
        organisation_id=organisation.id,
        organisation=organisation.name,
        left_user_id=left.id,
        path=f"/organisator/{organisation.region.slug}",
    )

"""Tell the organisers when a school or host has nobody left who answers for it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app

from matchmaker import clock
from matchmaker.models import Message, Organisation, Region, User
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.departures import compose_contact_left
from matchmaker.notifications.facts import Contact, DepartureFacts
from matchmaker.notifications.mime import is_usable_address
from matchmaker.queries import people
from matchmaker.services.region_facts import describe_region


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


def letterhead_of(region: Region | None) -> Letterhead:
    """Return who writes now in the name of the region, or of the site itself."""
    facts = None if region is None else describe_region(region)
    return Letterhead(current_app.config["SETTINGS"], facts, clock.now())


def contact_of(user: User) -> Contact:
    """Return the person as mails address them."""
    return Contact(name=user.name, email=user.email, phone=user.phone, user_id=user.id)


def _facts(organisation: Organisation, left: User) -> DepartureFacts:
    return DepartureFacts(
        organisation_id=organisation.id,
        organisation=organisation.name,
        left_user_id=left.id,
        path=f"/organisator/{organisation.region.slug}",
    )

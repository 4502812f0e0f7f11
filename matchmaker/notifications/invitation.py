"""The mail that invites somebody to a role."""

from __future__ import annotations

from datetime import datetime

from matchmaker.config import Settings
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.permissions import Permission, may
from matchmaker.models.message import Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import InvitationFacts, RegionFacts

# As what people are invited, and what they will find.
_ROLE_WORDS = {
    Role.COORDINATOR: (
        "coördinator van",
        "U ziet wat uw groepen krijgen, waar en wanneer, en u nodigt collega’s uit.",
    ),
    Role.TEACHER: (
        "leerkracht van",
        "U ziet welke activiteiten de groepen van uw school krijgen, waar en wanneer.",
    ),
    Role.BOARD: ("contactpersoon van het schoolbestuur", "U ziet hoe het met al uw scholen gaat."),
    Role.HOST_CONTACT: (
        "contactpersoon van",
        "U ziet welke groepen wanneer bij u komen, en wie u daarover kunt bellen.",
    ),
    Role.ORGANISER: (
        "organisator van",
        "U ziet het aanbod en de wensen, en u leidt de rondes van het schooljaar.",
    ),
    Role.VIEWER: ("meelezer van", "U ziet hoe het programma ervoor staat. U kunt er niets veranderen."),
    Role.ADMINISTRATOR: ("beheerder van", "U beheert het programma en wie erbij kan."),
}


def compose_invitation(
    facts: InvitationFacts, region: RegionFacts, settings: Settings, moment: datetime
) -> Message:
    """Return the message that invites one person, in the region's name.

    It stands in no region's mail log: whoever reads the link could come in as somebody else.

    Raises
    ------
    ValueError
        When the person's address cannot be used.
    """
    role, promise = _ROLE_WORDS[facts.role]
    needs_app = settings.require_second_factor and may(facts.role, Permission.MANAGE_ROUNDS)
    draft = Draft(
        kind=MessageKind.INVITATION,
        recipient=facts.contact,
        cause=f"invitation:{facts.invitation_id}",
        facts={"invitation": facts, "role": role, "promise": promise, "needs_app": needs_app},
    )
    message = compose_message(draft, Letterhead(settings, region, moment))
    message.region_id = None
    return message

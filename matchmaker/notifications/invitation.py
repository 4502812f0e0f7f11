"""The mail that invites somebody to a role."""

from __future__ import annotations

from datetime import datetime

from matchmaker.config import Settings
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.permissions import Permission, may
from matchmaker.models.message import Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import InvitationFacts, RegionFacts
from matchmaker.notifications.speech import N_

# As what people are invited, and what they will find.
_WORDS = {
    Role.COORDINATOR: (
        N_("%(who)s nodigt u uit als coördinator van %(place)s."),
        N_("U ziet wat uw groepen krijgen, waar en wanneer, en u nodigt collega’s uit."),
    ),
    Role.TEACHER: (
        N_("%(who)s nodigt u uit als leerkracht van %(place)s."),
        N_("U ziet welke activiteiten de groepen van uw school krijgen, waar en wanneer."),
    ),
    Role.BOARD: (
        N_("%(who)s nodigt u uit als contactpersoon van het schoolbestuur %(place)s."),
        N_("U ziet hoe het met al uw scholen gaat."),
    ),
    Role.HOST_CONTACT: (
        N_("%(who)s nodigt u uit als contactpersoon van %(place)s."),
        N_("U ziet welke groepen wanneer bij u komen, en wie u daarover kunt bellen."),
    ),
    Role.ORGANISER: (
        N_("%(who)s nodigt u uit als organisator van %(place)s."),
        N_("U ziet het aanbod en de wensen, en u leidt de rondes van het schooljaar."),
    ),
    Role.VIEWER: (
        N_("%(who)s nodigt u uit als meelezer van %(place)s."),
        N_("U ziet hoe het programma ervoor staat. U kunt er niets veranderen."),
    ),
    Role.ADMINISTRATOR: (
        N_("%(who)s nodigt u uit als beheerder van %(place)s."),
        N_("U beheert het programma en wie erbij kan."),
    ),
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
    invites, promise = _WORDS[facts.role]
    needs_app = settings.require_second_factor and may(facts.role, Permission.MANAGE_ROUNDS)
    draft = Draft(
        kind=MessageKind.INVITATION,
        recipient=facts.contact,
        cause=f"invitation:{facts.invitation_id}",
        facts={"invitation": facts, "invites": invites, "promise": promise, "needs_app": needs_app},
    )
    message = compose_message(draft, Letterhead(settings, region, moment))
    message.region_id = None
    return message

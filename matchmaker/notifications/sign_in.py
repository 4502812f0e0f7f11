"""The mail with the link and the code to sign in."""

from __future__ import annotations

from datetime import datetime

from matchmaker.config import Settings
from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import URGENT_LANE, Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import SignInFacts


def compose_sign_in(facts: SignInFacts, settings: Settings, moment: datetime) -> Message:
    """Return the message that lets one person in; it overtakes bulk mail and belongs to no region.

    Raises
    ------
    ValueError
        When the person's address cannot be used.
    """
    draft = Draft(
        kind=MessageKind.SIGN_IN,
        recipient=facts.contact,
        cause=f"sign_in_token:{facts.token_id}",
        lane=URGENT_LANE,
        facts={"sign_in": facts},
    )
    return compose_message(draft, Letterhead(settings, None, moment))

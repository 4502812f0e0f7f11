"""The mails around asking to join."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from matchmaker.config import Settings
from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import URGENT_LANE, Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import CleanFacts, Contact, RegionFacts, lines


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinFacts(CleanFacts):
    """A request to join.

    Parameters
    ----------
    place
        The school or host as the region's list names it; empty for a host that is not in the list.
    reason
        Why it was refused, in the organiser's words.
    """

    id: int
    contact: Contact
    place: str = ""
    reason: str = lines()


def compose_join_received(
    facts: JoinFacts, region: RegionFacts, settings: Settings, moment: datetime
) -> Message:
    """Return the receipt for somebody who asked to join.

    Anybody can type anybody's address, so this mail holds nothing that was typed: nobody can have us
    deliver their words to others.
    """
    draft = Draft(
        kind=MessageKind.JOIN_RECEIVED,
        recipient=replace(facts.contact, name=""),
        cause=f"join_request:{facts.id}",
        lane=URGENT_LANE,
        facts={"place": facts.place},
    )
    return compose_message(draft, Letterhead(settings, region, moment))


def compose_join_refused(
    facts: JoinFacts, region: RegionFacts, settings: Settings, moment: datetime
) -> Message:
    """Return the mail that says no, with the organiser's reason."""
    draft = Draft(
        kind=MessageKind.JOIN_REFUSED,
        recipient=facts.contact,
        cause=f"join_request:{facts.id}",
        facts={"place": facts.place, "reason": facts.reason},
    )
    return compose_message(draft, Letterhead(settings, region, moment))


def compose_join_asked(
    contact: Contact, path: str, cause: str, letterhead: Letterhead, not_before: datetime
) -> Message:
    """Return the mail that tells an organiser that requests wait; it names nobody."""
    draft = Draft(kind=MessageKind.JOIN_ASKED, recipient=contact, cause=cause, facts={"requests_path": path})
    message = compose_message(draft, letterhead)
    message.next_attempt_at = letterhead.departure_of(not_before)
    return message

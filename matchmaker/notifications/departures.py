"""Mails about accounts that go: to the organisers when a contact left, to people who stayed away."""

from __future__ import annotations

from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import Contact, DepartureFacts, InactiveFacts


def compose_contact_left(facts: DepartureFacts, recipient: Contact, letterhead: Letterhead) -> Message:
    """Return the mail that tells an organiser that nobody answers for a school or host any more."""
    draft = Draft(
        kind=MessageKind.CONTACT_LEFT,
        recipient=recipient,
        cause=f"organisation:{facts.organisation_id}/user:{facts.left_user_id}",
        organisation_id=facts.organisation_id,
        facts={"left": facts},
    )
    return compose_message(draft, letterhead)


def compose_inactive_notice(facts: InactiveFacts, recipient: Contact, letterhead: Letterhead) -> Message:
    """Return the mail that asks somebody who stayed away whether the account is still of use."""
    draft = Draft(
        kind=MessageKind.INACTIVE_NOTICE,
        recipient=recipient,
        cause=f"user:{recipient.user_id}/until:{facts.goes_at:%Y-%m-%d}",
        facts={"notice": facts},
    )
    return compose_message(draft, letterhead)

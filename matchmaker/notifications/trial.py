"""A mail to try the way out: to oneself through the outbox, or to anybody past it."""

from __future__ import annotations

from matchmaker.domain.kinds import MessageKind
from matchmaker.models.message import URGENT_LANE, Message
from matchmaker.notifications.composing import Draft, Letterhead, compose_message
from matchmaker.notifications.facts import Contact


def compose_trial(recipient: Contact, letterhead: Letterhead, key: str) -> Message:
    """Return a short mail that says that sending works; urgent, so that somebody can wait for it.

    Parameters
    ----------
    key
        Tells one trial from another: two of them are two mails.

    Raises
    ------
    ValueError
        When the address cannot be used.
    """
    draft = Draft(kind=MessageKind.TRIAL, recipient=recipient, cause=f"trial:{key}", lane=URGENT_LANE)
    return compose_message(draft, letterhead)

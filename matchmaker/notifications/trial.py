"""A mail to try the way out; it is not kept in the outbox."""

from __future__ import annotations

import secrets
from datetime import datetime

from matchmaker.config import Settings
from matchmaker.notifications.calendar import Mailbox
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.mime import Mail, build_mime
from matchmaker.notifications.transport import OutgoingMail

_TEXT = "Deze mail laat zien dat het versturen werkt. U hoeft niets te doen.\n"


def compose_trial(address: str, settings: Settings, moment: datetime) -> OutgoingMail:
    """Return a short mail to one address.

    Raises
    ------
    ValueError
        When the address cannot be used.
    """
    letterhead = Letterhead(settings, None, moment)
    mail = Mail(
        sender=letterhead.sender,
        recipient=Mailbox(name="", email=address),
        reply_to=None,
        subject="Proef: mail werkt",
        text=_TEXT,
        html=f'<!doctype html><html lang="nl"><title>Proef</title><p>{_TEXT}</p></html>\n',
        date=moment,
        message_id=f"<trial.{secrets.token_hex(16)}@{settings.mail_domain}>",
    )
    return OutgoingMail(mail.message_id, address, build_mime(mail))

"""A mail to try the way out; it is not kept in the outbox."""

from __future__ import annotations

import secrets
from datetime import datetime

from matchmaker.config import Settings
from matchmaker.notifications.calendar import Mailbox
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.mime import Mail, build_mime
from matchmaker.notifications.speech import gettext as _
from matchmaker.notifications.speech import speaking, spoken_language
from matchmaker.notifications.transport import OutgoingMail


def compose_trial(address: str, settings: Settings, moment: datetime) -> OutgoingMail:
    """Return a short mail to one address, in the language of the site.

    Raises
    ------
    ValueError
        When the address cannot be used.
    """
    letterhead = Letterhead(settings, None, moment)
    with speaking(settings.language):
        subject = _("Proef: mail werkt")
        text = _("Deze mail laat zien dat het versturen werkt. U hoeft niets te doen.")
        html = (
            f'<!doctype html><html lang="{spoken_language()}"><title>{subject}</title><p>{text}</p></html>\n'
        )
    mail = Mail(
        sender=letterhead.sender,
        recipient=Mailbox(name="", email=address),
        reply_to=None,
        subject=subject,
        text=f"{text}\n",
        html=html,
        date=moment,
        message_id=f"<trial.{secrets.token_hex(16)}@{settings.mail_domain}>",
    )
    return OutgoingMail(mail.message_id, address, build_mime(mail))

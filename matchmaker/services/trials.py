"""Try whether mail arrives: to oneself through the outbox, or to any address past it."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import current_app

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.errors import NotFoundError, TooManyTrialsError
from matchmaker.models import Region, User
from matchmaker.notifications.delivery import open_transport
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.signing import find_signer, sign
from matchmaker.notifications.transport import OutgoingMail
from matchmaker.notifications.trial import compose_trial
from matchmaker.queries.trials import count_trials_since
from matchmaker.services import audit, way_out
from matchmaker.services.letterheads import contact_of, letterhead_of
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import DELIVERY

MOST_TRIALS, WITHIN = 5, timedelta(minutes=15)


def send_trial(region_id: int, user_id: int) -> None:
    """Put a trial mail to oneself in the outbox, as all other mail of the region.

    Raises
    ------
    NotFoundError
        When there is no such region or account.
    TooManyTrialsError
        After `MOST_TRIALS` within `WITHIN`.
    """
    with write_transaction() as session:
        region, user = session.get(Region, region_id), session.get(User, user_id)
        if region is None or user is None:
            raise NotFoundError
        if count_trials_since(region_id, user_id, clock.now() - WITHIN) >= MOST_TRIALS:
            raise TooManyTrialsError
        message = compose_trial(contact_of(user), letterhead_of(region), secrets.token_hex(8))
        session.add(message)
        session.flush()
        audit.record("send_trial", "message", message.id, region_id=region_id, actor_id=user_id)


def send_test_mail(address: str) -> None:
    """Send one mail at once, past the outbox, to try the settings; where it arrives, held mail leaves too.

    Raises
    ------
    ValueError
        When the address cannot be used.
    matchmaker.notifications.transport.DeliveryError
        When the mail did not leave; the text says why.
    """
    settings: Settings = current_app.config["SETTINGS"]
    recipient = Contact(name="", email=address, language=settings.language)
    message = compose_trial(recipient, letterhead_of(None), secrets.token_hex(8))
    mail = OutgoingMail(message.message_id, message.recipient, message.body)
    signer = find_signer(settings)
    with open_transport(settings) as transport:
        transport.send(mail if signer is None else sign(mail, signer))
    with write_transaction(DELIVERY):
        way_out.note_success()

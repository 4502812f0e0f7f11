"""Stop mail, let it go again, and send one mail once more: what people decide about sending."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from matchmaker import clock
from matchmaker.domain.errors import MessageOutdatedError, MessageTextGoneError, NotFoundError
from matchmaker.domain.runs import MESSAGE_CHOICES, MessageState
from matchmaker.domain.transitions import require_transition
from matchmaker.extensions import db
from matchmaker.models import Message, Region, SendingState
from matchmaker.models.sending import THE_ONE
from matchmaker.queries.messages import select_outdated
from matchmaker.queries.sending import find_region_pause, get_sending
from matchmaker.services import audit
from matchmaker.services.transaction import write_transaction


def pause_sending(region_id: int | None, *, actor_id: int | None = None) -> None:
    """Let mail wait: that of a region, or all of it. What is on its way at this moment still leaves.

    Mail to sign in leaves all the same: who cannot sign in cannot end the pause either. A pause of
    what is paused already changes nothing.

    Parameters
    ----------
    region_id
        Whose mail; None: everybody's.
    actor_id
        Who decides; None: who signed in.
    """
    with write_transaction():
        if _find_pause(region_id) is None:
            _set_pause(region_id, clock.now())
            _record("pause_sending", region_id, actor_id)


def resume_sending(region_id: int | None, *, actor_id: int | None = None) -> None:
    """Let mail leave again; for all mail it is also tried at once when the mail server refused it.

    Parameters
    ----------
    region_id
        Whose mail; None: everybody's.
    actor_id
        Who decides; None: who signed in.
    """
    with write_transaction() as session:
        waiting = region_id is None and get_sending().held_until is not None
        if _find_pause(region_id) is None and not waiting:
            return
        _set_pause(region_id, None)
        if waiting:
            session.execute(update(SendingState).values(held_until=None))
        _record("resume_sending", region_id, actor_id)


def resend_message(message_id: int, *, actor_id: int | None = None) -> None:
    """Queue a failed message again, or a sent one once more: the same bytes, with all attempts ahead.

    Parameters
    ----------
    message_id
        A message that the scope of now allows.
    actor_id
        Who asks for it; None: who signed in.

    Raises
    ------
    NotFoundError
        When there is no such message.
    TransitionError
        When it has yet to leave, or was replaced.
    MessageOutdatedError
        When a newer one of the same conversation exists, or what it tells is over or has changed.
    MessageTextGoneError
        When its text is no longer kept.
    """
    with write_transaction() as session:
        message = session.get(Message, message_id, with_for_update=True)
        if message is None:
            raise NotFoundError
        before = message.state
        state = require_transition("message", MESSAGE_CHOICES, before, MessageState.QUEUED)
        if session.scalars(select_outdated(message.id, clock.now())).first() is not None:
            raise MessageOutdatedError
        if not message.body:
            raise MessageTextGoneError
        message.state, message.attempts, message.last_error = state, 0, ""
        message.first_refused_at = None
        message.next_attempt_at, message.sent_at = clock.now(), None
        audit.record(
            "resend_message",
            "message",
            message.id,
            region_id=message.region_id,
            organisation_id=message.organisation_id,
            actor_id=actor_id,
            before={"state": before.value},
            after={"state": state.value},
        )


def _find_pause(region_id: int | None) -> datetime | None:
    return get_sending().paused_at if region_id is None else find_region_pause(region_id)


def _set_pause(region_id: int | None, since: datetime | None) -> None:
    # Past the session, so that settings of the region that somebody is editing do not count as changed.
    if region_id is None:
        statement = update(SendingState).where(SendingState.id == THE_ONE).values(paused_at=since)
    else:
        statement = update(Region).where(Region.id == region_id).values(mail_paused_at=since)
    db.session.execute(statement.execution_options(synchronize_session=False))


def _record(action: str, region_id: int | None, actor_id: int | None) -> None:
    audit.record(
        action,
        "sending" if region_id is None else "region",
        region_id,
        region_id=region_id,
        actor_id=actor_id,
    )

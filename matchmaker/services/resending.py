"""Send failed mails again: all of one problem, or all to one address that is said to work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, update

from matchmaker import clock
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.mail_problems import MailProblem, classify_answer
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message, User
from matchmaker.queries.mail_log import list_sendable_again
from matchmaker.services import audit
from matchmaker.services.mail_trouble import forget_trouble
from matchmaker.services.transaction import write_transaction


def resend_failed(region_id: int, problem: MailProblem, *, actor_id: int | None = None) -> int:
    """Queue the failed messages of one problem again: the same bytes, with all attempts ahead.

    What nobody should get any more, and what has lost its text, stays as it is.

    Parameters
    ----------
    actor_id
        Who asks for it; None: who signed in.

    Returns
    -------
    int
        How many messages were queued, at most `mail_log.MOST_SENT_AGAIN`.
    """
    with write_transaction():
        failed = list_sendable_again(region_id, clock.now())
        ids = [mail.id for mail in failed if classify_answer(mail.last_error) is problem]
        number = _queue_again(ids)
        if number:
            audit.record(
                "resend_messages",
                "region",
                region_id,
                region_id=region_id,
                actor_id=actor_id,
                after={"messages": number},
            )
    return number


def try_address_again(region_id: int, user_id: int, *, actor_id: int | None = None) -> int:
    """Forget the trouble with a person's address and queue the region's failed mails to them again.

    Returns
    -------
    int
        How many messages were queued.

    Raises
    ------
    NotFoundError
        When there is no such account.
    """
    with write_transaction() as session:
        user = session.get(User, user_id, with_for_update=True)
        if user is None:
            raise NotFoundError
        if user.mail_trouble is not None:
            forget_trouble(user, actor_id=actor_id)
        number = _queue_again([mail.id for mail in list_sendable_again(region_id, clock.now(), user_id)])
        if number:
            audit.record(
                "resend_messages",
                "user",
                user_id,
                region_id=region_id,
                actor_id=actor_id,
                after={"messages": number},
            )
    return number


def _queue_again(ids: Sequence[int]) -> int:
    """Queue these messages as far as they have still failed; return how many."""
    statement = (
        update(Message)
        .where(Message.id.in_(ids), Message.state == MessageState.FAILED)
        .values(
            state=MessageState.QUEUED,
            attempts=0,
            first_refused_at=None,
            last_error="",
            next_attempt_at=clock.now(),
            sent_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount

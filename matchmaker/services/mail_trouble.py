"""Note which addresses mail does not reach, and forget it when it does again."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker import clock
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.mail_trouble import MailTrouble, ends_with_delivery, is_worse
from matchmaker.extensions import db
from matchmaker.models import User
from matchmaker.notifications.wording import one_line, shorten
from matchmaker.services import audit
from matchmaker.services.transaction import write_transaction

REASON_LIMIT = 500


def mark_address(email: str, trouble: MailTrouble, reason: str) -> None:
    """Note trouble with somebody's address, inside the caller's transaction.

    An address of nobody, or of which as bad or worse is known, changes nothing.

    Parameters
    ----------
    email
        In any capitals.
    reason
        What a mail server or the person said; shown to organisers, kept as one line of at most
        `REASON_LIMIT` characters.
    """
    user = _find_by_address(email)
    if user is None or not is_worse(trouble, user.mail_trouble):
        return
    before = user.mail_trouble
    user.mail_trouble, user.mail_trouble_at = trouble, clock.now()
    user.mail_trouble_reason = shorten(one_line(reason), REASON_LIMIT)
    audit.record("mark_address", "user", user.id, before={"trouble": before}, after={"trouble": trouble})


def note_arrival(email: str) -> None:
    """Forget a refusal, inside the caller's transaction: a server has just taken a mail for the address."""
    troubled = select(User.id).where(User.email == email.strip().lower(), User.mail_trouble.is_not(None))
    if db.session.scalars(troubled).one_or_none() is None:
        return
    user = _find_by_address(email)
    if user is not None and ends_with_delivery(user.mail_trouble):
        forget_trouble(user)


def clear_trouble(user_id: int, *, actor_id: int | None = None) -> None:
    """Forget the trouble with a person's address: somebody says that it works.

    Parameters
    ----------
    actor_id
        Who says so; None: who signed in.

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


def _find_by_address(email: str) -> User | None:
    statement = select(User).where(User.email == email.strip().lower()).with_for_update()
    return db.session.scalars(statement).one_or_none()


def forget_trouble(user: User, *, actor_id: int | None = None) -> None:
    """Forget the trouble with a person's address, inside the caller's transaction."""
    before = {"trouble": user.mail_trouble}
    user.mail_trouble, user.mail_trouble_at, user.mail_trouble_reason = None, None, ""
    audit.record(
        "clear_mail_trouble", "user", user.id, actor_id=actor_id, before=before, after={"trouble": None}
    )

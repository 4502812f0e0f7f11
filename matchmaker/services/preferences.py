"""What people choose for themselves: their language, and which mails they do without."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import update

from matchmaker import scope
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.muting import MailFamily, list_kinds
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message, User
from matchmaker.services import audit
from matchmaker.services.transaction import write_transaction


def set_preferences(user_id: int, language: str, muted: Iterable[MailFamily]) -> None:
    """Keep a person's choices.

    Parameters
    ----------
    language
        One of the languages of the site, for pages and mails; not checked here.
    muted
        Families of mail that the person does without; essential ones are left out.

    Raises
    ------
    NotFoundError
        When there is no such account.
    """
    mutes = sorted(family.value for family in set(muted) if not family.is_essential)
    with write_transaction():
        user = lock_user(user_id)
        before = {"language": user.language, "mutes": user.mutes}
        user.language = language
        mute(user, mutes)
        after = {"language": language, "mutes": mutes}
        audit.record("set_preferences", "user", user_id, actor_id=user_id, before=before, after=after)


def lock_user(user_id: int) -> User:
    """Return an account that nobody else changes until the transaction ends.

    Raises
    ------
    NotFoundError
        When there is no such account.
    """
    user = db.session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFoundError
    return user


def mute(user: User, mutes: Collection[str]) -> None:
    """Let a person do without these families and no others, from this moment on.

    What waits for the morning is held back too; what a worker is sending is on its way.
    """
    user.mutes = sorted(mutes)
    kinds = [kind for family in MailFamily if family.value in mutes for kind in list_kinds(family)]
    waiting = (Message.user_id == user.id, Message.kind.in_(kinds), Message.state == MessageState.QUEUED)
    with scope.unscoped("mails that wait for one person"):
        db.session.execute(update(Message).where(*waiting).values(state=MessageState.UNWANTED))

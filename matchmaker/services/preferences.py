"""What people choose for themselves: the language of the pages, and which overviews they get."""

from __future__ import annotations

from collections.abc import Iterable

from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.muting import MUTABLE
from matchmaker.models import User
from matchmaker.services import audit
from matchmaker.services.transaction import write_transaction


def set_preferences(user_id: int, language: str, muted: Iterable[MessageKind]) -> None:
    """Keep a person's choices.

    Parameters
    ----------
    language
        One of the languages of the site; not checked here.
    muted
        Kinds of mail that the person does not want; those that may not be muted are left out.

    Raises
    ------
    NotFoundError
        When there is no such account.
    """
    mutes = sorted(kind.value for kind in set(muted) & set(MUTABLE))
    with write_transaction() as session:
        user = session.get(User, user_id)
        if user is None:
            raise NotFoundError
        before = {"language": user.language, "mutes": user.mutes}
        user.language, user.mutes = language, mutes
        after = {"language": language, "mutes": mutes}
        audit.record("set_preferences", "user", user_id, actor_id=user_id, before=before, after=after)

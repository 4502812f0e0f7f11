"""Do without a family of mails by the link in one of them: no account is opened, nothing else is in reach."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.mute_tokens import is_mute_token, parse_mute_token
from matchmaker.domain.muting import MailFamily
from matchmaker.models import User
from matchmaker.queries import people
from matchmaker.services import audit
from matchmaker.services.preferences import lock_user, mute
from matchmaker.services.transaction import write_transaction


@dataclass(frozen=True, slots=True)
class Choice:
    """Which mails a link is about, whether its owner does without them now, and the owner's language."""

    family: MailFamily
    is_stopped: bool
    language: str


def read_choice(token: str) -> Choice:
    """Return what a link is about; reading changes nothing, however often it is done.

    Raises
    ------
    NotFoundError
        When the link is not ours, or its owner has another address by now or no account.
    """
    user, family = _find_owner(token)
    return Choice(family, family.value in user.mutes, user.language)


def stop_mails(token: str) -> Choice:
    """Let the owner of a link do without its mails; once more changes nothing.

    Raises
    ------
    NotFoundError
        As for `read_choice`.
    """
    return _choose(token, stopped=True)


def resume_mails(token: str) -> Choice:
    """Let the owner of a link get its mails again, from the next one on; once more changes nothing.

    Raises
    ------
    NotFoundError
        As for `read_choice`.
    """
    return _choose(token, stopped=False)


def _choose(token: str, *, stopped: bool) -> Choice:
    owner, family = _find_owner(token)
    if (family.value in owner.mutes) is not stopped:
        with write_transaction():
            user = lock_user(owner.id)
            mute(user, {*user.mutes, family.value} if stopped else {*user.mutes} - {family.value})
            action = "stop_mails" if stopped else "resume_mails"
            audit.record(action, "user", user.id, after={"family": family.value})
    return Choice(family, stopped, owner.language)


def _find_owner(token: str) -> tuple[User, MailFamily]:
    said = parse_mute_token(token)
    user = people.find_active_user(said[0]) if said else None
    if said is None or user is None:
        raise NotFoundError
    family, secret_key = said[1], str(current_app.config["SECRET_KEY"])
    if family.is_essential or not is_mute_token(token, secret_key, user.id, family, user.email):
        raise NotFoundError
    return user, family

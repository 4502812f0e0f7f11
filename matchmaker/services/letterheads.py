"""In whose name mails go, and to whom: rows as mails name them."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.mail_trouble import takes_mail
from matchmaker.domain.muting import FAMILY_OF, is_wanted
from matchmaker.extensions import db
from matchmaker.models import Region, User
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.mime import is_usable_address
from matchmaker.notifications.speech import SOURCE
from matchmaker.queries.mail_log import list_invited_causes
from matchmaker.queries.people import find_active_user_by_email
from matchmaker.scope import unscoped
from matchmaker.services.region_facts import describe_region


def letterhead_of(region: Region | None, moment: datetime | None = None) -> Letterhead:
    """Return who writes in the name of the region, or of the site itself; now, or at another moment."""
    facts = None if region is None else describe_region(region)
    return Letterhead(current_app.config["SETTINGS"], facts, moment or clock.now())


def find_first_departure(moment: datetime) -> datetime:
    """Return when mail leaves that is written at a moment and that nobody waits for."""
    return letterhead_of(None, moment).departure_of(moment)


def contact_of(user: User) -> Contact:
    """Return the person as mails address them."""
    return Contact(
        name=user.name,
        email=user.email,
        phone=user.phone,
        user_id=user.id,
        mutes=tuple(user.mutes or ()),
        language=user.language or SOURCE,
        wants_calendar=user.wants_calendar is not False,
        invited=frozenset() if user.wants_calendar is not False else _list_invited(user.id),
    )


def find_language(email: str, asked_in: str = "", by_id: int | None = None) -> str:
    """Return in which language to write to an address that may have no account.

    That of its account, else that in which they asked us, else that of who has us write to them.

    Parameters
    ----------
    asked_in
        Empty when they did not ask.
    by_id
        User who has us write; None when nobody does.
    """
    known = find_active_user_by_email(email)
    if known is not None:
        return known.language
    writer = None if by_id is None else db.session.get(User, by_id)
    settings: Settings = current_app.config["SETTINGS"]
    return asked_in or (settings.language if writer is None else writer.language)


def _list_invited(user_id: int) -> frozenset[str]:
    with unscoped("which appointments somebody has from mails"):
        return list_invited_causes(user_id)


def gets_mail(user: User, kind: MessageKind) -> bool:
    """Tell whether a mail of this kind goes to the person: they can be reached and did not do without it."""
    essential = FAMILY_OF[kind].is_essential
    return (
        is_usable_address(user.email)
        and is_wanted(kind, user.mutes or ())
        and takes_mail(user.mail_trouble, essential=essential)
    )

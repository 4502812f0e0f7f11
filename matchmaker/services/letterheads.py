"""In whose name mails go, and to whom: rows as mails name them."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from matchmaker import clock
from matchmaker.models import Region, User
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import Contact
from matchmaker.notifications.speech import SOURCE
from matchmaker.services.region_facts import describe_region


def letterhead_of(region: Region | None, moment: datetime | None = None) -> Letterhead:
    """Return who writes in the name of the region, or of the site itself; now, or at another moment."""
    facts = None if region is None else describe_region(region)
    return Letterhead(current_app.config["SETTINGS"], facts, moment or clock.now())


def contact_of(user: User) -> Contact:
    """Return the person as mails address them."""
    return Contact(
        name=user.name,
        email=user.email,
        phone=user.phone,
        user_id=user.id,
        mutes=tuple(user.mutes or ()),
        language=user.language or SOURCE,
    )

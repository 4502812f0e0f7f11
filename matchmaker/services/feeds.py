"""Calendars that people subscribe to: make the link, end it, and what it shows.

A link shows what its owner may see when it is read: who leaves a school reads nothing of it any more.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete

from matchmaker import clock, scope
from matchmaker.domain.errors import NoCalendarLinkError, NotFoundError
from matchmaker.domain.tokens import hash_token
from matchmaker.extensions import db
from matchmaker.models import CalendarFeed, Host, Membership, School, User
from matchmaker.notifications.calendar import CalendarEntry, build_feed
from matchmaker.notifications.speech import gettext, speaking
from matchmaker.queries import feeds, people
from matchmaker.queries.visits import list_feed_bookings, list_feed_slots, list_slot_bookings
from matchmaker.services import audit
from matchmaker.services.calendars import describe_occasion, describe_visit
from matchmaker.services.transaction import write_transaction

# Calendars take out what a feed no longer holds, so what is past, or was called off, stays a while.
HISTORY = timedelta(days=42)


def make_feed(user_id: int, organisation_id: int | None) -> str:
    """Give a person a link to a calendar; one that they had for the same ends.

    Parameters
    ----------
    organisation_id
        The school or host that it shows; None for everything of the person.

    Returns
    -------
    str
        256 random bits as text; only the hash is stored.

    Raises
    ------
    NotFoundError
        When the person does not work there today.
    """
    token = secrets.token_urlsafe(32)
    with write_transaction() as session:
        session.get_one(User, user_id, with_for_update=True)
        if organisation_id is not None and organisation_id not in _list_own(user_id):
            raise NotFoundError
        _delete(user_id, organisation_id)
        feed = CalendarFeed(user_id=user_id, organisation_id=organisation_id, token_hash=hash_token(token))
        session.add(feed)
        session.flush()
        audit.record("make_calendar_feed", "calendar_feed", feed.id, actor_id=user_id)
    return token


def end_feed(user_id: int, feed_id: int) -> bool:
    """End a link; calendars that use it get nothing more.

    Returns
    -------
    bool
        Whether mails have appointments again from now on, because this was the last link.

    Raises
    ------
    NotFoundError
        When there is no such link, or it is somebody else's.
    """
    with write_transaction() as session:
        statement = delete(CalendarFeed).where(CalendarFeed.id == feed_id, CalendarFeed.user_id == user_id)
        if session.execute(statement.returning(CalendarFeed.id)).one_or_none() is None:
            raise NotFoundError
        audit.record("end_calendar_feed", "calendar_feed", feed_id, actor_id=user_id)
        user = session.get_one(User, user_id, with_for_update=True)
        starts_again = not user.wants_calendar and not feeds.list_feeds(user_id)
        if starts_again:
            user.wants_calendar = True
    return starts_again


def choose_appointments(user_id: int, *, by_mail: bool) -> None:
    """Let the appointments of new visits come with mails, or by the person's own links alone.

    What went by mail before, mail keeps right: it stands in a calendar that no link can reach.

    Raises
    ------
    NoCalendarLinkError
        When the person has no link by which the visits would come instead.
    """
    with write_transaction() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        if not by_mail and not feeds.list_feeds(user_id):
            raise NoCalendarLinkError
        user.wants_calendar = by_mail
        after = {"by_mail": by_mail}
        audit.record("choose_appointments", "user", user_id, actor_id=user_id, after=after)


def read_feed(token: str) -> tuple[bytes, str]:
    """Return the calendar behind a link and its name, in the language of its owner.

    Raises
    ------
    NotFoundError
        When the link is unknown or ended, or its owner does not work there any more.
    """
    with scope.unscoped("a calendar by its link"):
        feed = feeds.find_feed_by_token(hash_token(token))
    own = _list_own(feed.user_id) if feed else {}
    if feed is None or (feed.organisation_id is not None and feed.organisation_id not in own):
        raise NotFoundError
    shown = [m for key, m in own.items() if feed.organisation_id in {None, key}]
    since = clock.now() - HISTORY
    with speaking(feed.user.language):
        entries = [entry for membership in shown for entry in _list_entries(membership, since)]
        name = feed.organisation.name if feed.organisation else gettext("Techniekactiviteiten")
    entries.sort(key=lambda entry: (entry.starts_at, entry.uid))
    return build_feed(entries, name), name


def _list_own(user_id: int) -> dict[int, Membership]:
    """Return the roles of a person in schools and at hosts today, by organisation, one of each."""
    with scope.unscoped("where somebody works"):
        memberships = people.list_memberships(user_id)
    return {m.organisation_id: m for m in memberships if m.organisation_id is not None}


def _list_entries(membership: Membership, since: datetime) -> Iterator[CalendarEntry]:
    organisation = membership.organisation
    if isinstance(organisation, School):
        with scope.within(organisation.region_id, school_id=organisation.id):
            yield from [describe_visit(organisation, b) for b in list_feed_bookings(organisation.id, since)]
    elif isinstance(organisation, Host):
        with scope.within(organisation.region_id, host_id=organisation.id):
            slots = list_feed_slots(organisation.id, since)
            guests = list_slot_bookings([slot.id for slot in slots])
            yield from [describe_occasion(organisation, slot, guests.get(slot.id, [])) for slot in slots]


def _delete(user_id: int, organisation_id: int | None) -> None:
    same = CalendarFeed.organisation_id == organisation_id
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == user_id, same))

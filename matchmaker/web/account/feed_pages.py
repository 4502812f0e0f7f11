"""What the page about calendars to subscribe to shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from matchmaker.queries import feeds
from matchmaker.queries.people import get_user
from matchmaker.web.calendar_links import CalendarLink, describe_calendar_link
from matchmaker.web.identity import Visitor
from matchmaker.web.language import gettext as _


@dataclass(frozen=True)
class FeedChoice:
    """A calendar that the visitor can subscribe to; with the link that was made for it, if any."""

    organisation_id: int | None
    name: str
    place: str
    feed_id: int | None
    made_at: datetime | None


@dataclass(frozen=True)
class FeedPage:
    """All calendars of a visitor; the one of everything stands first where there are several."""

    choices: list[FeedChoice]
    wants_calendar: bool

    @property
    def has_link(self) -> bool:
        """Tell whether the visitor follows a calendar, as far as we know."""
        return any(choice.feed_id for choice in self.choices)


def build_feed_page(visitor: Visitor) -> FeedPage:
    """Load the visitor's links and set them beside what they can subscribe to."""
    made = {feed.organisation_id: feed for feed in feeds.list_feeds(visitor.id)}
    own = {m.organisation_id: m for m in visitor.memberships if m.organisation_id is not None}
    named = sorted(own.values(), key=lambda m: (m.organisation_name, m.id))
    places: list[tuple[int | None, str, str]] = [
        (m.organisation_id, m.organisation_name, m.organisation_place) for m in named
    ]
    if len(places) > 1 or (None in made and places):
        places.insert(0, (None, _("Alles van mij"), ""))
    return FeedPage(
        [
            FeedChoice(
                key,
                name,
                place,
                made[key].id if key in made else None,
                made[key].created_at if key in made else None,
            )
            for key, name, place in places
        ],
        get_user(visitor.id).wants_calendar,
    )


def describe_link(page: FeedPage, organisation_id: int | None, token: str) -> CalendarLink:
    """Return a link that was just made."""
    named = {choice.organisation_id: choice.name for choice in page.choices}
    name = named.get(organisation_id, _("Alles van mij"))
    return describe_calendar_link(name, url_for("account.read_feed", feed_key=token))

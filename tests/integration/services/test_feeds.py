"""A calendar to subscribe to shows what its owner may see, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from matchmaker import clock
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.kinds import Role
from matchmaker.extensions import db
from matchmaker.models import Booking, CalendarFeed, Membership
from matchmaker.queries import feeds as feed_queries
from matchmaker.services.feeds import HISTORY, end_feed, make_feed, read_feed
from tests.factories import BookingFactory, GroupFactory, MembershipFactory, SlotFactory


def visit(school: object, days: int = 10, **more: object) -> Booking:
    starts_at = clock.now() + timedelta(days=days)
    slot = SlotFactory(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    booking: Booking = BookingFactory(group=GroupFactory(school=school), slot=slot, **more)
    return booking


def coordinator() -> Membership:
    membership: Membership = MembershipFactory(role=Role.COORDINATOR)
    return membership


def uids(token: str) -> list[str]:
    return [str(event["uid"]) for event in Calendar.from_ical(read_feed(token)[0]).events]


def test_a_link_shows_the_visits_with_the_uids_of_the_mails(app: Flask) -> None:
    own, other = coordinator(), coordinator()
    mine, _theirs = visit(own.organisation), visit(other.organisation)
    db.session.commit()
    assert uids(make_feed(own.user_id, own.organisation_id)) == [mine.calendar_uid]


def test_a_link_to_everything_shows_all_places_where_one_works(app: Flask) -> None:
    school = coordinator()
    host = MembershipFactory(role=Role.HOST_CONTACT, user=school.user)
    booking = visit(school.organisation, days=3)
    received = visit(coordinator().organisation, days=5)
    received.slot.activity.host = host.organisation
    db.session.commit()
    assert uids(make_feed(school.user_id, None)) == [booking.calendar_uid, received.slot.calendar_uid]


def test_a_link_speaks_the_language_of_its_owner(app: Flask) -> None:
    own = coordinator()
    booking = visit(own.organisation)
    own.user.language = "en"
    db.session.commit()
    content, name = read_feed(make_feed(own.user_id, None))
    (event,) = Calendar.from_ical(content).events
    assert str(event["summary"]).startswith(f"Group {booking.group.name}: ")
    assert name == "Technology activities"


def test_what_was_called_off_stays_as_cancelled(app: Flask) -> None:
    own = coordinator()
    visit(own.organisation, state=BookingState.CANCELLED, cancel_reason="ziek")
    db.session.commit()
    (event,) = Calendar.from_ical(read_feed(make_feed(own.user_id, own.organisation_id))[0]).events
    assert (str(event["status"]), "ziek" in str(event)) == ("CANCELLED", False)


def test_what_is_long_past_is_left_out(app: Flask) -> None:
    own = coordinator()
    visit(own.organisation, days=-HISTORY.days - 1)
    recent = visit(own.organisation, days=-HISTORY.days + 1)
    db.session.commit()
    assert uids(make_feed(own.user_id, own.organisation_id)) == [recent.calendar_uid]


def test_an_unchanged_calendar_is_the_same_to_the_byte(app: Flask) -> None:
    own = coordinator()
    booking = visit(own.organisation)
    db.session.commit()
    token = make_feed(own.user_id, own.organisation_id)
    before = read_feed(token)[0]
    assert read_feed(token)[0] == before
    booking.calendar_sequence += 1
    db.session.commit()
    assert read_feed(token)[0] != before


def test_a_new_link_ends_the_old_one(app: Flask) -> None:
    own = coordinator()
    db.session.commit()
    old, new = (make_feed(own.user_id, own.organisation_id) for _ in range(2))
    assert read_feed(new)
    with pytest.raises(NotFoundError):
        read_feed(old)


def test_only_a_hash_of_the_link_is_kept(app: Flask) -> None:
    own = coordinator()
    db.session.commit()
    token = make_feed(own.user_id, own.organisation_id)
    assert len(token) >= 43
    assert token not in str([row.token_hash for row in db.session.query(CalendarFeed)])


def test_a_link_ends_with_the_role(app: Flask) -> None:
    own = coordinator()
    db.session.commit()
    one, everything = make_feed(own.user_id, own.organisation_id), make_feed(own.user_id, None)
    own.until = clock.today() - timedelta(days=1)
    db.session.commit()
    with pytest.raises(NotFoundError):
        read_feed(one)
    assert uids(everything) == []


def test_a_link_ends_with_the_account(app: Flask) -> None:
    own = coordinator()
    db.session.commit()
    token = make_feed(own.user_id, None)
    own.user.active = False
    db.session.commit()
    with pytest.raises(NotFoundError):
        read_feed(token)


def test_nobody_makes_a_link_to_a_foreign_place(app: Flask) -> None:
    own, other = coordinator(), coordinator()
    db.session.commit()
    with pytest.raises(NotFoundError):
        make_feed(own.user_id, other.organisation_id)


def test_nobody_ends_somebody_elses_link(app: Flask) -> None:
    own, other = coordinator(), coordinator()
    db.session.commit()
    token = make_feed(own.user_id, None)
    (feed,) = feed_queries.list_feeds(own.user_id)
    with pytest.raises(NotFoundError):
        end_feed(other.user_id, feed.id)
    end_feed(own.user_id, feed.id)
    with pytest.raises(NotFoundError):
        read_feed(token)

"""Appointments come with mails or by a link; one that came by mail is kept right by mail."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.domain.errors import NoCalendarLinkError
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import CalendarFeed, User
from matchmaker.services.feeds import choose_appointments, end_feed, make_feed
from matchmaker.services.letterheads import contact_of
from tests.factories import MessageFactory, UserFactory


@pytest.fixture
def person(app: Flask) -> User:
    user = UserFactory()
    db.session.commit()
    return user


def wants(person: User) -> bool:
    db.session.rollback()
    return db.session.get_one(User, person.id).wants_calendar


def test_nobody_loses_appointments_before_there_is_a_link(person: User) -> None:
    with pytest.raises(NoCalendarLinkError):
        choose_appointments(person.id, by_mail=False)
    assert wants(person)
    make_feed(person.id, None)
    choose_appointments(person.id, by_mail=False)
    assert not wants(person)
    choose_appointments(person.id, by_mail=True)
    assert wants(person)


def test_with_the_last_link_appointments_come_by_mail_again(person: User) -> None:
    make_feed(person.id, None)
    choose_appointments(person.id, by_mail=False)
    (feed_id,) = db.session.scalars(sa.select(CalendarFeed.id)).all()
    assert end_feed(person.id, feed_id) is True
    assert wants(person)


def test_a_new_link_for_the_same_changes_nothing_about_mails(person: User) -> None:
    make_feed(person.id, None)
    choose_appointments(person.id, by_mail=False)
    make_feed(person.id, None)
    assert not wants(person)


def test_what_stands_in_a_calendar_by_mail_is_known(person: User) -> None:
    for cause, more in {
        "booking:sent": {"with_calendar": True, "state": MessageState.SENT},
        "booking:waiting": {"with_calendar": True},
        "booking:never": {"with_calendar": True, "state": MessageState.SUPERSEDED},
        "booking:without": {"with_calendar": False, "state": MessageState.SENT},
    }.items():
        MessageFactory(user_id=person.id, cause=cause, **more)
    MessageFactory(user_id=UserFactory().id, cause="booking:of another", with_calendar=True)
    db.session.commit()
    assert contact_of(person).invited == frozenset()
    person.wants_calendar = False
    db.session.commit()
    assert contact_of(person).invited == {"booking:sent", "booking:waiting"}

"""A region's agenda for everybody: what hosts do when, and nothing about who comes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from matchmaker import clock
from matchmaker.domain.kinds import ApprovalState, SlotState
from matchmaker.domain.phases import Phase
from matchmaker.extensions import db
from matchmaker.models import Round, Slot
from matchmaker.queries.public_agenda import list_agenda_page
from matchmaker.scope import within
from matchmaker.services.feeds import HISTORY
from matchmaker.services.public_agenda import build_public_agenda
from tests.factories import (
    ActivityFactory,
    BookingFactory,
    HostFactory,
    MembershipFactory,
    RegionFactory,
    RoundFactory,
    SlotFactory,
)


@pytest.fixture
def round_(app: Flask) -> Round:
    found: Round = RoundFactory(phase=Phase.PUBLISHED, published_at=clock.now() - timedelta(days=1))
    db.session.commit()
    return found


def add_slot(round_: Round, days: float = 10, **more: Any) -> Slot:
    starts_at = clock.now() + timedelta(days=days)
    slot: Slot = SlotFactory(
        round=round_, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), **more
    )
    db.session.commit()
    return slot


def read(round_: Round) -> list[Any]:
    with within(round_.region_id):
        return list(Calendar.from_ical(build_public_agenda(round_.region)).events)


def test_it_says_what_where_and_when(round_: Round) -> None:
    slot = add_slot(round_)
    slot.activity.host.street, slot.activity.host.place = "Fabrieksweg 1", "Ulft"
    db.session.commit()
    (event,) = read(round_)
    assert event.start == slot.starts_at
    assert str(event["summary"]) == f"{slot.activity.title} ({slot.activity.host.name})"
    assert str(event["location"]) == f"{slot.activity.host.name}, Fabrieksweg 1, Ulft"
    assert str(event["status"]) == "CONFIRMED"
    assert str(event["transp"]) == "TRANSPARENT"


def test_it_says_nothing_about_who_comes_or_whom_to_ask(round_: Round) -> None:
    slot = add_slot(round_)
    before = read(round_)[0].to_ical()
    contact = MembershipFactory(organisation=slot.activity.host).user
    booking = BookingFactory(slot=slot)
    slot.calendar_sequence += 1
    slot.changed_at += timedelta(hours=1)
    db.session.commit()
    with within(round_.region_id):
        agenda = build_public_agenda(round_.region).decode()
    for secret in (booking.group.name, booking.group.school.name, booking.calendar_uid, contact.email):
        assert secret not in agenda
    assert "ATTENDEE" not in agenda
    assert read(round_)[0].to_ical() == before


def test_a_school_that_a_host_comes_to_is_not_named(round_: Round) -> None:
    slot = add_slot(round_, activity=ActivityFactory(mobile=True), address="Plein 1, de school")
    db.session.commit()
    (event,) = read(round_)
    assert "location" not in event
    assert "Plein 1" not in str(event.to_ical())
    assert slot.activity.mobile


def test_its_entries_never_take_the_place_of_the_host_s_own(round_: Round) -> None:
    slot = add_slot(round_)
    (event,) = read(round_)
    uid = str(event["uid"])
    assert uid != slot.calendar_uid
    assert uid.startswith("agenda-")
    assert slot.calendar_uid.partition("@")[0].partition("-")[2] not in uid
    slot.starts_at += timedelta(days=1)
    slot.ends_at += timedelta(days=1)
    db.session.commit()
    assert str(read(round_)[0]["uid"]) == uid


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase not in {Phase.PUBLISHED, Phase.CLOSED}])
def test_dates_are_public_only_once_the_round_is(round_: Round, phase: Phase) -> None:
    add_slot(round_)
    round_.phase = phase
    db.session.commit()
    assert read(round_) == []


def test_what_nobody_may_see_in_the_catalogue_is_not_in_it(round_: Round) -> None:
    add_slot(round_, activity=ActivityFactory(approval=ApprovalState.SUBMITTED))
    hidden = add_slot(round_)
    hidden.activity.host.active = False
    db.session.commit()
    assert read(round_) == []


def test_another_region_s_dates_are_not_in_it(round_: Round) -> None:
    theirs: Round = RoundFactory(
        region=RegionFactory(), phase=Phase.PUBLISHED, published_at=clock.now() - timedelta(days=1)
    )
    host = HostFactory(region=theirs.region)
    add_slot(theirs, activity=ActivityFactory(host=host))
    assert read(round_) == []
    assert len(read(theirs)) == 1


def test_what_is_withdrawn_after_publication_stays_for_weeks_as_cancelled(round_: Round) -> None:
    slot = add_slot(round_)
    slot.state = SlotState.WITHDRAWN
    db.session.commit()
    (event,) = read(round_)
    assert str(event["status"]) == "CANCELLED"
    round_.published_at = clock.now() + timedelta(hours=1)
    db.session.commit()
    assert read(round_) == []


def test_what_is_past_goes_after_some_weeks(round_: Round) -> None:
    add_slot(round_, days=-HISTORY.days + 1)
    add_slot(round_, days=-HISTORY.days - 1)
    assert len(read(round_)) == 1


def test_the_page_shows_what_is_still_to_come(round_: Round) -> None:
    add_slot(round_, days=-3)
    add_slot(round_).state = SlotState.WITHDRAWN
    coming = add_slot(round_, days=5)
    with within(round_.region_id):
        assert list_agenda_page(round_.region_id, clock.now(), 1).rows == [coming]


def test_a_calendar_that_nobody_changed_is_the_same_to_the_byte(round_: Round) -> None:
    add_slot(round_)
    with within(round_.region_id):
        assert build_public_agenda(round_.region) == build_public_agenda(round_.region)


def test_a_whole_season_takes_one_query(round_: Round) -> None:
    activity = ActivityFactory()
    for number in range(30):
        add_slot(round_, days=number, activity=activity)
    round_id, asked = round_.id, []
    db.session.expire_all()
    found = db.session.get_one(Round, round_id)
    region = found.region
    sa.event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with within(region.id):
        build_public_agenda(region)
    assert len(asked) == 1

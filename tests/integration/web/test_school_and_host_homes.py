"""The homes of schools and hosts: what they get, who comes, whom to call, and their calendar files."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from matchmaker import clock
from matchmaker.domain.bookings import BookingState
from matchmaker.domain.phases import Phase
from matchmaker.domain.questions import Answer
from matchmaker.extensions import db
from matchmaker.models import Activity, Booking, Round, School, SignedQuestion
from tests.factories import BookingFactory, GroupFactory, SignedQuestionFactory, WishListFactory
from tests.site import Site, StrictClient
from tests.site.fixtures import CountQueries
from tests.site.rows import slot_in


def school_home(site: Site) -> str:
    return f"/school/{site.own.school_id}"


def host_home(site: Site) -> str:
    return f"/aanbieder/{site.own.host_id}"


def test_a_school_sees_its_visits_with_the_contact_of_the_host(coordinator: StrictClient, site: Site) -> None:
    coordinator.get(school_home(site))
    text = coordinator.text()
    assert "Lassen in achterhoek" in text
    assert "Groep 7/8" in text
    assert "host_contact@achterhoek.example" in text
    assert "1 van 2 activiteiten" in text
    assert "elders" not in text


def test_a_school_sees_what_now(coordinator: StrictClient, site_app: Flask, site: Site) -> None:
    expected = {
        Phase.OFFERING: "Aanbieders geven nu hun data op",
        Phase.ALLOCATING: "U hoeft niets te doen",
        Phase.REVIEWING: "U hoeft niets te doen",
        Phase.WISHING: "Al uw groepen hebben wensen ingediend",
    }
    for phase, sentence in expected.items():
        with site_app.app_context():
            db.session.get_one(Round, site.own.round_id).phase = phase
            db.session.commit()
        coordinator.get(school_home(site))
        assert sentence in coordinator.text(), phase


def test_groups_without_wishes_are_counted_while_wishing(
    coordinator: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        db.session.get_one(Round, site.own.round_id).phase = Phase.WISHING
        GroupFactory(school=db.session.get_one(School, site.own.school_id), name="3")
        db.session.commit()
    coordinator.get(school_home(site))
    assert "1 groep heeft nog geen ingediende wensen" in coordinator.text()


def test_a_group_without_a_place_is_told_so_after_the_result(
    coordinator: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        round_ = db.session.get_one(Round, site.own.round_id)
        round_.phase = Phase.PUBLISHED
        group = GroupFactory(school=db.session.get_one(School, site.own.school_id), name="3")
        WishListFactory(group=group, round=round_)
        db.session.commit()
    coordinator.get(school_home(site))
    assert "geen plek" in coordinator.text()


@pytest.mark.parametrize("state", [BookingState.CANCELLED, BookingState.DECLINED, BookingState.WAITING])
def test_what_is_no_visit_is_not_shown_as_one(
    coordinator: StrictClient, host_contact: StrictClient, site_app: Flask, site: Site, state: BookingState
) -> None:
    with site_app.app_context():
        db.session.get_one(Booking, site.own.booking_id).state = state
        db.session.commit()
    coordinator.get(school_home(site))
    host_contact.get(host_home(site))
    assert "Er staan nog geen bezoeken" in coordinator.text()
    assert "De Eiken" not in host_contact.text()
    assert coordinator.get(f"{school_home(site)}/bezoek/{site.own.booking_id}.ics").status_code == 404


def test_one_visit_and_all_visits_can_be_put_in_a_calendar(
    coordinator: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        uid = db.session.get_one(Booking, site.own.booking_id).calendar_uid
    for path in (f"bezoek/{site.own.booking_id}.ics", "agenda.ics"):
        response = coordinator.get(f"{school_home(site)}/{path}")
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
        assert response.headers["Content-Disposition"].startswith('attachment; filename="')
        [event] = Calendar.from_ical(response.data).walk("VEVENT")
        assert event["uid"] == uid
        assert "attendee" not in event


def test_a_host_sees_who_comes_and_whom_to_call(host_contact: StrictClient, site: Site) -> None:
    host_contact.get(host_home(site))
    text = host_contact.text()
    assert "De Eiken" in text
    assert "24 leerlingen" in text
    assert "coordinator@achterhoek.example" in text
    assert "De Buren" not in text


def test_a_host_sees_which_slots_stay_empty(host_contact: StrictClient, site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        published = db.session.get_one(Booking, site.own.booking_id).slot.round
        slot_in(db.session.get_one(Activity, site.own.activity_id), published, 20)
        db.session.commit()
    host_contact.get(host_home(site))
    assert "Hier komt niemand" in host_contact.text()


def test_a_host_can_put_its_visits_in_a_calendar(
    host_contact: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        uid = db.session.get_one(Booking, site.own.booking_id).slot.calendar_uid
    response = host_contact.get(f"{host_home(site)}/agenda.ics")
    [event] = Calendar.from_ical(response.data).walk("VEVENT")
    assert event["uid"] == uid
    assert "De Eiken" in event["description"]


def test_an_organiser_may_look_at_a_school_of_the_region(organiser: StrictClient, site: Site) -> None:
    assert organiser.get(school_home(site)).status_code == 200
    assert organiser.get(f"/school/{site.other.school_id}").status_code == 404


@pytest.mark.parametrize("rows", [1, 10, 50])
def test_homes_ask_the_database_as_often_for_many_visits_as_for_one(
    coordinator: StrictClient,
    host_contact: StrictClient,
    site_app: Flask,
    site: Site,
    count_queries: CountQueries,
    rows: int,
) -> None:
    with site_app.app_context():
        school = db.session.get_one(School, site.own.school_id)
        activity = db.session.get_one(Activity, site.own.activity_id)
        published = db.session.get_one(Booking, site.own.booking_id).slot.round
        for day in range(rows):
            BookingFactory(
                group=GroupFactory(school=school, school_year=published.school_year),
                slot=slot_in(activity, published, 20 + day % 40),
            )
        db.session.commit()
    with count_queries() as statements:
        coordinator.get(school_home(site))
        host_contact.get(host_home(site))
    assert len([s for s in statements if s.startswith("SELECT")]) <= 27


def test_an_organiser_who_looks_at_a_school_or_host_is_told_so_and_led_back(
    organiser: StrictClient, site: Site
) -> None:
    for address in (school_home(site), f"{school_home(site)}/uitleg", host_home(site)):
        page = organiser.get(address).get_data(as_text=True)
        assert "U werkt namens" in organiser.text(), address
        assert 'href="/organisator/achterhoek"' in page, address


def test_who_belongs_to_a_school_or_host_sees_no_such_notice(
    coordinator: StrictClient, host_contact: StrictClient, site: Site
) -> None:
    coordinator.get(school_home(site))
    host_contact.get(host_home(site))
    assert "U werkt namens" not in coordinator.text() + host_contact.text()


def test_dates_that_have_passed_are_never_told_as_still_to_come(
    coordinator: StrictClient, host_contact: StrictClient, site_app: Flask, site: Site
) -> None:
    expected = {
        Phase.OFFERING: "Het duurt langer dan gepland",
        Phase.WISHING: "De uitslag komt later dan gepland",
        Phase.ALLOCATING: "De uitslag komt later dan gepland",
        Phase.REVIEWING: "De uitslag komt later dan gepland",
    }
    for phase, sentence in expected.items():
        _put_behind(site_app, site, phase)
        coordinator.get(school_home(site))
        assert sentence in coordinator.text(), phase
        assert "later dan gepland" in coordinator.text(), phase
        assert "vanaf" not in coordinator.text(), phase
        host_contact.get(host_home(site))
        assert "U hoort uiterlijk" not in host_contact.text(), phase


def _put_behind(app: Flask, site: Site, phase: Phase) -> None:
    """Let every day of the round's plan lie in the past."""
    with app.app_context():
        round_ = db.session.get_one(Round, site.own.round_id)
        round_.phase = phase
        for name in ("offering_on", "wishing_on", "wishing_until", "result_on", "visits_from"):
            setattr(round_, name, clock.today() - timedelta(days=3))
        db.session.commit()


def test_groups_without_wishes_after_the_last_day_are_asked_to_hurry(
    coordinator: StrictClient, site_app: Flask, site: Site
) -> None:
    _put_behind(site_app, site, Phase.WISHING)
    with site_app.app_context():
        GroupFactory(school=db.session.get_one(School, site.own.school_id), name="3")
        db.session.commit()
    coordinator.get(school_home(site))
    assert "De laatste dag was" in coordinator.text()


def test_a_host_prints_the_list_of_a_day(host_contact: StrictClient, site: Site) -> None:
    page = host_contact.get(host_home(site)).get_data(as_text=True)
    path = f"{host_home(site)}/dag/{site.own.day}"
    assert f'href="{path}"' in page
    host_contact.get(path)
    text = host_contact.text()
    assert "De Eiken" in text
    assert "coordinator@achterhoek.example" in text
    assert "nog niet gehoord" in text
    assert "1 groep komt" in text


def test_a_day_without_visits_says_so(host_contact: StrictClient, site: Site) -> None:
    host_contact.get(f"{host_home(site)}/dag/2031-05-06")
    assert "Deze dag komt er niemand" in host_contact.text()


@pytest.mark.parametrize("day", ["2027-02-30", "2027-1-1", "morgen", "1027-01-01", "٢٠٢٧-01-01"])
def test_what_is_no_day_is_not_found(host_contact: StrictClient, site: Site, day: str) -> None:
    assert host_contact.get(f"{host_home(site)}/dag/{day}").status_code == 404


@pytest.mark.parametrize("answer", [None, Answer.COMING])
def test_only_what_was_answered_to_a_reminder_stands_at_the_visit(
    coordinator: StrictClient, site_app: Flask, site: Site, answer: Answer | None
) -> None:
    with site_app.app_context():
        db.session.execute(sa.delete(SignedQuestion))
        booking = db.session.get_one(Booking, site.own.booking_id)
        at = None if answer is None else clock.now()
        SignedQuestionFactory(booking=booking, by_letter=True, answer=answer, answered_at=at)
        db.session.commit()
    coordinator.get(school_home(site))
    assert ("Bevestigd: wij komen" in coordinator.text()) is (answer is not None)
    assert "Leerkracht:" not in coordinator.text()

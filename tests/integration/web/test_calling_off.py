"""Calling a visit off on the page of a school or host: asked first, done once, told at once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock, scope
from matchmaker.domain.bookings import BookingState
from matchmaker.extensions import db
from matchmaker.models import Booking, Message
from tests.site import Site, StrictClient


def by_school(site: Site) -> str:
    return f"/school/{site.own.school_id}/bezoek/{site.own.booking_id}/afzeggen"


def by_host(site: Site) -> str:
    return f"/aanbieder/{site.own.host_id}/bezoek/{site.own.booking_id}/afzeggen"


def state_of(app: Flask, site: Site) -> BookingState:
    with app.app_context(), scope.unscoped("what a test looks at"):
        return db.session.get_one(Booking, site.own.booking_id).state


def count_mails(app: Flask) -> int:
    with app.app_context(), scope.unscoped("what a test looks at"):
        return db.session.scalars(sa.select(sa.func.count(Message.id))).one()


def test_a_school_calls_its_visit_off(site_app: Flask, site: Site, coordinator: StrictClient) -> None:
    home = f"/school/{site.own.school_id}"
    assert by_school(site) in coordinator.get(home).text
    page = coordinator.get(by_school(site)).text
    assert "Metaal achterhoek, uw eigen contactpersonen en het regiobureau" in page
    assert state_of(site_app, site) is BookingState.CONFIRMED
    assert coordinator.submit(by_school(site), reason="Schoolreis").location == home
    assert "Het bezoek is afgezegd." in coordinator.get(home).text
    assert state_of(site_app, site) is BookingState.CANCELLED
    assert by_school(site) not in coordinator.get(home).text


def test_a_host_calls_one_group_off(site_app: Flask, site: Site, host_contact: StrictClient) -> None:
    home = f"/aanbieder/{site.own.host_id}"
    assert by_host(site) in host_contact.get(home).text
    assert "De Eiken, uw eigen contactpersonen" in host_contact.get(by_host(site)).text
    assert host_contact.submit(by_host(site), reason="").location == home
    assert state_of(site_app, site) is BookingState.CANCELLED


def test_an_organiser_does_it_on_either_page(site_app: Flask, site: Site, organiser: StrictClient) -> None:
    assert organiser.get(by_host(site)).status_code == 200
    organiser.get(by_school(site))
    organiser.submit(by_school(site), reason="Gebeld")
    assert state_of(site_app, site) is BookingState.CANCELLED


def test_a_second_press_does_no_harm(site_app: Flask, site: Site, coordinator: StrictClient) -> None:
    coordinator.get(by_school(site))
    coordinator.submit(by_school(site), reason="Schoolreis")
    before = count_mails(site_app)
    answer = coordinator.submit(by_school(site), reason="Schoolreis")
    assert answer.location == f"/school/{site.own.school_id}"
    assert "Dit bezoek was al afgezegd." in coordinator.get(answer.location).text
    assert count_mails(site_app) == before


def test_the_page_of_a_visit_that_is_off_leads_home(site: Site, coordinator: StrictClient) -> None:
    coordinator.get(by_school(site))
    coordinator.submit(by_school(site), reason="")
    answer = coordinator.get(by_school(site))
    assert answer.location == f"/school/{site.own.school_id}"
    assert "Dit bezoek is al afgezegd." in coordinator.get(answer.location).text


def test_what_has_begun_cannot_be_called_off(site_app: Flask, site: Site, coordinator: StrictClient) -> None:
    with site_app.app_context(), scope.unscoped("what a test makes"):
        booking = db.session.get_one(Booking, site.own.booking_id)
        booking.slot.starts_at = booking.starts_at = clock.now()
        db.session.commit()
    assert by_school(site) not in coordinator.get(f"/school/{site.own.school_id}").text
    answer = coordinator.get(by_school(site))
    assert "al begonnen of geweest" in coordinator.get(answer.location).text
    assert state_of(site_app, site) is BookingState.CONFIRMED


def test_a_reason_that_is_too_long_comes_back(site_app: Flask, site: Site, coordinator: StrictClient) -> None:
    coordinator.get(by_school(site))
    answer = coordinator.submit(by_school(site), reason="x" * 501)
    assert answer.status_code == 200
    assert "Gebruik hoogstens 500 tekens." in answer.text
    assert state_of(site_app, site) is BookingState.CONFIRMED


@pytest.mark.parametrize("path", ["/school/{0.school_id}", "/aanbieder/{0.host_id}"])
def test_foreign_visits_are_missing(site: Site, organiser: StrictClient, path: str) -> None:
    foreign = f"{path.format(site.own)}/bezoek/{site.other.booking_id}/afzeggen"
    assert organiser.get(foreign).status_code == 404

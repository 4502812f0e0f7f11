"""People whom mail does not reach: who, where, since when, why, and what helps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message, User
from tests.factories import MembershipFactory, MessageFactory, UserFactory
from tests.site import Site, StrictClient, sign_in_as
from tests.site.fixtures import CountQueries

ADDRESSES = "/organisator/achterhoek/adressen"
SINCE = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def spoil(app: Flask, user_id: int, trouble: MailTrouble, reason: str) -> None:
    with app.app_context():
        user = db.session.get_one(User, user_id)
        user.mail_trouble, user.mail_trouble_at, user.mail_trouble_reason = trouble, SINCE, reason
        db.session.commit()


@pytest.mark.parametrize(
    ("trouble", "reason", "words"),
    [
        (MailTrouble.REFUSED, "550 5.1.1 no such user", "Dit adres bestaat niet of niet meer."),
        (MailTrouble.REFUSED, "", "Mails worden geweigerd."),
        (MailTrouble.BOUNCED, "mailbox full", "Mails komen terug. Vraag een ander adres."),
        (MailTrouble.COMPLAINED, "", "De persoon heeft onze mail als ongewenst gemeld. Bel"),
    ],
)
def test_it_is_told_who_where_since_when_why_and_what_helps(
    organiser: StrictClient, site_app: Flask, site: Site, trouble: MailTrouble, reason: str, words: str
) -> None:
    spoil(site_app, site.coordinator, trouble, reason)
    organiser.get(ADDRESSES)
    page = organiser.text()
    assert "coordinator achterhoek , coördinator · De Eiken" in page
    assert "sinds ma 2 nov, 9.00" in page
    assert words in page
    assert (f"De mailserver zei: {reason}" in page) == bool(reason)


def test_without_trouble_the_page_says_so(organiser: StrictClient) -> None:
    organiser.get(ADDRESSES)
    assert "Alle adressen werken" in organiser.text()


def test_an_address_that_works_again_gets_what_failed(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    spoil(site_app, site.coordinator, MailTrouble.BOUNCED, "mailbox full")
    with site_app.app_context():
        message = MessageFactory(
            region_id=site.own.region_id, user_id=site.coordinator, state=MessageState.FAILED
        )
        db.session.commit()
        message_id = message.id
    organiser.get(ADDRESSES)
    organiser.get(organiser.submit(f"{ADDRESSES}/{site.own.member_id}/opnieuw").location)
    assert "We proberen het adres weer. 1 mail staat klaar om opnieuw weg te gaan." in organiser.text()
    assert "Alle adressen werken" in organiser.text()
    with site_app.app_context():
        assert db.session.get_one(Message, message_id).state is MessageState.QUEUED
        assert db.session.get_one(User, site.coordinator).mail_trouble is None


def test_trouble_shows_wherever_the_person_is_listed(site_app: Flask, site: Site) -> None:
    spoil(site_app, site.coordinator, MailTrouble.BOUNCED, "mailbox full")
    spoil(site_app, site.host_contact, MailTrouble.BOUNCED, "mailbox full")
    places = {
        site.organiser: "/organisator/achterhoek/mensen",
        site.coordinator: f"/school/{site.own.school_id}/mensen",
        site.host_contact: f"/aanbieder/{site.own.host_id}/mensen",
    }
    for user_id, path in places.items():
        client = sign_in_as(site_app, user_id)
        client.get(path)
        assert "mails komen terug sinds ma 2 nov, 9.00" in client.text(), path


@pytest.mark.parametrize("people", [1, 40])
def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    organiser: StrictClient, site_app: Flask, site: Site, count_queries: CountQueries, people: int
) -> None:
    with site_app.app_context():
        for _ in range(people):
            user = UserFactory(mail_trouble=MailTrouble.REFUSED, mail_trouble_at=SINCE)
            MembershipFactory(user=user, organisation_id=site.own.school_id, region_id=site.own.region_id)
        db.session.commit()
    organiser.get(ADDRESSES)
    with count_queries() as statements:
        assert organiser.get(ADDRESSES).status_code == 200
    assert len([s for s in statements if s.startswith("SELECT")]) <= 8

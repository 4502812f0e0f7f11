"""People choose which mails they get: on a page of their own, and with one click from a mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.mute_tokens import make_mute_token
from matchmaker.domain.muting import MailFamily, list_families
from matchmaker.domain.runs import MessageState
from matchmaker.domain.throttles import MOST_DEAD_LINKS
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Message, User
from matchmaker.services.erasing import erase_person
from tests.factories import MessageFactory
from tests.site import Site, StrictClient, sign_in_as

OPTIONAL = sorted(f.value for f in list_families([Role.COORDINATOR]) if not f.is_essential)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def chosen(app: Flask, user_id: int) -> tuple[str, list[str]]:
    with app.app_context():
        user = db.session.get_one(User, user_id)
        return user.language, user.mutes


def link(app: Flask, user_id: int, family: MailFamily = MailFamily.OVERVIEWS) -> str:
    with app.app_context():
        email = db.session.get_one(User, user_id).email
    return f"/afmelden/{make_mute_token(str(app.config['SECRET_KEY']), user_id, family, email)}"


def write_mail(app: Flask, user_id: int, kind: MessageKind, **more: object) -> int:
    with app.app_context():
        message = MessageFactory(user_id=user_id, kind=kind, **more)
        db.session.commit()
        return int(message.id)


def state_of(app: Flask, message_id: int) -> MessageState:
    with app.app_context():
        return db.session.get_one(Message, message_id).state


def count_entries(app: Flask, action: str) -> int:
    with app.app_context():
        statement = sa.select(sa.func.count()).where(AuditEntry.action == action)
        return db.session.scalars(statement).one()


def test_people_choose_their_language_and_their_mails(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    coordinator.get("/mijn/mails")
    assert "Overzicht van een uitslag" in coordinator.text()
    coordinator.submit("/mijn/mails", language="en")
    assert chosen(site_app, site.coordinator) == ("en", OPTIONAL)
    coordinator.get("/mijn/mails")
    assert "Your preferences have been saved." in coordinator.text()
    coordinator.submit("/mijn/mails", language="nl", wanted="overviews")
    assert chosen(site_app, site.coordinator) == ("nl", [each for each in OPTIONAL if each != "overviews"])


def test_a_choice_that_is_not_on_the_page_stays_as_it_was(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    with site_app.app_context():
        db.session.get_one(User, site.coordinator).mutes = ["digest", "overviews"]
        db.session.commit()
    coordinator.get("/mijn/mails")
    coordinator.submit("/mijn/mails", language="nl", wanted="overviews")
    assert "digest" in chosen(site_app, site.coordinator)[1]
    assert "overviews" not in chosen(site_app, site.coordinator)[1]


MOMENT = datetime(2026, 11, 12, 9, 15, tzinfo=UTC)


def test_the_page_tells_when_the_last_mail_of_a_sort_came(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    sent = {"state": MessageState.SENT, "sent_at": MOMENT}
    write_mail(site_app, site.coordinator, MessageKind.RESULT_SCHOOL, **sent)
    coordinator.get("/mijn/mails")
    assert "Laatste mail: donderdag 12 november 2026." in coordinator.text()


def test_a_language_that_the_site_does_not_speak_changes_nothing(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    coordinator.get("/mijn/mails")
    coordinator.submit("/mijn/mails", language="xx", wanted="overviews")
    assert chosen(site_app, site.coordinator) == ("nl", [])
    assert sign_in_as(site_app, site.coordinator).get("/mijn/mails").status_code == 200


def test_mail_that_everybody_gets_cannot_be_turned_off(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    coordinator.get("/mijn/mails")
    coordinator.submit("/mijn/mails", language="nl")
    assert set(chosen(site_app, site.coordinator)[1]) <= {f.value for f in MailFamily if not f.is_essential}
    about_visits = link(site_app, site.coordinator, MailFamily.VISITS)
    assert sign_in_as(site_app, None).get(about_visits).status_code == 404


def test_opening_the_link_stops_nothing(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    response = visitor.get(link(site_app, site.coordinator))
    assert "Deze mails niet meer ontvangen?" in visitor.text()
    assert chosen(site_app, site.coordinator) == ("nl", [])
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://mail.example"}, {"Origin": "null"}])
def test_a_mail_program_stops_the_mails_with_one_click(
    site_app: Flask, site: Site, headers: dict[str, str]
) -> None:
    """Without a cookie, without a page of ours, and answered without a redirect (RFC 8058 section 3.1)."""
    program = site_app.test_client()
    for _ in range(2):
        response = program.post(link(site_app, site.coordinator), data=ONE_CLICK, headers=headers)
        assert response.status_code == 200
    assert chosen(site_app, site.coordinator)[1] == ["overviews"]
    assert count_entries(site_app, "stop_mails") == 1


def test_one_click_stops_one_sort_of_mail_of_one_person(site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        db.session.get_one(User, site.coordinator).mutes = ["digest"]
        db.session.commit()
    site_app.test_client().post(link(site_app, site.coordinator), data=ONE_CLICK)
    assert chosen(site_app, site.coordinator)[1] == ["digest", "overviews"]
    assert chosen(site_app, site.host_contact)[1] == []


def test_a_form_without_the_words_of_one_click_stops_nothing(site_app: Flask, site: Site) -> None:
    response = site_app.test_client().post(link(site_app, site.coordinator), data={"anything": "else"})
    assert response.status_code == 200
    assert chosen(site_app, site.coordinator)[1] == []


def test_whoever_pressed_by_mistake_gets_the_mails_again(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    address = link(site_app, site.coordinator)
    visitor.get(address)
    visitor.post(address, data=ONE_CLICK)
    assert "U krijgt deze mails niet meer" in visitor.text()
    visitor.submit(f"{address}/toch-wel")
    assert chosen(site_app, site.coordinator)[1] == []
    visitor.get(address)
    assert "U krijgt deze mails weer." in visitor.text()


def test_mail_that_waits_for_the_morning_is_held_back_too(site_app: Flask, site: Site) -> None:
    waiting = {
        kind: write_mail(site_app, site.coordinator, kind)
        for kind in (MessageKind.RESULT_SCHOOL, MessageKind.VISIT_SCHOOL)
    }
    others = write_mail(site_app, site.host_contact, MessageKind.RESULT_SCHOOL)
    gone = write_mail(site_app, site.coordinator, MessageKind.RESULT_HOST, state=MessageState.SENT)
    site_app.test_client().post(link(site_app, site.coordinator), data=ONE_CLICK)
    assert state_of(site_app, waiting[MessageKind.RESULT_SCHOOL]) == MessageState.UNWANTED
    assert state_of(site_app, waiting[MessageKind.VISIT_SCHOOL]) == MessageState.QUEUED
    assert state_of(site_app, others) == MessageState.QUEUED
    assert state_of(site_app, gone) == MessageState.SENT


def test_a_link_dies_with_the_address_it_was_sent_to(site_app: Flask, site: Site) -> None:
    address = link(site_app, site.coordinator)
    with site_app.app_context():
        db.session.get_one(User, site.coordinator).email = "ander-adres@school.example"
        db.session.commit()
    assert site_app.test_client().get(address).status_code == 404
    assert site_app.test_client().post(address, data=ONE_CLICK).status_code == 404


def test_a_link_dies_with_the_account(site_app: Flask, site: Site) -> None:
    address = link(site_app, site.coordinator)
    with site_app.app_context():
        erase_person(site.coordinator)
    assert site_app.test_client().get(address).status_code == 404
    assert site_app.test_client().post(address, data=ONE_CLICK).status_code == 404


def test_whoever_guesses_links_has_to_wait_and_finds_none(site_app: Flask, site: Site) -> None:
    right = link(site_app, site.coordinator)
    answers = [
        site_app.test_client().post(right[:-1] + last, data=ONE_CLICK).status_code
        for last in "abcdefghijklmnopqrstuvwxyz234567" * 2
        if last != right[-1]
    ]
    assert answers[:MOST_DEAD_LINKS] == [404] * MOST_DEAD_LINKS
    assert set(answers[MOST_DEAD_LINKS:]) == {429}
    assert chosen(site_app, site.coordinator)[1] == []


def test_the_page_speaks_as_the_mail_did_unless_the_visitor_chose(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    with site_app.app_context():
        db.session.get_one(User, site.coordinator).language = "en"
        db.session.commit()
    visitor.get(link(site_app, site.coordinator))
    assert "Stop getting these mails?" in visitor.text()
    visitor.submit("/taal", language="nl", next="/")
    visitor.get(link(site_app, site.coordinator))
    assert "Deze mails niet meer ontvangen?" in visitor.text()

"""The mail log in plain words: how each mail stands, why, and what an organiser does about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.incoming import IncomingKind
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message, Region, SendingState, User
from matchmaker.models.message import URGENT_LANE
from tests.factories import MessageFactory, UserFactory
from tests.site import Site, StrictClient, sign_in_as
from tests.site.fixtures import CountQueries

LOG = "/organisator/achterhoek/berichten"
UNKNOWN, FULL = "550 5.1.1 no such user", "452 4.2.2 mailbox full"


def make(app: Flask, site: Site, **values: Any) -> int:
    with app.app_context():
        message = MessageFactory(region_id=site.own.region_id, **values)
        db.session.commit()
        return int(message.id)


def state_of(app: Flask, message_id: int) -> MessageState:
    with app.app_context():
        return db.session.get_one(Message, message_id).state


def change_sending(app: Flask, **values: Any) -> None:
    with app.app_context():
        db.session.execute(sa.update(SendingState).values(**values))
        db.session.commit()


def read(client: StrictClient, message_id: int) -> str:
    assert client.get(f"{LOG}/{message_id}").status_code == 200
    return client.text()


def test_a_failed_mail_says_why_in_plain_words_and_in_those_of_the_server(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    page = read(organiser, make(site_app, site, state=MessageState.FAILED, last_error=UNKNOWN))
    assert "Deze mail is niet aangekomen. Dit adres bestaat niet of niet meer. Vraag een ander adres" in page
    assert f"De mailserver zei: {UNKNOWN}" in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "staat klaar Gaat binnen een paar minuten weg."),
        ({"next_attempt_at": timedelta(hours=1)}, "staat klaar Gaat weg op "),
        (
            {"next_attempt_at": timedelta(hours=1), "attempts": 2, "last_error": FULL},
            "Deze mail is nog niet weg. De mailbox is vol. Volgende poging: ",
        ),
        ({"state": MessageState.LEASED}, "wordt verzonden"),
        ({"state": MessageState.UNWANTED}, "niet verzonden De ontvanger wil deze mails niet."),
        ({"state": MessageState.SUPERSEDED}, "niet meer nodig Niet verzonden: intussen was er nieuws"),
    ],
)
def test_what_happens_next_is_told(
    organiser: StrictClient, site_app: Flask, site: Site, values: dict[str, Any], words: str
) -> None:
    wait = values.get("next_attempt_at", timedelta(0))
    message_id = make(site_app, site, **{**values, "next_attempt_at": clock.now() + wait})
    assert words in read(organiser, message_id)


def test_a_mail_that_waits_for_the_mail_server_says_so(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    message_id = make(site_app, site)
    change_sending(
        site_app, problem="535 Authentication failed", held_until=clock.now() + timedelta(minutes=5)
    )
    page = read(organiser, message_id)
    assert "Onze mailserver laat de site niet inloggen. Volgende poging: " in page
    assert "De mailserver zei: 535 Authentication failed" in page


def test_a_mail_that_came_back_is_not_called_arrived(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        now = clock.now()
        user = UserFactory(mail_trouble=MailTrouble.BOUNCED, mail_trouble_at=now)
        db.session.commit()
        before = {"user_id": user.id, "state": MessageState.SENT, "sent_at": now - timedelta(minutes=3)}
        ids = (
            make(site_app, site, **before),
            make(site_app, site, **{**before, "sent_at": now + timedelta(minutes=3)}),
        )
    assert "Maar mails naar dit adres komen terug." in read(organiser, ids[0])
    assert "Maar mails naar dit adres komen terug." not in read(organiser, ids[1])


@pytest.mark.parametrize(
    ("kind", "words"),
    [(IncomingKind.BOUNCE, "Deze mail kwam terug."), (IncomingKind.COMPLAINT, "wil onze mails niet")],
)
def test_a_mail_that_is_known_to_have_come_back_says_so(
    organiser: StrictClient, site_app: Flask, site: Site, kind: IncomingKind, words: str
) -> None:
    now = clock.now()
    sent = {"state": MessageState.SENT, "sent_at": now}
    assert words in read(organiser, make(site_app, site, **sent, returned_as=kind, returned_at=now))
    assert words not in read(organiser, make(site_app, site, **sent))


def test_failed_mails_are_one_click_away_and_counted(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    for number in range(3):
        make(site_app, site, state=MessageState.FAILED, last_error=UNKNOWN if number else FULL)
    organiser.get(LOG)
    assert "Niet aangekomen (3)" in organiser.text()
    organiser.get(f"{LOG}?stand=failed")
    page = organiser.text()
    assert "2 × Dit adres bestaat niet of niet meer." in page
    assert "1 × De mailbox is vol." in page
    assert "3 berichten" in page


def test_the_way_back_from_a_mail_keeps_filters_and_page(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    ids = [make(site_app, site, subject=f"Uitslag {number}") for number in range(30)]
    page = organiser.get(f"{LOG}?q=Uitslag&stand=queued&pagina=2").get_data(as_text=True)
    kept = "q=Uitslag&amp;stand=queued&amp;pagina=2"
    assert f'href="{LOG}/{ids[0]}?{kept}"' in page
    page = organiser.get(f"{LOG}/{ids[0]}?q=Uitslag&stand=queued&pagina=2").get_data(as_text=True)
    assert f'href="{LOG}?{kept}"' in page
    answer = organiser.submit(f"{LOG}/{ids[0]}/opnieuw?q=Uitslag&stand=queued&pagina=2")
    assert answer.location == f"{LOG}/{ids[0]}?q=Uitslag&stand=queued&pagina=2"


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.SENT])
def test_a_mail_is_sent_again_with_one_button(
    organiser: StrictClient, site_app: Flask, site: Site, state: MessageState
) -> None:
    message_id = make(site_app, site, state=state)
    button = "Stuur opnieuw" if state is MessageState.FAILED else "Nogmaals sturen"
    assert button in read(organiser, message_id)
    organiser.get(organiser.submit(f"{LOG}/{message_id}/opnieuw").location)
    assert "De mail staat klaar om opnieuw weg te gaan." in organiser.text()
    assert state_of(site_app, message_id) is MessageState.QUEUED
    assert button not in organiser.text()


def test_a_mail_that_is_not_sent_again_says_why(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    older = make(site_app, site, cause="booking:9", recipient="a@x.example", state=MessageState.SENT)
    make(site_app, site, cause="booking:9", recipient="a@x.example", sequence=1)
    organiser.get(organiser.submit(f"{LOG}/{older}/opnieuw").location)
    assert "klaar om opnieuw" not in organiser.text()
    assert state_of(site_app, older) is MessageState.SENT


def test_all_failed_mails_of_a_problem_are_sent_again(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    unknown = [make(site_app, site, state=MessageState.FAILED, last_error=UNKNOWN) for _ in range(2)]
    full = make(site_app, site, state=MessageState.FAILED, last_error=FULL)
    organiser.get(organiser.submit(f"{LOG}/opnieuw", probleem="unknown_address").location)
    assert "2 mails staan klaar om opnieuw weg te gaan." in organiser.text()
    assert [state_of(site_app, each) for each in (*unknown, full)] == [
        MessageState.QUEUED,
        MessageState.QUEUED,
        MessageState.FAILED,
    ]
    organiser.get(organiser.submit(f"{LOG}/opnieuw", probleem="onzin").location)
    assert "Er is niets meer om opnieuw te sturen." in organiser.text()


def test_a_mail_leads_to_its_school_and_person(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        user = db.session.get_one(User, site.coordinator)
        message_id = make(site_app, site, user_id=user.id, organisation_id=site.own.school_id)
        path = f"/organisator/achterhoek/mensen?q={user.email}"
    page = organiser.get(f"{LOG}/{message_id}").get_data(as_text=True)
    assert f'href="/school/{site.own.school_id}"' in page
    assert f'href="{path}"' in page


def test_an_empty_log_says_what_will_come(organiser: StrictClient, site_app: Flask) -> None:
    with site_app.app_context():
        db.session.execute(sa.delete(Message))
        db.session.commit()
    organiser.get(LOG)
    assert "Zodra u een uitslag publiceert, staan hier alle mails." in organiser.text()
    organiser.get(f"{LOG}?stand=failed")
    assert "Alle mails zijn aangekomen" in organiser.text()


def test_a_pause_holds_mail_back_and_shows_on_every_page_of_organisers(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    waiting, urgent = make(site_app, site), make(site_app, site, lane=URGENT_LANE)
    organiser.get(f"{LOG}/pauze")
    assert "Nu zijn dat er 2." in organiser.text()
    organiser.get(organiser.submit(f"{LOG}/pauze").location)
    for path in (LOG, "/organisator/achterhoek", "/organisator/achterhoek/logboek"):
        organiser.get(path)
        assert "Het verzenden van mails staat op pauze" in organiser.text(), path
    assert "wacht Het verzenden staat op pauze." in read(organiser, waiting)
    assert "staat klaar Gaat binnen een paar minuten weg." in read(organiser, urgent)
    organiser.get(f"{LOG}/pauze")
    organiser.get(organiser.submit(f"{LOG}/hervatten").location)
    assert "De mails van de regio gaan weer weg." in organiser.text()
    assert "op pauze" not in organiser.text()


def test_who_only_reads_sees_the_pause_and_cannot_end_it(site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        db.session.get_one(Region, site.own.region_id).mail_paused_at = clock.now()
        db.session.commit()
    viewer = sign_in_as(site_app, site.viewer)
    page = viewer.get("/organisator/achterhoek").get_data(as_text=True)
    assert "Het verzenden van mails staat op pauze" in page
    assert "/berichten/pauze" not in page


@pytest.mark.parametrize("rows", [1, 25])
def test_the_log_asks_the_database_as_often_for_many_failures_as_for_one(
    organiser: StrictClient, site_app: Flask, site: Site, count_queries: CountQueries, rows: int
) -> None:
    with site_app.app_context():
        for number in range(rows):
            MessageFactory(
                region_id=site.own.region_id,
                organisation_id=site.own.school_id,
                user=UserFactory(),
                state=MessageState.FAILED,
                last_error=UNKNOWN if number % 2 else FULL,
            )
        db.session.commit()
    organiser.get(LOG)
    with count_queries() as statements:
        assert organiser.get(f"{LOG}?stand=failed").status_code == 200
    assert len([s for s in statements if s.startswith("SELECT")]) <= 11

"""Will mail arrive? The page says so line by line, and a trial mail shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Message, Region
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.sending import pause_sending
from matchmaker.services.trials import MOST_TRIALS
from tests.site import Site, StrictClient

CHECK = "/organisator/achterhoek/mail-controle"
BUTTON = "Stuur een proefmail naar mijn adres"


def change_settings(app: Flask, **values: object) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], **values)  # type: ignore[arg-type]


def list_trials(app: Flask) -> list[Message]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Message).where(Message.kind == MessageKind.TRIAL)))


def test_a_first_start_says_that_nobody_gets_mail(organiser: StrictClient) -> None:
    organiser.get(CHECK)
    page = organiser.text()
    assert "Zo komen mails niet goed aan" in page
    assert "Er is geen mailserver ingesteld" in page
    assert "Het domein techniek.example bestaat niet op internet" in page
    assert "v=spf1" not in page


def test_a_site_that_is_set_up_shows_what_to_publish(organiser: StrictClient, site_app: Flask) -> None:
    change_settings(
        site_app,
        mail_server="smtp.techniekpact.nl",
        mail_username="site",
        mail_password="geheim woord",
        mail_domain="techniekpact.nl",
        base_url="https://www.techniekpact.nl",
        hosts="localhost",
    )
    page = organiser.get(CHECK).get_data(as_text=True)
    organiser.get(CHECK)
    words = organiser.text()
    assert "klopt niet" not in words
    assert "Mailserver smtp.techniekpact.nl, poort 587 goed" in words
    assert "Afzender, kenmerk en agenda-afspraak noemen hetzelfde domein" in words
    assert "v=spf1 a:smtp.techniekpact.nl ~all" in words
    assert "_dmarc.techniekpact.nl" in words
    assert "Mail die niet nodig is, kan met één klik worden gestopt" in words
    assert "geheim" not in page


def test_the_page_speaks_english_too(organiser: StrictClient) -> None:
    organiser.get("/")
    organiser.submit("/taal", language="en", next="/")
    organiser.get(CHECK)
    assert "No mail server is set" in organiser.text()
    assert "not right" in organiser.text()


@pytest.mark.parametrize(("email", "words"), [("", "Wie antwoordt, krijgt niemand"), ("a@b.nl", "a@b.nl")])
def test_where_answers_go_is_that_of_the_region(
    organiser: StrictClient, site_app: Flask, site: Site, email: str, words: str
) -> None:
    with site_app.app_context():
        db.session.get_one(Region, site.own.region_id).contact_email = email
        db.session.commit()
    organiser.get(CHECK)
    assert words in organiser.text()


def test_a_trial_goes_through_the_outbox_and_its_fate_is_shown(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    organiser.get(CHECK)
    assert BUTTON in organiser.text()
    response = organiser.get(organiser.submit(CHECK).location)
    assert "staat klaar" in organiser.text()
    assert 'hx-select="#proefmail"' in response.get_data(as_text=True)
    with site_app.app_context():
        assert deliver_due_messages(100).sent >= 1
    page = organiser.get(CHECK).get_data(as_text=True)
    assert "verzonden" in organiser.text()
    assert "dus de mail is een bestand geworden" in organiser.text()
    assert "hx-select" not in page
    (message,) = list_trials(site_app)
    assert (message.recipient, message.region_id) == ("organiser@achterhoek.example", site.own.region_id)
    assert f"/berichten/{message.id}" in page


def test_a_trial_that_fails_says_why(organiser: StrictClient, site_app: Flask) -> None:
    organiser.submit(CHECK)
    with site_app.app_context():
        db.session.execute(
            sa.update(Message)
            .where(Message.kind == MessageKind.TRIAL)
            .values(state=MessageState.FAILED, last_error="550 5.7.1 blocked")
        )
        db.session.commit()
    organiser.get(CHECK)
    assert "niet aangekomen De mailserver van de ontvanger houdt onze mail tegen." in organiser.text()
    assert "De mailserver zei: 550 5.7.1 blocked" in organiser.text()


def test_a_trial_leaves_during_a_pause(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        pause_sending(site.own.region_id)
    organiser.submit(CHECK)
    with site_app.app_context():
        deliver_due_messages(100)
    (message,) = list_trials(site_app)
    assert message.state is MessageState.SENT


def test_many_trials_must_wait(organiser: StrictClient, site_app: Flask) -> None:
    for _ in range(MOST_TRIALS + 1):
        response = organiser.submit(CHECK)
    organiser.get(response.location)
    assert "U stuurde net al een paar proefmails. Wacht een kwartier." in organiser.text()
    assert len(list_trials(site_app)) == MOST_TRIALS
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        organiser.submit(CHECK)
        assert len(list_trials(site_app)) == MOST_TRIALS + 1

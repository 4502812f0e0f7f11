"""The organiser's home tells when mail stands still, what failed and whom mail does not reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Heartbeat, Message, SendingState, User
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.heartbeat import note_heartbeat
from tests.factories import MessageFactory
from tests.site import Site, StrictClient, sign_in_as

HOME = "/organisator/achterhoek"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """Counts are counted on both databases."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


both = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def living(site_app: Flask, site: Site) -> None:
    """A worker that noted itself just now."""
    with site_app.app_context():
        note_heartbeat()


def add_failures(app: Flask, site: Site, number: int) -> None:
    with app.app_context():
        for _ in range(number):
            MessageFactory(region_id=site.own.region_id, state=MessageState.FAILED, last_error="550 no")
        db.session.commit()


@both
@pytest.mark.parametrize("number", [1, 37])
def test_the_number_of_failed_mails_is_that_of_the_database(site_app: Flask, site: Site, number: int) -> None:
    add_failures(site_app, site, number)
    with site_app.app_context():
        MessageFactory(region_id=site.other.region_id, state=MessageState.FAILED)
        db.session.commit()
        counted = db.session.scalars(
            sa.select(sa.func.count()).where(
                Message.region_id == site.own.region_id, Message.state == MessageState.FAILED
            )
        ).one()
    organiser = sign_in_as(site_app, site.organiser)
    organiser.get(HOME)
    words = "bericht is niet aangekomen" if counted == 1 else "berichten zijn niet aangekomen"
    assert counted == number
    assert f"{counted} {words}" in organiser.text()
    organiser.get(f"{HOME}/berichten?stand=failed")
    assert f"Niet aangekomen ({counted})" in organiser.text()


@sqlite
def test_a_failure_whose_text_is_gone_bothers_nobody_any_more(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        MessageFactory(
            region_id=site.own.region_id,
            state=MessageState.FAILED,
            created_at=clock.now() - timedelta(days=31),
        )
        db.session.commit()
    organiser.get(HOME)
    assert "niet aangekomen" not in organiser.text().replace("Niet aangekomen 0", "")


@sqlite
def test_people_whom_mail_does_not_reach_are_counted_once(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        user = db.session.get_one(User, site.coordinator)
        user.mail_trouble, user.mail_trouble_at = MailTrouble.REFUSED, clock.now()
        db.session.commit()
    organiser.get(HOME)
    assert "1 persoon krijgt onze mails niet" in organiser.text()


@sqlite
def test_a_site_that_works_has_no_banner(organiser: StrictClient) -> None:
    organiser.get(HOME)
    assert "geen mails weg" not in organiser.text()
    assert "te lang liggen" not in organiser.text()


@sqlite
def test_a_mail_server_that_takes_nothing_is_told_within_five_minutes(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        since = clock.now() - 5 * MINUTE
        refused = {"problem": "535 5.7.8 bad password", "problem_since": since}
        db.session.execute(sa.update(SendingState).values(**refused))
        MessageFactory(region_id=site.own.region_id)
        db.session.commit()
    organiser.get(HOME)
    assert "Er gaan geen mails weg: de mailserver neemt niets aan" in organiser.text()
    assert "Onze mailserver laat de site niet inloggen." in organiser.text()
    assert "De mailserver zei: ‘535 5.7.8 bad password’." in organiser.text()


@sqlite
def test_a_silent_worker_is_told(organiser: StrictClient, site_app: Flask) -> None:
    with site_app.app_context():
        db.session.execute(sa.update(Heartbeat).values(beat_at=clock.now() - 3 * MINUTE))
        db.session.commit()
    organiser.get(HOME)
    assert "Er gaan geen mails weg: het werk op de achtergrond staat stil" in organiser.text()


@sqlite
def test_mail_that_lies_is_told(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    with site_app.app_context():
        db.session.execute(sa.update(Message).values(sent_at=None))
        MessageFactory(region_id=site.other.region_id, next_attempt_at=clock.now() - 5 * MINUTE)
        db.session.commit()
    organiser.get(HOME)
    assert "Mails blijven te lang liggen" in organiser.text()


@sqlite
def test_who_only_reads_is_not_sent_to_pages_they_cannot_open(site_app: Flask, site: Site) -> None:
    add_failures(site_app, site, 1)
    viewer = sign_in_as(site_app, site.viewer)
    page = viewer.get(HOME).get_data(as_text=True)
    assert f"{HOME}/berichten" not in page
    assert f"{HOME}/adressen" not in page


@sqlite
def test_a_server_that_is_down_is_told_and_forgotten_when_mail_leaves_again(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    with site_app.app_context():
        MessageFactory(region_id=site.own.region_id)
        db.session.commit()
    settings = site_app.config["SETTINGS"]
    down = replace(settings, mail_server="127.0.0.1", mail_port=1)
    seen = [
        look_after(organiser, site_app, minutes, down if minutes < 6 else settings)
        for minutes in (0, 5, 6, 7)
    ]
    assert seen == [False, True, False, False]


def look_after(organiser: StrictClient, app: Flask, minutes: int, settings: Settings) -> bool:
    """Let a worker work so many minutes from now; tell whether the home page says that mail is refused."""
    app.config["SETTINGS"] = settings
    with time_machine.travel(clock.now() + minutes * MINUTE, tick=False):
        with app.app_context():
            note_heartbeat()
            deliver_due_messages()
        organiser.get(HOME)
        return "de mailserver neemt niets aan" in organiser.text()

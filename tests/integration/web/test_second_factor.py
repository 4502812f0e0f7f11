"""The second step: asked of who manages a region, offered to all, and no page opens without it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.throttles import MOST_GUESSES
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, RecoveryCode, Region, SecondFactor
from matchmaker.web.account.second_factor_views import PENDING
from tests.integration.web.test_sign_in import ask_for_mail, code_in, read_mails, type_code
from tests.site import Site, StrictClient, sign_in_as

ORGANISER = "organiser@achterhoek.example"
COORDINATOR = "coordinator@achterhoek.example"
HOME = "/organisator/achterhoek"
STEP, SET_UP = "/inloggen/tweede-stap", "/mijn/tweede-stap"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def sign_in_by_mail(app: Flask, email: str) -> StrictClient:
    client = sign_in_as(app, None)
    ask_for_mail(client, email)
    type_code(client, code_in(read_mails(app)[-1]))
    return client


def set_up(client: StrictClient) -> tuple[pyotp.TOTP, list[str]]:
    """Set an app up; return it and the recovery codes."""
    client.get(SET_UP)
    with client.session_transaction() as session:
        app = pyotp.TOTP(session[PENDING])
    answer = client.submit(SET_UP, code=app.at(clock.now()))
    assert answer.status_code == 200
    return app, re.findall(r"<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>", answer.get_data(as_text=True))


def test_an_organiser_sets_an_app_up_at_the_first_sign_in_and_goes_on(site_app: Flask, site: Site) -> None:
    client = sign_in_by_mail(site_app, ORGANISER)
    assert client.get(HOME).location == STEP
    assert client.get(STEP).location == SET_UP
    _, codes = set_up(client)
    assert len(codes) == 10
    assert client.get(HOME).status_code == 200


def test_until_then_no_page_of_theirs_opens(site_app: Flask, site: Site) -> None:
    client = sign_in_by_mail(site_app, ORGANISER)
    for path in (HOME, f"/school/{site.own.school_id}", "/mijn", "/mijn/profiel", "/mijn/wachtwoord"):
        assert client.get(path).location == STEP, path
    assert client.submit("/mijn/apparaten/uitloggen").location == STEP


def test_the_next_time_the_app_is_asked_for(site_app: Flask, site: Site) -> None:
    with time_machine.travel(MONDAY, tick=False):
        app, _ = set_up(sign_in_by_mail(site_app, ORGANISER))
    with time_machine.travel(MONDAY + timedelta(minutes=2), tick=False):
        client = sign_in_by_mail(site_app, ORGANISER)
        assert client.get(HOME).location == STEP
        assert client.get(SET_UP).location == STEP, "nobody replaces an app without having it"
        assert client.submit(SET_UP, code="123456").location == SET_UP
        client.get(STEP)
        assert client.submit(STEP, code="000000").status_code == 200
        assert client.submit(STEP, code=app.at(clock.now())).location == HOME
        assert client.get(HOME).status_code == 200


def test_the_second_step_gives_another_token(site_app: Flask, site: Site) -> None:
    client = sign_in_by_mail(site_app, ORGANISER)
    with client.session_transaction() as session:
        before = session["_user_id"]
    set_up(client)
    thief = sign_in_as(site_app, None)
    with thief.session_transaction() as session:
        session["_user_id"] = before
    assert thief.get(HOME).location == "/inloggen"


def test_a_code_of_the_app_and_a_recovery_code_work_once(site_app: Flask, site: Site) -> None:
    with time_machine.travel(MONDAY, tick=False):
        app, codes = set_up(sign_in_by_mail(site_app, ORGANISER))
    with time_machine.travel(MONDAY + timedelta(minutes=2), tick=False):
        for code in (app.at(clock.now()), codes[3].upper()):
            first, second = (sign_in_by_mail(site_app, ORGANISER) for _ in range(2))
            first.get(STEP)
            assert first.submit(STEP, code=code).status_code == 302
            second.get(STEP)
            assert second.submit(STEP, code=code).status_code == 200
            assert "Deze code klopt niet" in second.text()


def test_wrong_codes_are_limited(site_app: Flask, site: Site) -> None:
    with time_machine.travel(MONDAY, tick=False):
        app, _ = set_up(sign_in_by_mail(site_app, ORGANISER))
        client = sign_in_by_mail(site_app, ORGANISER)
        client.get(STEP)
        for _ in range(MOST_GUESSES):
            assert client.submit(STEP, code="000000").status_code == 200
        assert client.submit(STEP, code=app.at(clock.now() + timedelta(seconds=30))).status_code == 429


def test_neither_secret_nor_recovery_code_can_be_read_from_the_database(site_app: Flask, site: Site) -> None:
    app, codes = set_up(sign_in_by_mail(site_app, ORGANISER))
    with site_app.app_context(), db.engine.connect() as connection:
        rows = str(connection.execute(sa.select(SecondFactor)).all())
        rows += str(connection.execute(sa.select(RecoveryCode)).all())
    assert app.secret not in rows
    assert not any(code in rows for code in codes)


@pytest.mark.parametrize("email", [COORDINATOR, "viewer@achterhoek.example"])
def test_others_are_not_asked(site_app: Flask, site: Site, email: str) -> None:
    assert sign_in_by_mail(site_app, email).get("/mijn").location != STEP


def test_who_wants_one_has_it_from_then_on_and_can_remove_it(site_app: Flask, site: Site) -> None:
    with time_machine.travel(MONDAY, tick=False):
        client = sign_in_by_mail(site_app, COORDINATOR)
        set_up(client)
        again = sign_in_by_mail(site_app, COORDINATOR)
        assert again.get("/mijn").location == STEP
        client.get(SET_UP)
        assert client.submit("/mijn/tweede-stap/verwijderen").location == "/mijn/profiel"
        assert sign_in_by_mail(site_app, COORDINATOR).get("/mijn").location != STEP
    with site_app.app_context():
        actions = set(db.session.scalars(sa.select(AuditEntry.action)))
    assert {"add_second_factor", "remove_second_factor"} <= actions


def test_setting_an_app_up_signs_out_all_other_devices(site_app: Flask, site: Site) -> None:
    elsewhere = sign_in_as(site_app, site.coordinator)
    set_up(sign_in_by_mail(site_app, COORDINATOR))
    assert elsewhere.get("/mijn").location == "/inloggen"


def test_people_of_the_example_need_none_in_a_demonstration(site_app: Flask, site: Site) -> None:
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], demo=True)
    assert sign_in_by_mail(site_app, ORGANISER).get(HOME).status_code == 200
    with site_app.app_context():
        db.session.execute(sa.update(Region).values(is_example=False))
        db.session.commit()
    assert sign_in_by_mail(site_app, ORGANISER).get(HOME).location == STEP


def test_an_operator_can_do_without(site_app: Flask, site: Site) -> None:
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], require_second_factor=False)
    assert sign_in_by_mail(site_app, ORGANISER).get(HOME).status_code == 200


def test_the_operator_helps_who_lost_everything(site_app: Flask, site: Site) -> None:
    set_up(sign_in_by_mail(site_app, ORGANISER))
    runner = site_app.test_cli_runner()
    assert runner.invoke(args=["person", "reset-second-factor", "niemand@x.example"]).exit_code == 1
    assert runner.invoke(args=["person", "reset-second-factor", ORGANISER]).exit_code == 0
    client = sign_in_by_mail(site_app, ORGANISER)
    client.get(HOME)
    assert client.get(STEP).location == SET_UP

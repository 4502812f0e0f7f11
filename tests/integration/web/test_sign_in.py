"""Signing in: with a code or a link, once, for a quarter of an hour, without telling who is known."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.kinds import MessageKind
from matchmaker.extensions import db
from matchmaker.models import Message, Region, SignInToken, User
from matchmaker.models.message import URGENT_LANE
from matchmaker.web.account.pages import safe_path
from tests.conftest import database_url
from tests.site import Site, StrictClient, sign_in_as

__all__ = ["database_url"]

KNOWN = "coordinator@achterhoek.example"


def ask_for_mail(client: StrictClient, email: str = KNOWN) -> Any:
    client.get("/inloggen")
    return client.submit("/inloggen", email=email)


def read_mails(app: Flask) -> list[str]:
    with app.app_context():
        statement = sa.select(Message.body).where(Message.kind == MessageKind.SIGN_IN).order_by(Message.id)
        return [body.decode() for body in db.session.scalars(statement)]


def code_in(mail: str) -> str:
    found = re.search(r"\b(\d{3}) ?(\d{3})\b", mail.split("\r\n\r\n", 1)[1])
    assert found is not None
    return found[1] + found[2]


def link_in(mail: str) -> str:
    joined = mail.replace("=\r\n", "")
    found = re.search(r"/inloggen/link/([\w-]{43})", joined)
    assert found is not None
    return found[0]


def type_code(client: StrictClient, code: str) -> Any:
    client.get("/inloggen/code")
    return client.submit("/inloggen/code", code=code)


def test_the_code_of_the_mail_lets_the_person_in(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    assert ask_for_mail(visitor).location == "/inloggen/code"
    code = code_in(read_mails(site_app)[0])
    assert type_code(visitor, f" {code[:3]} {code[3:]} ").location == "/mijn"
    assert visitor.get("/mijn").location == f"/school/{site.own.school_id}"


def test_the_mail_overtakes_all_others(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    ask_for_mail(visitor)
    with site_app.app_context():
        message = db.session.scalars(sa.select(Message).where(Message.kind == MessageKind.SIGN_IN)).one()
        assert (message.recipient, message.lane) == (KNOWN, URGENT_LANE)


def test_opening_the_link_uses_nothing_and_its_button_works_once(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    ask_for_mail(visitor)
    link = link_in(read_mails(site_app)[0])
    phone = sign_in_as(site_app, None)
    for _ in range(3):
        assert phone.get(link).status_code == 200
    assert phone.submit(link).location == "/mijn"
    again = sign_in_as(site_app, None)
    again.get(link)
    assert again.submit(link).location == "/inloggen"
    assert again.get("/mijn").location == "/inloggen"


def test_a_code_works_once(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    ask_for_mail(visitor)
    code = code_in(read_mails(site_app)[0])
    second = sign_in_as(site_app, None)
    with second.session_transaction() as session:
        session["sign_in_email"] = KNOWN
    assert type_code(visitor, code).status_code == 302
    assert "klopt niet" in type_code(second, code).get_data(as_text=True)


def test_a_newer_mail_voids_the_older(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    ask_for_mail(visitor)
    ask_for_mail(visitor)
    older, newer = read_mails(site_app)
    phone = sign_in_as(site_app, None)
    phone.get(link_in(older))
    assert phone.submit(link_in(older)).location == "/inloggen"
    assert phone.submit(link_in(newer)).location == "/mijn"


def test_after_a_quarter_of_an_hour_nothing_works(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    ask_for_mail(visitor)
    mail = read_mails(site_app)[0]
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1), tick=False):
        assert type_code(visitor, code_in(mail)).status_code == 200
        visitor.get(link_in(mail))
        assert visitor.submit(link_in(mail)).location == "/inloggen"


def test_five_wrong_codes_close_the_mail(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    ask_for_mail(visitor)
    code = code_in(read_mails(site_app)[0])
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        assert "klopt niet" in type_code(visitor, wrong).get_data(as_text=True)
    assert "klopt niet" in type_code(visitor, code).get_data(as_text=True)
    assert visitor.get("/mijn").location == "/inloggen"


def test_wrong_codes_get_the_same_answers_for_a_known_and_an_unknown_address(
    site_app: Flask, site: Site
) -> None:
    answers = []
    for email in (KNOWN, "onbekend@achterhoek.example"):
        client = sign_in_as(site_app, None)
        # Both within the limit of their own address.
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{len(answers)}"
        ask_for_mail(client, email)
        pages = [type_code(client, "000001").get_data(as_text=True) for _ in range(7)]
        pages = [re.sub(r'name="csrf_token" value="[^"]+"', "", page) for page in pages]
        answers.append([page.replace(email, "…") for page in pages])
    assert answers[0] == answers[1]
    assert len(set(answers[0])) == 1


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    pages = []
    for email in (KNOWN, "onbekend@achterhoek.example"):
        client = sign_in_as(site_app, None)
        response = ask_for_mail(client, email)
        page = client.get("/inloggen/code").get_data(as_text=True).replace(email, "…")
        page = re.sub(r'name="csrf_token" value="[^"]+"', "", page)
        pages.append((response.status_code, response.location, page))
    assert pages[0] == pages[1]
    assert len(read_mails(site_app)) == 1


def test_at_most_five_mails_in_a_quarter_of_an_hour(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    for _ in range(7):
        assert ask_for_mail(visitor).location == "/inloggen/code"
    assert len(read_mails(site_app)) == 5


def test_link_and_code_are_stored_only_as_hashes(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    ask_for_mail(visitor)
    mail = read_mails(site_app)[0]
    with site_app.app_context():
        token = db.session.scalars(sa.select(SignInToken)).one()
        assert link_in(mail).rsplit("/", 1)[1] not in token.token_hash
        assert re.fullmatch(r"[0-9a-f]{64}", token.token_hash)
        assert token.code_hash.startswith("$argon2id$")


@pytest.mark.parametrize("email", ["", "x", "a@b", "a b@c.example", "é" * 300])
def test_what_is_no_address_is_refused_at_the_field(site: Site, visitor: StrictClient, email: str) -> None:
    response = ask_for_mail(visitor, email)
    assert response.status_code == 200
    page = response.get_data(as_text=True)
    assert 'href="#email"' in page
    assert 'aria-invalid="true"' in page


def test_nothing_from_before_signing_in_lives_on(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    with visitor.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["language"] = "en"
    ask_for_mail(visitor)
    type_code(visitor, code_in(read_mails(site_app)[0]))
    with visitor.session_transaction() as session:
        assert "planted" not in session
        assert session["language"] == "en"


def test_one_comes_back_to_the_page_one_wanted(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    wanted = f"/school/{site.own.school_id}"
    visitor.get(wanted)
    ask_for_mail(visitor)
    assert type_code(visitor, code_in(read_mails(site_app)[0])).location == wanted


def test_schools_stay_signed_in_and_organisers_do_not(site_app: Flask, site: Site) -> None:
    lasting = {}
    for email in (KNOWN, "organiser@achterhoek.example"):
        client = sign_in_as(site_app, None)
        ask_for_mail(client, email)
        response = type_code(client, code_in(read_mails(site_app)[-1]))
        cookies = response.headers.getlist("Set-Cookie")
        lasting[email] = any(cookie.startswith("session=") and "Expires=" in cookie for cookie in cookies)
    assert lasting == {KNOWN: True, "organiser@achterhoek.example": False}


def test_signing_out_closes_the_pages(coordinator: StrictClient, site: Site) -> None:
    coordinator.get(f"/school/{site.own.school_id}")
    assert coordinator.submit("/uitloggen").location == "/"
    assert coordinator.get(f"/school/{site.own.school_id}").location == "/inloggen"


def test_who_is_made_inactive_is_out_at_once(site_app: Flask, site: Site, coordinator: StrictClient) -> None:
    assert coordinator.get(f"/school/{site.own.school_id}").status_code == 200
    with site_app.app_context():
        db.session.execute(sa.update(User).where(User.id == site.coordinator).values(active=False))
        db.session.commit()
    assert coordinator.get(f"/school/{site.own.school_id}").location == "/inloggen"


def test_codes_are_on_the_screen_only_in_a_demonstration(site: Site, visitor: StrictClient) -> None:
    ask_for_mail(visitor)
    assert "demo-code" not in visitor.get("/inloggen/code").get_data(as_text=True)
    assert "Rondkijken" not in visitor.get("/inloggen").get_data(as_text=True)


def test_a_demonstration_shows_codes_of_example_people_only(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], demo=True)
    ask_for_mail(visitor)
    assert "demo-code" in visitor.get("/inloggen/code").get_data(as_text=True)
    with site_app.app_context():
        db.session.execute(sa.update(Region).values(is_example=False))
        db.session.commit()
    ask_for_mail(visitor)
    assert "demo-code" not in visitor.get("/inloggen/code").get_data(as_text=True)
    assert KNOWN not in visitor.get("/inloggen").get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/%0d%0a\r\nX: y",
        "",
        None,
        " /start",
        "/" + "a" * 600,
    ],
)
def test_no_way_back_leads_off_the_site(path: str | None) -> None:
    assert safe_path(path) is None


@pytest.mark.parametrize("path", ["/", "/regio/achterhoek/aanbod?q=a&niveau=po7", "/school/3"])
def test_a_way_back_within_the_site_is_kept(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize("email", [KNOWN, "niemand@onbekend.example"])
def test_who_asks_for_a_sixth_mail_is_told_that_none_comes_known_or_not(
    visitor: StrictClient, site: Site, email: str
) -> None:
    for _number in range(5):
        ask_for_mail(visitor, email)
    visitor.get("/inloggen/code")
    assert f"Is {email} bij ons bekend, dan staat er nu een mail klaar" in visitor.text()
    ask_for_mail(visitor, email)
    visitor.get("/inloggen/code")
    assert "er komt nu geen nieuwe" in visitor.text()
    assert "staat er nu een mail klaar" not in visitor.text()
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        ask_for_mail(visitor, email)
        visitor.get("/inloggen/code")
        assert "staat er nu een mail klaar" in visitor.text()

"""Nothing of anybody stands in a log, also when everything goes wrong."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.app import create_app
from matchmaker.extensions import db
from matchmaker.masking import mask
from matchmaker.models import User
from matchmaker.services.sign_in import request_sign_in
from matchmaker.web.access import access
from matchmaker.web.identity import load_visitor
from tests.conftest import make_settings
from tests.site import Site, sign_in_as
from tests.site.canaries import Canary, plant
from tests.site.ground import list_rules, method_of, path_of

TYPED = "kanarie-getypt@school.example"
TOKEN = "kanarieTokenAb3dEf6hIj9kLmNoPqRsTuVwXyZ0123456"
FIELDS = ("email", "name", "code", "password", "word", "q", "phone", "school", "next")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Every line that any logger writes, tracebacks included."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def canary(site_app: Flask, site: Site) -> Canary:
    site_app.config["PROPAGATE_EXCEPTIONS"] = False
    with site_app.app_context():
        made = plant("a")
        db.session.commit()
    return made


def list_hits(canary: Canary, *texts: str) -> list[str]:
    words = {*canary.everything(), TYPED, TOKEN, "kanarie-wachtwoord", "kanarie"}
    return sorted(word for word in words for text in texts if word in text)


def walk(app: Flask, site: Site, user_id: int) -> int:
    """Ask for every address with telling parameters, headers and bodies; return how many were faults."""
    faults = 0
    arguments = {**site.own.arguments(), "token": TOKEN}
    headers = {"User-Agent": f"kanarie-agent {TYPED}", "Referer": f"http://localhost/?email={TYPED}"}
    body = dict.fromkeys(FIELDS, TYPED) | {"password": "kanarie-wachtwoord"}
    for rule in list_rules(app):
        client = sign_in_as(app, user_id)
        path = path_of(app, rule, arguments)
        if method_of(rule) == "GET":
            faults += client.get(f"{path}?q={TYPED}", headers=headers).status_code == 500
        else:
            data = {"csrf_token": client.csrf_token(), **body}
            faults += client.post(path, data=data, headers=headers).status_code == 500
    return faults


def test_a_walk_over_all_addresses_leaves_nothing_of_anybody(
    site_app: Flask, site: Site, canary: Canary, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    assert walk(site_app, site, canary.user_id) == 0
    output = capfd.readouterr()
    assert list_hits(canary, log.getvalue(), output.out, output.err) == []


def test_faults_leave_a_traceback_without_anybody_in_it(
    site_app: Flask, site: Site, canary: Canary, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    name = canary.words["user_account", "name"]

    def break_a_rule() -> str:
        db.session.execute(sa.insert(User).values(email=canary.email, name=name))
        return ""

    for endpoint in ("public.show_start", "account.show_profile"):
        rule = site_app.view_functions[endpoint].access_rule
        site_app.view_functions[endpoint] = access(rule)(lambda: break_a_rule())  # noqa: PLW0108 - each its own
    client = sign_in_as(site_app, canary.user_id)
    assert client.get(f"/?email={TYPED}").status_code == 500
    assert client.get("/mijn/profiel").status_code == 500
    output = capfd.readouterr()
    assert "IntegrityError" in log.getvalue()
    assert list_hits(canary, log.getvalue(), output.out, output.err) == []


def test_what_postgresql_says_of_a_row_is_struck_out(
    tmp_path: Path, postgresql_url: str, log: io.StringIO
) -> None:
    app = create_app(make_settings(tmp_path / "pg", postgresql_url))
    words = {"email": "kanarie-b@school.example", "name": "kanarie-b-naam"}
    with app.app_context():
        for _ in range(2):
            try:
                db.session.execute(sa.insert(User).values(**words))
            except sa.exc.IntegrityError:
                app.logger.exception("refused")
        db.session.remove()
        db.engine.dispose()
    assert "DETAIL:█" in log.getvalue()
    assert [word for word in words.values() if word in log.getvalue()] == []


def test_signing_in_and_its_mail_leave_nothing(site_app: Flask, canary: Canary, log: io.StringIO) -> None:
    with site_app.app_context():
        made = request_sign_in(canary.email)
    sign_in_as(site_app, None).get(f"/inloggen/link/{made.token}")
    assert made.token
    assert [word for word in (made.token, made.code, canary.email) if word in log.getvalue()] == []


def test_the_person_of_a_request_is_written_as_an_id(site_app: Flask, canary: Canary) -> None:
    client = sign_in_as(site_app, canary.user_id)
    with client.session_transaction() as session:
        token = session["_user_id"]
    with site_app.test_request_context():
        text = repr(load_visitor(token))
    assert f"id={canary.user_id}" in text
    assert [word for word in (*canary.everything(), token) if word in text] == []


def test_the_capture_would_see_a_leak(canary: Canary, log: io.StringIO) -> None:
    logging.getLogger("leak").warning("the name is %s", "kanarie-a-naam")
    assert list_hits(canary, log.getvalue()) != []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mail to wt@de-eiken.example failed", "mail to █ failed"),
        ('"GET /inloggen/link/abc HTTP/1.1" 200', '"GET /inloggen/link/█ HTTP/1.1" 200'),
        ("GET /agenda/Ab3dEf6hIj9kLmNoPqRsTuVwXyZ012345.ics 200", "GET /agenda/█.ics 200"),
        (
            "in a_function_with_a_name_that_is_longer_than_most",
            "in a_function_with_a_name_that_is_longer_than_most",
        ),
        ("GET /regio/oost?q=jansen&page=2 200", "GET /regio/oost?█ 200"),
        ("DETAIL:  Key (name)=(Somebody) already exists.\nnext", "DETAIL:█\nnext"),
        ("call 06-12345678 now", "call █ now"),
        ("message 17 is given up: 550 no such user", "message 17 is given up: 550 no such user"),
        ("at 2026-11-29 22:57:01, run 12, 0.5 s", "at 2026-11-29 22:57:01, run 12, 0.5 s"),
    ],
)
def test_lines_are_masked(line: str, expected: str) -> None:
    assert mask(line) == expected

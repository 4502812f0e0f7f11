"""Every form that lets people in: counted, closed when it cannot count, and telling nobody who is known."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask, session
from werkzeug.routing import Rule

from matchmaker.domain import throttles
from matchmaker.extensions import db
from matchmaker.models import AttemptCount, AuditEntry, Message, User
from matchmaker.services.devices import sign_out_everywhere
from matchmaker.services.transaction import write_transaction
from matchmaker.web.access import Public, SignedIn, access
from matchmaker.web.identity import TOKEN_KEY
from tests.site import Site, StrictClient, sign_in_as
from tests.site.forms import FORMS
from tests.site.ground import TRACES_OF_VISITS, Ground, dump_database, list_rules, method_of, path_of

WAYS_IN = {"account.use_code", "account.use_link", "account.use_password"}
NOTHING_TO_GUESS = {"account.use_arrival": "the provider has proved who it is; leaving for it was counted"}
NOISE = re.compile(r'name="csrf_token" value="[^"]+"')


def list_visitor_forms(ground: Ground) -> list[Rule]:
    return [
        rule
        for rule in list_rules(ground.app)
        if method_of(rule) == "POST" and not FORMS[rule.endpoint].signed_in
    ]


def is_in(client: StrictClient) -> bool:
    with client.session_transaction() as cookie:
        return TOKEN_KEY in cookie


def list_ways_in(ground: Ground) -> list[Rule]:
    """Return the forms after which a visitor is signed in."""
    found = []
    for rule in list_visitor_forms(ground):
        client = ground.visit(None)
        ground.send(rule, ground.stage(rule.endpoint), client)
        found += [rule] if is_in(client) and rule.endpoint not in NOTHING_TO_GUESS else []
        ground.restore()
    return found


def test_without_a_count_no_form_lets_anybody_in(ground: Ground) -> None:
    ways = list_ways_in(ground)
    assert {rule.endpoint for rule in ways} >= WAYS_IN
    for rule in ways:
        stage, client = ground.stage(rule.endpoint), ground.visit(None)
        with ground.app.app_context():
            AttemptCount.__table__.drop(db.engine)  # type: ignore[attr-defined]
        response = ground.send(rule, stage, client)
        assert response.status_code == 429, rule.rule
        assert int(response.headers["Retry-After"]) > 0
        assert not is_in(client)
        ground.restore()


def test_each_way_in_is_closed_after_too_many_on_the_whole_site(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles, "MOST_FOR_SITE", 3)
    for rule in list_ways_in(ground):
        stage, last = ground.stage(rule.endpoint), ground.visit(None)
        (code_rule,) = (r for r in list_rules(ground.app) if r.endpoint == "account.use_code")
        for number in range(3):
            stranger = ground.visit(None, {"sign_in_email": f"a{number}@b.example"})
            stranger.environ_base["REMOTE_ADDR"] = f"192.0.2.{number + 1}"
            token = ground.give_token(stranger)
            stranger.post(code_rule.rule, data={"csrf_token": token, "code": "000001"})
        assert ground.send(rule, stage, last).status_code == 429, rule.rule
        assert ground.visit(ground.site.coordinator).get("/mijn").status_code == 302
        ground.restore()


def test_no_form_tells_whether_an_address_is_known(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    work = count_hashes(monkeypatch)
    with ground.app.app_context():
        db.session.get_one(User, ground.site.newcomer).active = False
        db.session.commit()
    asking = [rule for rule in list_visitor_forms(ground) if takes_address(ground, rule)]
    assert len(asking) >= 2
    for rule in asking:
        answers = []
        for email in ("coordinator@achterhoek.example", "niemand@elders.example", "nieuw@school.example"):
            work.clear()
            answers.append((describe(ask_about(ground, rule, email), email), sorted(work)))
        assert answers[0] == answers[1] == answers[2], rule.rule


def takes_address(ground: Ground, rule: Rule) -> bool:
    stage = ground.stage(rule.endpoint)
    with ground.app.app_context():
        takes = "email" in FORMS[rule.endpoint].fields(stage)
    ground.restore()
    return takes


def ask_about(ground: Ground, rule: Rule, email: str) -> Any:
    """Send the form about an address, with everything else wrong."""
    stage, client = ground.stage(rule.endpoint), ground.visit(None)
    with ground.app.app_context():
        fields = FORMS[rule.endpoint].fields(stage)
    wrong = dict.fromkeys(fields, "iets heel anders")
    data = {**wrong, "email": email, "csrf_token": ground.give_token(client)}
    path = path_of(ground.app, rule, ground.site.own.arguments())
    return client.post(path, data=data)


def describe(response: Any, email: str) -> tuple[Any, ...]:
    """Return all that a visitor can see of an answer, without the address they typed."""
    headers = sorted((k, v) for k, v in response.headers.items() if k not in {"Set-Cookie", "Content-Length"})
    cookies = sorted(c.partition("=")[0] for c in response.headers.getlist("Set-Cookie"))
    page = NOISE.sub("", response.get_data(as_text=True)).replace(email, "…")
    return response.status_code, headers, cookies, page


def count_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the slow work, so that no clock is needed to compare it."""
    done: list[str] = []
    for name in ("hash", "verify"):
        original = getattr(PasswordHasher, name)

        def counted(self: Any, *args: Any, _original: Any = original, **kwargs: Any) -> Any:
            done.append("hash")
            return _original(self, *args, **kwargs)

        monkeypatch.setattr(PasswordHasher, name, counted)
    return done


def test_mails_go_to_the_known_alone_and_never_more_than_five(ground: Ground) -> None:
    (rule,) = (rule for rule in list_rules(ground.app) if rule.endpoint == "account.request_sign_in")
    with ground.app.app_context():
        before = db.session.scalar(sa.select(sa.func.count()).select_from(Message)) or 0
    for email in ("coordinator@achterhoek.example", "niemand@elders.example"):
        answers = {ask_about(ground, rule, email).status_code for _ in range(7)}
        assert answers == {302}
    with ground.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == before + 5


def test_a_page_that_is_under_way_when_its_device_is_ended_brings_nothing_back(
    site_app: Flask, site: Site
) -> None:
    def slow() -> str:
        sign_out_everywhere(site.coordinator, site.coordinator)
        session["written_after"] = "the end"
        return "saved"

    site_app.add_url_rule("/slow", "slow", access(SignedIn())(slow))
    client = sign_in_as(site_app, site.coordinator)
    slow_answer = client.get("/slow", headers={"HX-Request": "true"})
    assert slow_answer.status_code == 200
    assert client.get("/mijn").location == "/inloggen"


def test_a_cookie_that_was_copied_is_dead_after_each_way_of_ending_it(ground: Ground) -> None:
    for endpoint in ("account.sign_out", "account.end_all_devices", "account.set_password"):
        (rule,) = (rule for rule in list_rules(ground.app) if rule.endpoint == endpoint)
        stage, client = ground.stage(endpoint), ground.visit(ground.site.coordinator)
        other = ground.visit(ground.site.coordinator)
        with (other if endpoint == "account.set_password" else client).session_transaction() as cookie:
            copied = dict(cookie)
        ground.send(rule, stage, client)
        assert ground.visit(None, copied).get("/mijn").location == "/inloggen", endpoint
        ground.restore()


def test_the_guard_of_reading_sees_a_page_that_writes(ground: Ground) -> None:
    def write() -> str:
        with write_transaction() as rows:
            rows.add(AuditEntry(action="read", object_type="page"))
        return "<!doctype html><title>x</title>"

    ground.app.add_url_rule("/writes", "writes", access(Public())(write))
    before = dump_database(ground.app, TRACES_OF_VISITS)
    ground.visit(None).get("/writes", headers={"HX-Request": "true"})
    assert dump_database(ground.app, TRACES_OF_VISITS) != before

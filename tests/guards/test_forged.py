"""No form is taken that a page of ours did not give: tried on every address that changes something."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import Rule

from matchmaker.web.hosts import is_open_to_programs
from tests.site import open_session, sign_in_as
from tests.site.forms import FORMS, Stage
from tests.site.ground import OPEN_TO_PROGRAMS, Ground, dump_database, list_rules, method_of, path_of

ORIGINS = ["https://evil.example", "null", "http://localhost.evil.example", "http://localhost:81", "http://["]


def list_posts(app: Flask) -> list[Rule]:
    """Return the addresses that change something and take forms of our own pages alone."""
    rules = [rule for rule in list_rules(app) if method_of(rule) == "POST"]
    return [rule for rule in rules if rule.endpoint not in OPEN_TO_PROGRAMS]


def aim(ground: Ground, rule: Rule) -> tuple[Stage, str, dict[str, Any], dict[str, Any]]:
    """Return all that would succeed: the stage, the path, the fields and what the cookie holds."""
    form, stage = FORMS[rule.endpoint], ground.stage(rule.endpoint)
    with ground.app.app_context():
        fields, session = form.fields(stage), form.session(stage)
        arguments = {**stage.place.arguments(), **form.arguments(stage)}
    return stage, path_of(ground.app, rule, arguments), fields, session


def list_forgeries(ground: Ground, stage: Stage, fields: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return what another site can make a browser send, and more than that."""
    foreign = ground.give_token(sign_in_as(ground.app, ground.site.host_contact))
    other_key = URLSafeTimedSerializer("another key", salt="wtf-csrf-token").dumps("0" * 40)
    other_secret = URLSafeTimedSerializer(ground.app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(
        "1" * 40
    )
    token = ground.give_token(sign_in_as(ground.app, None))
    plain = {name: value for name, value in fields.items() if not isinstance(value, tuple)}
    text = "&".join(f"{name}={value}" for name, value in {**plain, "csrf_token": token}.items())
    return [
        ("no token", {"data": fields}),
        ("an empty token", {"data": {**fields, "csrf_token": ""}}),
        ("a token of another key", {"data": {**fields, "csrf_token": other_key}}),
        ("a token of another visitor", {"data": {**fields, "csrf_token": other_secret}}),
        ("a token without a session", {"data": {**fields, "csrf_token": foreign}, "session": None}),
        ("a token in the address", {"data": fields, "query_string": {"csrf_token": token}}),
        ("plain text", {"data": text, "content_type": "text/plain"}),
        ("JSON", {"json": {**plain, "csrf_token": token}}),
        *(
            (f"a form of {origin}", {"data": {**fields, "csrf_token": token}, "headers": {"Origin": origin}})
            for origin in ORIGINS
        ),
    ]


def list_taken(ground: Ground, rule: Rule) -> list[str]:
    """Return which forgeries an address took."""
    stage, path, fields, session = aim(ground, rule)
    if FORMS[rule.endpoint].signed_in:
        session = {**open_session(ground.app, stage.user_id), **session}
    forgeries = list_forgeries(ground, stage, fields)
    before, taken = dump_database(ground.app), []
    for name, sent in forgeries:
        client = ground.visit(None, session)
        if "session" not in sent:
            ground.give_token(client)
        arguments = {key: _afresh(value) for key, value in sent.items() if key != "session"}
        ground.ran.clear()
        response = client.post(path, **arguments)
        if response.status_code != 400 or ground.ran:
            taken.append(f"{rule.rule} takes {name}: {response.status_code}")
    after = dump_database(ground.app)
    ignored = {"signed_in_device"}
    changed = [name for name in before if before[name] != after[name] and name not in ignored]
    return taken + [f"{rule.rule} changed {name}" for name in changed]


def _afresh(value: Any) -> Any:
    """Return fields whose files can be read once more: sending closes them."""
    if not isinstance(value, dict):
        return value
    return {
        name: (BytesIO(field[0].getvalue()), *field[1:]) if isinstance(field, tuple) else field
        for name, field in value.items()
    }


def test_no_other_address_is_open_to_programs_and_these_need_a_secret(site_app: Flask) -> None:
    with site_app.app_context():
        found = [rule for rule in list_rules(site_app) if is_open_to_programs(rule.endpoint)]
    assert {rule.endpoint for rule in found} == set(OPEN_TO_PROGRAMS)
    assert all(any(name.endswith("token") for name in rule.arguments) for rule in found)


def test_no_address_takes_a_forged_form(ground: Ground) -> None:
    taken = []
    for rule in list_posts(ground.app):
        taken += list_taken(ground, rule)
        ground.restore()
    assert taken == []


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost"}, {"Origin": "http://127.0.0.1:8000"}])
def test_a_form_of_our_own_page_is_taken(ground: Ground, headers: dict[str, str]) -> None:
    (rule,) = (rule for rule in list_posts(ground.app) if rule.endpoint == "organiser.begin_run")
    stage = ground.stage(rule.endpoint)
    ground.send(rule, stage, ground.visit(stage.user_id), headers=headers)
    assert ground.ran == [rule.endpoint]


def test_the_guard_sees_an_address_without_this_protection(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    (rule,) = (rule for rule in list_posts(ground.app) if rule.endpoint == "organiser.begin_run")
    monkeypatch.setitem(ground.app.config, "WTF_CSRF_CHECK_DEFAULT", False)
    assert any("takes no token" in taken for taken in list_taken(ground, rule))
    ground.restore()
    hooks = ground.app.before_request_funcs[None]
    monkeypatch.setitem(
        ground.app.before_request_funcs, None, [h for h in hooks if h.__name__ != "check_origin"]
    )
    monkeypatch.setitem(ground.app.config, "WTF_CSRF_CHECK_DEFAULT", True)
    assert any("takes a form of https://evil.example" in taken for taken in list_taken(ground, rule))


def test_nobody_is_signed_in_by_another_site(ground: Ground) -> None:
    """A visitor who got in unawares as somebody else would write into that account."""
    for endpoint in ("account.use_password", "account.use_code", "account.use_link"):
        (rule,) = (rule for rule in list_posts(ground.app) if rule.endpoint == endpoint)
        _, path, fields, session = aim(ground, rule)
        victim = ground.visit(None, session)
        assert victim.post(path, data=fields, headers={"Origin": "https://evil.example"}).status_code == 400
        assert victim.get("/mijn").location == "/inloggen"
        ground.restore()

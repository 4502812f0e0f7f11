"""What happens to a session when somebody gets in, and when what they may do is taken away meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import session
from werkzeug.routing import Rule

from matchmaker import clock
from matchmaker.extensions import db
from matchmaker.models import Membership, User
from matchmaker.services.devices import sign_out_everywhere
from matchmaker.web.access import Public, SignedIn, access, rule_of
from matchmaker.web.identity import TOKEN_KEY
from tests.site import Site, StrictClient
from tests.site.forms import FORMS, Form
from tests.site.ground import TRACES_OF_VISITS, Ground, dump_database, list_rules, method_of, path_of

WAYS_IN = {
    "account.accept_invitation",
    "account.add_second_factor",
    "account.use_arrival",
    "account.use_code",
    "account.use_link",
    "account.use_password",
    "account.use_second_step",
}
"""Every POST after which a browser carries another token."""


def token_of(client: StrictClient) -> str | None:
    with client.session_transaction() as cookie:
        token: str | None = cookie.get(TOKEN_KEY)
        return token


def visit_before(ground: Ground, endpoint: str, user_id: int) -> StrictClient:
    """Return a browser in which this form is sent, with a session that somebody else could know."""
    if endpoint in {"account.use_second_step", "account.add_second_factor"}:
        return ground.visit_after_first_step(user_id)
    return ground.visit(user_id if FORMS[endpoint].signed_in else ground.site.host_contact)


def list_what_lives_on(ground: Ground, endpoint: str) -> list[str] | None:
    """Send the form with all that somebody could have planted or copied before; None when it is no way in."""
    ground.restore()
    stage = ground.stage(endpoint)
    client = visit_before(ground, endpoint, stage.user_id)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        copied = dict(cookie)
    rule = next(rule for rule in list_rules(ground.app) if rule.endpoint == endpoint)
    ground.send(rule, stage, client)
    token = token_of(client)
    if token in {None, copied.get(TOKEN_KEY)}:
        return None
    with client.session_transaction() as cookie:
        lives = ["what was planted"] if "planted" in cookie else []
    thief = ground.visit(None, copied)
    if thief.get("/mijn").location != "/inloggen":
        lives.append("the session from before")
    return lives


def test_whoever_gets_in_gets_a_session_of_their_own(ground: Ground) -> None:
    found = {endpoint: list_what_lives_on(ground, endpoint) for endpoint in FORMS}
    ways_in = {endpoint: lives for endpoint, lives in found.items() if lives is not None}
    assert set(ways_in) == WAYS_IN
    assert ways_in == {endpoint: [] for endpoint in WAYS_IN}


def test_a_way_in_that_keeps_the_session_would_be_seen(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_a_token() -> tuple[str, int]:
        session[TOKEN_KEY] = "another"
        return "", 204

    ground.app.add_url_rule("/lek", "leak", access(Public())(give_a_token), methods=["POST"])
    monkeypatch.setitem(FORMS, "leak", Form())  # type: ignore[arg-type]
    assert list_what_lives_on(ground, "leak") == ["what was planted", "the session from before"]


def list_guarded(ground: Ground) -> list[Rule]:
    with ground.app.app_context():
        return [rule for rule in list_rules(ground.app) if not rule_of(rule.endpoint).open_to_all]


def ask(ground: Ground, rule: Rule, client: StrictClient) -> Any:
    arguments = ground.site.own.arguments()
    if method_of(rule) == "GET":
        return client.get(path_of(ground.app, rule, arguments))
    token = ground.give_token(client)
    return client.post(path_of(ground.app, rule, arguments), data={"csrf_token": token})


def deactivate(user_id: int) -> None:
    db.session.execute(sa.update(User).where(User.id == user_id).values(active=False))
    db.session.commit()


def end_all_devices(user_id: int) -> None:
    sign_out_everywhere(user_id, None)


def withdraw_roles(user_id: int) -> None:
    yesterday = clock.today() - timedelta(days=1)
    db.session.execute(sa.update(Membership).where(Membership.user_id == user_id).values(until=yesterday))
    db.session.commit()


@pytest.mark.parametrize("take_away", [deactivate, end_all_devices])
@pytest.mark.parametrize("who", ["coordinator", "organiser"])
def test_who_is_put_out_is_out_at_the_next_request_whatever_it_is(
    ground: Ground, site: Site, who: str, take_away: Callable[[int], None]
) -> None:
    client = ground.visit(getattr(site, who))
    assert client.get("/mijn").location != "/inloggen"
    copied = token_of(client)
    with ground.app.app_context():
        take_away(getattr(site, who))
    before = dump_database(ground.app)
    for rule in list_guarded(ground):
        # Every request is the first one: a browser forgets a token that did not work.
        answer = ask(ground, rule, ground.visit(None, {TOKEN_KEY: copied, "_fresh": True}))
        assert (answer.status_code, answer.location) == (302, "/inloggen"), rule.rule
    assert dump_database(ground.app) == before


@pytest.mark.parametrize("who", ["coordinator", "host_contact", "organiser", "viewer"])
def test_who_lost_their_roles_finds_their_pages_gone_at_the_next_request(
    ground: Ground, site: Site, who: str
) -> None:
    client = ground.visit(getattr(site, who))
    rules = [rule for rule in list_guarded(ground) if is_for_a_role(ground, rule)]
    assert any(ask(ground, rule, client).status_code != 404 for rule in rules if method_of(rule) == "GET")
    with ground.app.app_context():
        withdraw_roles(getattr(site, who))
    before = dump_database(ground.app, TRACES_OF_VISITS)
    for rule in rules:
        assert ask(ground, rule, client).status_code == 404, rule.rule
    assert dump_database(ground.app, TRACES_OF_VISITS) == before


def is_for_a_role(ground: Ground, rule: Rule) -> bool:
    with ground.app.app_context():
        return not isinstance(rule_of(rule.endpoint), Public | SignedIn)

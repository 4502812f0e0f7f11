"""What a visitor says of the host reaches no mail, and a foreign host reaches nothing at all."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import request

from matchmaker.extensions import db
from matchmaker.models import Message
from matchmaker.notifications.composing import Letterhead
from tests.conftest import make_settings
from tests.site import build_site, open_site_app
from tests.site.forms import FORMS
from tests.site.ground import TRACES_OF_VISITS, Ground, dump_database, list_rules, method_of

BASE = "https://techniek.example"
POISON = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Port": "6666",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.9, evil.example",
    "X-Host": "evil.example",
    "X-Original-URL": "https://evil.example/",
    "X-Rewrite-URL": "/evil",
    "Forwarded": "host=evil.example;proto=http",
    "Referer": f"{BASE}/",
}
# What newcomers are told, and people who leave, leads nowhere: they have no place here yet, or no longer.
# A mail to try whether mail arrives has nothing to lead to.
WITHOUT_LINKS = {
    *("organiser.refuse_joining", "public.send_join_request", "public.send_new_host_request"),
    *("host.end_role", "school.end_role", "organiser.end_role"),
    "organiser.send_trial_mail",
}
LINK = re.compile(r"[a-z]+://[^\s\"'<>)]+")


@pytest.fixture
def live(tmp_path: Path, sqlite_url: str) -> Iterator[Ground]:
    """A site on the internet behind one proxy."""
    settings = make_settings(tmp_path / "instance", sqlite_url, base_url=BASE)
    with open_site_app(settings) as app:
        app.config.update(SERVER_NAME="techniek.example", PREFERRED_URL_SCHEME="https")
        with app.app_context():
            site = build_site()
        yield Ground(app, site, Path(sqlite_url.removeprefix("sqlite:///")))


def read_new_mails(ground: Ground, after: int) -> list[str]:
    with ground.app.app_context():
        bodies = db.session.scalars(sa.select(Message.body).where(Message.id > after)).all()
    mails = [email.message_from_bytes(body, policy=email.policy.default) for body in bodies]
    return ["\n".join([*(f"{k}: {v}" for k, v in mail.items()), *_texts_of(mail)]) for mail in mails]


def _texts_of(mail: Any) -> list[str]:
    return [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]


def last_message(ground: Ground) -> int:
    with ground.app.app_context():
        return db.session.scalar(sa.select(sa.func.max(Message.id))) or 0


def test_links_of_every_mail_have_the_configured_base(live: Ground) -> None:
    senders = []
    for rule in list_rules(live.app):
        if method_of(rule) != "POST":
            continue
        stage, before = live.stage(rule.endpoint), last_message(live)
        client = live.visit(stage.user_id if FORMS[rule.endpoint].signed_in else None)
        live.send(rule, stage, client, headers=POISON)
        assert live.ran == [rule.endpoint]
        for mail in read_new_mails(live, before):
            senders.append(rule.endpoint)
            assert "evil" not in mail, rule.rule
            assert "6666" not in mail, rule.rule
            links = LINK.findall(mail)
            assert links or rule.endpoint in WITHOUT_LINKS, (
                f"{rule.rule}: a mail without a link proves nothing"
            )
            assert [link for link in links if not link.startswith(f"{BASE}/")] == []
        live.restore()
    assert "account.request_sign_in" in senders


@pytest.mark.parametrize(
    "host", ["evil.example", "techniek.example.evil.example", "techniek.example@evil.example"]
)
def test_a_foreign_host_reaches_no_address(live: Ground, host: str) -> None:
    stages = [
        (rule, live.stage(rule.endpoint))
        for rule in list_rules(live.app)
        if method_of(rule) == "POST" and rule.endpoint != "account.use_second_step"
    ]
    visits = [
        (rule, stage, live.visit(stage.user_id if FORMS[rule.endpoint].signed_in else None))
        for rule, stage in stages
    ]
    before = dump_database(live.app, TRACES_OF_VISITS)
    for rule, stage, client in visits:
        response = live.send(rule, stage, client, headers={"Host": host, "Origin": BASE})
        assert (response.status_code, live.ran) == (400, []), rule.rule
        assert "evil" not in response.get_data(as_text=True)
    assert dump_database(live.app, TRACES_OF_VISITS) == before


def test_an_absolute_address_of_another_host_reaches_no_page(live: Ground) -> None:
    client = live.app.test_client()
    assert client.get("/inloggen", base_url="https://evil.example").status_code == 400
    assert client.get("/inloggen", base_url=BASE, headers=POISON).status_code == 200


def test_the_guard_sees_a_link_to_the_host_that_a_visitor_named(
    live: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Letterhead, "link", lambda _self, path: f"https://{request.headers['X-Forwarded-Host']}{path}"
    )
    with pytest.raises(AssertionError):
        test_links_of_every_mail_have_the_configured_base(live)

"""The site answers under its own names only, and no header of a visitor ends up in a mail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import make_settings
from tests.integration.web.test_sign_in import KNOWN, read_mails
from tests.site import Site, StrictClient, build_site, open_site_app, sign_in_as

OWN = "techniek.example"


@pytest.fixture
def live_app(tmp_path: Path, sqlite_url: str) -> Iterator[Flask]:
    """A site as it stands on the internet, under two names."""
    settings = make_settings(
        tmp_path / "instance", sqlite_url, base_url=f"https://{OWN}", hosts="www.techniek.example"
    )
    with open_site_app(settings) as app:
        with app.app_context():
            build_site()
        yield app


@pytest.mark.parametrize(
    "host", [OWN, f"{OWN}:443", "TECHNIEK.example", "www.techniek.example", "www.techniek.example:8443"]
)
def test_own_names_are_answered(live_app: Flask, host: str) -> None:
    response = live_app.test_client().get("/inloggen", headers={"Host": host})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"{OWN}.evil.example",
        f"evil.example#{OWN}",
        f"{OWN}@evil.example",
        f"evil-{OWN}",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "[",
        "",
        f"{OWN} evil.example",
        f"{OWN}/evil",
        "a" * 5000,
    ],
)
def test_any_other_name_gets_no_page(live_app: Flask, host: str) -> None:
    response = live_app.test_client().get("/inloggen", headers={"Host": host})
    assert response.status_code == 400
    assert "Dit adres hoort niet bij deze site" in response.get_data(as_text=True)
    assert "evil" not in response.get_data(as_text=True)


def test_a_foreign_name_is_refused_before_anything_is_done(live_app: Flask) -> None:
    client = sign_in_as(live_app, None)
    client.get("/inloggen", base_url=f"https://{OWN}")
    token = client.csrf_token()
    for host in ("evil.example", f"evil.example:443\t{OWN}"):
        form = {"csrf_token": token, "email": KNOWN}
        assert client.post("/inloggen", data=form, headers={"Host": host}).status_code == 400
    assert read_mails(live_app) == []


def test_what_a_visitor_says_of_the_host_never_reaches_a_mail(live_app: Flask) -> None:
    client = sign_in_as(live_app, None)
    client.get("/inloggen", base_url=f"https://{OWN}")
    response = client.post(
        "/inloggen",
        data={"csrf_token": client.csrf_token(), "email": KNOWN},
        base_url=f"https://{OWN}",
        headers={
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Prefix": "/evil",
            "X-Forwarded-Port": "6666",
            "Forwarded": "host=evil.example",
            "X-Original-URL": "https://evil.example/",
            "Referer": f"https://{OWN}/",
        },
    )
    assert (response.status_code, response.location) == (302, "/inloggen/code")
    (mail,) = read_mails(live_app)
    assert "evil" not in mail
    assert "6666" not in mail
    assert f"https://{OWN}/inloggen/link/" in mail.replace("=\r\n", "")


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8123", "[::1]:8000"])
def test_a_site_on_the_own_machine_answers_under_all_its_names(
    visitor: StrictClient, site: Site, host: str
) -> None:
    assert visitor.get("/", headers={"Host": host}).status_code == 200
    assert visitor.get("/", headers={"Host": "evil.example"}).status_code == 400

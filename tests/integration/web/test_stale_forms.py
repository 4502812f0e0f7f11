"""A form whose page was open too long is refused, and what was typed in it is not lost."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from wtforms import PasswordField

from matchmaker.extensions import db
from matchmaker.models import AllocationRun, Message
from matchmaker.web.stale_forms import SECRET_NAMES, list_form_fields, list_forms
from tests.site import Site, StrictClient

OWN = {"Origin": "http://localhost"}
SCENARIO = "/organisator/achterhoek/ronde/{round_id}/verkennen"
FIELDS = {"name": "Proef met <b>robots</b>", "doubled_host": "", "travel": "1.5", "seconds": "60"}
TITLE = "Deze pagina stond te lang open"


def hidden_fields(client: StrictClient) -> dict[str, str | None]:
    assert client.page is not None
    return {
        str(i.get("name")): i.get("value") for i in client.page.iter("input") if i.get("type") == "hidden"
    }


def send_stale(client: StrictClient, path: str, fields: dict[str, Any], **headers: str) -> StrictClient:
    response = client.post(path, data={**fields, "csrf_token": "of before"}, headers=headers)
    assert response.status_code == 400
    return client


def test_what_was_typed_is_sent_again_with_one_press(
    site_app: Flask, site: Site, organiser: StrictClient
) -> None:
    path = SCENARIO.format(round_id=site.own.round_id)
    send_stale(organiser, path, FIELDS, **OWN)
    assert TITLE in organiser.text()
    assert "Naam Proef met <b>robots</b>" in organiser.text()
    fields = {**hidden_fields(organiser), "fairness_band": "", "doubled_host": ""}
    assert organiser.post(path, data=fields, headers=OWN).status_code == 302
    with site_app.app_context():
        names = db.session.scalars(sa.select(AllocationRun.name)).all()
    assert "Proef met <b>robots</b>" in names


def test_nothing_is_done_until_then(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    send_stale(visitor, "/inloggen", {"email": "coordinator@achterhoek.example"}, **OWN)
    with site_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 2


@pytest.mark.parametrize(
    "value",
    [
        '"><script>alert(1)</script>',
        "'><img src=x onerror=alert(1)>",
        "</dd></dl><form action=https://evil.example>",
        "{{ 7 * 7 }}{% raw %}",
        "javascript:alert(1)",
        "regel een\r\nregel twee & drie",
        "\u202e\u2028 Ĳ",
    ],
)
@pytest.mark.parametrize("origin", ["http://localhost", None])
def test_what_was_typed_is_text_and_nothing_else(
    site: Site, visitor: StrictClient, value: str, origin: str | None
) -> None:
    headers = {"Origin": origin} if origin else {}
    send_stale(visitor, "/inloggen", {"email": value, value: value}, **headers)
    assert visitor.page is not None
    page = visitor.page
    assert " ".join(value.split()) in visitor.text()
    assert [e for e in page.iter() if e.tag in {"script", "img"} and e.get("src", "").startswith("x")] == []
    assert not [e for e in page.iter("script") if "alert" in (e.text or "")]
    assert {form.get("action") for form in page.iter("form")} <= {"/inloggen"}
    if origin:
        assert (hidden_fields(visitor)["email"] or "").split() == value.split()


@pytest.mark.parametrize(
    ("path", "fields", "secret"),
    [
        ("/inloggen/wachtwoord", {"email": "a@b.example", "password": "geheime zin van mij"}, "geheime zin"),
        ("/inloggen/code", {"code": "123456", "next": "/a"}, "123456"),
        ("/mijn/wachtwoord", {"password": "geheime zin van mij"}, "geheime zin"),
    ],
)
def test_passwords_and_codes_are_never_shown_or_kept(
    visitor: StrictClient, site: Site, path: str, fields: dict[str, str], secret: str
) -> None:
    response = visitor.post(path, data=fields, headers=OWN)
    assert response.status_code == 400
    assert secret not in response.get_data(as_text=True)


def test_every_secret_field_of_every_form_is_known_as_such() -> None:
    secret = {
        name
        for form in list_forms()
        for name, field in list_form_fields(form).items()
        if issubclass(field.field_class, PasswordField)
        or "one-time-code" in str(field.kwargs.get("render_kw", {}))
    }
    assert {"password", "code"} <= secret <= SECRET_NAMES, "add the name to SECRET_NAMES"


@pytest.mark.parametrize("headers", [{}, {"Referer": "http://localhost/inloggen"}])
def test_without_word_of_the_browser_it_can_only_be_copied(
    site: Site, visitor: StrictClient, headers: dict[str, str]
) -> None:
    send_stale(visitor, "/inloggen", {"email": "ik@school.example"}, **headers)
    assert "ik@school.example" in visitor.text()
    assert "Opnieuw versturen" not in visitor.text()
    assert hidden_fields(visitor) == {}
    assert ("De pagina in een nieuw tabblad" in visitor.text()) == bool(headers)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "http://localhost.evil.example",
        "http://localhost:81",
        "http://evil@localhost:9",
        "file://localhost",
        "http://[",
    ],
)
def test_a_form_of_a_foreign_page_is_not_kept(site: Site, visitor: StrictClient, origin: str) -> None:
    send_stale(visitor, "/inloggen", {"email": "planted@evil.example"}, Origin=origin)
    assert "planted" not in visitor.text()
    assert "Dit formulier kwam niet van onze site" in visitor.text()


def test_who_is_signed_out_meanwhile_copies_and_signs_in_elsewhere(site: Site, visitor: StrictClient) -> None:
    send_stale(visitor, SCENARIO.format(round_id=site.own.round_id), FIELDS, **OWN)
    assert "Proef met <b>robots</b>" in visitor.text()
    assert "Inloggen in een nieuw tabblad" in visitor.text()
    assert hidden_fields(visitor) == {}


def test_a_file_is_to_be_chosen_again(site: Site, visitor: StrictClient) -> None:
    send_stale(visitor, "/inloggen", {"email": "a@b.example", "file": (io.BytesIO(b"x"), "x.csv")}, **OWN)
    assert "Kies het straks opnieuw" in visitor.text()
    assert "Opnieuw versturen" not in visitor.text()


def test_a_foreign_name_of_the_site_gets_nothing_back(site: Site, visitor: StrictClient) -> None:
    headers = {"Host": "evil.example", "Origin": "http://evil.example"}
    response = visitor.post("/inloggen", data={"email": "a@b.example"}, headers=headers)
    assert response.status_code == 400
    assert "Dit adres hoort niet bij deze site" in response.get_data(as_text=True)
    assert "a@b.example" not in response.get_data(as_text=True)


def test_a_form_without_fields_says_what_to_do(site: Site, coordinator: StrictClient) -> None:
    assert coordinator.post("/uitloggen", headers=OWN).status_code == 400
    assert "Vernieuw de pagina" in coordinator.text()

"""What people see when something goes wrong: plain words, the right code, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from matchmaker.domain.errors import RunActiveError
from matchmaker.web.static_files import MISSING
from tests.conftest import make_settings
from tests.site import Site, StrictClient, open_site_app, sign_in_as


def fail_with(app: Flask, error: Exception) -> StrictClient:
    def view() -> str:
        raise error

    view.access_rule = app.view_functions["public.show_start"].access_rule  # type: ignore[attr-defined]
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/fails", "fails", view)
    return sign_in_as(app, None)


def test_a_fault_of_ours_is_told_without_its_details(site_app: Flask) -> None:
    client = fail_with(site_app, RuntimeError("secret detail"))
    response = client.get("/fails")
    assert response.status_code == 500
    assert "Er ging bij ons iets mis" in client.text()
    assert "secret detail" not in response.get_data(as_text=True)


def test_a_refusal_that_nobody_caught_is_told_in_words(site_app: Flask) -> None:
    client = fail_with(site_app, RunActiveError())
    assert client.get("/fails").status_code == 409
    assert "Er loopt al een toewijzing" in client.text()


def test_a_missing_page_says_so(visitor: StrictClient, site: Site) -> None:
    assert visitor.get("/nergens").status_code == 404
    assert "Deze pagina is er niet" in visitor.text()


def test_a_wrong_method_is_told_in_words(visitor: StrictClient, site: Site) -> None:
    assert visitor.get("/taal").status_code == 405
    assert "Dit kan zo niet" in visitor.text()


def test_a_form_from_an_old_page_is_refused_in_words(visitor: StrictClient, site: Site) -> None:
    assert visitor.post("/taal", data={"language": "en"}).status_code == 400
    assert "Deze pagina stond te lang open" in visitor.text()


def test_a_form_that_is_far_too_large_is_refused(visitor: StrictClient, site: Site) -> None:
    visitor.get("/inloggen")
    assert visitor.submit("/inloggen", email="a" * 13 * 2**20).status_code == 413
    assert "te groot" in visitor.text()


@pytest.mark.parametrize("number", ["99999999999999999999", "0", "-1", "1.5", "%00", "1'"])
def test_a_strange_number_in_a_path_is_a_missing_page(
    organiser: StrictClient, site: Site, number: str
) -> None:
    assert organiser.get(f"/organisator/achterhoek/run/{number}").status_code == 404
    assert organiser.get(f"/school/{number}").status_code == 404


def test_missing_assets_are_named_with_what_to_do(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchmaker.app.ROOT", tmp_path)
    with open_site_app(make_settings(tmp_path / "instance", sqlite_url)) as app:
        response = app.test_client().get("/")
    assert (response.status_code, response.get_data(as_text=True)) == (503, MISSING)

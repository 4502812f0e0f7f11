"""The settings of a region: who may change them, what happens at one moment, and what is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.devices import RECENT
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Region
from tests.site import Site, StrictClient, sign_in_as

PATH = "/organisator/achterhoek/instellingen"
FORM = {
    "name": "Techniek Achterhoek",
    "sender_name": "Techniekpact",
    "contact_email": "bureau@techniek.example",
    "contact_phone": "0314 123 456",
    "guarantee_primary": "3",
    "guarantee_secondary": "1",
    "guarantee_special": "0",
    "detour_factor": "1,4",
    "joining_open": "y",
    "retention_months": "36",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases: two people save at one moment."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def version_of(page: str) -> str:
    return page.split('name="version" value="')[1].split('"', maxsplit=1)[0]


def save(client: StrictClient, version: str | None = None, **fields: str) -> int:
    version = version or version_of(client.get(PATH).get_data(as_text=True))
    return int(client.submit(PATH, **{**FORM, **fields}, version=version).status_code)


def region_of(app: Flask, site: Site) -> Region:
    with app.app_context():
        return db.session.get_one(Region, site.own.region_id)


def test_settings_are_saved_and_shown_again(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    assert save(organiser) == 302
    region = region_of(site_app, site)
    assert (region.guarantee_primary, region.guarantee_secondary, region.guarantee_special) == (3, 1, 0)
    assert (region.detour_factor, region.joining_open, region.retention_months) == (1.4, True, 36)
    page = organiser.get(PATH).get_data(as_text=True)
    assert "De instellingen zijn bewaard" in page
    assert 'value="1,4"' in page
    assert 'value="bureau@techniek.example"' in page


def test_an_unticked_box_closes_the_door(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    version = version_of(organiser.get(PATH).get_data(as_text=True))
    fields = {key: value for key, value in FORM.items() if key != "joining_open"}
    assert organiser.submit(PATH, **fields, version=version).status_code == 302
    assert not region_of(site_app, site).joining_open


def test_the_second_editor_sees_what_the_first_one_saved(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    second = sign_in_as(site_app, site.organiser)
    version = version_of(second.get(PATH).get_data(as_text=True))
    assert save(organiser, sender_name="<script>alert(1)</script>") == 302
    response = second.submit(PATH, **{**FORM, "guarantee_primary": "5"}, version=version)
    page = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "<script>alert(1)</script>" not in page
    assert "Naam van de afzender : <script>alert(1)</script>" in second.text()
    assert 'value="5"' in page
    assert region_of(site_app, site).guarantee_primary == 3
    # Having seen it, they may decide otherwise.
    assert save(second, version_of(page), guarantee_primary="5") == 302
    assert region_of(site_app, site).guarantee_primary == 5


def test_a_change_is_written_down_without_addresses(
    organiser: StrictClient, site_app: Flask, site: Site
) -> None:
    save(organiser)
    save(organiser)  # changes nothing
    with site_app.app_context():
        statement = sa.select(AuditEntry).where(AuditEntry.action == "change_region_settings")
        (entry,) = db.session.scalars(statement).all()
    assert (entry.before["guarantee_primary"], entry.after["guarantee_primary"]) == (2, 3)
    assert (entry.actor_id, entry.region_id) == (site.organiser, site.own.region_id)
    assert "example" not in str(entry.before) + str(entry.after)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "  "}, "Vul de naam van de regio in"),
        ({"contact_email": "geen adres"}, "zoals naam@school.nl"),
        ({"guarantee_primary": "11"}, "van 0 tot en met 10"),
        ({"guarantee_primary": "-1"}, "van 0 tot en met 10"),
        ({"guarantee_primary": "twee"}, "Vul een heel getal in"),
        ({"detour_factor": "0,9"}, "van 1 tot en met 3"),
        ({"detour_factor": "ver"}, "zoals 1,3"),
        ({"detour_factor": "nan"}, "van 1 tot en met 3"),
        ({"retention_months": "5"}, "van 6 tot en met 60"),
        ({"retention_months": "61"}, "van 6 tot en met 60"),
    ],
)
def test_mistakes_are_told_at_the_field_and_nothing_is_saved(
    organiser: StrictClient, site_app: Flask, site: Site, fields: dict[str, str], sentence: str
) -> None:
    assert save(organiser, **fields) == 200
    assert sentence in organiser.text()
    assert region_of(site_app, site).version == 1


def test_settings_are_for_who_manages_the_region(site_app: Flask, site: Site) -> None:
    for user in (site.viewer, site.coordinator, site.board, site.newcomer):
        client = sign_in_as(site_app, user)
        assert client.get(PATH).status_code == 404
        assert client.submit(PATH, **FORM, version="1").status_code == 404
    home = sign_in_as(site_app, site.viewer).get("/organisator/achterhoek").get_data(as_text=True)
    assert PATH not in home


def test_settings_ask_to_prove_again_who_one_is(organiser: StrictClient, site_app: Flask, site: Site) -> None:
    organiser.get(PATH)
    with time_machine.travel(clock.now() + RECENT + timedelta(minutes=1)):
        assert organiser.submit(PATH, **FORM, version="1").location == "/mijn/bevestigen"
    assert region_of(site_app, site).version == 1

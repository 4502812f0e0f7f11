"""Publishing and taking persons out of the system ask anew who somebody is, a quarter of an hour later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.devices import RECENT
from matchmaker.extensions import db
from matchmaker.models import AllocationRun
from tests.integration.web.test_sign_in import code_in, read_mails, type_code
from tests.site import Site, StrictClient

ORGANISER = "organiser@achterhoek.example"
HOME = "/organisator/achterhoek"


@pytest.fixture
def later(site_app: Flask, organiser: StrictClient) -> Iterator[StrictClient]:
    """The organiser of a site without second step, signed in a quarter of an hour ago."""
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], require_second_factor=False)
    with time_machine.travel(clock.now() + RECENT + timedelta(seconds=1), tick=False):
        yield organiser


def confirm(app: Flask, client: StrictClient) -> str:
    client.get("/mijn/bevestigen")
    client.submit("/inloggen", email=ORGANISER)
    return str(type_code(client, code_in(read_mails(app)[-1])).location)


def test_publishing_right_after_signing_in_asks_nothing(organiser: StrictClient, site: Site) -> None:
    path = f"{HOME}/run/{site.own.run_id}/publiceren"
    assert organiser.get(path).location != "/mijn/bevestigen"


def test_the_page_before_publishing_asks_and_comes_back(
    site_app: Flask, site: Site, later: StrictClient
) -> None:
    path = f"{HOME}/run/{site.own.run_id}/publiceren"
    assert later.get(path).location == "/mijn/bevestigen"
    assert confirm(site_app, later) == path
    assert later.get(path).location != "/mijn/bevestigen"


def test_publishing_itself_asks_and_does_nothing_until_then(
    site_app: Flask, site: Site, later: StrictClient
) -> None:
    later.get(HOME)
    answer = later.submit(f"{HOME}/run/{site.own.run_id}/publiceren")
    assert answer.location == "/mijn/bevestigen"
    with site_app.app_context():
        assert db.session.get_one(AllocationRun, site.own.run_id).publish_requested_at is None


def test_taking_the_workbook_out_asks_and_comes_back_to_the_page_with_the_link(
    site_app: Flask, site: Site, later: StrictClient
) -> None:
    answer = later.get(f"{HOME}/werkmap.xlsx", headers={"Referer": f"http://localhost{HOME}"})
    assert answer.location == "/mijn/bevestigen"
    assert confirm(site_app, later) == HOME


@pytest.mark.parametrize(
    "referrer", ["https://evil.example/mijn", "http://localhost//evil.example", "", "http://["]
)
def test_a_foreign_referrer_leads_nowhere(
    site_app: Flask, site: Site, later: StrictClient, referrer: str
) -> None:
    later.get(f"{HOME}/werkmap.xlsx", headers={"Referer": referrer})
    assert confirm(site_app, later) == "/mijn"


def test_other_pages_of_organisers_stay_open(site: Site, later: StrictClient) -> None:
    assert later.get(HOME).status_code == 200


def test_who_may_not_publish_is_not_asked_to_confirm(site: Site, coordinator: StrictClient) -> None:
    with time_machine.travel(clock.now() + RECENT + timedelta(seconds=1), tick=False):
        answer = coordinator.get(f"{HOME}/run/{site.own.run_id}/publiceren")
    assert answer.status_code == 404

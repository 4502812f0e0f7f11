"""What is promised about privacy and accessibility, and what people choose for themselves."""

from __future__ import annotations

import pytest
from flask import Flask

from matchmaker.domain.retention import PERIODS, Retention
from matchmaker.extensions import db
from matchmaker.models import User
from tests.site import Site, StrictClient, sign_in_as


@pytest.mark.parametrize("path", ["/privacy", "/toegankelijkheid"])
@pytest.mark.parametrize("shown", ["/", "/inloggen", "/regio/achterhoek"])
def test_every_footer_leads_to_the_statements(
    site: Site, visitor: StrictClient, shown: str, path: str
) -> None:
    text = visitor.get(shown).get_data(as_text=True)
    assert f'href="{path}"' in text.partition("<footer")[2]


def test_the_periods_of_the_statement_are_those_that_are_kept(site: Site, visitor: StrictClient) -> None:
    visitor.get("/privacy")
    assert f"De tekst van mails: {PERIODS[Retention.MAIL_TEXT].days} dagen." in visitor.text()
    assert "Activiteiten plannen" in visitor.text()


def test_the_statement_names_whom_to_ask(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    visitor.get("/toegankelijkheid")
    assert "WCAG 2.2" in visitor.text()
    assert "Wat nog niet goed werkt" in visitor.text()


def preferences(app: Flask, user_id: int) -> tuple[str, list[str]]:
    with app.app_context():
        user = db.session.get_one(User, user_id)
        return user.language, user.mutes


def test_people_choose_their_language_and_mute_overviews(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    coordinator.get("/mijn/profiel")
    coordinator.submit("/mijn/voorkeuren", language="en")
    assert preferences(site_app, site.coordinator) == ("en", ["result_host", "result_school"])
    coordinator.get("/mijn/profiel")
    assert "Your preferences have been saved." in coordinator.text()
    coordinator.submit("/mijn/voorkeuren", language="nl", overviews="y")
    assert preferences(site_app, site.coordinator) == ("nl", [])


def test_a_language_that_the_site_does_not_speak_changes_nothing(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    coordinator.get("/mijn/profiel")
    coordinator.submit("/mijn/voorkeuren", language="xx")
    assert preferences(site_app, site.coordinator) == ("nl", [])
    assert sign_in_as(site_app, site.coordinator).get("/mijn/profiel").status_code == 200

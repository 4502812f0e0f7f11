"""What is promised about privacy and accessibility, and what people choose for themselves."""

from __future__ import annotations

import pytest
from flask import Flask

from matchmaker.domain.retention import PERIODS, Retention
from tests.site import Site, StrictClient


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

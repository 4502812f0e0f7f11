"""Mails on the screen of a phone: nobody scrolls sideways, and everybody can read them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.unit.notifications.reading_mail import html_of, parse_mail
from tests.unit.notifications.samples import SAMPLES
from tests.unit.notifications.sampling import Sample

PHONE = {"width": 360, "height": 700}
# A mail is no page of the site: it has no landmarks, and its headings belong to the reader's window.
MAIL_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}


def _show(page: Page, sample: Sample) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.set_content(html_of(parse_mail(sample.message())))


@pytest.mark.parametrize("name", SAMPLES)
def test_nobody_scrolls_sideways(page: Page, name: str) -> None:
    for sample in (SAMPLES[name].with_rows(60), SAMPLES[name].with_texts(lambda _: "x" * 300)):
        _show(page, sample)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SAMPLES)
def test_everybody_can_read_them(page: Page, axe_source: str, name: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    _show(page, SAMPLES[name])
    page.evaluate(axe_source)
    violations = page.evaluate(
        "rules => axe.run(document, rules).then(found => found.violations)", MAIL_RULES
    )
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []

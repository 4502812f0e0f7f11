"""Every page in a browser: accessible, within the screen, from our own host, without script errors."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect

from matchmaker.domain.analyses import AnalysisState
from matchmaker.extensions import db
from tests.site import Site, open_session
from tests.site.insight import find_search

PUBLIC = ["/", "/regio/achterhoek", "/regio/achterhoek/aanbod", "/regio/achterhoek/aanbod?q=zzz", "/inloggen"]
PUBLIC += ["/regio/achterhoek/aanbod/{activity_id}", "/inloggen/link/{token}", "/inloggen/wachtwoord"]
PUBLIC += ["/regio/achterhoek/aanmelden", "/regio/achterhoek/aanmelden/school?q=eiken"]
PUBLIC += ["/regio/achterhoek/aanmelden/{school_id}", "/regio/achterhoek/aanmelden/nieuwe-aanbieder"]
PUBLIC += ["/regio/achterhoek/aanmelden/ontvangen"]
ORGANISER = ["/organisator/{slug}", "/organisator/{slug}/ronde/{round_id}"]
ORGANISER += ["/organisator/{slug}/run/{run_id}"]
ORGANISER += ["/organisator/{slug}/run/{run_id}/publiceren", "/organisator/{slug}/berichten"]
ORGANISER += ["/organisator/{slug}/berichten/{message_id}"]
ORGANISER += ["/organisator/{slug}/ronde/{round_id}/verkennen"]
ORGANISER += ["/organisator/{slug}/ronde/{round_id}/vergelijken?run=1&run=2"]
ORGANISER += ["/organisator/{slug}/ronde/{round_id}/witte-vlekken"]
ORGANISER += ["/organisator/{slug}/run/{run_id}/uitleg"]
ORGANISER += ["/organisator/{slug}/run/{run_id}/uitleg?school={school_id}"]
ORGANISER += ["/organisator/{slug}/verzoeken", "/organisator/{slug}/verzoeken/{join_request_id}"]
ORGANISER += ["/organisator/{slug}/instellingen"]
ACCOUNT = ["/mijn/profiel", "/mijn/wachtwoord", "/mijn/bevestigen", "/mijn/tweede-stap"]
PAGES = {
    "nobody": PUBLIC,
    "coordinator": ["/school/{school_id}", *ACCOUNT],
    "host_contact": ["/aanbieder/{host_id}"],
    "board": ["/bestuur/{membership_id}"],
    "organiser": ORGANISER,
    "newcomer": ["/mijn"],
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PHONE = ViewportSize(width=360, height=740)
DESK = ViewportSize(width=1280, height=900)


def list_violations(page: Page, axe_source: str) -> list[str]:
    page.evaluate(axe_source)
    result = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in result["violations"]]


def session_of(site_app: Flask, site: Site, role: str, address: str) -> list[Any]:
    """Return the cookie of somebody who signed in."""
    if role == "nobody":
        return []
    serializer = site_app.session_interface.get_signing_serializer(site_app)  # type: ignore[attr-defined]
    value = serializer.dumps(open_session(site_app, getattr(site, role)))
    return [{"name": "session", "value": value, "url": address}]


@pytest.mark.parametrize("role", list(PAGES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_are_accessible_and_fit(
    browser: Browser,
    site_app: Flask,
    site: Site,
    address: str,
    axe_source: str,
    role: str,
    scheme: Any,
    viewport: ViewportSize,
) -> None:
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    context.add_cookies(session_of(site_app, site, role, address))
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("request", lambda r: None if r.url.startswith((address, "data:")) else wrong.append(r.url))
    for path in PAGES[role]:
        response = page.goto(address + path.format(**site.own.arguments()))
        assert response is not None
        assert response.status == 200, path
        assert list_violations(page, axe_source) == [], path
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, path
    assert wrong == []
    context.close()


@pytest.mark.parametrize("role", ["coordinator", "host_contact", "organiser"])
def test_the_longest_names_fit_on_a_phone(
    sign_in: Any, page: Page, site: Site, address: str, role: str
) -> None:
    page.set_viewport_size(PHONE)
    sign_in(role, region="elders")
    for path in [*PAGES[role], "/regio/{slug}/aanbod", "/regio/{slug}/aanbod/{activity_id}"]:
        response = page.goto(address + path.format(**site.other.arguments()))
        assert response is not None
        assert response.status == 200, path
        assert page.evaluate(OVERFLOW) <= 0, path


def test_a_search_that_runs_is_followed_without_reloading(
    sign_in: Any, page: Page, site_app: Flask, site: Site, address: str, axe_source: str
) -> None:
    sign_in("organiser", region="elders")
    page.goto(f"{address}/organisator/elders/ronde/{site.other.round_id}/witte-vlekken")
    expect(page.get_by_text("Stap 1 van 3")).to_be_visible()
    assert list_violations(page, axe_source) == []
    with site_app.app_context():
        find_search(site.other).state = AnalysisState.FINISHED
        db.session.commit()
    expect(page.get_by_role("button", name="Opnieuw zoeken")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Stap 1 van 3")).to_be_hidden()


def test_the_first_tab_reaches_the_skip_link(page: Page, address: str, watched: list[str]) -> None:
    page.goto(f"{address}/regio/achterhoek")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_on_a_phone_tables_become_readable_stacks(sign_in: Any, page: Page) -> None:
    page.set_viewport_size(PHONE)
    sign_in("coordinator")
    row = page.get_by_role("table").locator("tbody tr").first
    heading = row.locator("th").bounding_box()
    cell = row.locator("td").first.bounding_box()
    assert heading is not None
    assert cell is not None
    assert cell["y"] >= heading["y"] + heading["height"] - 1


def test_everything_to_press_is_large_enough(sign_in: Any, page: Page) -> None:
    page.set_viewport_size(PHONE)
    sign_in("organiser")
    boxes = [button.bounding_box() for button in page.locator(".btn:visible").all()]
    assert boxes
    assert [box for box in boxes if box and box["height"] < 44] == []


def test_a_mail_is_shown_in_a_frame_that_runs_nothing(sign_in: Any, site: Site, address: str) -> None:
    page = sign_in("organiser")
    page.goto(f"{address}/organisator/achterhoek/berichten/{site.own.message_id}")
    expect(page.get_by_role("heading", name="Als platte tekst")).to_be_visible()
    for frame in page.locator("iframe").all():
        assert frame.get_attribute("sandbox") == ""


def test_pages_work_without_scripts(browser: Browser, site: Site, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/regio/achterhoek/aanbod")
    page.get_by_label("Niveau").select_option("vo1")
    page.get_by_role("button", name="Zoeken").click()
    expect(page.get_by_text("Niets gevonden")).to_be_visible()
    page.get_by_role("link", name="Toon alles").click()
    expect(page.get_by_role("link", name="Lassen in achterhoek")).to_be_visible()
    context.close()


def test_the_language_can_be_changed_and_stays(page: Page, address: str, watched: list[str]) -> None:
    page.goto(f"{address}/regio/achterhoek/aanbod")
    page.get_by_role("button", name="English").click()
    expect(page).to_have_url(f"{address}/regio/achterhoek/aanbod")
    expect(page.locator("html")).to_have_attribute("lang", "en")

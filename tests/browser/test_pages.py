"""Every page in a browser: accessible, within the screen, from our own host, without script errors."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect

from matchmaker.domain.analyses import AnalysisState
from matchmaker.extensions import db
from matchmaker.models import User
from tests.site import Neighbour, Site, open_session, sign_in_as
from tests.site.ground import list_rules, method_of, path_of
from tests.site.insight import find_search

# Beside every address of the site: the same with something asked or chosen.
CHOSEN = {
    "nobody": [
        "/regio/achterhoek/aanbod?q=zzz",
        "/regio/achterhoek/aanmelden/school?q=eiken",
        "/vraag/{question_token}?antwoord=nee",
    ],
    "organiser": [
        "/organisator/{slug}/ronde/{round_id}/vergelijken?run=1&run=2",
        "/organisator/{slug}/run/{run_id}/uitleg?school={school_id}",
    ],
}
ROLES = ["nobody", "coordinator", "host_contact", "organiser", "viewer", "board", "newcomer"]
NECESSARY = {"session", "known"}
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


AUDIENCES = {
    "nobody": {"public", "account"},
    "coordinator": {"school", "account"},
    "host_contact": {"host"},
    "viewer": {"organiser"},
}


def list_pages(app: Flask, site: Site, role: str) -> list[str]:
    """Return the path of every page for this role, found from the addresses of the site."""
    user = None if role == "nobody" else getattr(site, role)
    found = list_open_pages(app, user, AUDIENCES.get(role, {role}), site.own)
    chosen = [path.format(**site.own.arguments()) for path in CHOSEN.get(role, [])]
    return found + chosen + (["/mijn"] if role == "newcomer" else [])


def list_open_pages(app: Flask, user: int | None, audiences: set[str], place: Neighbour) -> list[str]:
    client = sign_in_as(app, user)
    rules = [
        rule
        for rule in list_rules(app)
        if method_of(rule) == "GET" and rule.endpoint.partition(".")[0] in audiences
    ]
    paths = [path_of(app, rule, place.arguments()) for rule in rules]
    return [path for path in paths if is_page(client.get(path))]


def is_page(response: Any) -> bool:
    """Tell whether the answer is a whole page, and not a part of one or the inside of a frame."""
    return response.status_code == 200 and b'<main id="main"' in response.data


def test_every_page_of_the_site_is_looked_at(site_app: Flask, site: Site) -> None:
    looked_at = {role: len(list_pages(site_app, site, role)) for role in ROLES}
    assert looked_at["nobody"] >= 8
    assert looked_at["organiser"] >= 11
    assert min(looked_at.values()) >= 1


LOOKS = [
    pytest.param(PHONE, "dark", id="phone-dark"),
    pytest.param(DESK, "light", id="desk-light"),
    pytest.param(PHONE, "light", id="phone-light", marks=pytest.mark.nightly),
    pytest.param(DESK, "dark", id="desk-dark", marks=pytest.mark.nightly),
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
def test_pages_are_accessible_and_fit_and_ask_nothing_of_others(
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
    page.on("request", lambda request: wrong.extend(list_strays(request, address, site)))
    for path in list_pages(site_app, site, role):
        response = page.goto(address + path)
        assert response is not None
        assert response.status == 200, path
        assert list_violations(page, axe_source) == [], path
        assert page.evaluate(OVERFLOW) <= 0, path
    assert wrong == []
    assert {cookie["name"] for cookie in context.cookies()} <= NECESSARY
    context.close()


def list_strays(request: Any, address: str, site: Site) -> list[str]:
    """Return what a request must not do: go to another host, or tell where a secret link was."""
    found = [] if request.url.startswith((f"{address}/", "data:")) else [f"request to {request.url}"]
    referrer, secret = request.headers.get("referer", ""), str(site.own.arguments()["token"])
    if not request.url.startswith(address) and secret in referrer:
        found.append(f"{secret} told to {request.url}")
    return found


def test_a_page_that_asks_others_is_seen(browser: Browser, site: Site, address: str) -> None:
    page = browser.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("request", lambda request: wrong.extend(list_strays(request, address, site)))
    page.goto(f"{address}/inloggen")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))")
    page.evaluate("document.body.setAttribute('style', 'color: red'); document.body.style.color")
    page.evaluate("fetch('http://127.0.0.1:9/x').catch(() => 0)")
    assert any("Content Security Policy" in text for text in wrong)
    page.close()


@pytest.mark.parametrize("role", ["coordinator", "host_contact", "organiser", "board"])
def test_the_longest_names_fit_on_a_phone(
    sign_in: Any, page: Page, site_app: Flask, site: Site, address: str, role: str
) -> None:
    page.set_viewport_size(PHONE)
    sign_in(role, region="elders")
    with site_app.app_context():
        user = db.session.scalars(sa.select(User.id).where(User.email == f"{role}@elders.example")).one()
    audiences = {"public"} | (AUDIENCES.get(role, {role}) - {"account"})
    paths = list_open_pages(site_app, user, audiences, site.other)
    assert len(paths) > 4
    for path in paths:
        response = page.goto(address + path)
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

"""Signing in with an account elsewhere, in a real browser on a phone, across two sites."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route, expect

from matchmaker.providers import DISCOVERY_PATH, Provider
from tests.browser.test_pages import OVERFLOW, list_violations
from tests.providers import MockProvider
from tests.site import Site

PERSON = {"sub": "w-en-t", "name": "W&T-coördinator De Eiken", "email": "w.en.t@eiken.example"}


@pytest.fixture(scope="module")
def provider() -> Iterator[MockProvider]:
    """A provider that is another site than ours."""
    with MockProvider.started(PERSON) as provider:
        yield provider


@pytest.fixture
def known(site_app: Flask, address: str, provider: MockProvider) -> Iterator[None]:
    """Let the site know it."""
    before = site_app.config["SETTINGS"]
    client_id, secret = provider.register(f"{address}/inloggen/met/school/terug")
    entry = Provider(
        key="school",
        name="Schoolaccount",
        url=provider.issuer + DISCOVERY_PATH,
        client_id=client_id,
        client_secret=secret,
        scopes="openid email profile",
        name_claim="name",
        email_claim="email",
    )
    site_app.config["SETTINGS"] = replace(before, providers=(entry,))
    yield
    site_app.config["SETTINGS"] = before


@pytest.fixture
def phone(context: BrowserContext, address: str, known: None) -> Iterator[Page]:
    """A narrow page; whatever the browser refuses or complains about on our pages fails the test."""
    wrong: list[str] = []

    def watch_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and message.location["url"].startswith(address):
            wrong.append(message.text)

    context.on("weberror", lambda error: wrong.append(str(error.error)))
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.on("console", watch_console)
    yield page
    assert wrong == []


def at(provider: MockProvider) -> re.Pattern[str]:
    return re.compile(re.escape(provider.issuer) + "/")


def sign_in_there(page: Page, provider: MockProvider) -> None:
    expect(page).to_have_url(at(provider))
    page.get_by_role("button", name=PERSON["sub"]).first.click()


def sign_in_by_mail(page: Page) -> None:
    page.get_by_label("E-mailadres").fill("coordinator@achterhoek.example")
    page.get_by_role("button", name="Stuur mij een code").click()
    page.get_by_label("Code van 6 cijfers").fill(page.locator(".demo-code").inner_text())
    page.get_by_role("button", name="Inloggen").click()


@pytest.fixture
def look(axe_source: str) -> Callable[[Page], None]:
    """Check that the page before us fits the phone and is accessible."""

    def look_at(page: Page) -> None:
        assert page.evaluate(OVERFLOW) <= 0
        assert list_violations(page, axe_source) == []

    return look_at


def test_the_whole_way_unlinked_linked_in_and_unlinked(
    phone: Page, provider: MockProvider, site: Site, address: str, look: Callable[[Page], None]
) -> None:
    # Unknown: the page says how to link, and leads to signing in by mail.
    phone.goto(f"{address}/inloggen")
    phone.get_by_role("button", name="Inloggen met Schoolaccount").click()
    sign_in_there(phone, provider)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Dit account is hier nog niet gekoppeld")
    look(phone)
    phone.get_by_role("link", name="Inloggen met een mail").click()
    sign_in_by_mail(phone)
    # Link it on the profile.
    expect(phone).to_have_url(f"{address}/mijn/profiel")
    phone.get_by_role("button", name="Schoolaccount koppelen").click()
    sign_in_there(phone, provider)
    expect(phone.get_by_text("w.en.t@eiken.example")).to_be_visible()
    look(phone)
    phone.get_by_role("button", name="Ja, koppelen").click()
    expect(phone.get_by_text("U kunt voortaan inloggen met Schoolaccount.")).to_be_visible()
    look(phone)
    # Sign in with it.
    phone.get_by_role("button", name="Uitloggen", exact=True).first.click()
    phone.goto(f"{address}/school/{site.own.school_id}")
    phone.get_by_role("button", name="Inloggen met Schoolaccount").click()
    sign_in_there(phone, provider)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Bijna binnen")
    look(phone)
    phone.get_by_role("button", name="Verder als coordinator achterhoek").click()
    expect(phone).to_have_url(f"{address}/school/{site.own.school_id}")
    # Unlink it.
    phone.goto(f"{address}/mijn/profiel")
    phone.get_by_role("button", name="Ontkoppelen").click()
    expect(phone.get_by_text("Ontkoppeld.")).to_be_visible()


def test_who_goes_back_from_the_provider_is_where_they_were(
    phone: Page, provider: MockProvider, address: str
) -> None:
    phone.goto(f"{address}/inloggen")
    phone.get_by_role("button", name="Inloggen met Schoolaccount").click()
    expect(phone).to_have_url(at(provider))
    phone.go_back()
    expect(phone).to_have_url(f"{address}/inloggen")


def test_a_browser_that_does_not_go_on_by_itself_has_a_link(
    phone: Page, provider: MockProvider, address: str, look: Callable[[Page], None]
) -> None:
    def stay(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('http-equiv="refresh"', 'name="none"'))

    phone.route(f"{address}/inloggen/met", stay)
    phone.goto(f"{address}/inloggen")
    phone.get_by_role("button", name="Inloggen met Schoolaccount").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("U gaat nu naar Schoolaccount")
    look(phone)
    phone.get_by_role("link", name="Verder naar Schoolaccount").click()
    expect(phone).to_have_url(at(provider))


def test_an_answer_to_the_form_that_leads_away_would_be_blocked(
    page: Page, known: None, provider: MockProvider, address: str
) -> None:
    """Why a page stands between: the policy for forms holds for every site on the way."""

    def lead_away(route: Route) -> None:
        route.fulfill(status=303, headers={"Location": f"{provider.issuer}/"})

    page.route(f"{address}/inloggen/met", lead_away)
    page.goto(f"{address}/inloggen")
    with page.expect_event("console", lambda message: "form-action" in message.text):
        page.get_by_role("button", name="Inloggen met Schoolaccount").click()
    expect(page).to_have_url(f"{address}/inloggen")

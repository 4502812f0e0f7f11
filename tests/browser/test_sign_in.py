"""Signing in as people do it."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from matchmaker.domain.kinds import MessageKind
from matchmaker.extensions import db
from matchmaker.models import Message
from tests.site import Site


def newest_link(app: Flask) -> str:
    with app.app_context():
        statement = sa.select(Message.body).where(Message.kind == MessageKind.SIGN_IN)
        body = db.session.scalars(statement.order_by(Message.id.desc()).limit(1)).one()
    found = re.search(rb"/inloggen/link/[\w-]{43}", body.replace(b"=\r\n", b""))
    assert found is not None
    return found[0].decode()


def test_a_coordinator_gets_in_with_the_code(sign_in: Any, site: Site, address: str) -> None:
    page = sign_in("coordinator")
    expect(page).to_have_url(f"{address}/school/{site.own.school_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("De Eiken")
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()


def test_a_host_gets_in_with_the_link_on_another_device(
    page: Page, site_app: Flask, site: Site, address: str, watched: list[str], browser: Browser
) -> None:
    page.goto(f"{address}/inloggen")
    page.get_by_label("E-mailadres").fill("host_contact@achterhoek.example")
    page.get_by_role("button", name="Stuur mij een code").click()
    phone = browser.new_page()
    phone.goto(address + newest_link(site_app))
    phone.get_by_role("button", name="Nu inloggen").click()
    expect(phone).to_have_url(f"{address}/aanbieder/{site.own.host_id}")
    phone.close()


def test_the_demonstration_offers_one_way_in_per_role(page: Page, address: str, watched: list[str]) -> None:
    page.goto(f"{address}/inloggen")
    choices = page.locator(".choices button")
    expect(choices).to_have_count(3)
    choices.first.click()
    expect(page.locator(".demo-code")).to_have_text(re.compile(r"^\d{6}$"))


def test_a_mistake_is_named_at_the_field_and_in_the_summary(
    page: Page, address: str, watched: list[str]
) -> None:
    page.goto(f"{address}/inloggen")
    page.get_by_role("button", name="Stuur mij een code").click()
    page.get_by_role("alert").get_by_role("link").click()
    field = page.get_by_label("E-mailadres")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("Vul uw e-mailadres in"))

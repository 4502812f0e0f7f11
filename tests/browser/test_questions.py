"""A coordinator asks, a teacher without an account answers on a phone, the coordinator sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from matchmaker import scope
from matchmaker.domain.kinds import MessageKind
from matchmaker.extensions import db
from matchmaker.models import Message, SignedQuestion
from tests.browser.test_pages import OVERFLOW, PHONE, list_violations
from tests.site import Site
from tests.unit.notifications.reading_mail import parse_mail, text_of

TEACHER = "leerkracht@deeiken.example"


@pytest.fixture(autouse=True)
def _leave_no_question(site_app: Flask, site: Site) -> Iterator[None]:
    """The site is shared: take away what the test asked."""
    yield
    with site_app.app_context(), scope.unscoped("what a test made"):
        db.session.execute(sa.delete(SignedQuestion).where(SignedQuestion.email == TEACHER))
        kinds = [MessageKind.QUESTION, MessageKind.QUESTION_ANSWERED]
        db.session.execute(sa.delete(Message).where(Message.kind.in_(kinds)))
        db.session.commit()


def link_in_the_mail(app: Flask, words: str) -> str:
    """Return the path behind the words in the newest question."""
    with app.app_context(), scope.unscoped("what a test looks at"):
        statement = sa.select(Message).where(Message.recipient == TEACHER).order_by(Message.id.desc())
        text = text_of(parse_mail(db.session.scalars(statement.limit(1)).one()))
    found = re.search(rf"{words}:\s+http://[^/]+(/vraag/\S+)", text)
    assert found is not None
    return found[1]


def test_from_the_question_to_the_answer_on_a_phone(
    sign_in: Any, site_app: Flask, site: Site, address: str, axe_source: str, browser: Browser
) -> None:
    page: Page = sign_in("coordinator")
    page.get_by_role("link", name=re.compile("^Vraag de leerkracht")).first.click()
    page.get_by_label("Naam of functie").fill("Leerkracht groep 7/8")
    page.get_by_label("E-mailadres van het werk").fill(TEACHER)
    page.get_by_role("button", name="Verstuur de vraag").click()
    expect(page.get_by_text(f"De vraag is onderweg naar {TEACHER}")).to_be_visible()
    assert list_violations(page, axe_source) == []

    context = browser.new_context(viewport=PHONE)
    phone = context.new_page()
    phone.goto(address + link_in_the_mail(site_app, "Nee, wij kunnen niet"))
    assert list_violations(phone, axe_source) == []
    phone.get_by_label("Waarom niet?").fill("Schoolfotograaf")
    phone.get_by_role("button", name="Verstuur: kan niet").click()
    expect(phone.get_by_text("U antwoordde: wij kunnen niet.")).to_be_visible()
    assert list_violations(phone, axe_source) == []
    assert phone.evaluate(OVERFLOW) <= 0

    page.goto(f"{address}/school/{site.own.school_id}")
    mark = page.get_by_text("Leerkracht: kan niet – overleg, en zeg zo nodig af")
    expect(mark).to_be_visible()
    page.set_viewport_size(PHONE)
    assert page.evaluate(OVERFLOW) <= 0

    phone.get_by_text("Antwoord wijzigen", exact=True).click()
    phone.get_by_role("button", name="Ja, wij komen").click()
    expect(phone.get_by_text("U antwoordde: wij komen.")).to_be_visible()
    context.close()
    page.reload()
    expect(mark).to_be_hidden()


def test_both_answers_are_within_reach_of_one_thumb(page: Page, site: Site, address: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/vraag/{site.own.question_token}")
    yes = page.get_by_role("button", name="Ja, wij komen")
    no = page.locator("summary", has_text="Nee, wij kunnen niet")
    for button in (yes, no):
        expect(button).to_be_in_viewport(ratio=1)
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 52
        assert box["width"] >= 250
    expect(page.get_by_label("Waarom niet?")).to_be_hidden()
    no.press("Enter")
    expect(page.get_by_label("Waarom niet?")).to_be_visible()


def test_the_token_is_in_no_referrer(browser: Browser, site: Site, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.headers.get("referer", "")))
    page.goto(f"{address}/vraag/{site.own.question_token}")
    page.get_by_role("link", name="Techniek Achterhoek").click()
    expect(page).to_have_url(f"{address}/regio/achterhoek")
    assert len(sent) > 3
    assert [referrer for referrer in sent if "vraag" in referrer] == []
    context.close()

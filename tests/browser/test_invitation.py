"""From the mail of an invitation to the school's home page, on a phone."""

from __future__ import annotations

import time
from email import message_from_bytes, policy

from flask import Flask
from playwright.sync_api import Browser, expect

from matchmaker.domain.invitations import Invited
from matchmaker.domain.kinds import Role
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.invitations import invite
from tests.site import Site

NEWCOMER = "nieuwe.collega@deeiken.example"
MOST_ACTIONS = 4
MOST_SECONDS = 60


def deliver_invitation(app: Flask, site: Site) -> str:
    """Invite a teacher, send the mail and return the page of it that the teacher opens."""
    with app.app_context():
        invited = Invited(
            NEWCOMER, "Leerkracht groep 7", Role.TEACHER, site.own.region_id, site.own.school_id
        )
        invite(invited, site.coordinator)
        deliver_due_messages()
        folder = app.config["SETTINGS"].mail_directory
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.rglob("*.eml")]
    mail = next(mail for mail in mails if NEWCOMER in str(mail["To"]))
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def test_a_teacher_comes_from_the_mail_to_the_school_within_a_minute(
    browser: Browser, site_app: Flask, site: Site, address: str
) -> None:
    mail = deliver_invitation(site_app, site)
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="nl-NL")
    page = context.new_page()
    page.set_content(mail)
    began, actions = time.monotonic(), 0

    page.get_by_role("link", name="Uitnodiging openen").click()
    actions += 1
    expect(page.get_by_role("heading", level=1)).to_have_text("Welkom bij De Eiken")
    page.get_by_label("Uw naam").fill("Leerkracht groep 8")
    actions += 1
    page.get_by_role("button", name="Meedoen").click()
    actions += 1

    expect(page).to_have_url(f"{address}/school/{site.own.school_id}")
    expect(page.get_by_text("Welkom! U doet mee.")).to_be_visible()
    assert actions <= MOST_ACTIONS
    assert time.monotonic() - began <= MOST_SECONDS
    context.close()

"""The page behind the link of an invitation."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.invitations import Invited
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.throttles import MOST_GUESSES
from matchmaker.extensions import db
from matchmaker.models import Message
from matchmaker.services.invitations import invite
from tests.conftest import database_url
from tests.site import Site, StrictClient, sign_in_as

__all__ = ["database_url"]

NEW = "nieuwe.leerkracht@school.example"


def send_invitation(
    app: Flask, site: Site, role: Role = Role.TEACHER, email: str = NEW, organisation_id: int | None = None
) -> str:
    """Invite somebody and return the path of the link that the mail holds."""
    with app.app_context():
        invited = Invited(email, "Leerkracht groep 7", role, site.own.region_id, organisation_id)
        invite(invited, site.organiser)
        statement = sa.select(Message.body).where(Message.kind == MessageKind.INVITATION)
        body = db.session.scalars(statement.order_by(Message.id.desc()).limit(1)).one()
    part = message_from_bytes(body, policy=policy.default).get_body(("plain",))
    assert part is not None
    return "/uitnodiging/" + part.get_content().split("/uitnodiging/")[1].split()[0]


def ask_and_blank(client: StrictClient, path: str) -> str:
    """Return the page of an invitation that cannot be used, without the token of its forms and its path."""
    response = client.get(path)
    assert response.status_code == 404
    text = response.get_data(as_text=True).replace(client.csrf_token(), "")
    return text.replace(path, "")


@pytest.fixture
def link(site_app: Flask, site: Site) -> str:
    """The link in the mail to somebody new."""
    return send_invitation(site_app, site, organisation_id=site.own.school_id)


def test_the_page_says_what_for_and_its_button_leads_to_the_school(
    site: Site, link: str, visitor: StrictClient
) -> None:
    visitor.get(link)
    for words in ("De Eiken", "leerkracht", "organiser achterhoek", "Techniek Achterhoek", NEW):
        assert words in visitor.text()
    assert visitor.submit(link, name="Leerkracht groep 8").location == f"/school/{site.own.school_id}"
    visitor.get(f"/school/{site.own.school_id}")
    assert "Welkom! U doet mee." in visitor.text()
    assert "Leerkracht groep 8" in visitor.get("/mijn/profiel").get_data(as_text=True)


def test_scanners_use_nothing_and_the_button_works_once(
    site_app: Flask, site: Site, link: str, visitor: StrictClient
) -> None:
    scanner = sign_in_as(site_app, None)
    assert [scanner.get(link).status_code for _ in range(3)] == [200] * 3
    assert scanner.head(link).status_code == 200
    visitor.get(link)
    assert visitor.submit(link, name="Leerkracht").status_code == 302
    second = sign_in_as(site_app, None)
    second.get("/inloggen")
    assert second.submit(link, name="Leerkracht").status_code == 404


def test_a_second_press_of_the_button_leads_home_too(site: Site, link: str, visitor: StrictClient) -> None:
    visitor.get(link)
    visitor.submit(link, name="Leerkracht")
    home = f"/school/{site.own.school_id}"
    assert visitor.get(link).location == home
    visitor.get(home)
    assert visitor.submit(link, name="Leerkracht").location == home


def test_a_name_is_asked_for(link: str, visitor: StrictClient) -> None:
    visitor.get(link)
    assert visitor.submit(link, name=" ").status_code == 200
    assert "Vul uw naam in." in visitor.text()


@pytest.mark.parametrize(
    ("role", "home"),
    [(Role.HOST_CONTACT, "/aanbieder/{0.host_id}"), (Role.VIEWER, "/organisator/{0.slug}")],
)
def test_each_role_comes_home(
    site_app: Flask, site: Site, visitor: StrictClient, role: Role, home: str
) -> None:
    organisation_id = site.own.host_id if role is Role.HOST_CONTACT else None
    link = send_invitation(site_app, site, role, organisation_id=organisation_id)
    visitor.get(link)
    path = home.format(site.own)
    assert visitor.submit(link, name="Iemand").location == path
    assert visitor.get(path).status_code == 200


def test_an_organiser_still_takes_the_second_step(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    link = send_invitation(site_app, site, Role.ORGANISER)
    visitor.get(link)
    assert visitor.submit(link, name="Organisator").location == "/inloggen/tweede-stap"
    assert visitor.get(f"/organisator/{site.own.slug}").location == "/inloggen/tweede-stap"


def test_unknown_used_withdrawn_and_old_invitations_look_the_same(
    site_app: Flask, site: Site, link: str
) -> None:
    used = send_invitation(site_app, site, email="a@school.example", organisation_id=site.own.school_id)
    opener = sign_in_as(site_app, None)
    opener.get(used)
    opener.submit(used, name="Iemand")
    replaced = send_invitation(site_app, site, email="b@school.example", organisation_id=site.own.school_id)
    send_invitation(site_app, site, email="b@school.example", organisation_id=site.own.school_id)
    with time_machine.travel(clock.now() + timedelta(days=15)):
        answers = [
            ask_and_blank(sign_in_as(site_app, None), path)
            for path in (link, used, replaced, "/uitnodiging/niets")
        ]
    assert len(set(answers)) == 1
    assert "Deze uitnodiging werkt niet meer" in answers[0]


def test_somebody_else_who_is_signed_in_is_told_and_may_stay(
    site: Site, link: str, coordinator: StrictClient
) -> None:
    coordinator.get(link)
    assert "U bent nu ingelogd als coordinator@achterhoek.example" in coordinator.text()
    assert "Nee, ik blijf ingelogd" in coordinator.text()
    coordinator.get("/mijn/profiel")
    assert "coordinator@achterhoek.example" in coordinator.text()
    coordinator.get(link)
    coordinator.submit(link, name="Leerkracht")
    coordinator.get("/mijn/profiel")
    assert NEW in coordinator.text()
    assert "coordinator@achterhoek.example" not in coordinator.text()


def test_who_is_signed_in_already_accepts_without_a_name_and_stays_signed_in(
    site_app: Flask, site: Site, host_contact: StrictClient
) -> None:
    link = send_invitation(
        site_app, site, email="host_contact@achterhoek.example", organisation_id=site.own.school_id
    )
    host_contact.get(link)
    assert "Deze uitnodiging is voor iemand anders" not in host_contact.text()
    home = f"/school/{site.own.school_id}"
    assert host_contact.submit(link).location == home
    assert host_contact.get(home).status_code == 200
    host_contact.get("/mijn")
    assert "Metaal achterhoek" in host_contact.text()


def test_guesses_are_counted(site_app: Flask, site: Site, link: str) -> None:
    guesser = sign_in_as(site_app, None)
    guesser.get("/inloggen")
    statuses = [guesser.submit("/uitnodiging/geraden").status_code for _ in range(MOST_GUESSES + 1)]
    assert statuses == [404] * MOST_GUESSES + [429]

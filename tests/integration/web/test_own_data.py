"""My data on the profile: read, take along, have it erased; and keep an account that would go."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.extensions import db
from matchmaker.models import Membership, SignedInDevice, User
from matchmaker.services.inactivity import sign_keeping
from tests.site import Site, StrictClient, sign_in_as
from tests.site.canaries import Canary, plant


@pytest.fixture
def own(site_app: Flask, site: Site) -> tuple[Canary, Canary]:
    with site_app.app_context():
        pair = plant("a"), plant("b")
        db.session.commit()
    return pair


def user(app: Flask, user_id: int) -> User:
    with app.app_context():
        return db.session.get_one(User, user_id)


def test_the_page_shows_all_of_the_person_and_nothing_of_others(
    site_app: Flask, own: tuple[Canary, Canary]
) -> None:
    client = sign_in_as(site_app, own[0].user_id)
    page = client.get("/mijn/gegevens").get_data(as_text=True)
    assert [word for word in own[0].told() if word not in page] == []
    assert [word for word in own[0].secret() if word in page] == []
    assert [word for word in own[1].everything() if word in page] == []


def test_the_file_holds_all_of_the_person_and_nothing_of_others(
    site_app: Flask, own: tuple[Canary, Canary]
) -> None:
    client = sign_in_as(site_app, own[0].user_id)
    client.get("/mijn/gegevens")
    response = client.submit("/mijn/gegevens/downloaden")
    assert response.headers["Content-Disposition"] == 'attachment; filename="mijn-gegevens.json"'
    assert json.loads(response.data)["about"]["user_account"][0]["email"] == own[0].email
    text = response.get_data(as_text=True)
    assert [word for word in own[0].told() if word not in text] == []
    assert [word for word in own[1].everything() if word in text] == []


def test_a_coordinator_erases_the_account_with_a_typed_word(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    coordinator.get("/mijn/account-verwijderen")
    assert "Niemand anders is contactpersoon van De Eiken" in coordinator.text()
    coordinator.submit("/mijn/account-verwijderen", word="ja")
    assert "Typ VERWIJDEREN om door te gaan." in coordinator.text()
    assert user(site_app, site.coordinator).active
    response = coordinator.submit("/mijn/account-verwijderen", word=" Verwijderen ")
    assert response.location == "/"
    coordinator.get("/")
    assert "Uw account en uw gegevens zijn verwijderd." in coordinator.text()
    assert coordinator.get("/mijn").location == "/inloggen"
    assert not user(site_app, site.coordinator).active


def test_the_last_organiser_is_told_what_to_do_first(
    site_app: Flask, site: Site, organiser: StrictClient
) -> None:
    organiser.get("/mijn/account-verwijderen")
    assert "Laat eerst iemand anders organisator worden." in organiser.text()
    assert all(field.get("name") != "word" for field in organiser.page.iter("input"))
    organiser.submit("/mijn/account-verwijderen", word="verwijderen")
    assert user(site_app, site.organiser).active


@pytest.mark.parametrize("path", ["/mijn/gegevens", "/mijn/account-verwijderen"])
def test_both_ask_again_who_one_is(site_app: Flask, own: tuple[Canary, Canary], path: str) -> None:
    client = sign_in_as(site_app, own[0].user_id)
    with site_app.app_context():
        earlier = clock.now() - timedelta(minutes=20)
        db.session.execute(sa.update(SignedInDevice).values(signed_in_at=earlier))
        db.session.commit()
    assert client.get(path).location == "/mijn/bevestigen"


def test_the_button_of_a_notice_keeps_the_account_and_signs_nobody_in(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    with site_app.app_context():
        person = db.session.get_one(User, site.coordinator)
        person.inactive_notice_at = clock.now()
        db.session.commit()
        path = f"/account-houden/{sign_keeping(person.id, clock.now())}"
    assert visitor.get(path).status_code == 200
    assert "Ik blijf" in "".join(visitor.page.itertext())
    assert visitor.submit(path).location == "/inloggen"
    assert user(site_app, site.coordinator).inactive_notice_at is None
    assert visitor.get("/mijn").location == "/inloggen"
    assert visitor.get(path).status_code == 404


def test_the_operator_exports_and_erases(site_app: Flask, own: tuple[Canary, Canary]) -> None:
    runner = site_app.test_cli_runner()
    exported = runner.invoke(args=["person", "export", own[0].email])
    assert json.loads(exported.output)["about"]["user_account"][0]["name"] == "kanarie-a-naam"
    refused = runner.invoke(args=["person", "erase", own[0].email], input="n\n")
    assert refused.exit_code == 1
    erased = runner.invoke(args=["person", "erase", own[0].email, "--yes"])
    assert erased.output == "The account is erased.\n"
    assert runner.invoke(args=["person", "export", own[0].email]).exit_code == 1


def test_the_operator_hears_why_somebody_stays(site_app: Flask, site: Site) -> None:
    email = user(site_app, site.organiser).email
    result = site_app.test_cli_runner().invoke(args=["person", "erase", email, "--yes"])
    assert "Let somebody take over first" in result.output
    assert result.exit_code == 1
    with site_app.app_context():
        roles = sa.select(Membership.until).where(Membership.user_id == site.organiser)
        assert db.session.scalars(roles).all() == [None]

"""Signed-in devices as people meet them: nothing planted lives on, what is revoked is dead at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.devices import MEMBER_LIFETIME, REGION_LIFETIME, RENEWAL_GRACE
from matchmaker.domain.kinds import Role
from matchmaker.extensions import db
from matchmaker.models import Membership, SignedInDevice
from matchmaker.web.identity import TOKEN_KEY
from tests.integration.web.test_sign_in import ask_for_mail, code_in, read_mails, type_code
from tests.site import Site, StrictClient, sign_in_as

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1"


def token_of(client: StrictClient) -> str | None:
    with client.session_transaction() as session:
        token: str | None = session.get(TOKEN_KEY)
        return token


def plant(client: StrictClient, token: str) -> None:
    with client.session_transaction() as session:
        session[TOKEN_KEY] = token


def sign_in_by_mail(app: Flask, client: StrictClient, email: str = "coordinator@achterhoek.example") -> None:
    ask_for_mail(client, email)
    type_code(client, code_in(read_mails(app)[-1]))


def is_in(client: StrictClient, site: Site) -> bool:
    return client.get(f"/school/{site.own.school_id}").status_code == 200


def test_a_planted_token_is_worth_nothing_after_signing_in(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    plant(visitor, "planted-by-somebody-else")
    sign_in_by_mail(site_app, visitor)
    thief = sign_in_as(site_app, None)
    plant(thief, "planted-by-somebody-else")
    assert is_in(visitor, site)
    assert not is_in(thief, site)


def test_every_sign_in_gives_another_token_and_ends_the_one_before(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    before = token_of(coordinator)
    assert before is not None
    sign_in_by_mail(site_app, coordinator)
    after = token_of(coordinator)
    thief = sign_in_as(site_app, None)
    plant(thief, before)
    assert after not in {None, before}
    assert is_in(coordinator, site)
    assert not is_in(thief, site)


def test_the_cookie_names_no_user(site_app: Flask, site: Site, coordinator: StrictClient) -> None:
    plant(coordinator, str(site.organiser))
    assert coordinator.get("/mijn").location == "/inloggen"


def test_a_cookie_from_before_signing_out_is_dead(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    copied = token_of(coordinator)
    assert copied is not None
    coordinator.submit("/uitloggen")
    thief = sign_in_as(site_app, None)
    plant(thief, copied)
    assert not is_in(thief, site)


def test_signing_out_everywhere_closes_the_next_page_of_every_device(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    elsewhere = sign_in_as(site_app, site.coordinator)
    assert is_in(elsewhere, site)
    coordinator.get("/mijn/profiel")
    assert coordinator.submit("/mijn/apparaten/uitloggen").location == "/inloggen"
    assert not is_in(elsewhere, site)
    assert not is_in(coordinator, site)
    assert "Log opnieuw in" in elsewhere.get("/inloggen").get_data(as_text=True)


def test_the_profile_names_every_device_and_which_one_this_is(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    sign_in_as(site_app, site.coordinator)
    visitor.environ_base["HTTP_USER_AGENT"] = PHONE
    sign_in_by_mail(site_app, visitor)
    visitor.get("/mijn/profiel")
    text = visitor.text()
    assert "Safari op iPhone dit apparaat" in text
    assert "Firefox op Windows" in text
    assert text.count("dit apparaat") == 1


def test_a_device_that_was_left_behind_is_ended_from_the_profile(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    elsewhere = sign_in_as(site_app, site.coordinator)
    coordinator.get("/mijn/profiel")
    with site_app.app_context():
        left_behind = db.session.scalars(sa.select(sa.func.max(SignedInDevice.id))).one()
    coordinator.submit(f"/mijn/apparaten/{left_behind}/uitloggen")
    assert not is_in(elsewhere, site)
    assert is_in(coordinator, site)


def test_a_device_of_somebody_else_is_a_missing_page(
    site_app: Flask, site: Site, coordinator: StrictClient, host_contact: StrictClient
) -> None:
    with site_app.app_context():
        statement = sa.select(SignedInDevice.id).where(SignedInDevice.user_id == site.host_contact)
        foreign = db.session.scalars(statement).one()
    coordinator.get("/mijn/profiel")
    answers = [coordinator.submit(f"/mijn/apparaten/{number}/uitloggen") for number in (foreign, 987_654)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].data == answers[1].data
    assert host_contact.get("/mijn").status_code == 302
    assert host_contact.get("/mijn").location != "/inloggen"


def test_a_role_more_or_less_renews_the_token(site_app: Flask, site: Site, coordinator: StrictClient) -> None:
    before = token_of(coordinator)
    assert before is not None
    assert is_in(coordinator, site)
    assert token_of(coordinator) == before, "nothing changed yet"
    with site_app.app_context():
        db.session.add(
            Membership(
                user_id=site.coordinator,
                region_id=site.own.region_id,
                role=Role.VIEWER,
                since=date(2026, 8, 1),
            )
        )
        db.session.commit()
    assert is_in(coordinator, site)
    assert token_of(coordinator) not in {None, before}
    thief = sign_in_as(site_app, None)
    plant(thief, before)
    with time_machine.travel(clock.now() + RENEWAL_GRACE + timedelta(seconds=1), tick=False):
        assert not is_in(thief, site)
        assert is_in(coordinator, site)


@pytest.mark.parametrize(
    ("who", "path", "idle"),
    [
        ("organiser", "/organisator/achterhoek", REGION_LIFETIME.idle),
        ("coordinator", "/mijn/profiel", MEMBER_LIFETIME.idle),
    ],
)
def test_a_device_that_is_not_used_is_signed_out(
    site_app: Flask, site: Site, who: str, path: str, idle: timedelta
) -> None:
    client = sign_in_as(site_app, getattr(site, who))
    with time_machine.travel(clock.now() + idle - timedelta(seconds=5), tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel(clock.now() + 2 * idle - timedelta(seconds=10), tick=False):
        assert client.get(path).status_code == 200, "its use was written down"
    with time_machine.travel(clock.now() + 3 * idle, tick=False):
        assert client.get(path).location == "/inloggen"


def test_an_organiser_who_never_stops_signs_in_again_within_a_day(
    organiser: StrictClient, site: Site
) -> None:
    began, step = clock.now(), REGION_LIFETIME.idle - timedelta(minutes=1)
    for number in range(1, REGION_LIFETIME.total // step + 1):
        with time_machine.travel(began + number * step, tick=False):
            assert organiser.get("/organisator/achterhoek").status_code == 200
    with time_machine.travel(began + REGION_LIFETIME.total, tick=False):
        assert organiser.get("/organisator/achterhoek").location == "/inloggen"


def test_a_form_sent_after_the_device_was_ended_changes_nothing(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    coordinator.get("/mijn/profiel")
    with site_app.app_context():
        db.session.execute(sa.delete(SignedInDevice))
        db.session.add(SignedInDevice(**_device(site.coordinator)))
        db.session.commit()
    assert coordinator.submit("/mijn/apparaten/uitloggen").location == "/inloggen"
    with site_app.app_context():
        assert db.session.scalars(sa.select(sa.func.count(SignedInDevice.id))).one() == 1


def _device(user_id: int) -> dict[str, object]:
    return {
        "user_id": user_id,
        "token_hash": "of another device",
        "browser": "other",
        "system": "other",
        "signed_in_at": clock.now(),
        "last_used_at": clock.now(),
        "rights": "",
    }

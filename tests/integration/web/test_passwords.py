"""A password of one's own: set after proving who one is, stored hashed, and it ends what was open."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from argon2 import PasswordHasher
from flask import Flask

from matchmaker import clock
from matchmaker.domain.devices import RECENT
from matchmaker.domain.throttles import MOST_GUESSES
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, User
from matchmaker.services import passwords
from tests.integration.web.test_sign_in import KNOWN, ask_for_mail, code_in, link_in, read_mails, type_code
from tests.site import Site, StrictClient, sign_in_as

GOOD = "paard batterij nietje stoel"


def set_password(client: StrictClient, password: str = GOOD) -> int:
    client.get("/mijn/wachtwoord")
    return int(client.submit("/mijn/wachtwoord", password=password).status_code)


def enter_with(client: StrictClient, password: str, email: str = KNOWN) -> str | None:
    client.get("/inloggen/wachtwoord")
    return client.submit("/inloggen/wachtwoord", email=email, password=password).location


def stored_hash(app: Flask, site: Site) -> str | None:
    with app.app_context():
        return db.session.get_one(User, site.coordinator).password_hash


def test_a_password_lets_its_owner_in(coordinator: StrictClient, visitor: StrictClient, site: Site) -> None:
    assert set_password(coordinator) == 302
    assert enter_with(visitor, GOOD, f" {KNOWN.upper()} ") == "/mijn"
    assert visitor.get(f"/school/{site.own.school_id}").status_code == 200


def test_it_is_stored_as_argon2id_and_set_in_the_audit_log(
    site_app: Flask, coordinator: StrictClient, site: Site
) -> None:
    set_password(coordinator)
    stored = stored_hash(site_app, site)
    assert stored is not None
    assert stored.startswith("$argon2id$")
    with site_app.app_context():
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "set_password")).one()
        assert (entry.actor_id, entry.object_id, entry.after) == (site.coordinator, site.coordinator, None)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Vul een wachtwoord in"),
        ("kort", "Gebruik minstens 12 tekens"),
        ("a" * 257, "Gebruik hoogstens 256 tekens"),
        ("a" * 10**6, "Gebruik hoogstens 256 tekens"),
        ("wachtwoord123!", "te makkelijk te raden"),
    ],
)
def test_a_weak_password_is_refused_at_the_field(
    site_app: Flask, coordinator: StrictClient, site: Site, password: str, sentence: str
) -> None:
    assert set_password(coordinator, password) == 200
    assert sentence in coordinator.text()
    assert stored_hash(site_app, site) is None


def test_a_wrong_one_an_unknown_address_and_nobodys_password_look_the_same(
    site_app: Flask, coordinator: StrictClient, site: Site
) -> None:
    set_password(coordinator)
    answers = []
    for email in (KNOWN, "onbekend@achterhoek.example", "host_contact@achterhoek.example"):
        client = sign_in_as(site_app, None)
        client.get("/inloggen/wachtwoord")
        token = client.csrf_token()
        response = client.submit("/inloggen/wachtwoord", email=email, password="iets heel anders")
        page = response.get_data(as_text=True)
        for own in (email, token, client.csrf_token()):
            page = page.replace(own, "…")
        answers.append((response.status_code, page))
    assert answers[0] == answers[1] == answers[2]
    assert "E-mailadres of wachtwoord klopt niet" in client.text()


def test_wrong_passwords_are_limited(coordinator: StrictClient, visitor: StrictClient, site: Site) -> None:
    set_password(coordinator)
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(MOST_GUESSES):
            assert enter_with(visitor, "iets heel anders") is None
        visitor.get("/inloggen/wachtwoord")
        refused = visitor.submit("/inloggen/wachtwoord", email=KNOWN, password=GOOD)
    assert refused.status_code == 429


def test_an_inactive_person_does_not_get_in(
    site_app: Flask, coordinator: StrictClient, visitor: StrictClient, site: Site
) -> None:
    set_password(coordinator)
    with site_app.app_context():
        db.session.execute(sa.update(User).values(active=False))
        db.session.commit()
    assert enter_with(visitor, GOOD) is None


def test_another_password_signs_out_all_other_devices_and_voids_what_was_mailed(
    site_app: Flask, site: Site, coordinator: StrictClient, visitor: StrictClient
) -> None:
    ask_for_mail(visitor)
    mailed = link_in(read_mails(site_app)[-1])
    elsewhere = sign_in_as(site_app, site.coordinator)
    set_password(coordinator)
    assert elsewhere.get("/mijn/profiel").location == "/inloggen"
    assert coordinator.get("/mijn/profiel").status_code == 200
    assert visitor.submit(mailed).location == "/inloggen"


def test_a_password_can_be_removed_and_the_mail_still_works(
    site_app: Flask, site: Site, coordinator: StrictClient, visitor: StrictClient
) -> None:
    set_password(coordinator)
    coordinator.get("/mijn/wachtwoord")
    coordinator.submit("/mijn/wachtwoord/verwijderen")
    assert stored_hash(site_app, site) is None
    assert enter_with(visitor, GOOD) is None
    ask_for_mail(visitor)
    assert type_code(visitor, code_in(read_mails(site_app)[-1])).location == "/mijn"


def test_who_signed_in_a_while_ago_proves_again_who_they_are(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    with time_machine.travel(clock.now() + RECENT + timedelta(seconds=1), tick=False):
        assert coordinator.get("/mijn/wachtwoord").location == "/mijn/bevestigen"
        coordinator.get("/mijn/bevestigen")
        assert coordinator.submit("/mijn/wachtwoord", password=GOOD).location == "/mijn/bevestigen"
        assert coordinator.submit("/mijn/wachtwoord/verwijderen").location == "/mijn/bevestigen"
        assert stored_hash(site_app, site) is None


def test_after_proving_it_one_goes_on_where_one_was(
    site_app: Flask, site: Site, coordinator: StrictClient
) -> None:
    with time_machine.travel(clock.now() + RECENT + timedelta(seconds=1), tick=False):
        coordinator.get("/mijn/wachtwoord")
        coordinator.get("/mijn/bevestigen")
        coordinator.submit("/inloggen", email=KNOWN)
        assert type_code(coordinator, code_in(read_mails(site_app)[-1])).location == "/mijn/wachtwoord"
        assert coordinator.get("/mijn/wachtwoord").status_code == 200


def test_a_hash_of_before_is_made_stronger_when_its_owner_comes(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    with site_app.app_context():
        db.session.get_one(User, site.coordinator).password_hash = weak
        db.session.commit()
    assert enter_with(visitor, GOOD) == "/mijn"
    assert stored_hash(site_app, site) != weak
    with site_app.app_context():
        assert passwords.use_password(KNOWN, GOOD) == site.coordinator

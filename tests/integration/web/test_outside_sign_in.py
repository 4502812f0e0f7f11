"""Signing in with an account elsewhere: only when linked, only once, and only when every word of it fits."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.domain.outside_identities import ABSENCE, OutsideIdentity
from matchmaker.extensions import db
from matchmaker.models import AttemptCount, AuditEntry, LinkedIdentity, User
from matchmaker.services import provider_calls
from matchmaker.services.outside_identities import link_identity
from tests.conftest import make_settings
from tests.providers import BentProvider, settings_for
from tests.providers.bent import CLIENT_ID, SECRET, make_key
from tests.site import Site, StrictClient, sign_in_as

LEAVE, RETURN, ARRIVAL = "/inloggen/met", "/inloggen/met/bent/terug", "/inloggen/verder"
LINK, OFFER = "/mijn/accounts/nieuw", "/mijn/accounts/koppelen"
PROFILE = "/mijn/profiel#accounts"


@pytest.fixture
def provider() -> Iterator[BentProvider]:
    """A provider that does as the standard says until a test bends it."""
    with BentProvider.started() as provider:
        yield provider


@pytest.fixture
def settings(tmp_path: Path, database_url: str, provider: BentProvider) -> Settings:
    """Settings of a site that knows the provider."""
    known = settings_for("bent", provider.issuer, CLIENT_ID, SECRET)
    return make_settings(tmp_path / "instance", database_url, **known)


def link(app: Flask, provider: BentProvider, user_id: int, subject: str = "person-1") -> None:
    with app.app_context():
        link_identity(user_id, OutsideIdentity(provider.issuer, subject))


def leave(client: StrictClient, path: str = LEAVE) -> str:
    """Press the button; return the address to which the next page leads by itself."""
    client.get("/mijn/profiel" if path == LINK else "/inloggen")
    answer = client.submit(path, provider="bent")
    assert answer.status_code == 200, answer.location
    return find_way_on(client)


def find_way_on(client: StrictClient) -> str:
    assert client.page is not None
    (refresh,) = [m for m in client.page.iter("meta") if m.get("http-equiv") == "refresh"]
    return refresh.get("content", "").removeprefix("0; url=")


def come_back(client: StrictClient, answer: dict[str, str]) -> Any:
    return client.get(RETURN, query_string=answer)


def sign_in(client: StrictClient, provider: BentProvider, subject: str = "person-1") -> Any:
    return come_back(client, provider.sign_in(leave(client), subject))


def words(client: StrictClient, path: str = "/inloggen") -> str:
    client.get(path)
    return client.text()


def assert_refused(client: StrictClient, answer: Any, sentence: str) -> None:
    assert (answer.status_code, answer.location) == (302, "/inloggen")
    text = words(client)
    assert sentence in text
    assert "Stuur mij een code" in text, "signing in by mail is offered"
    assert client.get(ARRIVAL).location == "/inloggen", "nothing was proved"
    assert client.get("/mijn").location == "/inloggen"


# The way in


def test_who_linked_the_account_gets_in_to_the_page_they_wanted(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    link(site_app, provider, site.coordinator)
    assert visitor.get("/mijn/profiel").location == "/inloggen"
    assert sign_in(visitor, provider).location == ARRIVAL
    assert "Verder als coordinator achterhoek" in words(visitor, ARRIVAL)
    assert visitor.submit(ARRIVAL).location == "/mijn/profiel"
    assert visitor.get("/mijn").location == f"/school/{site.own.school_id}"
    with site_app.app_context():
        row = db.session.scalars(sa.select(LinkedIdentity)).one()
        assert row.last_used_at is not None


def test_coming_back_alone_lets_nobody_in_and_writes_nothing(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    link(site_app, provider, site.coordinator)
    address = leave(visitor)

    def dump() -> list[Any]:
        with site_app.app_context(), db.engine.connect() as connection:
            return [connection.execute(sa.select(table)).all() for table in db.metadata.sorted_tables]

    before = dump()
    come_back(visitor, provider.sign_in(address))
    visitor.get(ARRIVAL)
    assert visitor.get("/mijn").location == "/inloggen"
    assert dump() == before


def test_an_unknown_account_gets_in_nowhere_and_is_told_how_to_link(
    site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    sign_in(visitor, provider)
    text = words(visitor, ARRIVAL)
    assert "nog niet gekoppeld" in text
    assert "Log nog één keer in met een mail" in text
    assert "uitnodiging" in text
    assert visitor.submit(ARRIVAL).location == ARRIVAL
    assert visitor.get("/mijn").location == "/inloggen"


def test_nobody_is_recognised_by_an_address_however_verified(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    known = site_app.config["SETTINGS"].providers[0]
    mapped = replace(known, email_claim="email", name_claim="name", organisation_claim="brin")
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], providers=(mapped,))
    provider.claims = {
        "email": "coordinator@achterhoek.example",
        "email_verified": True,
        "name": "coordinator achterhoek",
        "brin": "00AA",
    }
    sign_in(visitor, provider)
    text = words(visitor, ARRIVAL)
    assert "nog niet gekoppeld" in text
    assert "coordinator@achterhoek.example" in text
    assert "00AA" in text
    visitor.submit(ARRIVAL)
    assert visitor.get("/mijn").location == "/inloggen"
    with site_app.app_context():
        assert db.session.scalars(sa.select(LinkedIdentity)).all() == []


def test_the_same_subject_of_another_issuer_is_somebody_else(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    with site_app.app_context():
        link_identity(site.coordinator, OutsideIdentity("https://elders.example", "person-1"))
    sign_in(visitor, provider)
    assert "nog niet gekoppeld" in words(visitor, ARRIVAL)


def test_who_was_deactivated_does_not_get_in(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    link(site_app, provider, site.coordinator)
    sign_in(visitor, provider)
    with site_app.app_context():
        db.session.execute(sa.update(User).where(User.id == site.coordinator).values(active=False))
        db.session.commit()
    assert visitor.submit(ARRIVAL).location == ARRIVAL
    assert "nog niet gekoppeld" in words(visitor, ARRIVAL)
    assert visitor.get("/mijn").location == "/inloggen"


def test_organisers_still_give_their_second_step(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    link(site_app, provider, site.organiser)
    provider.claims = {"amr": ["mfa", "otp"], "acr": "urn:mfa"}
    sign_in(visitor, provider)
    visitor.get(ARRIVAL)
    assert visitor.submit(ARRIVAL).location == "/inloggen/tweede-stap"
    assert visitor.get("/organisator/achterhoek").location == "/inloggen/tweede-stap"


def test_signing_in_gives_a_session_of_its_own(site_app: Flask, site: Site, provider: BentProvider) -> None:
    link(site_app, provider, site.coordinator)
    client = sign_in_as(site_app, site.host_contact)
    with client.session_transaction() as session:
        before = dict(session)
    client.get("/mijn/profiel")
    client.submit(LEAVE, provider="bent")
    come_back(client, provider.sign_in(find_way_on(client)))
    client.get(ARRIVAL)
    client.submit(ARRIVAL)
    assert client.get("/mijn").location == f"/school/{site.own.school_id}"
    thief = sign_in_as(site_app, None)
    with thief.session_transaction() as session:
        session.update(before)
    assert thief.get("/mijn").location == "/inloggen"


# What must fit


def test_an_answer_serves_once(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    answer = provider.sign_in(leave(visitor))
    with visitor.session_transaction() as session:
        left_with = dict(session)
    assert come_back(visitor, answer).location == ARRIVAL
    visitor.get(ARRIVAL)
    assert come_back(visitor, answer).location == "/inloggen"
    assert "verlopen of al gebruikt" in words(visitor)
    thief = sign_in_as(site_app, None)
    with thief.session_transaction() as session:
        session.update(left_with)
    assert_refused(thief, come_back(thief, answer), "Het antwoord van Bent klopt niet")


def test_an_arrival_serves_once_and_not_for_ever(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    link(site_app, provider, site.coordinator)
    sign_in(visitor, provider)
    visitor.get(ARRIVAL)
    with time_machine.travel(clock.now() + ABSENCE + timedelta(seconds=1), tick=False):
        assert visitor.submit(ARRIVAL).location == "/inloggen"
    sign_in(visitor, provider)
    visitor.get(ARRIVAL)
    visitor.submit(ARRIVAL)
    visitor.get("/mijn/profiel")
    visitor.submit("/uitloggen")
    assert visitor.get(ARRIVAL).location == "/inloggen"


@pytest.mark.parametrize("state", ["", "another", "é", None])
def test_an_answer_to_another_departure_is_refused(
    site: Site, visitor: StrictClient, provider: BentProvider, state: str | None
) -> None:
    answer = provider.sign_in(leave(visitor))
    answer = {"code": answer["code"]} | ({} if state is None else {"state": state})
    assert_refused(visitor, come_back(visitor, answer), "verlopen of al gebruikt")
    assert "/token" not in provider.asked


def test_an_answer_in_a_browser_that_did_not_leave_is_refused(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    answer = provider.sign_in(leave(visitor))
    victim = sign_in_as(site_app, None)
    victim.get("/inloggen")
    assert_refused(victim, come_back(victim, answer), "verlopen of al gebruikt")
    assert "/token" not in provider.asked


def test_who_stays_away_too_long_begins_anew(
    site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    answer = provider.sign_in(leave(visitor))
    with time_machine.travel(clock.now() + ABSENCE, tick=False):
        assert_refused(visitor, come_back(visitor, answer), "verlopen of al gebruikt")


def test_the_answer_of_one_provider_is_no_answer_of_another(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    known = site_app.config["SETTINGS"].providers[0]
    both = (known, replace(known, key="other", name="Other"))
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], providers=both)
    answer = provider.sign_in(leave(visitor))
    assert_refused(
        visitor, visitor.get("/inloggen/met/other/terug", query_string=answer), "verlopen of al gebruikt"
    )
    assert "/token" not in provider.asked


def test_an_answer_that_says_to_come_from_elsewhere_is_refused(
    site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    answer = provider.sign_in(leave(visitor)) | {"iss": "https://elders.example"}
    assert_refused(visitor, come_back(visitor, answer), "Het antwoord van Bent klopt niet")


now = time.time
BENDS: dict[str, Callable[[BentProvider], None]] = {
    "another nonce": lambda p: p.claims.update(nonce="another"),
    "no nonce": lambda p: p.claims.update(nonce=None),
    "for another site": lambda p: p.claims.update(aud="another"),
    "for another site as well": lambda p: p.claims.update(aud=[CLIENT_ID, "another"]),
    "for another site on behalf of this one": lambda p: p.claims.update(aud="another", azp=CLIENT_ID),
    "for this site on behalf of another one": lambda p: p.claims.update(aud=CLIENT_ID, azp="another"),
    "no audience": lambda p: p.claims.update(aud=None),
    "another issuer": lambda p: p.claims.update(iss="https://elders.example"),
    "no issuer": lambda p: p.claims.update(iss=None),
    "expired": lambda p: p.claims.update(exp=int(now()) - 120),
    "without end": lambda p: p.claims.update(exp=None),
    "an end that is no number": lambda p: p.claims.update(exp="never"),
    "from the future": lambda p: p.claims.update(iat=int(now()) + 300),
    "not yet valid": lambda p: p.claims.update(nbf=int(now()) + 300),
    "no subject": lambda p: p.claims.update(sub=None),
    "an empty subject": lambda p: p.claims.update(sub=""),
    "a subject that is a number": lambda p: p.claims.update(sub=1),
    "a subject without end": lambda p: p.claims.update(sub="a" * 256),
    "another access token": lambda p: p.claims.update(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "a foreign key": lambda p: setattr(p, "known_keys", [make_key("first").as_dict(private=False)]),
    "an unknown key": lambda p: setattr(p, "known_keys", [make_key("other").as_dict(private=False)]),
    "no keys": lambda p: setattr(p, "known_keys", []),
    "a key for something else": lambda p: setattr(
        p, "known_keys", [p.key.as_dict(private=False) | {"use": "enc"}]
    ),
    "another issuer published": lambda p: p.published.update(issuer="https://elders.example"),
    "keys at an unsafe address": lambda p: p.published.update(jwks_uri="http://elders.example/keys"),
    "a token that is none": lambda p: p.answers.update({"/token": (200, '{"id_token": "x.y.z"}')}),
    "no token": lambda p: p.answers.update({"/token": (200, '{"access_token": "a"}')}),
    "a list for tokens": lambda p: p.answers.update({"/token": (200, "[]")}),
    "a page for tokens": lambda p: p.answers.update({"/token": (200, "<html>")}),
    "a detour for the code": lambda p: p.answers.update({"/token": (307, p.issuer + "/elsewhere")}),
    "a detour to the keys": lambda p: p.answers.update({"/keys": (302, p.issuer + "/elsewhere")}),
    "a page for keys": lambda p: p.answers.update({"/keys": (200, "<html>")}),
    "depth without end": lambda p: p.answers.update({"/keys": (200, "[" * 200_000)}),
}


@pytest.mark.parametrize("bend", BENDS)
def test_whatever_does_not_fit_is_refused(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider, bend: str
) -> None:
    link(site_app, provider, site.coordinator)
    answer = provider.sign_in(leave(visitor))
    BENDS[bend](provider)
    assert_refused(visitor, come_back(visitor, answer), "Het antwoord van Bent klopt niet")
    assert "/elsewhere" not in provider.asked


def encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_anybody_could_write_is_refused(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider, algorithm: str
) -> None:
    """Without a signature, or signed with a secret that stands among the keys."""
    link(site_app, provider, site.coordinator)
    secret = {"kty": "oct", "kid": "s", "k": encode(b"shared" * 8)}
    provider.known_keys = [secret, provider.key.as_dict(private=False)]
    departure = leave(visitor)
    nonce = dict(parse_qsl(urlsplit(departure).query))["nonce"]
    claims = {"iss": provider.issuer, "sub": "person-1", "aud": CLIENT_ID, "nonce": nonce}
    claims |= {"iat": int(now()), "exp": int(now()) + 300}
    text = (
        encode(json.dumps({"alg": algorithm, "kid": "s"}).encode())
        + "."
        + encode(json.dumps(claims).encode())
    )
    signature = b"" if algorithm == "none" else hmac.digest(b"shared" * 8, text.encode(), "sha256")
    document = json.dumps({"access_token": "a", "id_token": f"{text}.{encode(signature)}"})
    provider.answers["/token"] = (200, document)
    answer = come_back(visitor, provider.sign_in(departure))
    assert_refused(visitor, answer, "Het antwoord van Bent klopt niet")


@pytest.mark.parametrize("seconds", [-50, 50])
def test_a_clock_that_is_a_little_off_is_no_obstacle(
    site: Site, visitor: StrictClient, provider: BentProvider, seconds: int
) -> None:
    moment = int(now()) + seconds
    provider.claims = {"iat": moment, "nbf": moment, "exp": moment + 1}
    assert sign_in(visitor, provider).location == ARRIVAL


def test_a_new_key_works_at_once_and_the_old_one_no_longer(
    site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    assert sign_in(visitor, provider).location == ARRIVAL
    old, provider.key = provider.key, make_key("second")
    assert sign_in(visitor, provider).location == ARRIVAL
    provider.known_keys, provider.key = [provider.key.as_dict(private=False)], old
    assert_refused(visitor, sign_in(visitor, provider), "Het antwoord van Bent klopt niet")


def test_keys_of_kinds_that_we_do_not_know_do_no_harm(
    site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    strange = [{"kty": "AKP", "kid": "new", "pub": "AA"}, {"kty": "RSA", "kid": "broken", "n": "AQ"}, 7]
    provider.known_keys = [*strange, provider.key.as_dict(private=False)]
    assert sign_in(visitor, provider).location == ARRIVAL


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_the_site_proves_itself_in_the_way_the_provider_likes(
    site: Site, visitor: StrictClient, provider: BentProvider, method: str
) -> None:
    provider.published = {"token_endpoint_auth_methods_supported": [method]}
    assert sign_in(visitor, provider).location == ARRIVAL


def test_what_the_token_lacks_is_asked_for_and_must_be_about_the_same_person(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    known = site_app.config["SETTINGS"].providers[0]
    mapped = replace(known, organisation_claim="nlEduPersonHomeOrganizationId", name_claim="givenName")
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], providers=(mapped,))
    provider.told = {"nlEduPersonHomeOrganizationId": ["00AA"], "givenName": "<b>W&T</b>"}
    sign_in(visitor, provider)
    text = words(visitor, ARRIVAL)
    assert "00AA" in text
    assert "<b>W&T</b>" in text
    provider.told["sub"] = "person-2"
    assert_refused(visitor, sign_in(visitor, provider), "Het antwoord van Bent klopt niet")


def test_another_claim_may_tell_people_apart(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    known = site_app.config["SETTINGS"].providers[0]
    mapped = (replace(known, subject_claim="uid"),)
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], providers=mapped)
    link(site_app, provider, site.coordinator, "hash@school")
    provider.claims = {"uid": "hash@school"}
    sign_in(visitor, provider)
    assert "Verder als" in words(visitor, ARRIVAL)


# When the provider does not cooperate


@pytest.mark.parametrize("error", ["access_denied", "login_required"])
def test_who_stops_there_is_told_so(
    site: Site, visitor: StrictClient, provider: BentProvider, error: str
) -> None:
    state = provider.sign_in(leave(visitor))["state"]
    answer = come_back(visitor, {"error": error, "state": state})
    assert_refused(visitor, answer, "U bent gestopt bij Bent")


@pytest.mark.parametrize("error", ["invalid_scope", "<script>", "x" * 5000])
def test_any_other_error_is_a_plain_page(
    site: Site, visitor: StrictClient, provider: BentProvider, error: str
) -> None:
    state = provider.sign_in(leave(visitor))["state"]
    assert_refused(visitor, come_back(visitor, {"error": error, "state": state}), "klopt niet")


def test_neither_code_nor_error_is_a_plain_page(
    site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    state = provider.sign_in(leave(visitor))["state"]
    assert_refused(visitor, come_back(visitor, {"state": state}), "klopt niet")


DOCUMENT = "/.well-known/openid-configuration"


@pytest.mark.parametrize("path", [DOCUMENT, "/token", "/keys"])
@pytest.mark.parametrize("trouble", ["gone", "hangs", "drips", "fails", "is too busy", "talks too long"])
def test_a_provider_in_trouble_is_given_up_in_time(
    site: Site,
    visitor: StrictClient,
    provider: BentProvider,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    trouble: str,
) -> None:
    monkeypatch.setattr(provider_calls, "REQUEST_SECONDS", 0.5)
    answer = provider.sign_in(leave(visitor))
    {
        "gone": provider.stop,
        "hangs": lambda: provider.hangs.add(path),
        "drips": lambda: provider.drips.add(path),
        "fails": lambda: provider.answers.update({path: (503, "{}")}),
        "is too busy": lambda: provider.answers.update({path: (429, "slow down")}),
        "talks too long": lambda: provider.answers.update({path: (200, "a" * 2 * 2**20)}),
    }[trouble]()
    began = time.monotonic()
    assert_refused(visitor, come_back(visitor, answer), "Bent geeft nu geen antwoord")
    assert time.monotonic() - began < 5


def test_who_cannot_even_leave_is_told_so(site: Site, visitor: StrictClient, provider: BentProvider) -> None:
    provider.stop()
    visitor.get("/inloggen")
    assert_refused(visitor, visitor.submit(LEAVE, provider="bent"), "Bent geeft nu geen antwoord")


def test_a_provider_that_hangs_does_not_keep_everybody_waiting(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    visitor.get("/inloggen")
    taken = [provider_calls._seats.acquire(blocking=False) for _ in range(4)]
    try:
        assert taken == [True] * 4
        assert_refused(visitor, visitor.submit(LEAVE, provider="bent"), "Bent geeft nu geen antwoord")
    finally:
        for _ in taken:
            provider_calls._seats.release()
    leave(visitor)


def test_the_database_waits_for_no_provider(
    site_app: Flask, site: Site, provider: BentProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A visitor's own rows are read first; no transaction may stay open over the wire."""
    client = sign_in_as(site_app, site.coordinator)
    answer = provider.sign_in(leave(client, LINK))
    held = []
    read = provider_calls.read_document

    def watch(*args: Any, **kwargs: Any) -> Any:
        held.append(db.session.registry().in_transaction())
        return read(*args, **kwargs)

    monkeypatch.setattr("matchmaker.services.openid.read_document", watch)
    assert come_back(client, answer).location == OFFER
    assert held == [False, False]


def test_departures_are_limited(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    leave(visitor)
    with site_app.app_context():
        db.session.execute(sa.update(AttemptCount).values(count=10_000))
        db.session.commit()
    visitor.get("/inloggen")
    assert visitor.submit(LEAVE, provider="bent").status_code == 429


# Linking


def test_somebody_signed_in_links_sees_and_unlinks_an_account(
    site_app: Flask, site: Site, coordinator: StrictClient, provider: BentProvider
) -> None:
    elsewhere = sign_in_as(site_app, site.coordinator)
    assert come_back(coordinator, provider.sign_in(leave(coordinator, LINK))).location == OFFER
    coordinator.get(OFFER)
    assert "Koppel alleen een account dat van u is" in coordinator.text()
    assert coordinator.submit(OFFER).location == PROFILE
    text = words(coordinator, "/mijn/profiel")
    assert "U kunt voortaan inloggen met Bent" in text
    assert "Ontkoppelen" in text
    with site_app.app_context():
        identity_id = db.session.scalars(sa.select(LinkedIdentity.id)).one()
    path = f"/mijn/accounts/{identity_id}/ontkoppelen"
    assert coordinator.submit(path).location == PROFILE
    assert "Ontkoppelen" not in words(coordinator, "/mijn/profiel")
    assert elsewhere.get("/mijn").location == "/inloggen"
    with site_app.app_context():
        assert db.session.scalars(sa.select(LinkedIdentity)).all() == []
        entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(e.action, e.actor_id) for e in entries if "identity" in e.action] == [
            ("link_identity", site.coordinator),
            ("unlink_identity", site.coordinator),
        ]
        assert "person-1" not in str([(e.before, e.after) for e in entries])


def test_an_account_of_somebody_else_is_refused_with_a_sentence(
    site_app: Flask, site: Site, coordinator: StrictClient, provider: BentProvider
) -> None:
    link(site_app, provider, site.host_contact)
    come_back(coordinator, provider.sign_in(leave(coordinator, LINK)))
    coordinator.get(OFFER)
    coordinator.submit(OFFER)
    text = words(coordinator, "/mijn/profiel")
    assert "al gekoppeld aan iemand anders" in text
    assert "voortaan inloggen" not in text


def test_nobody_unlinks_what_is_another_persons(
    site_app: Flask, site: Site, coordinator: StrictClient, provider: BentProvider
) -> None:
    link(site_app, provider, site.host_contact)
    with site_app.app_context():
        identity_id = db.session.scalars(sa.select(LinkedIdentity.id)).one()
    coordinator.get("/mijn/profiel")
    assert coordinator.submit(f"/mijn/accounts/{identity_id}/ontkoppelen").status_code == 404
    with site_app.app_context():
        assert db.session.get(LinkedIdentity, identity_id) is not None


def test_who_came_back_to_sign_in_links_nothing_with_it_and_the_other_way_round(
    site_app: Flask, site: Site, coordinator: StrictClient, provider: BentProvider
) -> None:
    coordinator.get("/mijn/profiel")
    coordinator.submit(LEAVE, provider="bent")
    come_back(coordinator, provider.sign_in(find_way_on(coordinator)))
    assert coordinator.get(OFFER).location == PROFILE
    coordinator.get("/mijn/profiel")
    assert coordinator.submit(OFFER).location == PROFILE
    come_back(coordinator, provider.sign_in(leave(coordinator, LINK)))
    assert coordinator.get(ARRIVAL).location == "/inloggen"
    with site_app.app_context():
        assert db.session.scalars(sa.select(LinkedIdentity)).all() == []


def test_what_goes_wrong_while_linking_is_told_on_the_profile(
    site: Site, coordinator: StrictClient, provider: BentProvider
) -> None:
    state = provider.sign_in(leave(coordinator, LINK))["state"]
    assert come_back(coordinator, {"error": "access_denied", "state": state}).location == PROFILE
    assert "U bent gestopt bij Bent" in words(coordinator, "/mijn/profiel")


def test_a_link_of_a_provider_that_is_gone_can_still_be_taken_away(
    site_app: Flask, site: Site, coordinator: StrictClient, provider: BentProvider
) -> None:
    with site_app.app_context():
        link_identity(site.coordinator, OutsideIdentity("https://weg.example/oidc", "x"))
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], providers=())
    text = words(coordinator, "/mijn/profiel")
    assert "weg.example" in text
    assert "Ontkoppelen" in text


def test_without_providers_nothing_of_it_is_shown(
    site_app: Flask, site: Site, visitor: StrictClient, coordinator: StrictClient
) -> None:
    assert "Met een ander account" in words(visitor)
    assert "Inloggen met een ander account" in words(coordinator, "/mijn/profiel")
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], providers=())
    assert "Met een ander account" not in words(visitor)
    assert "Inloggen met een ander account" not in words(coordinator, "/mijn/profiel")
    assert visitor.submit(LEAVE, provider="bent").status_code == 404
    assert visitor.get(RETURN).status_code == 404


def test_people_are_sent_back_to_the_sites_own_address_whatever_the_request_says(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], hosts="ander.example")
    visitor.get("/inloggen", base_url="http://ander.example")
    visitor.post(
        LEAVE, data={"csrf_token": visitor.csrf_token(), "provider": "bent"}, base_url="http://ander.example"
    )
    address = find_way_on(visitor)
    assert "redirect_uri=http%3A%2F%2F127.0.0.1%3A8000%2Finloggen%2Fmet%2Fbent%2Fterug" in address
    assert "ander.example" not in address


def test_the_log_holds_nothing_of_the_person(
    site: Site, visitor: StrictClient, provider: BentProvider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.claims = {"sub": "very-secret-person", "email": "secret@school.example", "aud": "another"}
    answer = provider.sign_in(leave(visitor))
    come_back(visitor, answer)
    assert "the answer of provider bent is refused: InvalidClaimError aud" in caplog.text
    assert "secret" not in caplog.text
    assert answer["code"] not in caplog.text
    assert answer["state"] not in caplog.text


def test_who_accepts_an_invitation_may_link_an_account_right_away(
    site_app: Flask, site: Site, visitor: StrictClient, provider: BentProvider
) -> None:
    path = f"/uitnodiging/{site.own.invitation_token}"
    visitor.get(path)
    assert "Meedoen en Bent koppelen" in visitor.text()
    assert visitor.submit(path, name="Leerkracht", link_account="yes").location == PROFILE
    assert "Bent koppelen" in words(visitor, "/mijn/profiel")
    assert come_back(visitor, provider.sign_in(leave(visitor, LINK))).location == OFFER
    visitor.get(OFFER)
    assert visitor.submit(OFFER).location == PROFILE
    with site_app.app_context():
        assert db.session.scalars(sa.select(LinkedIdentity)).one().user.name == "Leerkracht"

"""The whole way with a provider that others wrote, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from matchmaker.config import LOCAL_URL, Settings
from tests.conftest import make_settings
from tests.integration.web.test_outside_sign_in import ARRIVAL, OFFER, find_way_on
from tests.providers import MockProvider, settings_for
from tests.site import Site, StrictClient

PERSON = {"sub": "coördinator", "email": "coordinator@achterhoek.example", "brin": "00AA", "name": "W&T"}
RETURN = "/inloggen/met/school/terug"


@pytest.fixture(scope="module")
def provider() -> Iterator[MockProvider]:
    """A provider that knows one person and only clients that registered."""
    with MockProvider.started(PERSON) as provider:
        yield provider


@pytest.fixture
def settings(tmp_path: Path, database_url: str, provider: MockProvider) -> Settings:
    """Settings of a site that registered there."""
    known = provider.register(LOCAL_URL + RETURN)
    claims = {"organisation_claim": "brin", "name_claim": "name", "email_claim": "email"}
    more = settings_for("school", provider.issuer, *known, scopes="openid email profile", **claims)
    return make_settings(tmp_path / "instance", database_url, **more)


def leave(client: StrictClient, path: str) -> str:
    client.get("/inloggen" if path.startswith("/inloggen") else "/mijn/profiel")
    client.submit(path, provider="school")
    return find_way_on(client)


def come_back(client: StrictClient, answer: dict[str, str]) -> Any:
    return client.get(RETURN, query_string=answer).location


def test_unknown_then_linked_then_in_then_unlinked(
    site: Site, visitor: StrictClient, coordinator: StrictClient, provider: MockProvider
) -> None:
    sign_in = "/inloggen/met"
    assert come_back(visitor, provider.sign_in(leave(visitor, sign_in), PERSON["sub"])) == ARRIVAL
    visitor.get(ARRIVAL)
    assert "nog niet gekoppeld" in visitor.text()

    link = "/mijn/accounts/nieuw"
    assert come_back(coordinator, provider.sign_in(leave(coordinator, link), PERSON["sub"])) == OFFER
    coordinator.get(OFFER)
    for word in ("School", "W&T", "coordinator@achterhoek.example", "00AA"):
        assert word in coordinator.text()
    coordinator.submit(OFFER)

    come_back(visitor, provider.sign_in(leave(visitor, sign_in), PERSON["sub"]))
    visitor.get(ARRIVAL)
    visitor.submit(ARRIVAL)
    assert visitor.get("/mijn").location == f"/school/{site.own.school_id}"

    coordinator.get("/mijn/profiel")
    coordinator.submit("/mijn/accounts/1/ontkoppelen")
    assert visitor.get("/mijn").location == "/inloggen"
    come_back(visitor, provider.sign_in(leave(visitor, sign_in), PERSON["sub"]))
    visitor.get(ARRIVAL)
    assert "nog niet gekoppeld" in visitor.text()


def test_who_denies_there_stays_out_here(site: Site, visitor: StrictClient, provider: MockProvider) -> None:
    answer = provider.deny(leave(visitor, "/inloggen/met"))
    answer.setdefault("state", "")
    assert come_back(visitor, answer) == "/inloggen"
    visitor.get("/inloggen")
    assert "Stuur mij een code" in visitor.text()

"""What somebody meets who tries to get in too often, and who is not in their way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from matchmaker.domain.throttles import MOST_GUESSES, MOST_MAILS_FOR_ADDRESS
from tests.conftest import make_settings
from tests.integration.web.test_sign_in import KNOWN, ask_for_mail, code_in, link_in, read_mails, type_code
from tests.site import Site, StrictClient, open_site_app, sign_in_as

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _within_one_window() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def from_address(client: StrictClient, address: str) -> StrictClient:
    client.environ_base["REMOTE_ADDR"] = address
    return client


def guess_often(client: StrictClient, email: str = KNOWN, times: int = MOST_GUESSES) -> None:
    with client.session_transaction() as session:
        session["sign_in_email"] = email
    for _ in range(times):
        assert type_code(client, "000001").status_code == 200


def test_one_guess_too_many_is_told_to_wait(site: Site, visitor: StrictClient) -> None:
    guess_often(visitor)
    refused = type_code(visitor, "000001")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "300")
    assert "Over 5 minuten kunt u het weer proberen" in visitor.text()


def test_the_answer_is_the_same_for_an_address_that_nobody_knows(site_app: Flask, site: Site) -> None:
    answers = []
    for number, email in enumerate((KNOWN, "onbekend@achterhoek.example")):
        client = from_address(sign_in_as(site_app, None), f"192.0.2.{number}")
        guess_often(client, email)
        refused = type_code(client, "000001")
        headers = {name: value for name, value in refused.headers.items() if name != "Set-Cookie"}
        answers.append((refused.status_code, headers, refused.data))
    assert answers[0] == answers[1]


def test_guesses_against_an_account_do_not_keep_its_owner_out(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    ask_for_mail(visitor)
    type_code(visitor, code_in(read_mails(site_app)[-1]))
    visitor.get("/mijn")
    visitor.submit("/uitloggen")
    guess_often(sign_in_as(site_app, None))
    stranger = sign_in_as(site_app, None)
    ask_for_mail(stranger)
    assert type_code(stranger, "000001").status_code == 429
    ask_for_mail(visitor)
    assert type_code(visitor, code_in(read_mails(site_app)[-1])).status_code == 302


def test_being_known_to_one_account_gives_no_more_guesses_at_another(
    site_app: Flask, site: Site, visitor: StrictClient
) -> None:
    ask_for_mail(visitor, "host_contact@achterhoek.example")
    type_code(visitor, code_in(read_mails(site_app)[-1]))
    visitor.get("/mijn")
    visitor.submit("/uitloggen")
    guess_often(visitor, KNOWN)
    assert type_code(visitor, "000001").status_code == 429


def test_a_made_up_mark_of_a_known_device_is_worth_nothing(site: Site, visitor: StrictClient) -> None:
    visitor.set_cookie("known", '["a","b"].x.y')
    guess_often(visitor)
    assert type_code(visitor, "000001").status_code == 429


def test_guessing_links_is_limited_for_an_address(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    visitor.get("/inloggen")
    for number in range(MOST_GUESSES):
        assert visitor.submit(f"/inloggen/link/{number:043}").status_code == 302
    assert visitor.submit(f"/inloggen/link/{99:043}").status_code == 429
    neighbour = from_address(sign_in_as(site_app, None), "192.0.2.9")
    ask_for_mail(neighbour)
    assert neighbour.submit(link_in(read_mails(site_app)[-1])).location == "/mijn"


def test_asking_for_mails_without_end_is_told_to_wait(site: Site, visitor: StrictClient) -> None:
    visitor.get("/inloggen")
    for number in range(MOST_MAILS_FOR_ADDRESS):
        assert visitor.submit("/inloggen", email=f"adres{number}@school.example").status_code == 302
    assert visitor.submit("/inloggen", email=KNOWN).status_code == 429


def test_addresses_of_one_ipv6_network_count_together(site_app: Flask, site: Site) -> None:
    for number in range(MOST_GUESSES):
        guess_often(
            from_address(sign_in_as(site_app, None), f"2001:db8::{number:x}"), f"a{number}@b.example", 1
        )
    last = from_address(sign_in_as(site_app, None), "2001:db8::ffff")
    with last.session_transaction() as session:
        session["sign_in_email"] = "z@b.example"
    assert type_code(last, "000001").status_code == 429


@pytest.mark.parametrize(("proxies", "status"), [("0", 429), ("1", 200)])
def test_a_forwarded_address_counts_only_behind_a_proxy(
    tmp_path: Path, sqlite_url: str, proxies: str, status: int
) -> None:
    settings = make_settings(tmp_path / "instance", sqlite_url, proxies=proxies)
    with open_site_app(settings) as app:
        for number in range(MOST_GUESSES + 1):
            client = sign_in_as(app, None)
            with client.session_transaction() as session:
                session["sign_in_email"] = f"a{number}@b.example"
            client.get("/inloggen/code")
            forwarded = {"X-Forwarded-For": f"10.9.9.9, 192.0.2.{number}"}
            token = {"csrf_token": client.csrf_token(), "code": "000001"}
            last = client.post("/inloggen/code", data=token, headers=forwarded)
    assert last.status_code == status

"""The facts about the way out are those of a mail as it would leave now."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
)

from matchmaker.config import Settings
from matchmaker.domain.mail_check import list_records
from matchmaker.domain.mail_findings import Finding
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.mail_setup import read_mail_setup
from tests.unit.notifications.publication_facts import MOMENT, REGION, SETTINGS


def letterhead(**values: object) -> Letterhead:
    settings: Settings = replace(SETTINGS, mail_domain="techniekpact.nl", **values)  # type: ignore[arg-type]
    return Letterhead(settings, REGION, MOMENT)


def test_addresses_are_those_of_a_mail_of_the_region() -> None:
    setup = read_mail_setup(letterhead())
    assert setup.sender == "boekingen@techniekpact.nl"
    assert setup.message_id.endswith("@techniekpact.nl")
    assert setup.organiser == "boekingen@techniekpact.nl"
    assert setup.reply_to == REGION.contact_email


def test_where_replies_are_read_the_organiser_has_a_token() -> None:
    organiser = read_mail_setup(letterhead(read_replies=True)).organiser
    assert organiser.startswith("boekingen+")
    assert organiser.endswith("@techniekpact.nl")


def test_a_region_without_address_has_nowhere_for_answers_and_the_site_has_no_region() -> None:
    bare = replace(letterhead(), region=replace(REGION, contact_email=""))
    assert read_mail_setup(bare).reply_to == ""
    assert read_mail_setup(replace(bare, region=None)).reply_to is None


@pytest.mark.parametrize(("base_url", "stops"), [("https://a.nl", True), ("http://a.nl", False)])
def test_stopping_with_one_click_needs_https(base_url: str, stops: bool) -> None:
    assert read_mail_setup(letterhead(base_url=base_url)).unsubscribes is stops


@pytest.mark.parametrize(("mode", "private"), [(0o700, True), (0o755, False)])
def test_the_mail_directory_is_private_or_not(tmp_path: Path, mode: int, private: bool) -> None:
    folder = tmp_path / "mail"
    assert read_mail_setup(letterhead(instance_path=tmp_path)).directory_is_private is None
    folder.mkdir()
    folder.chmod(mode)
    assert read_mail_setup(letterhead(instance_path=tmp_path)).directory_is_private is private


def test_the_record_to_publish_holds_the_public_half_of_the_key(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = tmp_path / "dkim.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    setup = read_mail_setup(letterhead(dkim_selector="techniek2026", dkim_key_file=str(path)))
    record = next(r for r in list_records(setup) if r.finding is Finding.DKIM_ON)
    published = load_der_public_key(base64.b64decode(record.value.partition("p=")[2]))
    assert record.name == "techniek2026._domainkey.techniekpact.nl"
    assert published == key.public_key()


@pytest.mark.parametrize(
    ("content", "problem"), [(None, "No such file or directory"), (b"x", "no private key")]
)
def test_a_key_that_is_gone_or_broken_is_told(tmp_path: Path, content: bytes | None, problem: str) -> None:
    path = tmp_path / "dkim.pem"
    if content is not None:
        path.write_bytes(content)
    setup = read_mail_setup(letterhead(dkim_selector="techniek2026", dkim_key_file=str(path)))
    assert setup.dkim is not None
    assert problem in setup.dkim.problem

"""Only who was invited can answer: the token follows from appointment and person, and from nothing else."""

from __future__ import annotations

import re

import pytest

from matchmaker.domain.reply_addresses import add_token, is_reply_token, make_reply_token

KEY, UID, PERSON = "a secret", "boeking-0f3c@techniek.example", "wt@de-eiken.example"
TOKEN = make_reply_token(KEY, UID, PERSON)


def test_a_token_has_160_bits_in_lower_case_letters_and_digits() -> None:
    assert re.fullmatch(r"[a-z2-7]{32}", TOKEN)


def test_the_address_fits_what_mail_servers_take() -> None:
    address = add_token("boekingen@techniek.example", TOKEN)
    assert address == f"boekingen+{TOKEN}@techniek.example"
    assert len(address.partition("@")[0]) <= 64


def test_the_same_person_gets_the_same_token_for_the_same_appointment() -> None:
    assert make_reply_token(KEY, UID, " WT@De-Eiken.example ") == TOKEN


def test_a_token_is_recognised_also_where_a_program_wrote_it_in_capitals() -> None:
    assert is_reply_token(TOKEN.upper(), KEY, UID, PERSON)


@pytest.mark.parametrize(
    ("key", "uid", "person"),
    [
        ("another secret", UID, PERSON),
        (KEY, "boeking-0f3d@techniek.example", PERSON),
        (KEY, UID, "collega@de-eiken.example"),
        # Where the one ends and the other begins matters.
        (KEY, UID[:-1], f"{UID[-1]}{PERSON}"),
    ],
)
def test_a_token_opens_nothing_else(key: str, uid: str, person: str) -> None:
    assert not is_reply_token(TOKEN, key, uid, person)


@pytest.mark.parametrize("token", ["", TOKEN[:-1], TOKEN + "a", "é" * 32, "a" * 32])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    assert not is_reply_token(token, KEY, UID, PERSON)

"""The link under a mail is one person's for one sort of mail, as long as they have that address."""

from __future__ import annotations

import re

import pytest

from matchmaker.domain.mute_tokens import is_mute_token, make_mute_token, parse_mute_token
from matchmaker.domain.muting import MailFamily

KEY, EMAIL = "a key", "coordinator@eiken.example"
TOKEN = make_mute_token(KEY, 17, MailFamily.OVERVIEWS, EMAIL)


def is_right(
    token: str = TOKEN, key: str = KEY, user: int = 17, family: str = "overviews", email: str = EMAIL
) -> bool:
    return is_mute_token(token, key, user, MailFamily(family), email)


def test_a_token_names_person_and_family_and_nothing_else() -> None:
    assert re.fullmatch(r"17-overviews-[a-z2-7]{32}", TOKEN)
    assert parse_mute_token(TOKEN) == (17, MailFamily.OVERVIEWS)


def test_a_token_is_right_for_its_own_person_family_address_and_site_alone() -> None:
    assert is_right()
    assert is_right(email=" Coordinator@Eiken.example")
    wrong = [{"user": 18}, {"family": "digest"}, {"email": "new@eiken.example"}, {"key": "another key"}]
    assert not any(is_right(**each) for each in wrong)  # type: ignore[arg-type]


def test_a_token_of_one_person_does_not_become_that_of_another() -> None:
    for forged in (TOKEN.replace("17-", "18-"), TOKEN.replace("overviews", "digest")):
        said = parse_mute_token(forged)
        assert said is not None
        assert not is_mute_token(forged, KEY, *said, EMAIL)


@pytest.mark.parametrize(
    "text",
    ["", "17", "x-overviews-" + "a" * 32, "17-nothing-" + "a" * 32, TOKEN + "a", TOKEN[:-1], "9" * 400, "é"],
)
def test_what_is_no_token_says_nothing(text: str) -> None:
    assert parse_mute_token(text) is None

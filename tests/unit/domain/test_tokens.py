"""Tokens of links that are derived: the same again, and nobody else's."""

from __future__ import annotations

import re

from matchmaker.domain.tokens import derive_token


def test_the_same_facts_give_the_same_token_of_256_bits() -> None:
    token = derive_token("secret", "visit", 17, "a@x.example")
    assert token == derive_token("secret", "visit", 17, "a@x.example")
    assert re.fullmatch(r"[\w-]{43}", token, re.ASCII)


def test_other_facts_or_another_key_give_another_token() -> None:
    tokens = {
        derive_token("secret", "visit", 17, "a@x.example"),
        derive_token("secret", "feedback", 17, "a@x.example"),
        derive_token("secret", "visit", 18, "a@x.example"),
        derive_token("secret", "visit", 17, "b@x.example"),
        derive_token("secret", "visit", 17, "a@x.example", 1),
        derive_token("Secret", "visit", 17, "a@x.example"),
    }
    assert len(tokens) == 6

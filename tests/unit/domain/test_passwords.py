"""Which passwords are refused, and why."""

from __future__ import annotations

import pytest

from matchmaker.domain.passwords import LONGEST, SHORTEST, Weakness, find_weakness

ABOUT = ["W&T-coördinator De Eiken", "coordinator@deeiken.example"]
GOOD = "paard batterij nietje stoel"


@pytest.mark.parametrize("password", [GOOD, "kjh38fk2lx9q", "ὀδυσσεὺς πολύτροπος", "   8 k ! w = 3 z Q   "])
def test_any_characters_will_do_as_long_as_they_are_hard_to_guess(password: str) -> None:
    assert find_weakness(password, ABOUT) is None


@pytest.mark.parametrize("password", ["", "k8!wQ=3zLp2", GOOD[: SHORTEST - 1]])
def test_fewer_than_twelve_characters_are_too_short(password: str) -> None:
    assert find_weakness(password, ABOUT) is Weakness.TOO_SHORT


def test_a_very_long_one_is_refused_without_looking_at_it() -> None:
    assert find_weakness("k8!wQ=3zLp" * 26, ABOUT) is Weakness.TOO_LONG
    assert find_weakness(("k8!wQ=3zLp" * 26)[:LONGEST], ABOUT) is None


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "wachtwoord123!",
        "WelkomWelkom1",
        "Techniek2026!",
        "zomer2026zomer2026",
        "Feyenoord1908!",
        "qwertyuiop123",
        "aaaaaaaaaaaaa",
        "abcdefghijkl",
        "123456789012",
        "x" * LONGEST,
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert find_weakness(password, ABOUT) is Weakness.EASY_TO_GUESS


@pytest.mark.parametrize("password", ["deeiken-coordinator", "coordinator2026", "eiken.coordinator"])
def test_what_others_know_of_the_person_is_refused(password: str) -> None:
    assert find_weakness(password, ABOUT) is Weakness.EASY_TO_GUESS

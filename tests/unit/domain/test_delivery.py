"""What answers of mail servers mean, and when a mail is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.delivery import (
    GIVE_UP_AFTER,
    HOLDS,
    MOST_ATTEMPTS,
    PERMANENT,
    Blame,
    Stage,
    bulk_share,
    judge_answer,
    next_attempt,
)

FIRST = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stage", "answer", "blame"),
    [
        # For now: this mail, or any mail.
        (Stage.RECIPIENT, "450 4.2.0 greylisted, come back in 10 minutes", Blame.LATER),
        (Stage.RECIPIENT, "451 4.3.0 try again", Blame.LATER),
        (Stage.RECIPIENT, "452 4.2.2 mailbox full", Blame.LATER),
        (Stage.TEXT, "451 4.7.1 later", Blame.LATER),
        (Stage.TEXT, "421 4.3.2 shutting down", Blame.BUSY),
        (Stage.RECIPIENT, "421 4.7.0 too many errors", Blame.BUSY),
        (Stage.SENDER, "432 4.3.2 too many connections", Blame.BUSY),
        (Stage.SENDER, "450 4.7.1 rate exceeded", Blame.BUSY),
        (Stage.WELCOME, "421 4.7.0 come back later", Blame.BUSY),
        (Stage.WELCOME, "454 4.7.0 temporary authentication failure", Blame.BUSY),
        # For good: the address.
        (Stage.RECIPIENT, "550 5.1.1 no such user", Blame.ADDRESS),
        (Stage.RECIPIENT, "550 no such user here", Blame.ADDRESS),
        (Stage.RECIPIENT, "551 user not local", Blame.ADDRESS),
        (Stage.RECIPIENT, "553 5.1.3 mailbox name not allowed", Blame.ADDRESS),
        (Stage.RECIPIENT, "550 5.2.1 mailbox disabled", Blame.ADDRESS),
        (Stage.TEXT, "550 5.1.1 no such user", Blame.ADDRESS),
        # For good: this mail.
        (Stage.SENDER, "552 5.3.4 message size exceeds fixed limit", Blame.MAIL),
        (Stage.RECIPIENT, "552 5.2.2 mailbox full", Blame.MAIL),
        (Stage.RECIPIENT, "550 5.7.1 this group takes mail of members only", Blame.MAIL),
        (Stage.RECIPIENT, "550 5.7.1 the recipient has blocked this sender", Blame.MAIL),
        (Stage.RECIPIENT, "554 transaction failed", Blame.MAIL),
        (Stage.TEXT, "552 5.3.4 too large", Blame.MAIL),
        (Stage.TEXT, "554 5.7.1 looks like spam", Blame.MAIL),
        (Stage.TEXT, "550 5.7.1 refused by policy", Blame.MAIL),
        # Until somebody changes a setting: any mail.
        (Stage.WELCOME, "535 5.7.8 authentication failed", Blame.ACCESS),
        (Stage.WELCOME, "554 5.7.1 no service for you", Blame.ACCESS),
        (Stage.SENDER, "530 5.7.0 authentication required", Blame.ACCESS),
        (Stage.SENDER, "553 5.7.1 sender address not owned by user", Blame.ACCESS),
        (Stage.RECIPIENT, "530 5.7.0 must issue STARTTLS first", Blame.ACCESS),
        (Stage.RECIPIENT, "554 5.7.1 <a@x.example>: Relay access denied", Blame.ACCESS),
        (Stage.RECIPIENT, "550 5.7.1 Unable to relay", Blame.ACCESS),
        (Stage.RECIPIENT, "553 5.7.1 Sender address rejected: not owned by user", Blame.ACCESS),
        (Stage.RECIPIENT, "550 Sender verify failed", Blame.ACCESS),
        (Stage.RECIPIENT, "550 5.1.8 domain of the sender does not resolve", Blame.ACCESS),
        (Stage.RECIPIENT, "554 5.7.1 Client host rejected: access denied", Blame.ACCESS),
    ],
)
def test_an_answer_tells_what_stands_in_the_way(stage: Stage, answer: str, blame: Blame) -> None:
    code, _, text = answer.partition(" ")
    assert judge_answer(stage, int(code), text) is blame


@given(st.sampled_from(Stage), st.integers(400, 599), st.text())
def test_a_temporary_answer_never_ends_an_attempt_for_good(stage: Stage, code: int, text: str) -> None:
    blame = judge_answer(stage, code, text)
    assert blame not in PERMANENT or code >= 500
    assert blame is not Blame.LATER or code < 500


def test_what_concerns_every_mail_holds_every_mail() -> None:
    assert set(HOLDS) == set(Blame) - PERMANENT - {Blame.LATER}


def attempts_of(chance: float) -> list[datetime]:
    """The moments of all attempts of a mail that is always refused for now."""
    moments = [FIRST]
    while (following := next_attempt(FIRST, moments[-1], len(moments), chance)) is not None:
        moments.append(following)
    return moments


def test_waits_grow_and_end_after_two_days() -> None:
    moments = attempts_of(0.5)
    waits = [(later - earlier) / timedelta(minutes=1) for earlier, later in pairwise(moments)]
    assert waits[:7] == [1, 5, 15, 60, 120, 240, 480]
    assert moments[-1] == FIRST + GIVE_UP_AFTER


@given(st.floats(0, 1, exclude_max=True))
def test_whatever_chance_does_the_last_attempt_comes_when_the_time_is_over(chance: float) -> None:
    moments = attempts_of(chance)
    assert moments == sorted(set(moments))
    assert moments[-1] == FIRST + GIVE_UP_AFTER
    assert len(moments) < MOST_ATTEMPTS


@given(st.integers(1, 23), st.floats(0, 1, exclude_max=True))
def test_chance_moves_a_wait_by_a_fifth_at_most(attempts: int, chance: float) -> None:
    usual = next_attempt(FIRST, FIRST, attempts, 0.5)
    moved = next_attempt(FIRST, FIRST, attempts, chance)
    assert usual is not None
    assert moved is not None
    assert abs((moved - FIRST) / (usual - FIRST) - 1) <= 0.2 + 1e-9


@pytest.mark.parametrize(("per_minute", "share"), [(1, 1), (4, 4), (5, 4), (60, 48), (100, 80)])
def test_a_fifth_is_kept_for_who_signs_in(per_minute: int, share: int) -> None:
    assert bulk_share(per_minute) == share

"""For what an attempt counts, and when it is one too many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.domain.throttles import (
    MOST_GUESSES,
    WINDOW,
    Caller,
    Limit,
    is_exceeded,
    limits_for_guess,
    limits_for_mail,
    window_start,
)


def subjects(limits: list[Limit]) -> set[str]:
    return {limit.subject for limit in limits}


def test_a_guess_counts_for_the_account_the_address_and_the_site() -> None:
    limits = limits_for_guess(Caller("192.0.2.7", " Iemand@School.example "))
    assert subjects(limits) == {"address:192.0.2.7", "account:iemand@school.example", "site:"}


def test_a_device_that_the_owner_used_before_counts_for_itself() -> None:
    limits = limits_for_guess(Caller("192.0.2.7", "iemand@school.example", "mark"))
    assert subjects(limits) == {"device:mark", "site:"}


def test_a_guess_without_account_counts_for_the_address() -> None:
    assert subjects(limits_for_guess(Caller("192.0.2.7"))) == {"address:192.0.2.7", "site:"}


def test_asking_for_mails_never_uses_up_guesses() -> None:
    caller = Caller("192.0.2.7", "iemand@school.example")
    assert not subjects(limits_for_mail(caller)) & subjects(limits_for_guess(caller))


@pytest.mark.parametrize(("count", "exceeded"), [(MOST_GUESSES, False), (MOST_GUESSES + 1, True)])
def test_the_last_attempt_within_the_limit_is_allowed(count: int, exceeded: bool) -> None:
    limits = [Limit("address:a", MOST_GUESSES), Limit("site:", 1000)]
    assert is_exceeded(limits, [count, count]) is exceeded


def test_windows_follow_each_other_without_a_gap() -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert window_start(noon) == noon
    assert window_start(noon + WINDOW - timedelta(seconds=1)) == noon
    assert window_start(noon + WINDOW) == noon + WINDOW

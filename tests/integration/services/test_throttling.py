"""Attempts are counted in the database, exactly, unreadably, and never let through uncounted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker.domain.errors import SignInCodeError, TooManyAttemptsError
from matchmaker.domain.throttles import MOST_GUESSES, MOST_MAILS_FOR_ADDRESS, WINDOW, Caller
from matchmaker.extensions import db
from matchmaker.models import AttemptCount
from matchmaker.services.throttling import count_mail_request, counted_guess

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALLER = Caller("192.0.2.7", "iemand@school.example")


def guess_wrong(caller: Caller = CALLER) -> None:
    with pytest.raises(SignInCodeError), counted_guess(caller):
        raise SignInCodeError


def guess_right(caller: Caller = CALLER) -> None:
    with counted_guess(caller):
        pass


def test_after_ten_wrong_guesses_even_a_right_one_waits(app: Flask) -> None:
    with time_machine.travel(MONDAY + timedelta(minutes=1), tick=False):
        for _ in range(MOST_GUESSES):
            guess_wrong()
        with pytest.raises(TooManyAttemptsError) as refused:
            guess_right()
    assert refused.value.wait == timedelta(minutes=4)
    with time_machine.travel(MONDAY + WINDOW, tick=False):
        guess_right()


def test_right_guesses_never_add_up(app: Flask) -> None:
    for _ in range(3 * MOST_GUESSES):
        guess_right()


@pytest.mark.parametrize(
    "other",
    [Caller("192.0.2.7", "ander@school.example"), Caller("198.51.100.1", "iemand@school.example")],
    ids=["the same address", "the same account"],
)
@time_machine.travel(MONDAY, tick=False)
def test_the_limit_holds_for_an_address_and_for_an_account(app: Flask, other: Caller) -> None:
    for _ in range(MOST_GUESSES):
        guess_wrong()
    with pytest.raises(TooManyAttemptsError):
        guess_right(other)


@time_machine.travel(MONDAY, tick=False)
def test_others_and_the_owner_on_a_known_device_still_get_in(app: Flask) -> None:
    for _ in range(MOST_GUESSES + 5):
        with pytest.raises((SignInCodeError, TooManyAttemptsError)), counted_guess(CALLER):
            raise SignInCodeError
    guess_right(Caller("198.51.100.1", "ander@school.example"))
    guess_right(Caller("192.0.2.7", "iemand@school.example", "known"))


@time_machine.travel(MONDAY, tick=False)
def test_a_known_device_has_a_limit_too(app: Flask) -> None:
    known = Caller("192.0.2.7", "iemand@school.example", "known")
    for _ in range(MOST_GUESSES):
        guess_wrong(known)
    with pytest.raises(TooManyAttemptsError):
        guess_right(known)


@time_machine.travel(MONDAY, tick=False)
def test_many_mails_from_one_address_wait(app: Flask) -> None:
    for _ in range(MOST_MAILS_FOR_ADDRESS):
        count_mail_request(CALLER)
    with pytest.raises(TooManyAttemptsError):
        count_mail_request(CALLER)
    count_mail_request(Caller("198.51.100.1"))


def test_of_many_attempts_at_one_moment_ten_are_made(app: Flask) -> None:
    barrier, at_once = Barrier(14, timeout=30), 14

    def attempt(_: int) -> bool:
        with app.app_context():
            barrier.wait()
            try:
                with counted_guess(CALLER):
                    raise SignInCodeError
            except SignInCodeError:
                return True
            except TooManyAttemptsError:
                return False

    with time_machine.travel(MONDAY, tick=False), ThreadPoolExecutor(at_once) as pool:
        made = list(pool.map(attempt, range(at_once)))
    assert sum(made) == MOST_GUESSES


def test_without_a_count_nobody_gets_in(app: Flask) -> None:
    AttemptCount.__table__.drop(db.engine)  # type: ignore[attr-defined]
    with pytest.raises(TooManyAttemptsError):
        guess_right()


def test_no_address_can_be_read_from_the_counts_and_old_ones_go(app: Flask) -> None:
    with time_machine.travel(MONDAY, tick=False):
        guess_wrong()
        with db.engine.connect() as connection:
            rows = str(connection.execute(sa.select(AttemptCount)).all())
    assert "192.0.2.7" not in rows
    assert "school.example" not in rows
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        guess_wrong()
        starts = db.session.scalars(sa.select(AttemptCount.window_starts_at)).all()
    assert set(starts) == {MONDAY + timedelta(days=1)}

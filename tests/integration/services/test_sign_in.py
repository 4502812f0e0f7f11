"""Signing in at one moment from many places: the limits hold however many ask at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier, Lock

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from flask import Flask

from matchmaker.config import Settings
from matchmaker.domain.errors import SignInCodeError
from matchmaker.extensions import db
from matchmaker.models import Message, SignInToken
from matchmaker.notifications.facts import SignInFacts
from matchmaker.services import sign_in
from tests.factories import UserFactory

KNOWN = "coordinator@deeiken.example"
AT_ONCE = 12


@pytest.fixture(autouse=True)
def _known_person(app: Flask) -> None:
    UserFactory(email=KNOWN)
    db.session.commit()


class CountingHasher:
    """Compares no code, counts how many were offered."""

    def __init__(self) -> None:
        self.compared = 0
        self.hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash
        self._lock = Lock()

    def verify(self, _hash: str, _code: str) -> None:
        with self._lock:
            self.compared += 1
        raise VerifyMismatchError


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    hasher = CountingHasher()
    monkeypatch.setattr(sign_in, "_hasher", hasher)
    return hasher


def do_at_once(app: Flask, work: Callable[[], object]) -> None:
    """Do the same in many threads that start together; an error of one is raised."""
    barrier = Barrier(AT_ONCE, timeout=30)

    def join_in(_: int) -> None:
        with app.app_context():
            barrier.wait()
            work()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(join_in, range(AT_ONCE)))


def test_of_many_wrong_codes_at_once_five_are_compared(app: Flask, hasher: CountingHasher) -> None:
    sign_in.request_sign_in(KNOWN)

    def try_a_code() -> None:
        with pytest.raises(SignInCodeError):
            sign_in.use_code(KNOWN, "000001")

    do_at_once(app, try_a_code)
    assert hasher.compared == sign_in.MOST_WRONG_CODES


def test_many_requests_at_once_make_five_mails_of_which_one_works(app: Flask, hasher: CountingHasher) -> None:
    do_at_once(app, lambda: sign_in.request_sign_in(KNOWN))
    tokens = db.session.scalars(sa.select(SignInToken)).all()
    assert len(tokens) == sign_in.MOST_LINKS
    assert sum(token.voided_at is None for token in tokens) == 1


def test_no_answer_tells_whether_an_address_is_known(hasher: CountingHasher) -> None:
    for email in (KNOWN, "onbekend@deeiken.example"):
        sign_in.request_sign_in(email)
        for _ in range(sign_in.MOST_WRONG_CODES + 2):
            with pytest.raises(SignInCodeError):
                sign_in.use_code(email, "000001")
    assert hasher.compared == sign_in.MOST_WRONG_CODES


def test_an_unknown_address_takes_as_much_work(
    hasher: CountingHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    compose = sign_in.compose_sign_in

    def count_mail(facts: SignInFacts, settings: Settings, moment: datetime) -> Message:
        made.append(facts.contact.email)
        return compose(facts, settings, moment)

    monkeypatch.setattr(sign_in, "compose_sign_in", count_mail)
    for email in (KNOWN, "onbekend@deeiken.example"):
        sign_in.request_sign_in(email)
    assert len(made) == 2
    assert db.session.scalars(sa.select(Message.recipient)).all() == [KNOWN]

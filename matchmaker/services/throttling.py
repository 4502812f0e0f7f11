"""Count attempts to get in before they are made, in the database that all machines share.

When the count cannot be written, the attempt is refused: without a count nobody gets in.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from matchmaker import clock
from matchmaker.domain.errors import NotFoundError, TooManyAttemptsError
from matchmaker.domain.throttles import (
    WINDOW,
    Caller,
    Limit,
    is_exceeded,
    is_used_up,
    limits_for_departure,
    limits_for_guess,
    limits_for_join,
    limits_for_link,
    limits_for_mail,
    window_start,
)
from matchmaker.extensions import db
from matchmaker.models import AttemptCount
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import ATTEMPTS

log = logging.getLogger(__name__)


def count_mail_request(caller: Caller) -> None:
    """Count that somebody asks for a mail.

    Raises
    ------
    TooManyAttemptsError
        When there were too many from this address or on the whole site.
    """
    _count(limits_for_mail(caller))


def count_departure(caller: Caller) -> None:
    """Count that somebody leaves to sign in elsewhere.

    Raises
    ------
    TooManyAttemptsError
        When there were too many from this address or on the whole site.
    """
    _count(limits_for_departure(caller))


def count_join_request(caller: Caller) -> None:
    """Count that somebody asks to join.

    Raises
    ------
    TooManyAttemptsError
        When there were too many from this network address, with this e-mail address, or on the whole site.
    """
    _count(limits_for_join(caller))


@contextmanager
def counted_guess(caller: Caller) -> Iterator[None]:
    """Count an attempt to get in before it is made; one that succeeds is taken off again.

    Raises
    ------
    TooManyAttemptsError
        When this account, this address or the whole site saw too many that failed; the attempt is
        not made then.
    """
    limits = limits_for_guess(caller)
    window = _count(limits)
    yield
    _take_off(limits, window)


@contextmanager
def limited_link(caller: Caller) -> Iterator[None]:
    """Follow a link with a secret in it; one that leads to nothing is counted.

    Following a link that works writes nothing: mail scanners and people open it as often as they like.

    Raises
    ------
    TooManyAttemptsError
        When this address followed too many links to nothing; the next is not followed then.
    """
    limits = limits_for_link(caller)
    now = clock.now()
    if is_used_up(limits, [_read_count(limit.subject, window_start(now)) for limit in limits]):
        raise TooManyAttemptsError(window_start(now) + WINDOW - now)
    try:
        yield
    except NotFoundError:
        _count(limits)
        raise


def mark_subject(subject: str) -> str:
    """Return a keyed hash of a subject: equal for equal subjects, unreadable without the secret key."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"attempt:" + subject.encode(), hashlib.sha256).hexdigest()


def _count(limits: Sequence[Limit]) -> datetime:
    now = clock.now()
    window = window_start(now)
    try:
        with write_transaction(ATTEMPTS) as session:
            session.execute(delete(AttemptCount).where(AttemptCount.window_starts_at < now - 2 * WINDOW))
            # In order, so that two transactions never wait for each other.
            counts = {
                limit.subject: _add_one(limit.subject, window)
                for limit in sorted(limits, key=lambda limit: mark_subject(limit.subject))
            }
    except SQLAlchemyError:
        log.exception("an attempt could not be counted and is refused")
        raise TooManyAttemptsError(WINDOW) from None
    if is_exceeded(limits, [counts[limit.subject] for limit in limits]):
        raise TooManyAttemptsError(window + WINDOW - now)
    return window


def _read_count(subject: str, window: datetime) -> int:
    statement = select(AttemptCount.count).where(
        AttemptCount.subject_hash == mark_subject(subject), AttemptCount.window_starts_at == window
    )
    return db.session.scalars(statement).one_or_none() or 0


def _add_one(subject: str, window: datetime) -> int:
    """Count one more in a single statement, so that attempts at one moment cannot share a number."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(AttemptCount)
        .values(subject_hash=mark_subject(subject), window_starts_at=window, count=1, created_at=clock.now())
        .on_conflict_do_update(
            index_elements=["subject_hash", "window_starts_at"], set_={"count": AttemptCount.count + 1}
        )
        .returning(AttemptCount.count)
    )
    return db.session.scalars(statement).one()


def _take_off(limits: Sequence[Limit], window: datetime) -> None:
    statement = (
        update(AttemptCount)
        .where(
            AttemptCount.subject_hash.in_([mark_subject(limit.subject) for limit in limits]),
            AttemptCount.window_starts_at == window,
            AttemptCount.count > 0,
        )
        .values(count=AttemptCount.count - 1)
    )
    with write_transaction(ATTEMPTS) as session:
        session.execute(statement)

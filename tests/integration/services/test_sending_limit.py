"""A provider never sees more mails in a minute than it takes, whoever sends them; signing in never waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Self

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker import clock
from matchmaker.domain.delivery import HOLDS, Blame, bulk_share
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import MailDeparture, Message
from matchmaker.models.message import BULK_LANE, URGENT_LANE
from matchmaker.notifications.transport import OutgoingMail, TransportError
from matchmaker.services import delivery
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.leases import LEASE, lease_next
from matchmaker.services.sending_limit import WINDOW
from tests.factories import MessageFactory

BEGAN = datetime.fromisoformat("2026-11-30T08:00:00+00:00")
PER_MINUTE = 10
SHARE = bulk_share(PER_MINUTE)


class Watch:
    """A transport that notes when each mail leaves, for all workers together."""

    def __init__(self) -> None:
        self.departures: list[tuple[datetime, str]] = []
        self.error: Exception | None = None

    def send(self, mail: OutgoingMail) -> None:
        if self.error:
            raise self.error
        self.departures.append((clock.now(), mail.recipient))

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def most_in_a_minute(self) -> int:
        moments = [moment for moment, _ in self.departures]
        return max(sum(start <= m < start + timedelta(minutes=1) for m in moments) for start in moments)


@pytest.fixture
def watch(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(delivery, "open_transport", lambda _settings: watch)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_per_minute=PER_MINUTE)
    return watch


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock to a moment; it stands at `BEGAN`."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(BEGAN)
    return set_clock


def put_in_outbox(number: int, lane: int = BULK_LANE) -> None:
    for _ in range(number):
        MessageFactory(lane=lane)
    db.session.commit()


def count_sent() -> int:
    db.session.rollback()
    return db.session.scalars(
        sa.select(sa.func.count()).select_from(Message).where(Message.state == MessageState.SENT)
    ).one()


def test_in_no_minute_more_leave_than_the_limit_and_all_leave_in_the_end(
    watch: Watch, at: Callable[[datetime], None]
) -> None:
    put_in_outbox(4 * SHARE)
    now = BEGAN
    while (report := deliver_due_messages()).resume_at is not None:
        assert report.resume_at > now
        now = report.resume_at
        at(now)
    assert len(watch.departures) == 4 * SHARE
    assert watch.most_in_a_minute() == SHARE
    # Nobody waits longer than the limit asks: three windows after the first.
    assert now <= BEGAN + 4 * WINDOW


def test_the_limit_is_a_sliding_one(watch: Watch, at: Callable[[datetime], None]) -> None:
    put_in_outbox(3 * SHARE)
    for second in range(200):
        at(BEGAN + timedelta(seconds=second))
        # One mail each ten seconds, until the window is full of them.
        deliver_due_messages(limit=1 if second < 50 and second % 10 == 0 else 0)
        if second >= 50:
            deliver_due_messages()
        if watch.departures:
            assert watch.most_in_a_minute() <= SHARE
    assert len(watch.departures) == 3 * SHARE


def test_signing_in_waits_for_no_limit_and_counts(watch: Watch, at: Callable[[datetime], None]) -> None:
    put_in_outbox(2 * SHARE)
    deliver_due_messages()
    put_in_outbox(2, URGENT_LANE)
    at(BEGAN + timedelta(seconds=30))
    assert deliver_due_messages(urgent_only=True).sent == 2
    assert watch.most_in_a_minute() == PER_MINUTE
    # The two count for a minute of their own, so fewer others leave meanwhile.
    at(BEGAN + WINDOW)
    assert deliver_due_messages().sent == SHARE - 2
    assert watch.most_in_a_minute() == PER_MINUTE


def test_many_who_sign_in_leave_at_once_all_the_same(watch: Watch, at: Callable[[datetime], None]) -> None:
    put_in_outbox(3 * PER_MINUTE, URGENT_LANE)
    put_in_outbox(1)
    assert deliver_due_messages().sent == 3 * PER_MINUTE
    assert deliver_due_messages().sent == 0


def test_workers_at_once_keep_to_one_limit(app: Flask, watch: Watch, at: Callable[[datetime], None]) -> None:
    put_in_outbox(5 * SHARE)
    start, reports = threading.Barrier(4), []

    def work() -> None:
        with app.app_context():
            start.wait()
            reports.append(deliver_due_messages())
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(report.sent for report in reports) == len(watch.departures) == count_sent() == SHARE


def test_what_a_worker_died_over_counts_until_nobody_can_still_be_sending_it(
    watch: Watch, at: Callable[[datetime], None]
) -> None:
    put_in_outbox(2 * SHARE)
    assert lease_next(PER_MINUTE) is not None
    assert deliver_due_messages().sent == SHARE - 1
    at(BEGAN + WINDOW)
    assert deliver_due_messages().sent == SHARE - 1
    at(BEGAN + WINDOW + LEASE)
    assert deliver_due_messages().sent == 2
    assert watch.most_in_a_minute() < SHARE


def test_what_no_server_heard_of_does_not_count(watch: Watch, at: Callable[[datetime], None]) -> None:
    put_in_outbox(SHARE)
    watch.error = TransportError("connection refused", HOLDS[Blame.BUSY])
    for minute in range(20):
        at(BEGAN + timedelta(minutes=minute))
        deliver_due_messages()
    watch.error = None
    at(BEGAN + timedelta(minutes=20))
    assert deliver_due_messages().sent == SHARE


def test_without_a_limit_nothing_is_counted(app: Flask, watch: Watch, at: Callable[[datetime], None]) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_per_minute=0)
    put_in_outbox(3 * PER_MINUTE)
    report = deliver_due_messages()
    assert (report.sent, report.resume_at) == (3 * PER_MINUTE, None)
    assert db.session.scalars(sa.select(MailDeparture)).all() == []

"""The figures for Prometheus: closed without the token, from the database, about nobody."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from matchmaker.domain.incoming import IncomingKind, IncomingOutcome
from matchmaker.domain.kinds import MessageKind
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import IncomingMail, Message, SendingState
from matchmaker.models.message import URGENT_LANE
from matchmaker.services.heartbeat import note_heartbeat
from matchmaker.services.sending import pause_sending
from tests.factories import MessageFactory, UserFactory
from tests.site import Site, StrictClient, open_site_app, sign_in_as

TOKEN = "a-token-of-more-than-24-letters"
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Figures = dict[tuple[str, ...], float]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Run on both databases: the figures are counted there."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(autouse=True)
def frozen(site_app: Flask, site: Site) -> Iterator[None]:
    """No mail but that of the test, and a clock that stands still."""
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], metrics_token=TOKEN)
    with site_app.app_context():
        db.session.execute(sa.delete(Message))
        db.session.commit()
    with time_machine.travel(NOW, tick=False):
        yield


def read(visitor: StrictClient) -> Figures:
    response = visitor.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (response.status_code, response.content_type) == (200, "text/plain; version=0.0.4; charset=utf-8")
    families = text_string_to_metric_families(response.get_data(as_text=True))
    return {
        (sample.name.removeprefix("matchmaker_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def add_incoming(outcome: IncomingOutcome, number: int) -> None:
    for each in range(number):
        digest = f"{outcome}-{each}"
        db.session.add(IncomingMail(digest=digest, kind=IncomingKind.BOUNCE, outcome=outcome, reason=""))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Token {TOKEN}"},
        {"Authorization": "Bearer é"},
    ],
)
def test_without_the_token_there_is_no_such_page(visitor: StrictClient, headers: dict[str, str]) -> None:
    missing = visitor.get("/nergens")
    response = visitor.get("/metrics", headers=headers)
    assert (response.status_code, response.data) == (404, missing.data)


def test_without_a_token_in_the_settings_nothing_opens(site_app: Flask, visitor: StrictClient) -> None:
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], metrics_token="")
    for sent in (TOKEN, ""):
        assert visitor.get("/metrics", headers={"Authorization": f"Bearer {sent}"}).status_code == 404


def test_a_quiet_site_has_quiet_figures(site_app: Flask, visitor: StrictClient) -> None:
    figures = read(visitor)
    assert math.isnan(figures.pop(("worker_heartbeat_age_seconds",)))
    assert set(figures.values()) == {0.0}
    assert ("mail_waiting", "urgent") in figures
    assert ("mail_oldest_due_seconds", "bulk") in figures


def test_figures_are_those_of_the_database(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    with site_app.app_context():
        note_heartbeat()
        MessageFactory(next_attempt_at=NOW - 3 * MINUTE, lane=URGENT_LANE)
        for number in range(4):
            MessageFactory(next_attempt_at=NOW - number * MINUTE, state=MessageState.SENT)
        MessageFactory(next_attempt_at=NOW - timedelta(days=2), state=MessageState.SENT)
        MessageFactory(next_attempt_at=NOW - MINUTE, state=MessageState.FAILED, kind=MessageKind.RESULT_HOST)
        MessageFactory(next_attempt_at=NOW + 9 * MINUTE, attempts=2)
        UserFactory(mail_trouble=MailTrouble.BOUNCED)
        for outcome, number in ((IncomingOutcome.HANDLED, 2), (IncomingOutcome.REFUSED, 1)):
            add_incoming(outcome, number)
        db.session.execute(sa.update(SendingState).values(problem="x", problem_since=NOW - 2 * MINUTE))
        db.session.commit()
        pause_sending(site.own.region_id)
    figures = read(visitor)
    assert figures["ready",] == 1
    assert figures["worker_heartbeat_age_seconds",] == 0
    assert (figures["mail_waiting", "urgent"], figures["mail_waiting", "bulk"]) == (1, 1)
    assert figures["mail_oldest_due_seconds", "urgent"] == 180
    assert figures["mail_oldest_due_seconds", "bulk"] == 0
    assert figures["mail_last_day", "visit_school", "sent"] == 4
    assert figures["mail_last_day", "visit_school", "queued"] == 1
    assert figures["mail_last_day", "result_host", "failed"] == 1
    assert figures["people_in_trouble", "bounced"] == 1
    assert figures["incoming_last_day", "bounce", "handled"] == 2
    assert figures["incoming_last_day", "bounce", "refused"] == 1
    assert figures["mail_refused_seconds",] == 120
    assert (figures["regions_paused",], figures["mail_paused",]) == (1, 0)


def test_another_process_tells_the_same(site_app: Flask, visitor: StrictClient) -> None:
    with site_app.app_context():
        MessageFactory(next_attempt_at=NOW, state=MessageState.SENT)
        note_heartbeat()
        db.session.commit()
    told = read(visitor)
    with open_site_app(site_app.config["SETTINGS"]) as other:
        assert read(sign_in_as(other, None)) == told


def test_nobody_is_named(site_app: Flask, site: Site, visitor: StrictClient) -> None:
    with site_app.app_context():
        MessageFactory(
            region_id=site.own.region_id, recipient="iemand@school.example", last_error="550 iemand"
        )
        db.session.commit()
    page = visitor.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).get_data(as_text=True)
    assert [word for word in ("@", "iemand", "chterhoek", "Eiken", "550") if word in page] == []

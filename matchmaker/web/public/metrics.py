"""The figures of the site in the text format of Prometheus.

They are read from the database each time, so that it does not matter which of several processes answers,
and a restart changes nothing. No figure names a person, an organisation or a region.
"""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Gauge, generate_latest

from matchmaker.domain.incoming import IncomingKind, IncomingOutcome
from matchmaker.domain.site_health import Vitals, list_troubles
from matchmaker.queries.incoming import count_incoming
from matchmaker.queries.mail_figures import LATELY, MailFigures, read_mail_figures
from matchmaker.queries.sending import Sending, get_sending
from matchmaker.queries.site_health import read_vitals

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def render_metrics(now: datetime) -> bytes:
    """Return the figures of this moment."""
    registry = CollectorRegistry()
    _add_health(registry, read_vitals(now), now)
    _add_sending(registry, get_sending(), now)
    _add_mail(registry, read_mail_figures(now), now)
    _add_incoming(registry, count_incoming(now - LATELY))
    return generate_latest(registry)


def _add_health(registry: CollectorRegistry, vitals: Vitals, now: datetime) -> None:
    ready = Gauge("matchmaker_ready", "1 when the site does its work, as /readyz says", registry=registry)
    ready.set(not list_troubles(vitals, now))
    age = Gauge(
        "matchmaker_worker_heartbeat_age_seconds",
        "Since a worker last noted that it lives; not a number when none ever did",
        registry=registry,
    )
    age.set(_seconds_since(vitals.beat_at, now) if vitals.beat_at else float("nan"))


def _add_sending(registry: CollectorRegistry, sending: Sending, now: datetime) -> None:
    paused = Gauge("matchmaker_mail_paused", "1 while all mail is held back by decision", registry=registry)
    paused.set(sending.paused_at is not None)
    refused = Gauge(
        "matchmaker_mail_refused_seconds",
        "Since the mail server takes nothing; 0 when it takes mail",
        registry=registry,
    )
    refused.set(_seconds_since(sending.problem_since, now))


def _add_mail(registry: CollectorRegistry, figures: MailFigures, now: datetime) -> None:
    waiting = Gauge("matchmaker_mail_waiting", "Mails that have yet to leave", ["lane"], registry=registry)
    oldest = Gauge(
        "matchmaker_mail_oldest_due_seconds",
        "Since the oldest of them could have left; 0 when none could",
        ["lane"],
        registry=registry,
    )
    for name, lane in figures.lanes.items():
        waiting.labels(name).set(lane.waiting)
        oldest.labels(name).set(_seconds_since(lane.oldest_due_at, now))
    lately = Gauge(
        "matchmaker_mail_last_day",
        "Mails of the last 24 hours by kind and state; queued ones were postponed",
        ["kind", "state"],
        registry=registry,
    )
    for (kind, state), number in sorted(figures.outcomes.items()):
        lately.labels(kind.value, state.value).set(number)
    troubled = Gauge(
        "matchmaker_people_in_trouble", "Accounts whom mail does not reach", ["trouble"], registry=registry
    )
    for trouble, number in figures.people_in_trouble.items():
        troubled.labels(trouble.value).set(number)
    paused = Gauge("matchmaker_regions_paused", "Regions that hold their mail back", registry=registry)
    paused.set(figures.paused_regions)


def _add_incoming(
    registry: CollectorRegistry, counts: dict[tuple[IncomingKind, IncomingOutcome], int]
) -> None:
    incoming = Gauge(
        "matchmaker_incoming_last_day",
        "Mails that came in during the last 24 hours, by kind and what became of them",
        ["kind", "outcome"],
        registry=registry,
    )
    for (kind, outcome), number in sorted(counts.items()):
        incoming.labels(kind.value, outcome.value).set(number)


def _seconds_since(moment: datetime | None, now: datetime) -> float:
    return (now - moment).total_seconds() if moment else 0.0

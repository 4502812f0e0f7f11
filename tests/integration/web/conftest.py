"""Pages on SQLite; a module that must hold on both databases takes the root's `database_url` back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from matchmaker import clock
from matchmaker.domain.kinds import ActivityKind
from matchmaker.extensions import db
from matchmaker.models import Host, Round
from tests.factories import ActivityFactory, SlotFactory
from tests.site import Site
from tests.site.fixtures import coordinator, count_queries, host_contact, organiser, site, site_app, visitor

__all__ = ["coordinator", "count_queries", "host_contact", "organiser", "site", "site_app", "visitor"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Run on SQLite alone."""
    return sqlite_url


@pytest.fixture
def robots(site_app: Flask, site: Site) -> int:
    """A second activity, for other levels and of another kind, with one free date."""
    with site_app.app_context():
        round_ = db.session.get_one(Round, site.own.round_id)
        activity = ActivityFactory(
            host=db.session.get_one(Host, site.own.host_id),
            title="Robots <b>bouwen</b> & 100% techniek",
            kind=ActivityKind.WORKSHOP,
            levels=["vo1", "vo2"],
        )
        SlotFactory(
            activity=activity,
            round=round_,
            starts_at=clock.now() + timedelta(days=40),
            ends_at=clock.now() + timedelta(days=40, hours=1),
        )
        db.session.commit()
        return int(activity.id)

"""Guards look at the whole site; one database is enough for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.config import Settings
from tests.conftest import make_settings
from tests.providers import BentProvider, settings_for
from tests.providers.bent import CLIENT_ID, SECRET
from tests.site import Site
from tests.site.fixtures import site, site_app
from tests.site.ground import Ground

__all__ = ["site", "site_app"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Run on SQLite alone."""
    return sqlite_url


@pytest.fixture(scope="session")
def provider() -> Iterator[BentProvider]:
    """A provider of sign-in, which the site under guard knows."""
    with BentProvider.started() as provider:
        yield provider


@pytest.fixture
def settings(tmp_path: Path, database_url: str, provider: BentProvider) -> Settings:
    """Settings with which every page has all it can show."""
    known = settings_for("bent", provider.issuer, CLIENT_ID, SECRET)
    return make_settings(tmp_path / "instance", database_url, **known)


@pytest.fixture
def ground(site_app: Flask, site: Site) -> Iterator[Ground]:
    """The built site, which can be put back to how it was; the clock stands still."""
    path = sa.make_url(site_app.config["SETTINGS"].database_url).database
    assert path is not None
    with time_machine.travel(clock.now(), tick=False):
        yield Ground(site_app, site, Path(path))

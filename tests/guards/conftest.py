"""Guards look at the whole site; one database is enough for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from tests.site import Site
from tests.site.fixtures import site, site_app
from tests.site.ground import Ground

__all__ = ["site", "site_app"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Run on SQLite alone."""
    return sqlite_url


@pytest.fixture
def ground(site_app: Flask, site: Site) -> Iterator[Ground]:
    """The built site, which can be put back to how it was; the clock stands still."""
    path = sa.make_url(site_app.config["SETTINGS"].database_url).database
    assert path is not None
    with time_machine.travel(clock.now(), tick=False):
        yield Ground(site_app, site, Path(path))

"""Guards look at the whole site; one database is enough for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from matchmaker.config import Settings
from tests.site import Site, build_site, open_site_app


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Run on SQLite alone."""
    return sqlite_url


@pytest.fixture
def site_app(settings: Settings) -> Iterator[Flask]:
    """The application outside any context."""
    with open_site_app(settings) as app:
        yield app


@pytest.fixture
def site(site_app: Flask) -> Site:
    """Two regions with everything a page can show."""
    with site_app.app_context():
        return build_site()

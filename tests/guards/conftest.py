"""Guards look at the whole site; one database is enough for them."""

from __future__ import annotations

import pytest

from tests.site.fixtures import site, site_app

__all__ = ["site", "site_app"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Run on SQLite alone."""
    return sqlite_url

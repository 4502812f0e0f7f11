"""The queue is beside the database, so one database is enough here."""

from __future__ import annotations

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite only."""
    return sqlite_url

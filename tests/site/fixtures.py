"""Fixtures of tests that look at pages; a folder's conftest.py imports them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from matchmaker.config import Settings
from tests.site import Site, StrictClient, build_site, open_site_app, sign_in_as

CountQueries = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def site_app(settings: Settings) -> Iterator[Flask]:
    """The application outside any context, so that each request has one of its own."""
    with open_site_app(settings) as app:
        yield app


@pytest.fixture
def site(site_app: Flask) -> Site:
    """Two regions with everything a page can show."""
    with site_app.app_context():
        return build_site()


@pytest.fixture
def visitor(site_app: Flask) -> StrictClient:
    """Somebody who did not sign in."""
    return sign_in_as(site_app, None)


@pytest.fixture
def coordinator(site_app: Flask, site: Site) -> StrictClient:
    """The coordinator of the first region's school."""
    return sign_in_as(site_app, site.coordinator)


@pytest.fixture
def host_contact(site_app: Flask, site: Site) -> StrictClient:
    """The contact of the first region's host."""
    return sign_in_as(site_app, site.host_contact)


@pytest.fixture
def organiser(site_app: Flask, site: Site) -> StrictClient:
    """The organiser of the first region."""
    return sign_in_as(site_app, site.organiser)


@pytest.fixture
def count_queries() -> CountQueries:
    """Collect the statements that are sent to the database meanwhile."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            statements.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting

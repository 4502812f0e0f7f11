"""Words and formats need a language, but no database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from matchmaker.app import create_app
from tests.conftest import make_settings


@pytest.fixture(scope="session")
def word_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application that never asks its database anything."""
    return create_app(make_settings(Path(tmp_path_factory.mktemp("words")), "sqlite:///:memory:"))


@pytest.fixture
def dutch(word_app: Flask) -> Iterator[None]:
    """A Dutch page."""
    with word_app.test_request_context(), force_locale("nl"):
        yield


@pytest.fixture
def english(word_app: Flask) -> Iterator[None]:
    """An English page."""
    with word_app.test_request_context(), force_locale("en"):
        yield

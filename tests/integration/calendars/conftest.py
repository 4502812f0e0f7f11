"""The life of a visit, lived once for all tests that look at its mails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import time_machine

from matchmaker.app import create_app
from matchmaker.extensions import db
from tests.conftest import make_settings
from tests.integration.calendars.lives import AUTUMN, SPRING, TODAY, Step, live


@pytest.fixture(scope="session", params=[SPRING, AUTUMN], ids=["spring", "autumn"])
def lives(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> dict[str, list[Step]]:
    """Two people's mails about one visit: it comes, crosses a night in which the clock changes, and goes."""
    folder = tmp_path_factory.mktemp("life")
    shutil.copyfile(sqlite_template, folder / "life.sqlite")
    app = create_app(make_settings(folder / "instance", f"sqlite:///{folder / 'life.sqlite'}"))
    app.config["TESTING"] = True
    with app.app_context(), time_machine.travel(TODAY, tick=False):
        found = live(request.param)
        db.session.remove()
        db.engine.dispose()
    return found

"""A real browser looks at the real site: the application in this process on a free loopback port."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

from matchmaker.config import ROOT
from tests.conftest import make_settings
from tests.site import Site, build_site, open_site_app
from tests.site.insight import add_insight

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the system's chromium: nothing is downloaded."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("The browser tests need chromium: run `apt-get install chromium` and try again.")
    return {"executable_path": chromium, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests name whole addresses; the plugin's own fixture of this name gives a warning."""


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The accessibility checker."""
    if not AXE.exists():
        pytest.fail("The browser tests need axe-core: run `npm ci --ignore-scripts` and try again.")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def site_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for all browser tests, with sign-in codes on the screen."""
    folder = tmp_path_factory.mktemp("browser")
    database = folder / "site.sqlite"
    shutil.copyfile(sqlite_template, database)
    with open_site_app(make_settings(folder, f"sqlite:///{database}", demo="true")) as app:
        yield app


@pytest.fixture(scope="session")
def site(site_app: Flask) -> Site:
    """Two regions with everything a page can show; tests here only read them."""
    with site_app.app_context():
        built = build_site()
        add_insight(built.own)
        add_insight(built.other, searching=True)
        return built


@pytest.fixture(scope="session")
def address(site_app: Flask, site: Site) -> Iterator[str]:
    """Where the site is served."""
    server = make_server("127.0.0.1", 0, site_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    site_app.config["SETTINGS"] = replace(site_app.config["SETTINGS"], base_url=url)
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def watched(context: BrowserContext, address: str) -> Iterator[list[str]]:
    """Collect what must not happen: requests to other hosts, and errors in the console."""
    wrong: list[str] = []

    def watch_request(request: Any) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            wrong.append(f"request to {request.url}")

    def watch_console(message: Any) -> None:
        if message.type in {"error", "warning"}:
            wrong.append(f"{message.type}: {message.text}")

    context.on("request", watch_request)
    context.on("console", watch_console)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    yield wrong
    assert wrong == []


@pytest.fixture
def sign_in(page: Page, address: str, watched: list[str]) -> Any:
    """Sign in as somebody of a region, with the code on the screen."""

    def enter(role: str, region: str = "achterhoek") -> Page:
        page.goto(f"{address}/inloggen")
        page.get_by_label("E-mailadres").fill(f"{role}@{region}.example")
        page.get_by_role("button", name="Stuur mij een code").click()
        page.get_by_label("Code van 6 cijfers").fill(page.locator(".demo-code").inner_text())
        page.get_by_role("button", name="Inloggen").click()
        return page

    return enter

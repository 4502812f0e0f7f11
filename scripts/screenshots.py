"""Take the README's screenshots anew: the example region in its own scratch instance, one run solved.

make screenshots
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
WIDE, PHONE = (1280, 900), (390, 844)
SOLVE_MILLISECONDS = 180_000


@contextmanager
def serve(instance: str) -> Iterator[str]:
    """Run the site on a free port with the example region; give its address."""
    environment = {**os.environ, "MATCHMAKER_INSTANCE_PATH": instance, "MATCHMAKER_DEMO": "true"}
    flask = [sys.executable, "-m", "flask"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    site = subprocess.Popen([*flask, "site", "serve", "--port", port], cwd=ROOT, env=environment)
    try:
        yield _wait_for(f"http://127.0.0.1:{port}")
    finally:
        site.terminate()
        site.wait()


def _wait_for(address: str) -> str:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address):  # noqa: S310 - our own loopback address
                return address
        except urllib.error.URLError:
            time.sleep(0.3)
    raise SystemExit("The site did not start.")


def open_page(browser: Browser, address: str, role: int, size: tuple[int, int]) -> Page:
    """Sign in with one of the ways in that the demonstration offers, in its order."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="nl-NL")
    page = context.new_page()
    page.goto(f"{address}/inloggen")
    page.locator(".choices button").nth(role).click()
    page.get_by_label("Code van 6 cijfers").fill(page.locator(".demo-code").inner_text())
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_load_state()
    return page


def take_all(address: str) -> None:
    """Walk through the pages as each audience and keep a picture of each."""
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        organiser = open_page(browser, address, 0, WIDE)
        home = organiser.url
        organiser.get_by_role("button", name="Toewijzing starten").click()
        organiser.get_by_role("link", name="Publiceren …").wait_for(timeout=SOLVE_MILLISECONDS)
        organiser.screenshot(path=IMAGES / "run.png")
        organiser.goto(home)
        organiser.screenshot(path=IMAGES / "organiser-home.png")
        open_page(browser, address, 1, PHONE).screenshot(path=IMAGES / "school-home.png")
        open_page(browser, address, 2, PHONE).screenshot(path=IMAGES / "host-home.png")
        browser.close()


def main() -> None:
    """Take the screenshots."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as instance, serve(instance) as address:
        take_all(address)


if __name__ == "__main__":
    main()

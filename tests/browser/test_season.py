"""A season from end to end: the example region, served as `make run` serves it, run by its organiser."""

from __future__ import annotations

import email
import email.policy
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from matchmaker.config import ROOT
from tests.unit.notifications.calendar_readers import read_with_ical_js

ORGANISER = "organisator@techniekpact-achterhoek-liemers.example"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass
class RunningSite:
    """A site in a process of its own."""

    address: str
    instance: Path
    process: subprocess.Popen[str]

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Look into its database from outside."""
        with closing(
            sqlite3.connect(f"file:{self.instance / 'matchmaker.sqlite'}?mode=ro", uri=True)
        ) as found:
            return found.execute(statement).fetchall()

    def stop(self) -> int:
        """Stop it as an operator does."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)
        return self.process.returncode


def environment(instance: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")}
    return {
        **clean,
        "MATCHMAKER_INSTANCE_PATH": str(instance),
        "MATCHMAKER_DEMO": "true",
        "MATCHMAKER_QUIET_HOURS": "false",
        "MATCHMAKER_SOLVE_SECONDS": "30",
    }


def start_site(instance: Path) -> RunningSite:
    """Migrate and serve, and wait until the first page is there."""
    site = launch(instance)
    _wait_until_up(site)
    return site


def launch(instance: Path) -> RunningSite:
    """Migrate and begin to serve."""
    flask = [sys.executable, "-m", "flask"]
    subprocess.run(
        [*flask, "db", "upgrade"], cwd=ROOT, env=environment(instance), check=True, capture_output=True
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*flask, "site", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment(instance),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return RunningSite(f"http://127.0.0.1:{port}", instance, process)


def _wait_until_up(site: RunningSite) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and site.process.poll() is None:
        try:
            with urllib.request.urlopen(site.address):
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    site.process.kill()
    raise AssertionError(f"the site does not start: {site.process.communicate()[0]}")


@pytest.fixture(scope="module")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    site = start_site(tmp_path_factory.mktemp("season"))
    yield site
    if site.process.poll() is None:
        site.stop()


def sign_in(page: Page, site: RunningSite, address: str) -> None:
    page.goto(f"{site.address}/inloggen")
    page.get_by_label("E-mailadres").fill(address)
    page.get_by_role("button", name="Stuur mij een code").click()
    page.get_by_label("Code van 6 cijfers").fill(page.locator(".demo-code").inner_text())
    page.get_by_role("button", name="Inloggen").click()


@pytest.mark.timeout(600)
def test_an_organiser_solves_checks_and_publishes_and_everybody_hears(
    page: Page, running_site: RunningSite
) -> None:
    before = {row[0] for row in running_site.rows("SELECT id FROM message")}
    sign_in(page, running_site, ORGANISER)
    page.get_by_role("button", name="Toewijzing starten").click()
    expect(page.get_by_role("heading", name=re.compile("De toewijzing (loopt|wacht)"))).to_be_visible()
    page.get_by_role("link", name="Publiceren …").click(timeout=180_000)
    page.get_by_role("button", name="Ja, publiceren en versturen").click()
    expect(page.get_by_text("Deze uitslag is gepubliceerd op")).to_be_visible(timeout=60_000)
    wait_for_delivery(running_site)

    page.get_by_role("navigation").get_by_role("link", name="Berichten").click()
    total = running_site.rows("SELECT count(*) FROM message WHERE region_id IS NOT NULL")[0][0]
    expect(page.get_by_role("heading", name=f"{total} berichten")).to_be_visible()

    new = [row for row in running_site.rows(MESSAGES) if row[0] not in before]
    assert_everybody_got_an_overview(running_site, new)
    assert_invitations_are_right(running_site, new)


MESSAGES = "SELECT id, kind, recipient, body FROM message WHERE region_id IS NOT NULL ORDER BY id"
PEOPLE = """
SELECT u.email FROM membership m JOIN user_account u ON u.id = m.user_id
WHERE m.organisation_id IN (SELECT g.school_id FROM school_group g JOIN wish_list w ON w.group_id = g.id
                            JOIN round r ON r.id = w.round_id WHERE r.name = 'Tweede ronde')
   OR m.organisation_id IN (SELECT a.host_id FROM activity a JOIN slot s ON s.activity_id = a.id
                            JOIN round r ON r.id = s.round_id WHERE r.name = 'Tweede ronde')
"""
TIMES = """
SELECT b.calendar_uid, s.starts_at, s.ends_at FROM booking b JOIN slot s ON s.id = b.slot_id
UNION SELECT s.calendar_uid, s.starts_at, s.ends_at FROM slot s
"""


def wait_for_delivery(site: RunningSite) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        states = {row[0] for row in site.rows("SELECT DISTINCT state FROM message")}
        if states == {"sent"}:
            return
        time.sleep(0.5)
    raise AssertionError(f"not all mails were sent: {states}")


def assert_everybody_got_an_overview(site: RunningSite, messages: list[tuple[object, ...]]) -> None:
    told = {recipient for _, kind, recipient, _ in messages if str(kind).startswith("result_")}
    assert told == {row[0] for row in site.rows(PEOPLE)}


def assert_invitations_are_right(site: RunningSite, messages: list[tuple[object, ...]]) -> None:
    """Every invitation says the hour of its slot to icalendar and to ical.js, and in mail and attachment."""
    times = {uid: (moment(starts), moment(ends)) for uid, starts, ends in site.rows(TIMES)}
    files = [calendar_of(body) for _, kind, _, body in messages if str(kind).startswith("visit_")]
    bookings = site.rows("SELECT count(*) FROM booking b JOIN slot s ON s.id = b.slot_id JOIN round r"
                         " ON r.id = s.round_id WHERE r.name = 'Tweede ronde'")[0][0]  # fmt: skip
    assert len(files) > int(str(bookings)) > 100
    for file, read in zip(files, read_with_ical_js(*files), strict=True):
        (event,) = Calendar.from_ical(file).events
        starts, ends = times[str(event["uid"])]
        assert (event.start.astimezone(ZoneInfo("UTC")), event.end.astimezone(ZoneInfo("UTC"))) == (
            starts,
            ends,
        )
        (seen,) = read["events"]
        assert (moment(seen["starts"]), moment(seen["ends"])) == (starts, ends)
        assert seen["wallStart"] == starts.astimezone(AMSTERDAM).strftime("%Y-%m-%dT%H:%M:%S")
        assert read["method"] == "REQUEST"
        assert len(seen["attendees"]) == 1


def moment(text: object) -> datetime:
    found = datetime.fromisoformat(str(text))
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo("UTC"))


def calendar_of(body: object) -> bytes:
    assert isinstance(body, bytes)
    mail = email.message_from_bytes(body, policy=email.policy.default)
    parts = {part.get_content_type(): part for part in mail.walk()}
    file = parts["text/calendar"].get_payload(decode=True)
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    assert parts["application/ics"].get_payload(decode=True) == file
    assert parts["text/plain"].get_content().strip()
    assert parts["text/html"].get_content().strip()
    assert isinstance(file, bytes)
    return file


@pytest.mark.timeout(300)
def test_a_first_start_that_is_killed_is_finished_by_the_next(tmp_path: Path) -> None:
    killed = launch(tmp_path / "instance")
    while not killed.rows("SELECT 1 FROM school_group LIMIT 1"):
        time.sleep(0.1)
    killed.process.kill()
    killed.process.communicate()
    site = start_site(tmp_path / "instance")
    assert sorted(site.rows("SELECT phase FROM round")) == [("allocating",), ("published",)]
    assert site.rows("SELECT count(*) > 50 FROM booking") == [(1,)]
    assert site.stop() == 0


@pytest.mark.timeout(300)
def test_the_site_stops_cleanly_and_a_second_start_loses_nothing(tmp_path: Path) -> None:
    site = start_site(tmp_path / "instance")
    counts = (
        "SELECT (SELECT count(*) FROM booking), (SELECT count(*) FROM message), (SELECT count(*) FROM school)"
    )
    before = site.rows(counts)
    assert site.stop() == 0
    again = start_site(tmp_path / "instance")
    assert again.rows(counts) == before
    assert before[0][0] > 50
    assert again.stop() == 0

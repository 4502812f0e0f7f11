"""A CalDAV server and a program that keeps a calendar on it after RFC 5546: in the end nothing is left.

The server is Radicale, over loopback; it reads each object itself and refuses what is none. The program
does what section 3.2 of the RFC asks of whoever gets a mail, and is written for these tests: a REQUEST is
kept under its UID unless one with a higher SEQUENCE is there, a CANCEL takes that away. Like any program
it remembers what it dropped, so that a mail that was overtaken on its way does not bring it back.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
import requests
from icalendar import Calendar

from tests.integration.calendars.lives import SIDES, Step, delayed
from tests.integration.calendars.test_life_cycle import file_of

QUERY = """\
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
  <d:prop><d:getetag/><c:calendar-data/></d:prop>
  <c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"/></c:comp-filter></c:filter>
</c:calendar-query>"""
DATA = "{urn:ietf:params:xml:ns:caldav}calendar-data"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Radicale that anybody on this machine may use."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = tmp_path_factory.mktemp("radicale") / "settings"
    settings.write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[rights]\ntype = authenticated\n"
        f"[storage]\nfilesystem_folder = {settings.parent}\n[logging]\nlevel = warning\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "radicale", "--config", str(settings)],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    _wait_for(process, port)
    yield address
    process.terminate()
    process.communicate(timeout=20)


def _wait_for(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    process.kill()
    raise AssertionError(f"Radicale does not start: {process.communicate()[1]}")


@dataclass
class Agent:
    """Keeps one person's calendar by the mails that come in."""

    address: str
    person: str
    dropped: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the calendar."""
        self.session = requests.Session()
        self.session.auth = (self.person, "")
        self.folder = f"{self.address}/{quote(self.person)}/visits-{time.monotonic_ns()}/"
        assert self.session.request("MKCALENDAR", self.folder, timeout=20).status_code == 201

    def receive(self, file: bytes) -> None:
        """Do what a mail says."""
        calendar = Calendar.from_ical(file)
        method, (event,) = str(calendar.pop("method")), calendar.events
        uid, sequence = str(event["uid"]), int(event["sequence"])
        url = f"{self.folder}{quote(uid, safe='')}.ics"
        answer = self.session.get(url, timeout=20)
        known = int(Calendar.from_ical(answer.content).events[0]["sequence"]) if answer.ok else -1
        if sequence <= max(known, self.dropped.get(uid, -1)):
            return
        if method == "REQUEST":
            only = {"If-Match": answer.headers["ETag"]} if answer.ok else {"If-None-Match": "*"}
            kind = {"Content-Type": "text/calendar; charset=utf-8"}
            done = self.session.put(url, calendar.to_ical(), headers=only | kind, timeout=20)
            assert done.status_code in {201, 204}, done.text
        else:
            self.dropped[uid] = sequence
            if answer.ok:
                assert self.session.delete(url, timeout=20).ok

    def starts(self) -> list[datetime]:
        """Return when the appointments are, as the server gives them back."""
        answer = self.session.request("REPORT", self.folder, data=QUERY, headers={"Depth": "1"}, timeout=20)
        assert answer.status_code == 207, answer.text
        files = [node.text or "" for node in ET.fromstring(answer.content).iter(DATA)]
        return [e.start.astimezone(UTC) for file in files for e in Calendar.from_ical(file).events]


@pytest.mark.parametrize("side", SIDES)
def test_after_each_mail_the_calendar_shows_what_stands_and_in_the_end_nothing(
    lives: dict[str, list[Step]], server: str, side: str
) -> None:
    agent = Agent(server, side)
    for step in lives[side]:
        agent.receive(file_of(step))
        assert agent.starts() == ([step.starts_at] if step.starts_at else [])


@pytest.mark.parametrize("side", SIDES)
def test_a_repeated_mail_changes_nothing(lives: dict[str, list[Step]], server: str, side: str) -> None:
    agent = Agent(server, side)
    for step in lives[side]:
        agent.receive(file_of(step))
        agent.receive(file_of(step))
        assert agent.starts() == ([step.starts_at] if step.starts_at else [])


@pytest.mark.parametrize("side", SIDES)
def test_a_mail_that_was_overtaken_brings_nothing_back(
    lives: dict[str, list[Step]], server: str, side: str
) -> None:
    agent = Agent(server, side)
    for step in delayed(lives[side]):
        agent.receive(file_of(step))
    assert agent.starts() == []


@pytest.mark.parametrize("side", SIDES)
def test_a_cancellation_of_what_never_came_is_harmless(
    lives: dict[str, list[Step]], server: str, side: str
) -> None:
    agent = Agent(server, side)
    agent.receive(file_of(lives[side][-1]))
    assert agent.starts() == []

"""A command that is killed while it takes in a mail loses nothing and does nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from time_machine import escape_hatch

from matchmaker import scope
from matchmaker.config import ROOT, Settings
from matchmaker.domain.kinds import MessageKind
from matchmaker.extensions import db
from matchmaker.models import Booking
from tests.integration.incoming import programs
from tests.integration.incoming.conftest import Place, mails


def ingest(settings: Settings, raw: bytes, fail_at: str = "") -> subprocess.CompletedProcess[bytes]:
    """Pipe a mail into a process of its own, as a mail server does."""
    environ = {
        **os.environ,
        "MATCHMAKER_DATABASE_URL": settings.database_url,
        "MATCHMAKER_INSTANCE_PATH": str(settings.instance_path),
        "MATCHMAKER_SECRET_KEY": settings.secret_key,
        "MATCHMAKER_READ_REPLIES": "true",
        "FAIL_AT": fail_at,
    }
    command = [sys.executable, "-m", "flask", "mail", "ingest"]
    return subprocess.run(command, input=raw, capture_output=True, cwd=ROOT, env=environ, check=False)


def let_visit_begin(place: Place, starts_at: datetime) -> None:
    """Put the visit at another time."""
    with scope.within(place.region_id):
        booking = db.session.get_one(Booking, place.booking_id)
        booking.starts_at = booking.slot.starts_at = starts_at
        booking.slot.ends_at = starts_at + timedelta(hours=2)
        db.session.commit()


@pytest.mark.parametrize(
    ("fail_at", "then"),
    [
        ("incoming.before_commit", b"calendar handled declined\n"),
        ("incoming.after_commit", b"calendar repeated\n"),
    ],
)
def test_the_mail_server_tries_again_and_it_counts_once(
    place: Place, settings: Settings, fail_at: str, then: bytes
) -> None:
    # The other process has the clock of the machine.
    now = escape_hatch.datetime.datetime.now(UTC)
    let_visit_begin(place, now + timedelta(days=30))
    raw = programs.outlook(place.school, "DECLINED", now)
    assert ingest(settings, raw, fail_at).returncode == -signal.SIGKILL
    again = ingest(settings, raw)
    assert (again.returncode, again.stdout) == (0, then)
    assert len(place.replies()) == len(mails(MessageKind.CALENDAR_ANSWER)) == 1

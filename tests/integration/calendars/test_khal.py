"""khal, a calendar program that knows nothing of us, takes in every mail of a visit's life.

It keys appointments by UID and knows no METHOD: what is called off stays in it as cancelled, once. So the
proof here is that nothing stands any more and nothing is doubled; `test_caldav` shows that nothing is left.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from matchmaker import clock
from tests.integration.calendars.lives import SIDES, Step
from tests.integration.calendars.test_life_cycle import file_of

SETTINGS = """\
[calendars]
[[visits]]
path = {folder}/visits
type = calendar
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = Europe/Amsterdam
default_timezone = Europe/Amsterdam
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""


class Khal:
    """One person's calendar in khal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "visits").mkdir()
        (folder / "khal.conf").write_text(SETTINGS.format(folder=folder))

    def take_in(self, file: bytes) -> None:
        """Import a file as a person does with the attachment of a mail."""
        path = self.folder / "uitnodiging.ics"
        path.write_bytes(file)
        self._run("import", "--batch", str(path))

    def appointments(self) -> list[tuple[str, str]]:
        """Return start and status of everything in 2027."""
        form = "{start-long}|{status}"
        lines = self._run("list", "--day-format", "", "--format", form, "2027-01-01", "365d").splitlines()
        found = [tuple(line.strip().split("|")) for line in lines if "|" in line]
        return [(start, status.strip()) for start, status in found]

    def _run(self, *arguments: str) -> str:
        command = [str(Path(sys.executable).with_name("khal")), "-c", str(self.folder / "khal.conf")]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [*command, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def as_read(moment: datetime) -> str:
    return f"{clock.local(moment):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize("side", SIDES)
def test_a_visit_comes_moves_and_is_off_without_a_double(
    lives: dict[str, list[Step]], side: str, tmp_path: Path
) -> None:
    khal = Khal(tmp_path)
    last = ""
    for step in lives[side]:
        khal.take_in(file_of(step))
        if step.starts_at is not None:
            last = as_read(step.starts_at)
        assert khal.appointments() == [(last, "CONFIRMED" if step.starts_at else "CANCELLED")]

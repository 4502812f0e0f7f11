"""Calendar files as other programs read them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]


def read_with_ical_js(*files: bytes) -> list[dict[str, Any]]:
    """Return what ical.js makes of calendar files."""
    node = shutil.which("node") or shutil.which("node", path=str(ROOT / ".venv" / "bin"))
    if node is None:
        pytest.fail("These tests need node: install it, or run `make setup`.")
    if not (ROOT / "node_modules" / "ical.js").is_dir():
        pytest.fail("These tests need ical.js: run `npm ci --ignore-scripts` in the project's folder.")
    done = subprocess.run(
        [node, str(Path(__file__).with_name("read_calendar.mjs"))],
        input=json.dumps([file.decode() for file in files]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    calendars: list[dict[str, Any]] = json.loads(done.stdout)
    return calendars

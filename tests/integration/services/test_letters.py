"""Letters that the calendar causes: one writer that fails does not silence the others."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from matchmaker import clock
from matchmaker.services import letters


def test_a_writer_that_fails_does_not_keep_the_others_from_writing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[datetime] = []

    def broken(_now: datetime) -> int:
        raise RuntimeError("no words")

    def working(now: datetime) -> int:
        asked.append(now)
        return 3

    monkeypatch.setattr(letters, "WRITERS", (broken, working))
    before = clock.now()
    assert letters.write_due_letters() == 3
    assert asked[0] >= before
    assert "were not written by broken" in caplog.text

"""`flask mail ingest`, `poll` and `incoming`, as mail servers and operators use them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.config import ROOT
from matchmaker.notifications.incoming import LARGEST_MAIL
from matchmaker.services import incoming
from tests.integration.incoming import programs
from tests.integration.incoming.conftest import NOW, Place, entries

TRY_AGAIN = 75


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite is enough for the commands."""
    return sqlite_url


def run(app: Flask, *words: str, piped: bytes = b"") -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["mail", *words], input=piped)
    return result.exit_code, result.output


def test_a_piped_mail_is_taken_in(place: Place, app: Flask) -> None:
    raw = programs.outlook(place.school, "DECLINED", NOW)
    assert run(app, "ingest", piped=raw) == (0, "calendar handled declined\n")
    assert run(app, "ingest", piped=raw) == (0, "calendar repeated\n")
    assert len(place.replies()) == 1


@pytest.mark.parametrize("raw", [b"", b"\xff\x00", b"x" * (LARGEST_MAIL + 100_000)])
def test_what_is_no_mail_is_refused_not_sent_back(place: Place, app: Flask, raw: bytes) -> None:
    code, output = run(app, "ingest", piped=raw)
    assert code == 0
    assert "refused" in output


def test_a_mistake_of_ours_lets_the_mail_server_try_again(
    place: Place, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise KeyError("a mistake")

    monkeypatch.setattr(incoming, "read_incoming", stumble)
    assert run(app, "ingest", piped=b"x") == (TRY_AGAIN, "Try again later: KeyError\n")
    assert entries() == []


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/nowhere", "sqlite:////nowhere/at/all.sqlite"]
)
def test_a_database_that_is_down_lets_the_mail_server_try_again(tmp_path: Path, url: str) -> None:
    environ = {
        **os.environ,
        "MATCHMAKER_DATABASE_URL": url,
        "MATCHMAKER_INSTANCE_PATH": str(tmp_path),
        "MATCHMAKER_SECRET_KEY": "for tests only",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "mail", "ingest"],
        input=b"From: a@b.example\r\n\r\nhallo",
        capture_output=True,
        cwd=ROOT,
        env=environ,
        check=False,
    )
    assert ended.returncode == TRY_AGAIN
    assert b"Traceback" not in ended.stderr
    assert b"Try again later" in ended.stderr


def test_an_operator_sees_what_came_in(place: Place, app: Flask) -> None:
    run(app, "ingest", piped=programs.out_of_office(place.school))
    run(app, "ingest", piped=programs.postfix_bounce(place.school))
    code, output = run(app, "incoming")
    assert code == 0
    assert output.splitlines() == [
        "2027-01-05 10:00  automatic   noted",
        "2027-01-05 10:00  bounce      handled   bounced 5.1.1",
        "In the last seven days: automatic noted 1, bounce handled 1.",
    ]
    assert run(app, "incoming", "--limit", "1")[1].count("2027-01-05") == 1


def test_nothing_came_in_yet(app: Flask) -> None:
    assert run(app, "incoming") == (0, "In the last seven days: nothing.\n")


def test_without_a_mailbox_polling_says_what_is_missing(app: Flask) -> None:
    assert run(app, "poll") == (1, "Error: No mailbox is set: MATCHMAKER_IMAP_SERVER is empty.\n")

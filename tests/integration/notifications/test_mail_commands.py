"""`flask mail` says in a sentence what happened, and never shows a traceback."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from matchmaker.extensions import db
from tests.factories import MessageFactory


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite is enough for the commands."""
    return sqlite_url


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["mail", *words])
    return result.exit_code, result.output


def test_deliver_counts_what_it_did(app: Flask) -> None:
    for _ in range(3):
        MessageFactory()
    db.session.commit()
    assert run(app, "deliver", "--limit", "2") == (
        0,
        "2 sent, 0 postponed, 0 failed, 0 replaced by a newer one.\n",
    )


def test_deliver_says_why_nothing_leaves(app: Flask) -> None:
    MessageFactory()
    db.session.commit()
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_server="127.0.0.1", mail_port=1)
    code, output = run(app, "deliver")
    assert code == 1
    assert "No mail can leave: 127.0.0.1:1: " in output


def test_a_trial_without_server_is_a_file(app: Flask) -> None:
    code, output = run(app, "test", "iemand@school.example")
    (file,) = app.config["SETTINGS"].mail_directory.iterdir()
    assert code == 0
    assert str(file.parent) in output
    assert b"To: iemand@school.example\r\n" in file.read_bytes()


def test_a_trial_to_no_address_is_refused(app: Flask) -> None:
    code, output = run(app, "test", "geen adres")
    assert (code, output) == (
        1,
        "Error: The mail did not leave: not a usable e-mail address: 'geen adres'\n",
    )

"""`flask mail` says in a sentence what happened, and never shows a traceback."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.cli.mail_words import format_record
from matchmaker.domain.mail_check import DnsRecord
from matchmaker.domain.mail_findings import Finding
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import SendingState
from matchmaker.scope import outside
from matchmaker.services.delivery import deliver_due_messages
from matchmaker.services.heartbeat import note_heartbeat
from matchmaker.services.sending import pause_sending
from tests.factories import MessageFactory, RegionFactory, UserFactory

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite is enough for the commands."""
    return sqlite_url


def run(app: Flask, *words: str) -> tuple[int, str]:
    # A command begins without a scope, unlike a test.
    with outside():
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
        "Error: No mail can be addressed to 'geen adres'.\n",
    )


def test_a_trial_says_over_which_way_it_goes_and_why_not(app: Flask) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_server="127.0.0.1", mail_port=1)
    code, output = run(app, "test", "iemand@school.example")
    assert code == 1
    assert "127.0.0.1:1 with STARTTLS, without logging in." in output
    assert "From boekingen@techniek.example to iemand@school.example" in output
    assert "The mail did not leave: 127.0.0.1:1: " in output
    assert "The mail server could not be reached." in output


def test_status_of_a_site_without_worker_asks_for_help(app: Flask) -> None:
    code, output = run(app, "status")
    assert code == 1
    assert "Worker      never noted itself" in output
    assert "Verdict     worker_silent" in output


def test_status_tells_queue_failures_pauses_and_the_problem_of_the_server(app: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        note_heartbeat()
        region = RegionFactory(slug="achterhoek")
        MessageFactory(next_attempt_at=NOW - timedelta(minutes=3))
        MessageFactory(state=MessageState.FAILED, next_attempt_at=NOW)
        MessageFactory(state=MessageState.SENT, next_attempt_at=NOW, sent_at=NOW)
        UserFactory(mail_trouble=MailTrouble.REFUSED)
        since = NOW - timedelta(minutes=5)
        db.session.execute(sa.update(SendingState).values(problem="535 no", problem_since=since))
        db.session.commit()
        pause_sending(region.id)
        code, output = run(app, "status")
    assert code == 1
    assert "noted itself 0 seconds ago" in output
    assert "takes nothing, noticed 5 minutes ago" in output
    assert "Our mail server does not let the site log in." in output
    assert "Paused      achterhoek, 0 seconds ago" in output
    assert "1 bulk, the oldest due 3 minutes ago" in output
    assert "1 failed, 1 sent" in output
    assert "1 that mail does not reach" in output
    assert "Verdict     mail_refused" in output


def test_status_of_a_site_that_works_ends_well(app: Flask) -> None:
    note_heartbeat()
    code, output = run(app, "status")
    assert (code, output.splitlines()[-1]) == (0, "Verdict     mail leaves")


def test_status_does_not_call_a_server_well_that_refused_a_moment_ago(app: Flask) -> None:
    note_heartbeat()
    db.session.execute(sa.update(SendingState).values(problem="421 busy", problem_since=clock.now()))
    MessageFactory(next_attempt_at=clock.now() + timedelta(minutes=1))
    db.session.commit()
    code, output = run(app, "status")
    assert code == 0
    assert output.endswith("Verdict     mail waits for the server, look again in five minutes\n")


def test_check_says_what_is_wrong_and_ends_with_1(app: Flask) -> None:
    code, output = run(app, "check")
    assert code == 1
    assert "No mail server is set" in output
    assert "Answers go to" not in output
    assert "IN TXT" not in output


def test_check_of_a_good_setup_shows_what_to_publish(app: Flask) -> None:
    app.config["SETTINGS"] = replace(
        app.config["SETTINGS"],
        mail_server="smtp.techniekpact.nl",
        mail_username="site",
        mail_password="woord",
        mail_domain="techniekpact.nl",
        base_url="https://techniekpact.nl",
    )
    RegionFactory(slug="achterhoek", contact_email="bureau@techniekpact.nl")
    db.session.commit()
    code, output = run(app, "check", "--region", "achterhoek")
    assert code == 0
    assert "Answers go to bureau@techniekpact.nl" in output
    assert 'techniekpact.nl. IN TXT "v=spf1 a:smtp.techniekpact.nl ~all"' in output


def test_long_records_come_in_pieces() -> None:
    record = DnsRecord(Finding.DKIM_ON, "a._domainkey.techniekpact.nl", "TXT", "x" * 300)
    line = format_record(record)
    assert line == f'a._domainkey.techniekpact.nl. IN TXT "{"x" * 255}" "{"x" * 45}"'


@pytest.mark.parametrize("arguments", [(), ("--region", "achterhoek")])
def test_mail_is_paused_and_resumed_for_a_region_or_all(app: Flask, arguments: tuple[str, ...]) -> None:
    region = RegionFactory(slug="achterhoek")
    MessageFactory(region_id=region.id)
    db.session.commit()
    assert run(app, "pause", *arguments)[0] == 0
    assert deliver_due_messages().sent == 0
    assert run(app, "resume", *arguments)[0] == 0
    assert deliver_due_messages().sent == 1


@pytest.mark.parametrize("command", ["pause", "resume", "check"])
def test_a_region_that_does_not_exist_is_named_with_those_that_do(app: Flask, command: str) -> None:
    RegionFactory(slug="achterhoek")
    db.session.commit()
    code, output = run(app, command, "--region", "nergens")
    assert (code, output) == (1, "Error: There is no region nergens. Known: achterhoek.\n")

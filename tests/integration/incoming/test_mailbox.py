"""Reading the mailbox: each mail once, none lost, whatever the server does."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.domain.incoming import IncomingOutcome
from matchmaker.extensions import db
from matchmaker.jobs import tasks
from matchmaker.notifications import mailbox as transport
from matchmaker.notifications.incoming import LARGEST_MAIL
from matchmaker.notifications.mailbox import HANDLED_FOLDER, REFUSED_FOLDER
from matchmaker.services import mailbox_poll
from matchmaker.services.incoming import ReceivingPostponedError
from matchmaker.services.mailbox_poll import MOST_IN_A_ROUND, PollReport, describe_mailbox, poll_mailbox
from tests.integration.incoming import programs
from tests.integration.incoming.conftest import NOW, Place, entries
from tests.integration.incoming.imap_server import PASSWORD, Inbox, imap_server, silent_server
from tests.integration.notifications.smtp_server import write_trusted

DECLINED = "DECLINED"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite is enough for conversations with mail servers."""
    return sqlite_url


@pytest.fixture
def inbox(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A mailbox whose server is trusted and stands in the settings."""
    monkeypatch.setenv("SSL_CERT_FILE", write_trusted(tmp_path))
    with imap_server() as box:
        set_server(app, imap_port=box.port)
        yield box


def set_server(app: Flask, **more: object) -> None:
    server = {
        "imap_server": "localhost",
        "imap_username": "boekingen",
        "imap_password": PASSWORD,
        **more,
    }
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], **server)  # type: ignore[arg-type]


def test_what_lies_in_the_mailbox_is_taken_in_and_put_away(place: Place, inbox: Inbox) -> None:
    inbox.add(programs.outlook(place.school, DECLINED, NOW))
    inbox.add(programs.words("vreemde@elders.example"))
    assert poll_mailbox() == PollReport(taken=2, refused=1)
    assert inbox.waiting() == []
    assert len(inbox.in_folder(HANDLED_FOLDER)) == len(inbox.in_folder(REFUSED_FOLDER)) == 1
    assert len(place.replies()) == 1


def test_an_empty_mailbox_is_left_alone(app: Flask, inbox: Inbox) -> None:
    assert poll_mailbox() == PollReport()
    assert not any(command.startswith(("CREATE", "UID FETCH")) for command in inbox.commands)
    assert inbox.commands[-1] == "LOGOUT"


def test_without_a_mailbox_in_the_settings_nobody_is_called(app: Flask) -> None:
    assert poll_mailbox() == PollReport()


def test_a_mail_stays_unread_until_it_is_put_away(place: Place, inbox: Inbox) -> None:
    inbox.add(programs.outlook(place.school, DECLINED, NOW))
    poll_mailbox()
    fetches = [command for command in inbox.commands if command.startswith("UID FETCH")]
    assert all("PEEK" in command or "SIZE" in command for command in fetches)


@pytest.mark.parametrize(
    "at", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH 101 (UID B", "CREATE", "UID MOVE"]
)
def test_a_conversation_that_breaks_off_loses_nothing(place: Place, inbox: Inbox, at: str) -> None:
    raw = programs.outlook(place.school, DECLINED, NOW)
    inbox.add(raw)
    inbox.drop_at = at
    assert poll_mailbox().problem.startswith("localhost: ")
    assert inbox.waiting() == [101]
    assert poll_mailbox().problem == ""
    assert inbox.waiting() == []
    assert inbox.in_folder(HANDLED_FOLDER) == [raw]
    assert len(place.replies()) == 1


def test_a_folder_that_cannot_be_made_loses_nothing(place: Place, inbox: Inbox) -> None:
    inbox.add(programs.outlook(place.school, DECLINED, NOW))
    inbox.refuse = "CREATE"
    assert "cannot be made" in poll_mailbox().problem
    assert inbox.waiting() == [101]


def test_some_servers_keep_all_folders_within_the_inbox(place: Place, inbox: Inbox) -> None:
    inbox.prefix = "INBOX."
    inbox.add(programs.outlook(place.school, DECLINED, NOW))
    assert poll_mailbox() == PollReport(taken=1)
    assert len(inbox.in_folder(f"INBOX.{HANDLED_FOLDER}")) == 1


@pytest.mark.parametrize("capabilities", ["IMAP4rev1", "IMAP4rev1 UIDPLUS"])
def test_a_server_that_cannot_move_copies_and_deletes(place: Place, inbox: Inbox, capabilities: str) -> None:
    inbox.capabilities = capabilities
    inbox.add(programs.outlook(place.school, DECLINED, NOW))
    assert poll_mailbox() == PollReport(taken=1)
    assert inbox.waiting() == []
    assert len(inbox.in_folder(HANDLED_FOLDER)) == 1
    # Without the means to name one mail nothing is expunged: it could be somebody else's.
    assert (101 in inbox.folders["INBOX"]) == ("UIDPLUS" not in capabilities)


def test_a_round_ends_and_the_next_goes_on(place: Place, inbox: Inbox) -> None:
    for number in range(MOST_IN_A_ROUND + 3):
        inbox.add(programs.words("vreemde@elders.example", f"{number}"))
    assert poll_mailbox().taken == MOST_IN_A_ROUND
    assert poll_mailbox().taken == 3
    assert inbox.waiting() == []


def test_a_worker_that_stops_ends_the_round(place: Place, inbox: Inbox) -> None:
    inbox.add(programs.words("vreemde@elders.example"))
    assert poll_mailbox(lambda: True) == PollReport()
    assert inbox.waiting() == [101]


def test_a_mail_that_is_too_large_is_not_fetched(place: Place, inbox: Inbox) -> None:
    inbox.add(b"x" * (LARGEST_MAIL + 1))
    assert poll_mailbox() == PollReport(taken=1, refused=1)
    assert [entry.reason for entry in entries()] == ["larger than 5 MB"]
    assert not any("BODY" in command for command in inbox.commands)


def test_a_database_that_is_down_leaves_the_mail_where_it_is(
    place: Place, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.add(programs.outlook(place.school, DECLINED, NOW))

    def be_down(_raw: bytes) -> None:
        raise ReceivingPostponedError("the database does not work")

    with monkeypatch.context() as patch:
        patch.setattr(mailbox_poll, "receive_mail", be_down)
        assert poll_mailbox() == PollReport(problem="the database does not work")
    assert inbox.waiting() == [101]
    assert poll_mailbox() == PollReport(taken=1)


def test_a_mistake_of_ours_keeps_no_other_mail_waiting(
    place: Place, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail itself is kept, for whoever looks for the mistake."""
    strange = programs.words("vreemde@elders.example")
    inbox.add(strange)
    inbox.add(programs.outlook(place.school, DECLINED, NOW))
    real = mailbox_poll.receive_mail

    def stumble(raw: bytes) -> object:
        if raw == strange:
            raise KeyError("a mistake")
        return real(raw)

    monkeypatch.setattr(mailbox_poll, "receive_mail", stumble)
    assert poll_mailbox() == PollReport(taken=2, refused=1)
    assert inbox.in_folder(REFUSED_FOLDER) == [strange]
    assert [(entry.outcome, entry.reason) for entry in entries()] == [
        (IncomingOutcome.REFUSED, "error: KeyError"),
        (IncomingOutcome.HANDLED, "declined"),
    ]
    assert len(place.replies()) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(app: Flask) -> None:
    with imap_server() as box:
        box.add(b"From: a@b.example\r\n\r\nhallo")
        set_server(app, imap_port=box.port)
        assert "certificate" in poll_mailbox().problem.lower()
    assert box.commands == []
    assert box.waiting() == [101]


def test_a_wrong_password_is_said_and_never_shown(app: Flask, inbox: Inbox) -> None:
    set_server(app, imap_port=inbox.port, imap_password="fout wachtwoord")
    problem = poll_mailbox().problem
    assert "wrong password" in problem
    assert "fout wachtwoord" not in problem


def test_a_password_that_the_protocol_cannot_carry_is_said(app: Flask, inbox: Inbox) -> None:
    set_server(app, imap_port=inbox.port, imap_password="wachtwoörd")
    assert poll_mailbox().problem.startswith("localhost: ")


def test_a_folder_that_is_not_there_is_said(app: Flask, inbox: Inbox) -> None:
    set_server(app, imap_port=inbox.port, imap_folder="Nergens")
    assert "no such folder" in poll_mailbox().problem


def test_a_server_that_says_nothing_is_given_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "TIMEOUT_SECONDS", 0.3)
    with silent_server() as port:
        set_server(app, imap_port=port)
        assert "timed out" in poll_mailbox().problem


def test_a_server_that_is_not_there_is_said(app: Flask) -> None:
    set_server(app, imap_port=1)
    assert "refused" in poll_mailbox().problem.lower()


def test_an_operator_sees_how_the_mailbox_is(app: Flask, inbox: Inbox) -> None:
    assert describe_mailbox() == "can be read, 0 waiting"
    inbox.add(programs.words("vreemde@elders.example"))
    assert describe_mailbox() == "can be read, 1 waiting"
    output = app.test_cli_runner().invoke(args=["mail", "incoming"]).output
    assert "The mailbox can be read, 1 waiting." in output
    set_server(app, imap_port=inbox.port, imap_password="fout")
    assert describe_mailbox().startswith("cannot be read: ")


def test_without_a_mailbox_there_is_nothing_to_see(app: Flask) -> None:
    assert describe_mailbox() == ""


def test_the_worker_polls_in_a_lane_of_its_own(place: Place, inbox: Inbox, app: Flask) -> None:
    inbox.add(programs.outlook(place.school, DECLINED, NOW))
    tasks.read_mailbox(tasks.find_jobs(app).stopping)
    db.session.rollback()
    assert len(place.replies()) == 1
    assert tasks.TASKS[tasks.Lane.INCOMING] is tasks.read_mailbox
    assert ssl.create_default_context().check_hostname

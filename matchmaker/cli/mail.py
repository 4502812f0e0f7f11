"""`flask mail …`: send what is due, take in what comes back, and try the way out."""

from __future__ import annotations

import sys
from datetime import timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from matchmaker.cli.mail_words import explain_answer
from matchmaker.cli.traced import TracedGroup
from matchmaker.config import Settings

# Of sysexits.h: what mail servers take as "not now".
TRY_AGAIN = 75


@click.group("mail", cls=TracedGroup)
def mail_commands() -> None:
    """Send mails that are due; take in what comes back; try the mail server."""


@mail_commands.command("deliver")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 100_000))
@with_appcontext
def deliver_command(limit: int) -> None:
    """Send due messages now, as the worker does each minute."""
    from matchmaker.services.delivery import deliver_due_messages

    report = deliver_due_messages(limit)
    click.echo(
        f"{report.sent} sent, {report.postponed} postponed, {report.failed} failed, "
        f"{report.superseded} replaced by a newer one."
    )
    if report.problem:
        raise click.ClickException(f"No mail can leave: {report.problem}")


@mail_commands.command("test")
@click.argument("address")
@with_appcontext
def try_command(address: str) -> None:
    """Send one mail to ADDRESS straight away, past the outbox, to try the settings.

    Says what it does before it does it, and what the mail server answered.
    """
    from matchmaker.notifications.composing import system_address
    from matchmaker.notifications.mime import is_usable_address
    from matchmaker.notifications.transport import DeliveryError
    from matchmaker.services.trials import send_test_mail

    settings: Settings = current_app.config["SETTINGS"]
    recipient = address.strip()
    if not is_usable_address(recipient):
        raise click.ClickException(f"No mail can be addressed to {recipient!r}.")
    if not settings.mail_server:
        click.echo("No mail server is set (MATCHMAKER_MAIL_SERVER): the mail becomes a file.")
    else:
        security = {"starttls": "with STARTTLS", "ssl": "with TLS", "none": "UNENCRYPTED"}[settings.mail_tls]
        login = f", as {settings.mail_username}" if settings.mail_username else ", without logging in"
        click.echo(f"{settings.mail_server}:{settings.mail_port} {security}{login}.")
    click.echo(f"From {system_address(settings)} to {recipient} …")
    try:
        send_test_mail(recipient)
    except DeliveryError as error:
        raise click.ClickException(f"The mail did not leave: {error}\n{explain_answer(str(error))}") from None
    if settings.mail_server:
        click.echo("The mail server took it. Look in the mailbox, and in its spam folder.")
    else:
        click.echo(f"It is in {settings.mail_directory}.")


@mail_commands.command("ingest")
@with_appcontext
def ingest_command() -> None:
    """Take in one mail from standard input, as a mail server pipes it.

    Ends with 0 when the mail was dealt with, also when it is refused with a reason, and with 75
    when it must be tried again later.
    """
    from matchmaker.jobs import kick_delivery
    from matchmaker.services.incoming import ReceivingPostponedError, receive_mail

    try:
        received = receive_mail(_read_mail())
    except ReceivingPostponedError as error:
        click.echo(f"Try again later: {error}", err=True)
        sys.exit(TRY_AGAIN)
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the mail server keeps the mail
        click.echo(f"Try again later: {type(error).__name__}", err=True)
        sys.exit(TRY_AGAIN)
    kick_delivery()
    click.echo(" ".join(word for word in (received.kind, received.outcome, received.reason) if word))


@mail_commands.command("poll")
@with_appcontext
def poll_command() -> None:
    """Look into the mailbox now, as the worker does each minute."""
    from matchmaker.services.mailbox_poll import poll_mailbox

    settings: Settings = current_app.config["SETTINGS"]
    if not settings.imap_server:
        raise click.ClickException("No mailbox is set: MATCHMAKER_IMAP_SERVER is empty.")
    report = poll_mailbox()
    click.echo(f"{report.taken} taken in, of which {report.refused} refused.")
    if report.problem:
        raise click.ClickException(f"The mailbox cannot be read: {report.problem}")


@mail_commands.command("incoming")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@with_appcontext
def incoming_command(limit: int) -> None:
    """Show which mails came in last and what became of them, those of a week, and how the mailbox is."""
    from matchmaker import clock
    from matchmaker.queries.incoming import count_incoming, list_incoming
    from matchmaker.services.mailbox_poll import describe_mailbox

    for row in reversed(list_incoming(limit)):
        moment = f"{clock.local(row.created_at):%Y-%m-%d %H:%M}"
        click.echo(f"{moment}  {row.kind.value:<10}  {row.outcome.value:<8}  {row.reason}".rstrip())
    counts = count_incoming(clock.now() - timedelta(days=7))
    told = [f"{kind.value} {outcome.value} {number}" for (kind, outcome), number in sorted(counts.items())]
    click.echo(f"In the last seven days: {', '.join(told) or 'nothing'}.")
    mailbox = describe_mailbox()
    if mailbox:
        click.echo(f"The mailbox {mailbox}.")


def _read_mail() -> bytes:
    """Return what is piped in, cut where it is too large; whoever pipes must get rid of all of it."""
    from matchmaker.notifications.incoming import LARGEST_MAIL

    stream = sys.stdin.buffer
    raw = stream.read(LARGEST_MAIL + 1)
    while stream.read(2**16):
        pass
    return raw

"""`flask mail …`: send what is due, and try the way out."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from matchmaker.cli.traced import TracedGroup
from matchmaker.config import Settings


@click.group("mail", cls=TracedGroup)
def mail_commands() -> None:
    """Send mails that are due; try the mail server."""


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
    """Send one mail to ADDRESS straight away, past the outbox, to try the settings."""
    from matchmaker.notifications.transport import DeliveryError
    from matchmaker.services.delivery import send_test_mail

    settings: Settings = current_app.config["SETTINGS"]
    try:
        send_test_mail(address.strip())
    except (DeliveryError, ValueError) as error:
        raise click.ClickException(f"The mail did not leave: {error}") from None
    if settings.mail_server:
        click.echo(f"The mail server {settings.mail_server} took the mail to {address}.")
    else:
        click.echo(f"No mail server is set; the mail to {address} is a file in {settings.mail_directory}.")

"""`flask worker …`: background work in a process of its own."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from matchmaker.cli.traced import TracedGroup


@click.group("worker", cls=TracedGroup)
def worker_commands() -> None:
    """Send mails and execute allocation runs in the background."""


@worker_commands.command("run")
@with_appcontext
def run_command() -> None:
    """Work until Ctrl-C or SIGTERM. Several workers may run beside each other."""
    from matchmaker.jobs.worker import run_until_signalled

    click.echo("The worker runs. Ctrl-C stops it.")
    run_until_signalled(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo("The worker has stopped.")

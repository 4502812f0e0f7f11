"""`flask privacy …`: what is kept, and what goes."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from matchmaker.cli.traced import TracedGroup


@click.group("privacy", cls=TracedGroup)
def privacy_commands() -> None:
    """Clean up what has been kept long enough."""


@privacy_commands.command("retain")
@click.option("--dry-run", is_flag=True, help="Only count what would go.")
@with_appcontext
def retain_command(dry_run: bool) -> None:
    """Do the nightly clean-up of this night now, unless it is done already."""
    from matchmaker.services.retention import clean_up_tonight, count_due

    counts = count_due() if dry_run else clean_up_tonight()
    if counts is None:
        click.echo("The clean-up of this night is done, or somebody is at it.")
        return
    click.echo("This would go:" if dry_run else "This is gone:")
    for name, count in counts.items():
        click.echo(f"  {name.replace('_', ' '):<18}{count:>8}")

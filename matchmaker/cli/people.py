"""`flask person …`: what only the operator of the site does for a person."""

from __future__ import annotations

import click
from flask.cli import with_appcontext


@click.group("person")
def person_commands() -> None:
    """Help a person who cannot help themselves."""


@person_commands.command("reset-second-factor")
@click.argument("email")
@with_appcontext
def reset_second_factor_command(email: str) -> None:
    """Remove the app and recovery codes of somebody who lost both. Make sure first who asks for it."""
    from matchmaker.domain.errors import NotFoundError
    from matchmaker.services.second_factor import reset_second_factor

    try:
        reset_second_factor(email)
    except NotFoundError:
        raise click.ClickException(f"Nobody who may sign in has the address {email}.") from None
    click.echo(f"{email} signs in with a mail and sets up an app anew.")

"""`flask person …`: what only the operator of the site does for a person."""

from __future__ import annotations

from typing import TextIO

import click
from flask.cli import with_appcontext

from matchmaker.cli.traced import TracedGroup


@click.group("person", cls=TracedGroup)
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


@person_commands.command("export")
@click.argument("email")
@click.option("--out", type=click.File("w", encoding="utf-8"), default="-", help="A file; else the screen.")
@with_appcontext
def export_command(email: str, out: TextIO) -> None:
    """Write all that is kept about somebody as JSON. Make sure first who asks for it."""
    from matchmaker.domain.errors import NotFoundError
    from matchmaker.services.personal_export import export_by_email

    try:
        out.write(export_by_email(email))
    except NotFoundError:
        raise click.ClickException(f"Nobody has the address {email}.") from None


@person_commands.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def erase_command(email: str, yes: bool) -> None:
    """Erase somebody. This cannot be undone. Make sure first who asks for it."""
    from matchmaker.domain.errors import LastOrganiserError, NotFoundError
    from matchmaker.services.erasing import erase_by_email

    if not yes:
        click.confirm(f"Erase {email} for ever?", abort=True)
    try:
        erase_by_email(email)
    except NotFoundError:
        raise click.ClickException(f"Nobody has the address {email}.") from None
    except LastOrganiserError as error:
        names = ", ".join(error.regions)
        raise click.ClickException(f"Nobody else runs {names}. Let somebody take over first.") from None
    click.echo("The account is erased.")

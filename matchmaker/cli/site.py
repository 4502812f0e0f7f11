"""`flask site …`: run the site on one machine."""

from __future__ import annotations

import signal
import socket
import sys
from dataclasses import replace
from types import FrameType
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from matchmaker.cli.traced import TracedGroup
from matchmaker.config import LOCAL_URL, Settings


@click.group("site", cls=TracedGroup)
def site_commands() -> None:
    """Run the site on one machine."""


@site_commands.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@with_appcontext
def serve(host: str, port: int) -> None:
    """Start web and worker in this process; load the example region into an empty database first."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    _require_free_port(host, port)
    _use_own_address(app, host, port)
    _load_example_once()
    _serve(app, host, port)


def _require_free_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} cannot be used ({error.strerror}). Try another: make run PORT={port + 1}"
            ) from None


def _use_own_address(app: Flask, host: str, port: int) -> None:
    """Let links in mails lead here, unless the operator set an address."""
    settings: Settings = app.config["SETTINGS"]
    if settings.base_url == LOCAL_URL:
        app.config["SETTINGS"] = replace(settings, base_url=f"http://{host}:{port}")


def _load_example_once() -> None:
    """Fill an empty database with the example region; a load that was interrupted is finished."""
    from matchmaker.queries.regions import list_regions

    settings: Settings = current_app.config["SETTINGS"]
    unfinished = settings.instance_path / "example-unfinished"
    if not list_regions():
        unfinished.touch()
    if unfinished.exists():
        from matchmaker.services.example import load_example

        click.echo("Loading the example region … (about half a minute)")
        load_example()
        unfinished.unlink()


def _serve(app: Flask, host: str, port: int) -> None:
    import waitress

    from matchmaker.jobs.worker import start_in_process

    # Which forwarded headers count is for the application to say: see the setting `proxies`.
    server: Any = waitress.create_server(
        app, host=host, port=port, threads=8, clear_untrusted_proxy_headers=False
    )
    worker = start_in_process(app)
    _announce(app)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        server.run()
    finally:
        click.echo("Stopping …")
        server.close()
        worker.stop()
        sys.stdout.flush()


def _announce(app: Flask) -> None:
    """Print where the site is and how to get in, one way per role."""
    from matchmaker.domain.kinds import Role
    from matchmaker.queries.people import find_example_member

    settings: Settings = app.config["SETTINGS"]
    click.echo(f"\n  matchmaker runs on {settings.base_url}\n")
    for role in (Role.ORGANISER, Role.COORDINATOR, Role.HOST_CONTACT) if settings.demo else ():
        member = find_example_member(role)
        if member is not None:
            click.echo(f"  sign in as {role.value.replace('_', ' '):<13} {member.user.email}")
    click.echo("\n  Ctrl-C stops it.\n")

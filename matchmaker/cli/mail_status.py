"""`flask mail status`, `check`, `pause` and `resume`: how mail stands, and whether it may leave."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from matchmaker import clock
from matchmaker.cli.mail import mail_commands
from matchmaker.cli.mail_words import LANGUAGE, explain_answer, format_age, format_record
from matchmaker.scope import unscoped, within

if TYPE_CHECKING:
    from matchmaker.domain.site_health import Vitals
    from matchmaker.models import Region
    from matchmaker.queries.mail_figures import MailFigures

_region_option = click.option("--region", "slug", default="", help="Slug of a region; empty: the whole site.")


@mail_commands.command("status")
@with_appcontext
def status_command() -> None:
    """Show whether mail leaves: worker, mail server, pauses, queue, failures. Ends with 1 when not."""
    from matchmaker.domain.site_health import list_troubles
    from matchmaker.queries.mail_figures import read_mail_figures
    from matchmaker.queries.site_health import read_vitals

    now = clock.now()
    vitals = read_vitals(now)
    _tell_worker(vitals, now)
    _tell_server(now)
    _tell_pauses(now)
    _tell_mail(read_mail_figures(now), now)
    troubles = list_troubles(vitals, now)
    quiet = "mail waits for the server, look again in five minutes" if vitals.refused_since else "mail leaves"
    click.echo(f"Verdict     {', '.join(troubles) or quiet}")
    if troubles:
        sys.exit(1)


@mail_commands.command("check")
@_region_option
@with_appcontext
def check_command(slug: str) -> None:
    """Say whether mail of this site will arrive, as far as its settings tell. Ends with 1 when not.

    With a region also where answers go. Looks nothing up: what only the outside world knows says so.
    """
    from matchmaker.domain.mail_check import check_setup, list_records
    from matchmaker.domain.mail_findings import Grade
    from matchmaker.notifications.mail_check_words import name_grade, word_line
    from matchmaker.notifications.mail_setup import read_mail_setup
    from matchmaker.notifications.speech import speaking
    from matchmaker.services.letterheads import letterhead_of

    setup = read_mail_setup(letterhead_of(_find_region(slug)))
    lines = check_setup(setup)
    with speaking(LANGUAGE):
        for line in lines:
            title, advice = word_line(line)
            click.echo(f"{name_grade(line.grade):<20}  {title}" + (f"\n{'':<22}{advice}" if advice else ""))
    records = list_records(setup)
    if records:
        click.echo("\nTo publish in the DNS:")
    for record in records:
        click.echo(format_record(record))
    if any(line.grade is Grade.BROKEN for line in lines):
        sys.exit(1)


@mail_commands.command("pause")
@_region_option
@with_appcontext
def pause_command(slug: str) -> None:
    """Hold mail back, that of a region or all of it; sign-in mail leaves all the same."""
    from matchmaker.services.sending import pause_sending

    region = _find_region(slug)
    with _scope_of(region):
        pause_sending(region.id if region else None)
    click.echo(f"Mail of {slug or 'the whole site'} waits until it is resumed.")


@mail_commands.command("resume")
@_region_option
@with_appcontext
def resume_command(slug: str) -> None:
    """Let mail leave again, that of a region or all that was held back for the whole site."""
    from matchmaker.jobs import kick_delivery
    from matchmaker.services.sending import resume_sending

    region = _find_region(slug)
    with _scope_of(region):
        resume_sending(region.id if region else None)
    kick_delivery()
    click.echo(f"Mail of {slug or 'the whole site'} leaves again.")


def _find_region(slug: str) -> Region | None:
    from matchmaker.queries.regions import find_region, list_regions

    if not slug:
        return None
    region = find_region(slug)
    if region is None:
        known = ", ".join(each.slug for each in list_regions())
        raise click.ClickException(f"There is no region {slug}. Known: {known or 'none'}.")
    return region


def _scope_of(region: Region | None) -> AbstractContextManager[None]:
    return within(region.id) if region else unscoped("all mail is held back or let go")


def _tell_worker(vitals: Vitals, now: datetime) -> None:
    told = f"noted itself {format_age(vitals.beat_at, now)}" if vitals.beat_at else "never noted itself"
    click.echo(f"Worker      {told}")


def _tell_server(now: datetime) -> None:
    from matchmaker.queries.sending import get_sending

    settings, sending = current_app.config["SETTINGS"], get_sending()
    name = settings.mail_server or f"none: mails become files in {settings.mail_directory}"
    click.echo(f"Server      {name}")
    if sending.problem and sending.problem_since:
        click.echo(f"            takes nothing, noticed {format_age(sending.problem_since, now)}")
        click.echo(f"            {sending.problem}\n            {explain_answer(sending.problem)}")


def _tell_pauses(now: datetime) -> None:
    from matchmaker.queries.regions import list_regions
    from matchmaker.queries.sending import get_sending

    paused_at = get_sending().paused_at
    pauses = [f"all mail, {format_age(paused_at, now)}"] if paused_at else []
    pauses += [f"{r.slug}, {format_age(r.mail_paused_at, now)}" for r in list_regions() if r.mail_paused_at]
    click.echo(f"Paused      {'; '.join(pauses) or 'nothing'}")


def _tell_mail(figures: MailFigures, now: datetime) -> None:
    for name, lane in figures.lanes.items():
        oldest = f", the oldest due {format_age(lane.oldest_due_at, now)}" if lane.oldest_due_at else ""
        click.echo(f"{'Waiting' if name == 'urgent' else '':<11} {lane.waiting} {name}{oldest}")
    counts: Counter[str] = Counter()
    for (_kind, state), number in figures.outcomes.items():
        counts[state.value.replace("queued", "postponed")] += number
    told = ", ".join(f"{number} {state}" for state, number in sorted(counts.items()))
    click.echo(f"Last day    {told or 'nothing'}")
    people = sum(figures.people_in_trouble.values())
    click.echo(f"Addresses   {people} that mail does not reach")

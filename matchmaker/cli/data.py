"""`flask data …`: take files in and give them out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from matchmaker.cli.traced import TracedGroup
from matchmaker.exchange.problems import InputError
from matchmaker.exchange.sheets import SETTINGS_SHEET, SHEETS
from matchmaker.services.import_report import ImportReport
from matchmaker.services.imports import InputFile

_DUTCH_NAMES = {spec.name: spec.dutch for spec in SHEETS} | dict([SETTINGS_SHEET])
_SHOWN_PROBLEMS = 10_000
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group("data", cls=TracedGroup)
def data_commands() -> None:
    """Take in schools, hosts, postcodes and region workbooks; give workbooks out."""


@data_commands.command("import-schools")
@click.argument("file", type=_FILE)
@click.option("--region", required=True, help="Short name of the region; it is made when it is new.")
@click.option("--create-region", metavar="NAME", help="Full name, for a region that is new.")
@click.option("--pupils", type=_FILE, help="DUO's list of pupil counts by year.")
@with_appcontext
def import_schools_command(file: Path, region: str, create_region: str | None, pupils: Path | None) -> None:
    """Take in a list of schools; its format is recognised by the header.

    Known are DUO's list of primary locations, the national list with coordinates, and any CSV with
    columns such as code, naam, sector, postcode, plaats.
    """
    from matchmaker.services.imports import import_schools

    name = create_region or _default_name(region)
    counts = _load(pupils) if pupils else None
    _run(lambda: import_schools(_load(file), region, region_name=name, pupils=counts))


@data_commands.command("import-hosts")
@click.argument("file", type=_FILE)
@click.option("--region", required=True, help="Short name of the region; it is made when it is new.")
@click.option("--create-region", metavar="NAME", help="Full name, for a region that is new.")
@with_appcontext
def import_hosts_command(file: Path, region: str, create_region: str | None) -> None:
    """Take in a CSV list of hosts, with columns such as code, naam, soort, postcode, plaats."""
    from matchmaker.services.imports import import_hosts

    name = create_region or _default_name(region)
    _run(lambda: import_hosts(_load(file), region, region_name=name))


@data_commands.command("import-postcodes")
@click.argument("file", type=_FILE)
@with_appcontext
def import_postcodes_command(file: Path) -> None:
    """Take in the centroids of four-digit postcodes, for all regions."""
    from matchmaker.services.imports import import_postcodes

    _run(lambda: import_postcodes(_load(file)))


@data_commands.command("import-workbook")
@click.argument("file", type=_FILE)
@click.option("--region", help="Short name of the region, when the workbook does not say it.")
@with_appcontext
def import_workbook_command(file: Path, region: str | None) -> None:
    """Take in a region workbook."""
    from matchmaker.services.imports import import_workbook

    _run(lambda: import_workbook(_load(file), region))


@data_commands.command("export-workbook")
@click.option("--region", required=True, help="Short name of the region.")
@click.option("--out", required=True, type=_OUT)
@with_appcontext
def export_workbook_command(region: str, out: Path) -> None:
    """Give a region out as a workbook."""
    from matchmaker.queries.regions import find_region
    from matchmaker.services.exports import export_workbook

    found = find_region(region)
    if found is None:
        raise click.ClickException(f"De regio “{region}” bestaat niet.")
    _write(out, export_workbook(found))


@data_commands.command("workbook-template")
@click.option("--out", required=True, type=_OUT)
def workbook_template_command(out: Path) -> None:
    """Write the empty region workbook with its explanations."""
    from matchmaker.exchange.workbook_writer import write_template

    _write(out, write_template())


@data_commands.command("load-example")
@with_appcontext
def load_example_command() -> None:
    """Load the example region, unless it is there."""
    from matchmaker.services.example import load_example

    load_example()
    click.echo("De voorbeeldregio staat klaar.")


def _default_name(slug: str) -> str:
    return slug.replace("-", " ").title()


def _load(path: Path) -> InputFile:
    try:
        return InputFile(path.name, path.read_bytes())
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
    click.echo(f"{path} ({len(data) / 1024:.0f} kB)")


def _run(work: Callable[[], ImportReport]) -> None:
    """Do an import and tell how it went; exit 1 and all problems when nothing was taken in."""
    try:
        report = work()
    except InputError as error:
        for problem in error.problems[:_SHOWN_PROBLEMS]:
            click.echo(str(problem), err=True)
        hidden = len(error.problems) - _SHOWN_PROBLEMS
        if hidden > 0:
            click.echo(f"… en nog {hidden} meer.", err=True)
        click.echo(f"Er is niets ingelezen; aantal problemen: {len(error.problems)}.", err=True)
        sys.exit(1)
    except (OperationalError, ProgrammingError):
        raise click.ClickException(
            "De database is niet bereikbaar, bezet of nog niet bijgewerkt (flask db upgrade)."
        ) from None
    _print(report)


def _print(report: ImportReport) -> None:
    if report.region:
        click.echo(f"Regio {report.region}")
    for sheet, counts in report.counts.items():
        if counts.new or counts.changed or counts.unchanged or counts.absent:
            absent = f", {counts.absent} niet in het bestand (ongemoeid)" if counts.absent else ""
            numbers = f"{counts.new} nieuw, {counts.changed} gewijzigd, {counts.unchanged} gelijk"
            click.echo(f"  {_DUTCH_NAMES.get(sheet, sheet)}: {numbers}{absent}")
    for note in report.notes:
        click.echo(f"  {note}")
    if not report.changed_anything:
        click.echo("Er is niets veranderd: alles stond er al zo in.")

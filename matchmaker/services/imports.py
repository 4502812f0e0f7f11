"""Take in files: each import is one transaction that does everything or nothing.

What the file says wins; where it is silent, what is there stays. Rows that the file does not name are left
alone and counted. Taking in the same file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError

from matchmaker.exchange.host_files import read_hosts
from matchmaker.exchange.postcode_files import POSTCODES, read_postcodes
from matchmaker.exchange.problems import refuse_file
from matchmaker.exchange.rows import PostcodeRow, RegionWorkbook, SchoolRow
from matchmaker.exchange.school_files import read_pupil_counts, read_schools
from matchmaker.exchange.sheets import SETTINGS_SHEET
from matchmaker.exchange.workbook_reader import read_workbook
from matchmaker.models import PostcodePlace
from matchmaker.queries.places import list_postcode_places
from matchmaker.queries.regions import find_region, lock_region
from matchmaker.services import audit
from matchmaker.services.import_context import ImportContext, change, count_change
from matchmaker.services.import_demand import take_groups, take_wishes
from matchmaker.services.import_offer import take_activities, take_slots
from matchmaker.services.import_organisations import take_hosts, take_schools
from matchmaker.services.import_programme import (
    find_default_year,
    make_region,
    take_closed_days,
    take_rounds,
    take_settings,
)
from matchmaker.services.import_report import ImportReport
from matchmaker.services.school_holidays import seed_holidays
from matchmaker.services.transaction import write_transaction


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file as it came in: its name, for reporting, and its bytes."""

    name: str
    data: bytes


def import_schools(
    file: InputFile,
    region: str,
    *,
    region_name: str | None = None,
    pupils: InputFile | None = None,
    actor_id: int | None = None,
) -> ImportReport:
    """Take in a list of schools in one of the known formats.

    Parameters
    ----------
    region
        The region's slug.
    region_name
        Makes the region when there is none with this slug; None: it must exist.
    pupils
        The authorities' list of pupil counts; its newest year wins over counts in the list of schools.

    Raises
    ------
    matchmaker.exchange.problems.InputError
        With every problem; nothing is changed then.
    """
    read = read_schools(file.name, file.data)
    schools = _with_pupils(read.schools, pupils) if pupils else read.schools
    with _import("import_schools", file.name, region, region_name, actor_id) as context:
        context.report.notes += [f"Herkend als {read.format.value}.", *read.notes]
        take_schools(context, schools, file.name)
    return context.report


def _with_pupils(schools: Sequence[SchoolRow], file: InputFile) -> tuple[SchoolRow, ...]:
    counts = read_pupil_counts(file.name, file.data)
    return tuple(replace(row, pupils=counts.get(row.code, row.pupils)) for row in schools)


def import_hosts(
    file: InputFile, region: str, *, region_name: str | None = None, actor_id: int | None = None
) -> ImportReport:
    """Take in a CSV list of hosts; parameters and errors as for `import_schools`."""
    hosts, notes = read_hosts(file.name, file.data)
    with _import("import_hosts", file.name, region, region_name, actor_id) as context:
        context.report.notes += notes
        take_hosts(context, hosts)
    return context.report


def import_workbook(
    file: InputFile, region: str | None = None, *, actor_id: int | None = None
) -> ImportReport:
    """Take in a region workbook; errors as for `import_schools`.

    Parameters
    ----------
    region
        The region's slug, which then must agree with the workbook; None: the workbook says it. A region
        that does not exist is made when the workbook names it and `region` is None or the same.
    """
    return apply_workbook(read_workbook(file.name, file.data), region, file_name=file.name, actor_id=actor_id)


def apply_workbook(
    workbook: RegionWorkbook,
    region: str | None = None,
    *,
    file_name: str = "",
    actor_id: int | None = None,
) -> ImportReport:
    """Take in the rows of a workbook that was read already; as `import_workbook`."""
    settings = workbook.settings
    slug = (settings.slug if settings else None) or region
    if slug is None:
        raise refuse_file(SETTINGS_SHEET[0], "Vul de webnaam van de regio in.")
    if region is not None and slug != region:
        raise refuse_file(SETTINGS_SHEET[0], f"Deze werkmap is van de regio “{slug}”, niet van “{region}”.")
    with _import(
        "import_workbook", file_name, slug, settings.name if settings else None, actor_id
    ) as context:
        context.report.notes += workbook.notes
        _take_workbook(context, workbook)
    return context.report


def _take_workbook(context: ImportContext, workbook: RegionWorkbook) -> None:
    if workbook.settings is not None:
        take_settings(context, workbook.settings)
    default = find_default_year(context, workbook.settings)
    take_rounds(context, workbook.rounds, default)
    take_schools(context, workbook.schools)
    take_hosts(context, workbook.hosts)
    take_closed_days(context, workbook.closed_days)
    take_groups(context, workbook.groups, default)
    take_activities(context, workbook.activities)
    take_slots(context, workbook.slots, default)
    take_wishes(context, workbook.wishes, default)


@contextmanager
def _import(
    action: str, file_name: str, slug: str, region_name: str | None, actor_id: int | None
) -> Iterator[ImportContext]:
    """Open the transaction of an import in its region, and end it with holidays and the audit entry."""
    with _refusing_races(file_name), write_transaction() as session, session.no_autoflush:
        report = ImportReport()
        region = find_region(slug)
        if region is None:
            if not region_name:
                raise refuse_file(file_name, f"De regio “{slug}” bestaat niet.")
            try:
                region = make_region(session, slug, region_name)
            except ValueError as error:
                raise refuse_file(file_name, str(error)) from None
            report.of(SETTINGS_SHEET[0]).new += 1
            report.notes.append(f"De regio “{region_name}” ({slug}) is nieuw gemaakt.")
        else:
            lock_region(region.id)
        report.region = region.name
        context = ImportContext(session, region, report)
        yield context
        context.require_no_problems()
        session.flush()
        report.of("Vakanties en feestdagen").new += seed_holidays(session, region.id)
        if report.changed_anything:
            audit.record(
                action, "region", region.id, region_id=region.id, actor_id=actor_id, after=report.facts()
            )


@contextmanager
def _refusing_races(file_name: str) -> Iterator[None]:
    """Turn a constraint of the database into a sentence: somebody else changed the same rows."""
    try:
        yield
    except IntegrityError as error:
        raise refuse_file(
            file_name, "Iemand anders wijzigde intussen dezelfde gegevens. Probeer het opnieuw."
        ) from error


def import_postcodes(file: InputFile) -> ImportReport:
    """Take in centroids of four-digit postcodes, shared by all regions; errors as for `import_schools`."""
    rows = read_postcodes(file.name, file.data)
    with _refusing_races(file.name), write_transaction() as session:
        report = ImportReport()
        counts = report.of(POSTCODES.name)
        existing = list_postcode_places()
        for row in rows:
            values = _postcode_values(row)
            if (found := existing.get(row.postcode4)) is not None:
                count_change(counts, change(found, values))
            else:
                session.add(PostcodePlace(postcode4=row.postcode4, **values))
                counts.new += 1
        counts.absent = len(existing.keys() - {row.postcode4 for row in rows})
    return report


def _postcode_values(row: PostcodeRow) -> dict[str, object]:
    return {"place": row.place, "municipality": row.municipality, "lat": row.lat, "lon": row.lon}

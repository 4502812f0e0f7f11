"""Take in files: each import is one transaction that does everything or nothing.

What the file says wins; where it is silent, what is there stays. Rows that the file does not name are left
alone and counted. Taking in the same file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace

from flask_sqlalchemy.session import Session
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import scoped_session

from matchmaker.exchange.host_files import examine_hosts
from matchmaker.exchange.postcode_files import POSTCODES, read_postcodes
from matchmaker.exchange.problems import InputError, InputProblem, refuse_file
from matchmaker.exchange.rows import PostcodeRow, RegionWorkbook, SchoolRow, SettingsRow
from matchmaker.exchange.school_files import SchoolFile, examine_pupil_counts, examine_schools
from matchmaker.exchange.sheets import HOSTS, SCHOOLS, SETTINGS_SHEET
from matchmaker.exchange.workbook_reader import examine_workbook
from matchmaker.models import PostcodePlace
from matchmaker.queries.places import list_postcode_places
from matchmaker.queries.regions import find_region, lock_region
from matchmaker.scope import unscoped, within
from matchmaker.services import audit
from matchmaker.services.contact_changes import picture_visits
from matchmaker.services.import_context import ImportContext, change, count_change
from matchmaker.services.import_demand import take_groups, take_wishes
from matchmaker.services.import_offer import take_activities, take_slots
from matchmaker.services.import_organisations import take_hosts, take_schools
from matchmaker.services.import_programme import (
    find_default_year,
    make_region,
    make_stand_in,
    refuse_setting,
    take_closed_days,
    take_rounds,
    take_settings,
)
from matchmaker.services.import_report import ImportReport
from matchmaker.services.import_visits import tell_visitors
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
    read = examine_schools(file.name, file.data)
    schools, problems = _with_pupils(read, pupils) if pupils else (read.schools, read.problems)
    source = _Source(file.name, problems, {SCHOOLS.name: file.name})
    with _import("import_schools", source, region, region_name, actor_id) as context:
        context.report.notes += [f"Herkend als {read.format.value}.", *read.notes]
        take_schools(context, schools)
    return context.report


def _with_pupils(read: SchoolFile, file: InputFile) -> tuple[tuple[SchoolRow, ...], tuple[InputProblem, ...]]:
    """Return the schools with the counts of another file, and the problems of both."""
    try:
        counts, problems = examine_pupil_counts(file.name, file.data)
    except InputError as error:
        counts, problems = {}, list(error.problems)
    schools = tuple(replace(row, pupils=counts.get(row.code, row.pupils)) for row in read.schools)
    return schools, (*read.problems, *problems)


def import_hosts(
    file: InputFile, region: str, *, region_name: str | None = None, actor_id: int | None = None
) -> ImportReport:
    """Take in a CSV list of hosts; parameters and errors as for `import_schools`."""
    read = examine_hosts(file.name, file.data)
    source = _Source(file.name, read.problems, {HOSTS.name: file.name})
    with _import("import_hosts", source, region, region_name, actor_id) as context:
        context.report.notes += read.notes
        take_hosts(context, read.hosts)
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
    workbook = examine_workbook(file.name, file.data)
    return apply_workbook(workbook, region, file_name=file.name, actor_id=actor_id)


def apply_workbook(
    workbook: RegionWorkbook,
    region: str | None = None,
    *,
    file_name: str = "",
    actor_id: int | None = None,
) -> ImportReport:
    """Take in the rows of a workbook that was read already; as `import_workbook`."""
    settings = workbook.settings
    named = settings.slug if settings else None
    is_another = named is not None and region not in (None, named)
    source = _Source(file_name, workbook.problems, workbook.titles, workbook.unreadable)
    # What another region holds is not for whoever may change this one.
    slug = None if is_another else named or region
    with _import("import_workbook", source, slug, _find_name(settings, slug), actor_id) as context:
        if named is None and region is None:
            refuse_setting(context, settings, "slug", "Vul de webnaam van de regio in.")
        elif is_another:
            message = f"Deze werkmap is van de regio “{named}”, niet van “{region}”."
            refuse_setting(context, settings, "slug", message)
        context.report.notes += workbook.notes
        _take_workbook(context, workbook)
    return context.report


def _find_name(settings: SettingsRow | None, slug: str | None) -> str | None:
    """Return what a workbook calls its region; something, if that cell is broken, to look at the rest."""
    if settings is None:
        return None
    return slug if "Naam van de regio" in settings.broken else settings.name


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


@dataclass(frozen=True, slots=True)
class _Source:
    """The file of an import: what was wrong with it on reading, and its sheets' titles by our names."""

    name: str
    problems: Sequence[InputProblem] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()


@contextmanager
def _import(
    action: str, source: _Source, slug: str | None, region_name: str | None, actor_id: int | None
) -> Iterator[ImportContext]:
    """Open the transaction of an import in its region, and end it with holidays and the audit entry.

    When something is wrong with the file or the region, the work is done all the same, to find everything
    else that is wrong, and undone at the end.
    """
    with _refusing_races(source.name), write_transaction() as session, session.no_autoflush:
        context = _open_region(session, source, slug, region_name)
        with _scope_of(context):
            visits = picture_visits(context.region.id)
            try:
                yield context
                context.require_no_problems()
                session.flush()
            except IntegrityError:
                # What is wrong in the file says more than the constraint that it broke.
                context.require_no_problems()
                raise
            tell_visitors(context, visits)
            _close(context, action, actor_id)


@contextmanager
def _scope_of(context: ImportContext) -> Iterator[None]:
    """Keep to the region of the import; a stand-in lies in the region of nobody who sends a file."""
    around = unscoped("a file whose region is unknown") if context.is_guessing else nullcontext()
    with around, within(context.region.id):
        yield


def _close(context: ImportContext, action: str, actor_id: int | None) -> None:
    """Add the holidays and the audit entry."""
    region, report = context.region, context.report
    report.of("Vakanties en feestdagen").new += seed_holidays(context.session, region.id)
    if report.changed_anything:
        audit.record(
            action, "region", region.id, region_id=region.id, actor_id=actor_id, after=report.facts()
        )
    context.session.flush()


def _open_region(
    session: scoped_session[Session], source: _Source, slug: str | None, region_name: str | None
) -> ImportContext:
    """Return the context of an import in the region, which is made when it is named, or a stand-in."""
    report = ImportReport()
    problems = list(source.problems)
    region = find_region(slug) if slug is not None else None
    is_guessing = False
    if region is not None:
        lock_region(region.id)
    elif slug is not None and region_name:
        try:
            region = make_region(session, slug, region_name)
            report.of(SETTINGS_SHEET[0]).new += 1
            report.notes.append(f"De regio “{region_name}” ({slug}) is nieuw gemaakt.")
        except ValueError as error:
            problems.append(InputProblem(source.name, 0, "", str(error)))
    elif slug is not None:
        problems.append(InputProblem(source.name, 0, "", f"De regio “{slug}” bestaat niet."))
    if region is None:
        region, is_guessing = make_stand_in(session), True
    report.region = region.name
    return ImportContext(
        session, region, report, problems, source.titles, source.unreadable, is_guessing=is_guessing
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
        if report.changed_anything:
            audit.record("import_postcodes", "postcode_place", None, after=report.facts())
    return report


def _postcode_values(row: PostcodeRow) -> dict[str, object]:
    return {"place": row.place, "municipality": row.municipality, "lat": row.lat, "lon": row.lon}

"""Steps of an import: the region itself, its school years, rounds and days off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from flask_sqlalchemy.session import Session
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from matchmaker.domain.kinds import ClosedDayReason
from matchmaker.domain.phases import Phase
from matchmaker.exchange.problems import InputProblem
from matchmaker.exchange.rows import ClosedDayRow, GroupRow, RoundRow, SettingsRow
from matchmaker.exchange.sheets import CLOSED_DAYS, HOSTS, ROUNDS, SCHOOLS, SETTINGS, SETTINGS_SHEET
from matchmaker.exchange.vocabularies import PHASES
from matchmaker.models import ClosedDay, Organisation, Region, Round, SchoolYear
from matchmaker.services.import_context import ImportContext, change, count_change, said
from matchmaker.services.import_organisations import take_organiser

_SHEET = SETTINGS_SHEET[0]
_YEAR_NAME = re.compile(r"(20\d{2})\s*[-/–]\s*(?:20)?(\d{2})")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_YEAR_SETTINGS = frozenset({"Schooljaar", "Begin schooljaar", "Einde schooljaar"})
_REGION_FIELDS = (
    "name",
    "sender_name",
    "contact_email",
    "contact_phone",
    "guarantee_primary",
    "guarantee_secondary",
    "guarantee_special",
    "detour_factor",
)


def make_region(session: scoped_session[Session], slug: str, name: str) -> Region:
    """Add a region and return it, with its id.

    Raises
    ------
    ValueError
        With a Dutch sentence, when the slug cannot stand in an address.
    """
    if not _SLUG.fullmatch(slug) or len(slug) > 80:
        raise ValueError(
            f"“{slug[:40]}” kan geen webnaam zijn. Gebruik kleine letters, cijfers en streepjes."
        )
    region = Region(slug=slug, name=name)
    session.add(region)
    session.flush()
    return region


def make_stand_in(session: scoped_session[Session]) -> Region:
    """Add a region under which nothing can be found, for looking into a file that does not say well which
    region it is about. It goes with the transaction, which cannot succeed.
    """
    region = Region(slug="-", name="-")
    session.add(region)
    session.flush()
    return region


def take_settings(context: ImportContext, settings: SettingsRow) -> None:
    """Change the region by its settings, and make its school year and organiser."""
    values = {name: getattr(settings, name) for name in _REGION_FIELDS}
    changed = change(context.region, values)
    if context.report.of(_SHEET).new == 0:
        count_change(context.report.of(_SHEET), changed)
    if settings.organiser_email:
        take_organiser(context, settings.organiser_email, settings.organiser_name)
    context.is_year_doubtful = bool(settings.broken & _YEAR_SETTINGS)
    if settings.school_year and not context.is_year_doubtful:
        try:
            take_school_year(
                context, settings.school_year, settings.school_year_starts_on, settings.school_year_ends_on
            )
        except ValueError as error:
            context.is_year_doubtful = True
            refuse_setting(context, settings, "school_year", str(error))


def refuse_setting(context: ImportContext, settings: SettingsRow | None, key: str, message: str) -> None:
    """Note a problem with a setting: at its row, or at the sheet when it is not there."""
    column = next(column for column in SETTINGS if column.key == key)
    place = settings.places.get(key, 0) if settings else 0
    sheet = context.titles.get(_SHEET, _SHEET)
    if settings is None or column.dutch not in settings.broken:
        context.problems.append(InputProblem(sheet, place, "Waarde" if place else column.dutch, message))


def take_school_year(
    context: ImportContext, name: str, starts_on: date | None = None, ends_on: date | None = None
) -> SchoolYear:
    """Return the school year of this name, making it when it is new.

    ``2026-2027`` runs from 1 August to 31 July unless the file says otherwise. A year is looked up once
    in an import, however many rows name it.

    Raises
    ------
    ValueError
        With a Dutch sentence, when its days are unknown or not in order.
    """
    if name not in context.years:
        try:
            context.years[name] = _find_or_make_year(context, name, starts_on, ends_on)
        except ValueError as error:
            context.years[name] = str(error)
    found = context.years[name]
    if isinstance(found, str):
        raise ValueError(found)  # noqa: TRY004 - a person's mistake, not a programmer's
    return found


def find_year(
    context: ImportContext, sheet: str, row: RoundRow | GroupRow, default: SchoolYear | None
) -> SchoolYear | None:
    """Return the school year of a row, noting a problem when there is none."""
    if not row.is_sound_in("Schooljaar"):
        return None
    try:
        if row.school_year:
            return take_school_year(context, row.school_year)
    except ValueError as error:
        context.refuse(sheet, row, "Schooljaar", str(error))
        return None
    if default is None and not context.is_year_doubtful:
        message = "Vul het schooljaar in, hier of bij de instellingen."
        context.refuse_when_new(sheet, row, "Schooljaar", message)
    return default


def _find_or_make_year(
    context: ImportContext, name: str, starts_on: date | None, ends_on: date | None
) -> SchoolYear:
    statement = select(SchoolYear).where(SchoolYear.region_id == context.region.id, SchoolYear.name == name)
    year = context.session.scalars(statement).one_or_none()
    match = _YEAR_NAME.fullmatch(name)
    if year is None and match:
        starts_on = starts_on or date(int(match[1]), 8, 1)
        ends_on = ends_on or date(int(match[1]) + 1, 7, 31)
    first = starts_on or (year.starts_on if year else None)
    last = ends_on or (year.ends_on if year else None)
    if first is None or last is None:
        raise ValueError(
            f"“{name}”: schrijf het als 2026-2027, of vul begin en einde in bij de instellingen."
        )
    if first >= last:
        raise ValueError(f"Het schooljaar {name} eindigt voor het begint.")
    return _save_school_year(context, year, name, first, last)


def _save_school_year(
    context: ImportContext, year: SchoolYear | None, name: str, starts_on: date, ends_on: date
) -> SchoolYear:
    counts = context.report.of("Schooljaren")
    if year is not None:
        count_change(counts, change(year, {"starts_on": starts_on, "ends_on": ends_on}))
        return year
    year = SchoolYear(region_id=context.region.id, name=name, starts_on=starts_on, ends_on=ends_on)
    context.session.add(year)
    context.session.flush()
    counts.new += 1
    return year


def list_school_years(context: ImportContext) -> dict[str, SchoolYear]:
    """Return the region's school years by name, earliest first."""
    statement = select(SchoolYear).where(SchoolYear.region_id == context.region.id)
    years = context.session.scalars(statement.order_by(SchoolYear.starts_on))
    return {year.name: year for year in years}


def find_default_year(context: ImportContext, settings: SettingsRow | None) -> SchoolYear | None:
    """Return the school year that rows without one belong to: that of the settings, else the latest."""
    if context.is_year_doubtful:
        return None
    years = list_school_years(context)
    named = years.get(settings.school_year) if settings and settings.school_year else None
    return named or next(reversed(years.values()), None)


def take_rounds(context: ImportContext, rows: Sequence[RoundRow], default: SchoolYear | None) -> None:
    """Make and change rounds. The phase counts for new ones only: later organisers move it on its page."""
    sheet = ROUNDS.name
    statement = select(Round).where(Round.region_id == context.region.id)
    existing = {(r.school_year_id, r.name.casefold()): r for r in context.session.scalars(statement)}
    seen: dict[tuple[int, str], int] = {}
    for row in rows:
        year = find_year(context, sheet, row, default)
        key = (year.id, row.name.casefold()) if year is not None and row.is_sound_in("Naam") else None
        if key is not None and seen.setdefault(key, row.row) != row.row:
            context.refuse(sheet, row, "Naam", f"Deze ronde staat ook al in rij {seen[key]}.")
        elif year is None or key is None or row.broken:
            context.leave_out(sheet, row.name, row)
        else:
            _take_round(context, row, year, existing.get(key))
    if rows:
        context.report.of(sheet).absent += len(existing.keys() - seen.keys())
    context.session.flush()


def _take_round(context: ImportContext, row: RoundRow, year: SchoolYear, found: Round | None) -> None:
    counts = context.report.of(ROUNDS.name)
    values = {
        "offering_on": row.offering_on,
        "wishing_on": row.wishing_on,
        "wishing_until": row.wishing_until,
        "result_on": row.result_on,
        "visits_from": row.visits_from,
        "visits_until": row.visits_until,
        "min_gap_minutes": row.min_gap_minutes,
        "fairness_band": row.fairness_band,
        "lottery_seed": row.lottery_seed,
        "reserved_until": row.reserved_until,
    }
    if found is None:
        phase = row.phase or Phase.PREPARING
        seed = row.lottery_seed or row.name[:80]
        made = said(values | {"phase": phase, "lottery_seed": seed, "name": row.name})
        context.made_rounds.append(Round(region_id=context.region.id, school_year_id=year.id, **made))
        context.session.add(context.made_rounds[-1])
        counts.new += 1
        return
    count_change(counts, change(found, values))
    if row.phase is not None and row.phase is not found.phase:
        context.report.notes.append(
            f"Ronde “{found.name}” blijft in de fase {PHASES.write(found.phase)}; het bestand zegt"
            f" {PHASES.write(row.phase)}."
        )


def take_closed_days(context: ImportContext, rows: Sequence[ClosedDayRow]) -> None:
    """Add days off that are not there yet."""
    statement = select(ClosedDay).where(ClosedDay.region_id == context.region.id)
    existing = {_closed_day_key(day) for day in context.session.scalars(statement)}
    organisations = select(Organisation.code, Organisation.id)
    found = context.session.execute(organisations.where(Organisation.region_id == context.region.id))
    codes = {code: id_ for code, id_ in found}  # noqa: C416 - dict() takes a result for a mapping
    counts = context.report.of(CLOSED_DAYS.name)
    for row in rows:
        if row.organisation is not None and row.organisation not in codes:
            if not any(context.is_refused(sheet, row.organisation) for sheet in (SCHOOLS.name, HOSTS.name)):
                message = f"Er is geen school of aanbieder met de code {row.organisation}."
                context.refuse_when_new(CLOSED_DAYS.name, row, "Organisatie", message)
            continue
        if row.broken:
            continue
        day = _closed_day(context, row, codes)
        if _closed_day_key(day) in existing:
            counts.unchanged += 1
        else:
            context.session.add(day)
            existing.add(_closed_day_key(day))
            counts.new += 1


def _closed_day(context: ImportContext, row: ClosedDayRow, codes: dict[str, int]) -> ClosedDay:
    return ClosedDay(
        region_id=context.region.id,
        organisation_id=codes[row.organisation] if row.organisation else None,
        holiday_region=row.holiday_region,
        first_day=row.first_day,
        last_day=row.last_day or row.first_day,
        half_day=row.half_day,
        reason=row.reason or ClosedDayReason.CLOSED,
        name=row.name or "",
        source="workbook",
    )


def _closed_day_key(day: ClosedDay) -> tuple[object, ...]:
    return (
        day.organisation_id,
        day.holiday_region,
        day.first_day,
        day.last_day,
        day.half_day,
        day.reason,
        day.name,
    )

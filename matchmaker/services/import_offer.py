"""Steps of an import: activities and their slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.exchange.rows import ActivityRow, SlotRow, WishRow
from matchmaker.exchange.sheets import ACTIVITIES, HOSTS, ROUNDS, SCHOOLS, SLOTS
from matchmaker.models import Activity, Host, Round, School, SchoolYear, Slot
from matchmaker.notifications.calendar import new_calendar_uid
from matchmaker.services.import_context import ImportContext, change, count_change, said


def take_activities(context: ImportContext, rows: Sequence[ActivityRow]) -> None:
    """Make and change activities; those that the file does not name are left as they are."""
    if not rows:
        return
    sheet = ACTIVITIES.name
    hosts = {host.code: host for host in context.session.scalars(_of_region(context, Host))}
    existing = {
        activity.code: activity for activity in context.session.scalars(_of_region(context, Activity))
    }
    for row in rows:
        host = hosts.get(row.host)
        if host is None:
            context.refuse_reference(sheet, row, "Aanbieder", (HOSTS.name, "aanbieder", row.host))
        found = existing.get(row.code)
        if found is not None:
            _refuse_crossed_limits(context, row, found)
        if host is None or row.broken:
            context.leave_out(sheet, row.code, row)
        else:
            _take_activity(context, row, host, existing)
    context.report.of(sheet).absent += len(existing.keys() - {row.code for row in rows})
    context.session.flush()


def _of_region(context: ImportContext, kind: Any) -> Any:
    return select(kind).where(kind.region_id == context.region.id)


def _refuse_crossed_limits(context: ImportContext, row: ActivityRow, found: Activity) -> None:
    """Refuse a minimum of pupils that with what is known already lies above the maximum."""
    least, most = row.min_pupils or found.min_pupils, row.max_pupils or found.max_pupils
    if least and most and least > most and row.is_sound_in("Minimaal leerlingen", "Maximaal leerlingen"):
        message = "Met wat al bekend is, wordt het minimum groter dan het maximum. Vul beide in."
        context.refuse(ACTIVITIES.name, row, "Minimaal leerlingen", message)


def _take_activity(
    context: ImportContext, row: ActivityRow, host: Host, existing: dict[str, Activity]
) -> None:
    values = {
        "host_id": host.id,
        "kind": row.kind,
        "title": row.title,
        "description": row.description,
        "practical": row.practical,
        "levels": list(row.levels),
        "min_pupils": row.min_pupils,
        "max_pupils": row.max_pupils,
        "duration_minutes": row.duration_minutes,
        "address": row.address,
        "lat": row.lat,
        "lon": row.lon,
        "mobile": row.mobile,
        "range_km": row.range_km,
        "approval": row.approval,
    }
    found = existing.get(row.code)
    if found is not None:
        if not context.problems:
            count_change(context.report.of(ACTIVITIES.name), change(found, values))
        return
    texts = {"description": row.description or "", "practical": row.practical or ""}
    existing[row.code] = Activity(region_id=context.region.id, code=row.code, **(said(values) | texts))
    context.session.add(existing[row.code])
    context.report.of(ACTIVITIES.name).new += 1


# The rounds that a name may mean; None stands for one that was not taken in.
Rounds = Mapping[str, Round | None]


def list_rounds(context: ImportContext, default: SchoolYear | None) -> Rounds:
    """Return the region's rounds by name; the empty name stands for the only round of the default year.

    When two years have a round of one name, the default year's one is meant, else the later one.
    """
    statement = _of_region(context, Round).order_by(Round.visits_from)
    rounds = list(context.session.scalars(statement))
    current = [round_ for round_ in rounds if default is not None and round_.school_year_id == default.id]
    named: dict[str, Round | None] = {round_.name.casefold(): round_ for round_ in [*rounds, *current]}
    refused = [name for sheet, name in context.refused if sheet == ROUNDS.name and name not in named]
    candidates = [*current, *(None for _ in refused)]
    if len(candidates) == 1:
        named[""] = candidates[0]
    return dict.fromkeys(refused) | named


def find_round(context: ImportContext, row: SlotRow | WishRow, rounds: Rounds, sheet: str) -> Round | None:
    """Return the round that a row names, noting a problem when there is none."""
    name = (row.round or "").casefold()
    if name not in rounds and ROUNDS.name not in context.unreadable:
        message = f"Er is geen ronde “{row.round}”." if row.round else "Noem de ronde."
        context.refuse_when_new(sheet, row, "Ronde", message)
    return rounds.get(name) if row.is_sound_in("Ronde") else None


def take_slots(context: ImportContext, rows: Sequence[SlotRow], default: SchoolYear | None) -> None:
    """Make and change slots. Once groups are placed in a slot, its activity and times stay."""
    if not rows:
        return
    sheet = SLOTS.name
    rounds = list_rounds(context, default)
    activities = {a.code: a for a in context.session.scalars(_of_region(context, Activity))}
    schools = {s.code: s for s in context.session.scalars(_of_region(context, School))}
    statement = _of_region(context, Slot).options(selectinload(Slot.reserved_schools))
    existing = {slot.code: slot for slot in context.session.scalars(statement)}
    before = set(existing)
    seen: dict[str, int] = {}
    for row in rows:
        values = _slot_values(context, row, rounds, activities)
        reserved = _find_schools(context, row, schools)
        code = _slot_code(row, values["starts_at"])
        if code is not None and seen.setdefault(code, row.row) != row.row:
            context.refuse(sheet, row, "Code", f"Dit tijdvak staat ook al in rij {seen[code]}.")
        elif code is not None:
            _take_slot(context, row, existing, code, (values, reserved))
    context.report.of(sheet).absent += len(before - seen.keys())
    context.session.flush()


def _slot_code(row: SlotRow, starts_at: datetime | None) -> str | None:
    """Return the code of a slot; one without gets it from activity and time, when they are known."""
    if row.code or starts_at is None or not row.is_sound_in("Code", "Activiteit"):
        return row.code
    return _make_code(row, starts_at)


def _make_code(row: SlotRow, starts_at: datetime) -> str:
    return f"{row.activity}-{clock.local(starts_at):%Y%m%d-%H%M}"


def _slot_values(
    context: ImportContext, row: SlotRow, rounds: Rounds, activities: Mapping[str, Activity]
) -> dict[str, Any]:
    """Return what a row says of its slot; None where it is silent, or wrong, which is noted."""
    round_ = find_round(context, row, rounds, SLOTS.name)
    activity = activities.get(row.activity)
    if activity is None:
        context.refuse_reference(SLOTS.name, row, "Activiteit", (ACTIVITIES.name, "activiteit", row.activity))
    starts_at, ends_at = _moments(context, row) or (None, None)
    return {
        "activity_id": activity.id if activity else None,
        "round_id": round_.id if round_ else None,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "capacity_groups": row.groups,
        "capacity_pupils": row.pupils,
        "min_groups": row.min_groups,
        "series": row.series,
        "multi_stop_day": row.multi_stop_day,
        "reserved_groups": row.reserved_groups,
        "state": row.state,
    }


def _moments(context: ImportContext, row: SlotRow) -> tuple[datetime, datetime] | None:
    walls = row.wall_times()
    try:
        return (clock.from_local(walls[0]), clock.from_local(walls[1])) if walls else None
    except ValueError:
        context.refuse(SLOTS.name, row, "Begin", "Deze tijd bestaat niet: dan gaat de klok vooruit.")
        return None


def _find_schools(context: ImportContext, row: SlotRow, schools: Mapping[str, School]) -> list[School]:
    codes = row.reserved_schools or ()
    for code in codes:
        if code not in schools:
            context.refuse_reference(SLOTS.name, row, "Gereserveerd voor", (SCHOOLS.name, "school", code))
    return sorted((schools[code] for code in codes if code in schools), key=lambda school: school.id)


def _take_slot(
    context: ImportContext,
    row: SlotRow,
    existing: dict[str, Slot],
    code: str,
    said_of_slot: tuple[dict[str, Any], list[School]],
) -> None:
    """Make or change a slot; when anything was wrong so far, only look whether it might be changed."""
    values, reserved = said_of_slot
    counts = context.report.of(SLOTS.name)
    found = existing.get(code)
    if found is not None:
        _refuse_broken_promises(context, row, found, values)
    if context.problems:
        return
    if found is not None:
        changed = change(found, values)
        if row.reserved_schools is not None and list(found.reserved_schools) != reserved:
            found.reserved_schools, changed = reserved, True
        count_change(counts, changed)
        return
    settings: Settings = current_app.config["SETTINGS"]
    existing[code] = Slot(
        region_id=context.region.id,
        code=code,
        calendar_uid=new_calendar_uid(settings.mail_domain, "tijdvak"),
        reserved_schools=reserved,
        **{"capacity_groups": 1, **said(values)},
    )
    context.session.add(existing[code])
    counts.new += 1


def _refuse_broken_promises(
    context: ImportContext, row: SlotRow, slot: Slot, values: Mapping[str, Any]
) -> None:
    """Refuse to change what people have been promised, and capacities that would contradict the rest."""
    fixed = ("activity_id", "round_id", "starts_at", "ends_at", "state")
    moved = any(values[name] not in (None, getattr(slot, name)) for name in fixed)
    if slot.taken_groups and moved:
        message = (
            "Hier zijn al groepen geplaatst: een bestand kan dit tijdvak niet meer wijzigen. "
            "Verzet het op de pagina van de aanbieder, of trek het daar in."
        )
        context.refuse(SLOTS.name, row, "Datum", message)
    groups = values["capacity_groups"] or slot.capacity_groups
    if groups < slot.taken_groups:
        context.refuse(SLOTS.name, row, "Groepen", f"Er zijn al {slot.taken_groups} groepen geplaatst.")
    if (values["capacity_pupils"] or slot.taken_pupils) < slot.taken_pupils:
        context.refuse(SLOTS.name, row, "Leerlingen", f"Er zijn al {slot.taken_pupils} leerlingen geplaatst.")
    for name, column in (("min_groups", "Minimaal groepen"), ("reserved_groups", "Gereserveerd")):
        wanted = getattr(slot, name) if values[name] is None else values[name]
        if wanted > groups and row.is_sound_in("Groepen"):
            context.refuse(SLOTS.name, row, column, f"Dit is meer dan het aantal groepen, {groups}.")

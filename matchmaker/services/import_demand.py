"""Steps of an import: groups and their wishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from matchmaker import clock
from matchmaker.domain.kinds import ActivityKind, Sector
from matchmaker.domain.levels import parse_levels
from matchmaker.domain.phases import RESULT_PHASES
from matchmaker.exchange.rows import BlockedWall, GroupRow, SchoolRow, SheetRow, WishRow
from matchmaker.exchange.sheets import ACTIVITIES, GROUPS, SCHOOLS, WISHES
from matchmaker.exchange.vocabularies import ACTIVITY_KINDS
from matchmaker.models import Activity, BlockedTime, Group, Round, School, SchoolYear, Wish, WishList
from matchmaker.services.import_context import ImportContext, change, count_change, said
from matchmaker.services.import_offer import find_round, list_rounds
from matchmaker.services.import_programme import find_year
from matchmaker.services.import_visits import take_resized

# A wish as it is compared: an activity's id or a kind.
Wished = tuple[int | None, ActivityKind | None]
# Stands for the school of a group that names a school that there is not.
_ANY_SCHOOL = "*"
_SETTLED = "Deze ronde is al gepubliceerd; de wensen liggen vast."


def take_groups(context: ImportContext, rows: Sequence[GroupRow], default: SchoolYear | None) -> None:
    """Make and change groups; those that the file does not name are left as they are."""
    if not rows:
        return
    sheet = GROUPS.name
    schools = _schools(context)
    statement = select(Group).where(Group.region_id == context.region.id)
    existing = {_group_key(group): group for group in context.session.scalars(statement)}
    seen: dict[tuple[str, int, str], int] = {}
    absent = set(existing)
    resized: dict[int, GroupRow] = {}
    for row in rows:
        school = schools.get(row.school)
        year = find_year(context, sheet, row, default)
        if school is None:
            context.refuse_reference(sheet, row, "School", (SCHOOLS.name, "school", row.school))
        if year is not None and row.is_sound_in("School", "Groep"):
            name = row.name.casefold()
            if seen.setdefault((row.school, year.id, name), row.row) != row.row:
                first = seen[row.school, year.id, name]
                context.refuse(sheet, row, "Groep", f"Deze groep staat ook al in rij {first}.")
                continue
            if school is not None:
                absent.discard((school.id, year.id, name))
                found = existing.get((school.id, year.id, name))
                if found is not None and row.pupils not in {None, found.pupils}:
                    resized[found.id] = row
                _take_group(context, row, school, year, found)
                continue
        _look_into_group(context, row, school, is_new=not existing or _is_school_new(context, row, school))
        _leave_out_group(context, row, school)
    context.report.of(sheet).absent += len(absent)
    take_resized(context, resized)
    context.session.flush()


def _schools(context: ImportContext) -> dict[str, School]:
    statement = select(School).where(School.region_id == context.region.id)
    return {school.code: school for school in context.session.scalars(statement)}


def _is_school_new(context: ImportContext, row: GroupRow, school: School | None) -> bool:
    """Return whether a school is in the file for the first time, and wrong there."""
    return school is None and isinstance(_refused_school(context, row), SchoolRow)


def _refused_school(context: ImportContext, row: GroupRow) -> SheetRow | None:
    return context.refused.get((SCHOOLS.name, (row.school or "").casefold()))


def _take_group(
    context: ImportContext, row: GroupRow, school: School, year: SchoolYear, found: Group | None
) -> None:
    levels = _look_into_group(context, row, school, is_new=found is None)
    if found is None and (row.pupils is None or levels is None):
        _leave_out_group(context, row, school)
        return
    values = {"levels": levels, "pupils": row.pupils}
    if found is not None:
        count_change(context.report.of(GROUPS.name), change(found, values))
        return
    keys = {"school_id": school.id, "school_year_id": year.id, "name": row.name}
    context.session.add(Group(region_id=context.region.id, **keys, **said(values)))
    context.report.of(GROUPS.name).new += 1


def _look_into_group(
    context: ImportContext, row: GroupRow, school: School | None, *, is_new: bool
) -> list[str] | None:
    """Return the levels of a group, if the row says any; note what is wrong with levels and pupils.

    A new group without levels gets those that its name tells.
    """
    if is_new and row.pupils is None:
        context.refuse_when_new(GROUPS.name, row, "Leerlingen", "Vul het aantal leerlingen in.")
    if row.levels is None and not (is_new and row.is_sound_in("Groep", "Niveaus")):
        return None
    try:
        return _parse_levels(row.levels or row.name, _possible_sectors(context, row, school))
    except ValueError as error:
        if row.levels:
            context.refuse(GROUPS.name, row, "Niveaus", str(error))
        else:
            message = "Vul in voor welke groep of klas dit is."
            context.refuse_when_new(GROUPS.name, row, "Niveaus", message)
        return None


def _possible_sectors(context: ImportContext, row: GroupRow, school: School | None) -> tuple[Sector, ...]:
    """Return the sectors that the school of a row may have: one, unless the school is unknown."""
    if school is not None:
        return (school.sector,)
    refused = _refused_school(context, row)
    known = refused.sector if isinstance(refused, SchoolRow) else None
    return (known,) if known is not None else (Sector.PRIMARY, Sector.SECONDARY)


def _parse_levels(text: str, sectors: Sequence[Sector]) -> list[str]:
    """Return levels by the first sector in which there are any such; raise the last one's ValueError."""
    for sector in sectors[:-1]:
        with suppress(ValueError):
            return list(parse_levels(text, sector))
    return list(parse_levels(text, sectors[-1]))


def _leave_out_group(context: ImportContext, row: GroupRow, school: School | None) -> None:
    """Note a group that was not taken in: under its school and name, or when the school is wrong its name."""
    if row.is_sound_in("Groep"):
        is_placed = school is not None or context.is_refused(SCHOOLS.name, row.school)
        context.leave_out(GROUPS.name, _group_code(row.school if is_placed else _ANY_SCHOOL, row.name), row)


def _group_code(school: str, name: str) -> str:
    return f"{school} {name}"


def take_wishes(context: ImportContext, rows: Sequence[WishRow], default: SchoolYear | None) -> None:
    """Make and change wish lists; the wishes and blocked times of a row replace those there were."""
    if not rows:
        return
    rounds = list_rounds(context, default)
    schools = _schools(context)
    groups = _groups_by_key(context)
    statement = select(Activity.code, Activity.id).where(Activity.region_id == context.region.id)
    activities = {code.casefold(): id_ for code, id_ in context.session.execute(statement)}
    existing = _existing_wish_lists(context)
    seen: dict[tuple[str, str, int], int] = {}
    absent = set(existing)
    for row in rows:
        round_ = find_round(context, row, rounds, WISHES.name)
        group = _find_group(context, row, round_, schools, groups)
        wished = _find_wished(context, row, activities)
        if round_ is None or not row.is_sound_in("School", "Groep"):
            continue
        key = (row.school, row.group.casefold(), round_.id)
        if seen.setdefault(key, row.row) != row.row:
            message = f"De wensen van deze groep staan ook al in rij {seen[key]}."
            context.refuse(WISHES.name, row, "Groep", message)
        elif group is not None:
            absent.discard((group.id, round_.id))
            _take_wish_list(context, row, (group, round_), existing.get((group.id, round_.id)), wished)
    context.report.of(WISHES.name).absent += len(absent)
    context.session.flush()


def _groups_by_key(context: ImportContext) -> dict[tuple[int, int, str], Group]:
    statement = select(Group).where(Group.region_id == context.region.id)
    return {_group_key(group): group for group in context.session.scalars(statement)}


def _group_key(group: Group) -> tuple[int, int, str]:
    return group.school_id, group.school_year_id, group.name.casefold()


def _existing_wish_lists(context: ImportContext) -> dict[tuple[int, int], WishList]:
    statement = (
        select(WishList)
        .where(WishList.region_id == context.region.id)
        .options(selectinload(WishList.wishes), selectinload(WishList.blocked_times))
    )
    return {(w.group_id, w.round_id): w for w in context.session.scalars(statement)}


def _find_group(
    context: ImportContext,
    row: WishRow,
    round_: Round | None,
    schools: Mapping[str, School],
    groups: Mapping[tuple[int, int, str], Group],
) -> Group | None:
    """Return the group of a row, noting a problem when there is none.

    Without a round it is unknown of which year the group is meant, and whether there is one is left open.
    """
    school = schools.get(row.school)
    if school is None:
        context.refuse_reference(WISHES.name, row, "School", (SCHOOLS.name, "school", row.school))
        if not context.is_refused(SCHOOLS.name, row.school):
            return None
    if round_ is None or not row.is_sound_in("School", "Groep"):
        return None
    name = row.group.casefold()
    group = groups.get((school.id, round_.school_year_id, name)) if school is not None else None
    codes = (_group_code(row.school, name), _group_code(_ANY_SCHOOL, name))
    if group is None and not any(context.is_refused(GROUPS.name, code) for code in codes):
        message = f"{school.name if school else row.school} heeft dat jaar geen groep “{row.group}”."
        context.refuse_when_new(WISHES.name, row, "Groep", message)
    return group


def _find_wished(context: ImportContext, row: WishRow, activities: Mapping[str, int]) -> list[Wished]:
    found: list[Wished] = []
    seen: set[object] = set()
    for title, text in row.wishes:
        code = text.split("|")[0].strip().casefold()
        activity = activities.get(code)
        kind = ACTIVITY_KINDS.find(text) if activity is None else None
        wished: object = kind or code
        if wished in seen:
            context.refuse(WISHES.name, row, title, "Deze wens staat er al.")
        elif activity is not None or kind is not None:
            found.append((activity, kind))
        elif not context.is_refused(ACTIVITIES.name, code):
            message = f"“{text}” is geen activiteit en geen soort."
            context.refuse_when_new(WISHES.name, row, title, message)
        seen.add(wished)
    return found


def _take_wish_list(
    context: ImportContext,
    row: WishRow,
    owner: tuple[Group, Round],
    found: WishList | None,
    wished: list[Wished],
) -> None:
    group, round_ = owner
    counts = context.report.of(WISHES.name)
    values = {"wanted": row.wanted, "open_to_other": row.open_to_other, "max_km": row.max_km}
    if found is None:
        if _is_settled(context, round_):
            context.refuse(WISHES.name, row, "Ronde", _SETTLED)
            return
        made = WishList(region_id=context.region.id, group_id=group.id, round_id=round_.id, **said(values))
        made.submitted_at = None if row.submitted is False else clock.now()
        context.session.add(made)
        _replace_wishes(made, wished)
        _replace_blocked(context, row, made)
        counts.new += 1
        return
    changed = change(found, values)
    if row.submitted is not None and row.submitted != (found.submitted_at is not None):
        found.submitted_at, changed = clock.now() if row.submitted else None, True
    if row.wishes and [(wish.activity_id, wish.kind) for wish in found.wishes] != wished:
        context.session.execute(_delete_of(Wish, found))
        context.session.expire(found, ["wishes"])
        _replace_wishes(found, wished)
        changed = True
    changed = _replace_blocked(context, row, found) or changed
    if changed:
        # Wishes and blocked times are rows of their own; the list says when any of it changed.
        found.changed_at = clock.now()
    if changed and _is_settled(context, round_):
        context.refuse(WISHES.name, row, "Ronde", _SETTLED)
    count_change(counts, changed)


def _is_settled(context: ImportContext, round_: Round) -> bool:
    """Return whether people have been told a result; a round that came with this file told nobody."""
    return round_.phase in RESULT_PHASES and round_ not in context.made_rounds


def _delete_of(kind: Any, wish_list: WishList) -> Any:
    """Remove at once: the new rows take ranks that must be free."""
    statement = delete(kind).where(kind.wish_list_id == wish_list.id)
    return statement.execution_options(synchronize_session=False)


def _replace_wishes(wish_list: WishList, wished: Sequence[Wished]) -> None:
    wish_list.wishes = [
        Wish(region_id=wish_list.region_id, rank=rank, activity_id=activity_id, kind=kind)
        for rank, (activity_id, kind) in enumerate(wished, start=1)
    ]


def _replace_blocked(context: ImportContext, row: WishRow, wish_list: WishList) -> bool:
    """Make the blocked times what the file says; return whether they differed."""
    if row.blocked is None:
        return False
    try:
        wanted = [(clock.from_local(b.start), clock.from_local(b.end), b.reason) for b in row.blocked]
    except ValueError:
        context.refuse(WISHES.name, row, "Kan niet op", "Deze tijd bestaat niet: dan gaat de klok vooruit.")
        return False
    if [(b.starts_at, b.ends_at, b.reason) for b in wish_list.blocked_times] == wanted:
        return False
    wish_list.blocked_times = [
        BlockedTime(region_id=wish_list.region_id, starts_at=start, ends_at=end, reason=reason)
        for start, end, reason in wanted
    ]
    return True


def blocked_walls(wish_list: WishList) -> tuple[BlockedWall, ...]:
    """Return a wish list's blocked times as wall-clock times, for an export."""
    return tuple(
        BlockedWall(
            clock.local(b.starts_at).replace(tzinfo=None),
            clock.local(b.ends_at).replace(tzinfo=None),
            b.reason,
        )
        for b in wish_list.blocked_times
    )

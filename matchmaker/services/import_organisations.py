"""Steps of an import: schools and hosts, and the people who answer for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import select

from matchmaker import clock
from matchmaker.domain.dutch_places import find_holiday_region
from matchmaker.domain.kinds import CoordinateSource, HolidayRegion, HostKind, Role
from matchmaker.exchange.rows import HostRow, OrganisationRow, SchoolRow
from matchmaker.exchange.sheets import HOSTS, SCHOOLS
from matchmaker.models import Host, Membership, Organisation, School, User
from matchmaker.services.coordinates import Locator
from matchmaker.services.import_context import ImportContext, change, count_change, said

# The columns from which a holiday region is derived.
_PLACE_COLUMNS = ("Plaats", "Gemeente", "Provincie", "Postcode")
_SHEETS: dict[type[Organisation], str] = {School: SCHOOLS.name, Host: HOSTS.name}
R = TypeVar("R", bound=OrganisationRow)
O = TypeVar("O", bound=Organisation)  # noqa: E741 - organisation


def take_schools(context: ImportContext, rows: Sequence[SchoolRow]) -> None:
    """Make and change schools; those that the file does not name are left as they are."""
    locator = Locator.prepare(rows, _known_points(context))
    existing = _existing(context, School)
    # Without a code a row may be about any school that is there.
    is_new_everywhere = not existing
    rows = _without_taken_codes(context, School, rows, existing)
    derived = 0
    for row in rows:
        school = existing.get(row.code)
        holiday_region = row.holiday_region
        if school is None and holiday_region is None:
            holiday_region = _derive_holiday_region(row, locator)
            derived += 1
        is_new = school is None and (is_new_everywhere or row.is_sound_in("Code"))
        if (is_new and not _can_make_school(context, row, holiday_region)) or row.broken:
            context.leave_out(SCHOOLS.name, row.code, row)
            continue
        values = {
            **_values(row, locator, school),
            "sector": row.sector,
            "school_type": row.school_type,
            "holiday_region": holiday_region,
            "board": row.board,
            "pupils": row.pupils,
            "travel_mode": row.travel_mode,
        }
        _take(context, School, existing, row.code, values)
    _finish(context, rows, existing, locator)
    if not rows:
        return
    known = sum(1 for row in rows if row.holiday_region is not None)
    context.report.notes.append(
        f"Vakantieregio: {known} uit het bestand, {derived} afgeleid van plaats en gemeente."
    )


def _derive_holiday_region(row: SchoolRow, locator: Locator) -> HolidayRegion | None:
    municipality = row.municipality or locator.find_municipality(row.postcode)
    return find_holiday_region(row.place or "", municipality, row.province or "")


def _can_make_school(context: ImportContext, row: SchoolRow, holiday_region: HolidayRegion | None) -> bool:
    if row.sector is None:
        message = "Vul de sector in; wij konden hem niet afleiden."
        context.refuse_when_new(SCHOOLS.name, row, "Sector", message)
    if holiday_region is None and row.is_sound_in(*_PLACE_COLUMNS):
        message = "Vul de vakantieregio in; wij konden haar niet afleiden."
        context.refuse_when_new(SCHOOLS.name, row, "Vakantieregio", message)
    return row.sector is not None and holiday_region is not None


def take_hosts(context: ImportContext, rows: Sequence[HostRow]) -> None:
    """Make and change hosts; those that the file does not name are left as they are."""
    locator = Locator.prepare(rows, _known_points(context))
    existing = _existing(context, Host)
    rows = _without_taken_codes(context, Host, rows, existing)
    for row in rows:
        if row.broken:
            context.leave_out(HOSTS.name, row.code, row)
            continue
        host = existing.get(row.code)
        values = {
            **_values(row, locator, host),
            "kind": row.kind or (HostKind.COMPANY if host is None else None),
            "branches": list(row.branches) if row.branches is not None else None,
            "max_slots_per_day": row.max_slots_per_day,
        }
        _take(context, Host, existing, row.code, values)
    _finish(context, rows, existing, locator)


def _existing(context: ImportContext, kind: type[O]) -> dict[str, O]:
    """Return the region's organisations of a kind by code."""
    statement = select(kind).where(kind.region_id == context.region.id)
    return {row.code: row for row in context.session.scalars(statement)}


def _known_points(context: ImportContext) -> list[tuple[float, float]]:
    """Return the coordinates of the region's organisations that have any."""
    statement = select(Organisation.lat, Organisation.lon).where(Organisation.region_id == context.region.id)
    points = context.session.execute(statement)
    return [(lat, lon) for lat, lon in points if lat is not None and lon is not None]


def _without_taken_codes(
    context: ImportContext, kind: type[Organisation], rows: Sequence[R], existing: Mapping[str, Organisation]
) -> list[R]:
    """Refuse rows whose code belongs to an organisation of the other kind; return the rest."""
    others = select(Organisation.code).where(
        Organisation.region_id == context.region.id,
        Organisation.type != kind.__mapper_args__["polymorphic_identity"],
    )
    taken = set(context.session.scalars(others))
    if kind is Host:
        # A school that is refused in the same file will have its code when it is right.
        refused = {row.code for row in context.refused.values() if isinstance(row, SchoolRow)}
        taken |= refused - existing.keys()
    for row in rows:
        if row.code in taken:
            context.leave_out(_SHEETS[kind], row.code, row)
            message = f"De code {row.code} is al van een andere organisatie."
            context.refuse(_SHEETS[kind], row, "Code", message)
    return [row for row in rows if row.code not in taken]


def _values(row: OrganisationRow, locator: Locator, existing: Organisation | None) -> dict[str, Any]:
    street = " ".join(part for part in (row.street, row.house_number) if part) or None
    values: dict[str, Any] = {
        "name": row.name,
        "street": street,
        "postcode": row.postcode,
        "place": row.place,
        "municipality": row.municipality,
        "website": row.website,
        "active": row.active,
    }
    location = locator.locate(row, existing)
    if location is not None:
        source: CoordinateSource = location.source
        values |= {"lat": location.lat, "lon": location.lon, "coordinate_source": source}
    return values


def _take(
    context: ImportContext,
    kind: type[O],
    existing: dict[str, O],
    code: str,
    values: Mapping[str, Any],
) -> None:
    counts = context.report.of(_SHEETS[kind])
    found = existing.get(code)
    if found is not None:
        count_change(counts, change(found, values))
        return
    made = kind(region_id=context.region.id, code=code, **said(values))
    context.session.add(made)
    existing[code] = made
    counts.new += 1


def _finish(
    context: ImportContext,
    rows: Sequence[OrganisationRow],
    existing: Mapping[str, Organisation],
    locator: Locator,
) -> None:
    """Count what the file left out, say where coordinates came from, and take the people."""
    if not rows:
        return
    name = SCHOOLS.name if isinstance(rows[0], SchoolRow) else HOSTS.name
    context.report.of(name).absent += len(existing.keys() - {row.code for row in rows})
    context.report.notes.append(f"{locator.describe()}")
    context.session.flush()
    role = Role.COORDINATOR if isinstance(rows[0], SchoolRow) else Role.HOST_CONTACT
    take_contacts(context, [(row, existing[row.code]) for row in rows if row.code in existing], role)


def take_contacts(
    context: ImportContext, pairs: Iterable[tuple[OrganisationRow, Organisation]], role: Role
) -> None:
    """Give the people that the file names a role in their organisation; others keep theirs.

    One person may answer for more organisations; the first row that names the address says the name.
    """
    named = [(row, organisation) for row, organisation in pairs if row.contact_email]
    users = _take_users(context, [(row.contact_email or "", row) for row, _ in named])
    known = _active_memberships(context, role)
    for row, organisation in named:
        user = users[row.contact_email or ""]
        if (user.id, organisation.id) not in known:
            _add_membership(context, user, organisation, role)
            known.add((user.id, organisation.id))
            context.report.of("Contactpersonen").new += 1
        else:
            context.report.of("Contactpersonen").unchanged += 1


def _add_membership(
    context: ImportContext, user: User, organisation: Organisation | None, role: Role
) -> None:
    context.session.add(
        Membership(
            region_id=context.region.id,
            user_id=user.id,
            organisation_id=None if organisation is None else organisation.id,
            role=role,
            since=clock.today(),
        )
    )


def take_organiser(context: ImportContext, email: str, name: str | None) -> None:
    """Give a person the organiser's role in the region."""
    users = _take_users(context, [(email, None)], {email: name or "Organisator"})
    if (users[email].id, None) not in _active_memberships(context, Role.ORGANISER):
        _add_membership(context, users[email], None, Role.ORGANISER)
        context.report.of("Contactpersonen").new += 1


def _take_users(
    context: ImportContext,
    people: Sequence[tuple[str, OrganisationRow | None]],
    names: Mapping[str, str] | None = None,
) -> dict[str, User]:
    """Return the users of the addresses, making those that are new.

    A person known already keeps name and phone: they may have set them themselves, or belong to
    another region.
    """
    emails = list(dict.fromkeys(email for email, _ in people))
    users: dict[str, User] = {}
    for start in range(0, len(emails), 500):
        statement = select(User).where(User.email.in_(emails[start : start + 500]))
        users |= {user.email: user for user in context.session.scalars(statement)}
    for email, row in people:
        if email in users:
            continue
        name = (row.contact_name or f"Contactpersoon {row.name}"[:200]) if row else (names or {})[email]
        users[email] = User(email=email, name=name, phone=(row.contact_phone if row else None) or "")
        context.session.add(users[email])
    context.session.flush()
    return users


def _active_memberships(context: ImportContext, role: Role) -> set[tuple[int, int | None]]:
    statement = select(Membership.user_id, Membership.organisation_id).where(
        Membership.region_id == context.region.id, Membership.role == role, Membership.until.is_(None)
    )
    return {(user_id, organisation_id) for user_id, organisation_id in context.session.execute(statement)}

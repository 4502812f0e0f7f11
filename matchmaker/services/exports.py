"""Give a region out as a workbook that can be taken in again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker import clock
from matchmaker.domain.kinds import CoordinateSource, Role
from matchmaker.exchange import rows
from matchmaker.exchange.cells import write_levels
from matchmaker.exchange.vocabularies import ACTIVITY_KINDS
from matchmaker.exchange.workbook_writer import write_workbook
from matchmaker.extensions import db
from matchmaker.models import (
    Activity,
    ClosedDay,
    Group,
    Host,
    Membership,
    Organisation,
    Region,
    Round,
    School,
    SchoolYear,
    Slot,
    User,
    Wish,
    WishList,
)
from matchmaker.scope import within
from matchmaker.services.import_demand import blocked_walls
from matchmaker.services.school_holidays import SOURCE as SEEDED


def export_workbook(region: Region) -> bytes:
    """Return the whole region as an xlsx workbook; taking it in again changes nothing.

    Bookings, runs and messages are not in it, nor are the holidays that every region gets by itself.
    Coordinates that were derived from a postcode or place name are left out, to be derived again.
    """
    with within(region.id):
        return write_workbook(build_workbook(region))


def build_workbook(region: Region) -> rows.RegionWorkbook:
    """Return the rows of a region's workbook, in a stable order."""
    contacts = _first_contacts(region)
    return rows.RegionWorkbook(
        settings=_settings(region),
        rounds=tuple(_round(row) for row in _all(region, Round, Round.visits_from, Round.name)),
        closed_days=_closed_days(region),
        schools=tuple(_school(row, contacts) for row in _all(region, School, School.code)),
        groups=_groups(region),
        hosts=tuple(_host(row, contacts) for row in _all(region, Host, Host.code)),
        activities=_activities(region),
        slots=_slots(region),
        wishes=_wishes(region),
    )


def _all(region: Region, kind: Any, *order: Any) -> Iterable[Any]:
    return db.session.scalars(select(kind).where(kind.region_id == region.id).order_by(*order)).all()


def _first_contacts(region: Region) -> dict[int | None, User]:
    """Return the person whose role in each organisation is oldest; None stands for the region itself."""
    roles = (Role.COORDINATOR, Role.HOST_CONTACT, Role.ORGANISER)
    statement = (
        select(Membership)
        .where(Membership.region_id == region.id, Membership.role.in_(roles), Membership.until.is_(None))
        .options(joinedload(Membership.user))
        .order_by(Membership.id.desc())
    )
    return {membership.organisation_id: membership.user for membership in db.session.scalars(statement)}


def _settings(region: Region) -> rows.SettingsRow:
    organiser = _first_contacts(region).get(None)
    statement = select(SchoolYear).where(SchoolYear.region_id == region.id)
    year = db.session.scalars(statement.order_by(SchoolYear.starts_on.desc())).first()
    return rows.SettingsRow(
        name=region.name,
        slug=region.slug,
        sender_name=region.sender_name or None,
        contact_email=region.contact_email or None,
        contact_phone=region.contact_phone or None,
        organiser_name=organiser.name if organiser else None,
        organiser_email=organiser.email if organiser else None,
        guarantee_primary=region.guarantee_primary,
        guarantee_secondary=region.guarantee_secondary,
        guarantee_special=region.guarantee_special,
        detour_factor=region.detour_factor,
        school_year=year.name if year else None,
        school_year_starts_on=year.starts_on if year else None,
        school_year_ends_on=year.ends_on if year else None,
    )


def _round(row: Round) -> rows.RoundRow:
    return rows.RoundRow(
        row=0,
        name=row.name,
        school_year=row.school_year.name,
        phase=row.phase,
        offering_on=row.offering_on,
        wishing_on=row.wishing_on,
        wishing_until=row.wishing_until,
        result_on=row.result_on,
        visits_from=row.visits_from,
        visits_until=row.visits_until,
        min_gap_minutes=row.min_gap_minutes,
        fairness_band=row.fairness_band,
        lottery_seed=row.lottery_seed,
        reserved_until=row.reserved_until,
    )


def _closed_days(region: Region) -> tuple[rows.ClosedDayRow, ...]:
    codes = {row.id: row.code for row in _all(region, Organisation, Organisation.code)}
    return tuple(
        rows.ClosedDayRow(
            row=0,
            first_day=day.first_day,
            last_day=day.last_day,
            half_day=day.half_day,
            holiday_region=day.holiday_region,
            organisation=codes[day.organisation_id] if day.organisation_id is not None else None,
            reason=day.reason,
            name=day.name or None,
        )
        for day in _all(region, ClosedDay, ClosedDay.first_day, ClosedDay.id)
        if day.source != SEEDED
    )


def _organisation(row: Organisation, contacts: dict[int | None, User]) -> dict[str, Any]:
    contact = contacts.get(row.id)
    from_file = row.coordinate_source is CoordinateSource.FILE
    return {
        "row": 0,
        "code": row.code,
        "name": row.name,
        "street": row.street or None,
        "postcode": row.postcode or None,
        "place": row.place or None,
        "municipality": row.municipality or None,
        "website": row.website or None,
        "lat": row.lat if from_file else None,
        "lon": row.lon if from_file else None,
        "contact_name": contact.name if contact else None,
        "contact_email": contact.email if contact else None,
        "contact_phone": (contact.phone or None) if contact else None,
        "active": row.active,
    }


def _school(row: School, contacts: dict[int | None, User]) -> rows.SchoolRow:
    return rows.SchoolRow(
        **_organisation(row, contacts),
        sector=row.sector,
        school_type=row.school_type or None,
        holiday_region=row.holiday_region,
        board=row.board or None,
        pupils=row.pupils,
        travel_mode=row.travel_mode,
    )


def _host(row: Host, contacts: dict[int | None, User]) -> rows.HostRow:
    return rows.HostRow(
        **_organisation(row, contacts),
        kind=row.kind,
        branches=tuple(row.branches) or None,
        max_slots_per_day=row.max_slots_per_day,
    )


def _groups(region: Region) -> tuple[rows.GroupRow, ...]:
    statement = (
        select(Group)
        .where(Group.region_id == region.id)
        .join(Group.school)
        .options(joinedload(Group.school), joinedload(Group.school_year))
        .order_by(School.code, Group.name, Group.id)
    )
    return tuple(
        rows.GroupRow(
            row=0,
            school=group.school.code,
            name=group.name,
            school_year=group.school_year.name,
            levels=write_levels(group.levels),
            pupils=group.pupils,
        )
        for group in db.session.scalars(statement)
    )


def _activities(region: Region) -> tuple[rows.ActivityRow, ...]:
    statement = select(Activity).where(Activity.region_id == region.id).options(joinedload(Activity.host))
    return tuple(
        rows.ActivityRow(
            row=0,
            code=row.code,
            host=row.host.code,
            kind=row.kind,
            title=row.title,
            description=row.description or None,
            practical=row.practical or None,
            levels=tuple(row.levels),
            min_pupils=row.min_pupils,
            max_pupils=row.max_pupils,
            duration_minutes=row.duration_minutes,
            address=row.address or None,
            lat=row.lat,
            lon=row.lon,
            mobile=row.mobile,
            range_km=row.range_km,
            approval=row.approval,
        )
        for row in db.session.scalars(statement.order_by(Activity.code))
    )


def _slots(region: Region) -> tuple[rows.SlotRow, ...]:
    statement = (
        select(Slot)
        .where(Slot.region_id == region.id)
        .options(joinedload(Slot.activity), joinedload(Slot.round), selectinload(Slot.reserved_schools))
        .order_by(Slot.starts_at, Slot.code)
    )
    return tuple(_slot(row) for row in db.session.scalars(statement))


def _slot(row: Slot) -> rows.SlotRow:
    start, end = _wall(row.starts_at), _wall(row.ends_at)
    return rows.SlotRow(
        row=0,
        code=row.code,
        round=row.round.name,
        activity=row.activity.code,
        date=start.date(),
        start=start.time(),
        end=end.time(),
        groups=row.capacity_groups,
        pupils=row.capacity_pupils,
        min_groups=row.min_groups,
        series=row.series,
        multi_stop_day=row.multi_stop_day,
        reserved_groups=row.reserved_groups,
        reserved_schools=tuple(school.code for school in row.reserved_schools) or None,
        state=row.state,
    )


def _wall(moment: datetime) -> datetime:
    return clock.local(moment).replace(tzinfo=None)


def _wishes(region: Region) -> tuple[rows.WishRow, ...]:
    statement = (
        select(WishList)
        .where(WishList.region_id == region.id)
        .join(WishList.group)
        .join(Group.school)
        .join(WishList.round)
        .options(
            joinedload(WishList.group).joinedload(Group.school),
            joinedload(WishList.round),
            selectinload(WishList.wishes).joinedload(Wish.activity),
            selectinload(WishList.blocked_times),
        )
        .order_by(Round.visits_from, School.code, Group.name, WishList.id)
    )
    return tuple(_wish_list(row) for row in db.session.scalars(statement))


def _wish_list(row: WishList) -> rows.WishRow:
    return rows.WishRow(
        row=0,
        school=row.group.school.code,
        group=row.group.name,
        round=row.round.name,
        wanted=row.wanted,
        open_to_other=row.open_to_other,
        max_km=row.max_km,
        blocked=blocked_walls(row) or None,
        submitted=row.submitted_at is not None,
        wishes=tuple((str(wish.rank), _wished(wish)) for wish in row.wishes),
    )


def _wished(wish: Wish) -> str:
    if wish.activity is not None:
        return wish.activity.code
    return ACTIVITY_KINDS.write(wish.kind) if wish.kind is not None else ""

"""Reads of schools and hosts."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from matchmaker.extensions import db
from matchmaker.models import Activity, Group, Host, Organisation, School, Slot


def find_school(school_id: int) -> School | None:
    """Return the school, or None."""
    return db.session.get(School, school_id)


def find_host(host_id: int) -> Host | None:
    """Return the host, or None."""
    return db.session.get(Host, host_id)


def list_hosts(region_id: int, host_ids: Iterable[int]) -> list[Host]:
    """Return the hosts of a region with these ids, by name."""
    statement = select(Host).where(Host.region_id == region_id, Host.id.in_(list(host_ids)))
    return list(db.session.scalars(statement.order_by(Host.name, Host.id)))


def list_round_hosts(round_id: int) -> list[Host]:
    """Return the hosts that offer slots in a round, by name."""
    offering = select(Activity.host_id).join(Slot.activity).where(Slot.round_id == round_id)
    return list(db.session.scalars(select(Host).where(Host.id.in_(offering)).order_by(Host.name, Host.id)))


def search_schools_of_groups(region_id: int, text: str, group_ids: Iterable[int], most: int) -> list[School]:
    """Return up to `most` schools of these groups whose name or place holds the text, by name."""
    asking = select(Group.school_id).where(Group.id.in_(list(group_ids)))
    statement = select(School).where(School.region_id == region_id, School.id.in_(asking))
    if text:
        like = School.name.icontains(text, autoescape=True) | School.place.icontains(text, autoescape=True)
        statement = statement.where(like)
    return list(db.session.scalars(statement.order_by(School.name, School.id).limit(most)))


def list_group_ids(school_id: int) -> list[int]:
    """Return the ids of all groups of a school."""
    return list(db.session.scalars(select(Group.id).where(Group.school_id == school_id).order_by(Group.id)))


def name_organisations(organisation_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of these organisations, by id; the caller says whose they may be."""
    table = Organisation.__table__
    statement = select(table.c.id, table.c.name).where(table.c.id.in_(list(organisation_ids)))
    return {row.id: row.name for row in db.session.execute(statement)}


def list_hosts_like(region_id: int, name: str) -> list[Host]:
    """Return up to ten hosts whose name shares a word of four letters or more with this one, by name."""
    words = [word for word in name.split() if len(word) > 3]
    if not words:
        return []
    alike = or_(*(Host.name.icontains(word, autoescape=True) for word in words))
    statement = select(Host).where(Host.region_id == region_id, Host.active, alike)
    return list(db.session.scalars(statement.order_by(Host.name, Host.id).limit(10)))


def list_region_schools(region_id: int) -> list[School]:
    """Return the active schools of a region, by name."""
    statement = select(School).where(School.region_id == region_id, School.active)
    return list(db.session.scalars(statement.order_by(School.name, School.id)))


def list_region_hosts(region_id: int) -> list[Host]:
    """Return the active hosts of a region, by name."""
    statement = select(Host).where(Host.region_id == region_id, Host.active)
    return list(db.session.scalars(statement.order_by(Host.name, Host.id)))

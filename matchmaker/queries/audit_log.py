"""Reads of the audit log as an organiser, a school or a host looks through it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from matchmaker import clock
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Organisation, User
from matchmaker.queries.slices import Slice, load_slice

SIZE = 25
# An export holds no more than a spreadsheet shows with ease.
MOST_EXPORTED = 20_000


@dataclass(frozen=True, slots=True)
class LogFilters:
    """What somebody looks for; empty means anything.

    Parameters
    ----------
    since, until
        First and last day, of the region's wall clock.
    request
        Begin of the id of a request.
    """

    since: date | None = None
    until: date | None = None
    actor_id: int | None = None
    organisation_id: int | None = None
    action: str = ""
    on_behalf: bool = False
    request: str = ""


def list_region_entries(region_id: int, filters: LogFilters, page: int) -> Slice[AuditEntry]:
    """Return a page of the region's entries, newest first; those of own accounts belong to no region."""
    return load_slice(_select_region(region_id, filters), page, SIZE)


def list_exported_entries(region_id: int, filters: LogFilters) -> list[AuditEntry]:
    """Return the newest `MOST_EXPORTED` of the entries that the filters leave."""
    return list(db.session.scalars(_select_region(region_id, filters).limit(MOST_EXPORTED)))


def list_organisation_entries(organisation_id: int, page: int) -> Slice[AuditEntry]:
    """Return a page of what anybody did for an organisation, newest first."""
    return load_slice(_select_organisation(organisation_id), page, SIZE)


def list_done_on_behalf(organisation_id: int, since: datetime, limit: int) -> list[AuditEntry]:
    """Return the newest acts of organisers in the place of an organisation."""
    statement = _select_organisation(organisation_id).where(
        AuditEntry.on_behalf, AuditEntry.created_at >= since
    )
    return list(db.session.scalars(statement.limit(limit)))


def list_actors(region_id: int) -> list[User]:
    """Return the people who did something in the region, by name."""
    acted = select(AuditEntry.actor_id).where(AuditEntry.region_id == region_id).distinct()
    return list(db.session.scalars(select(User).where(User.id.in_(acted)).order_by(User.name, User.id)))


def list_concerned(region_id: int) -> list[Organisation]:
    """Return the region's organisations for which something was done, by name."""
    statement = (
        select(Organisation)
        .where(
            Organisation.region_id == region_id, exists().where(AuditEntry.organisation_id == Organisation.id)
        )
        .order_by(Organisation.name, Organisation.id)
    )
    return list(db.session.scalars(statement))


def list_actions(region_id: int) -> list[str]:
    """Return what was done in the region, each act once."""
    statement = select(AuditEntry.action).where(AuditEntry.region_id == region_id).distinct()
    return sorted(db.session.scalars(statement))


def _select_region(region_id: int, filters: LogFilters) -> Select[AuditEntry]:
    statement = _newest_first().where(AuditEntry.region_id == region_id)
    if filters.since is not None:
        statement = statement.where(AuditEntry.created_at >= _start_of(filters.since))
    if filters.until is not None:
        statement = statement.where(AuditEntry.created_at < _start_of(filters.until + timedelta(days=1)))
    if filters.actor_id is not None:
        statement = statement.where(AuditEntry.actor_id == filters.actor_id)
    if filters.organisation_id is not None:
        statement = statement.where(AuditEntry.organisation_id == filters.organisation_id)
    if filters.action:
        statement = statement.where(AuditEntry.action == filters.action)
    if filters.on_behalf:
        statement = statement.where(AuditEntry.on_behalf)
    if filters.request:
        statement = statement.where(AuditEntry.request_id.startswith(filters.request, autoescape=True))
    return statement


def _select_organisation(organisation_id: int) -> Select[AuditEntry]:
    return _newest_first().where(AuditEntry.organisation_id == organisation_id)


def _newest_first() -> Select[AuditEntry]:
    return (
        select(AuditEntry)
        .options(joinedload(AuditEntry.actor), joinedload(AuditEntry.organisation))
        .order_by(AuditEntry.created_at.desc(), AuditEntry.id.desc())
    )


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.AMSTERDAM)

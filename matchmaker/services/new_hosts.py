"""Add a host that no file named."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.domain.kinds import HostKind
from matchmaker.exchange.rows import HostRow
from matchmaker.extensions import db
from matchmaker.models import Host, Organisation
from matchmaker.services import audit
from matchmaker.services.coordinates import Locator


def add_host(region_id: int, name: str, place: str, kind: HostKind | None, actor_id: int) -> Host:
    """Add a host as part of the caller's transaction, located by the name of its place when that is known.

    Parameters
    ----------
    kind
        What sort of host it is; None: a company.
    """
    host = Host(
        region_id=region_id,
        code=_find_code(region_id),
        name=name,
        place=place,
        kind=kind or HostKind.COMPANY,
        branches=[],
    )
    known = select(Organisation.lat, Organisation.lon).where(Organisation.region_id == region_id)
    points = [(row.lat, row.lon) for row in db.session.execute(known) if None not in {row.lat, row.lon}]
    row = HostRow(row=0, code=host.code, name=name, place=place)
    location = Locator.prepare([row], points).locate(row, None)
    if location is not None:
        host.lat, host.lon, host.coordinate_source = location.lat, location.lon, location.source
    db.session.add(host)
    db.session.flush()
    audit.record(
        "add_host", "organisation", host.id, region_id=region_id, organisation_id=host.id, actor_id=actor_id
    )
    return host


def _find_code(region_id: int) -> str:
    """Return a code that no organisation of the region has, such as ``NIEUW-3``."""
    codes = select(Organisation.code).where(
        Organisation.region_id == region_id, Organisation.code.startswith("NIEUW-")
    )
    taken = set(db.session.scalars(codes))
    number = len(taken) + 1
    while f"NIEUW-{number}" in taken:
        number += 1
    return f"NIEUW-{number}"

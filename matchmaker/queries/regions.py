"""Reads of regions."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import Region


def find_region(slug: str) -> Region | None:
    """Return the region with this slug, or None."""
    return db.session.scalars(select(Region).where(Region.slug == slug)).one_or_none()


def list_regions() -> list[Region]:
    """Return all regions by name."""
    return list(db.session.scalars(select(Region).order_by(Region.name, Region.id)))


def lock_region(region_id: int) -> None:
    """Keep others that change the region's input, or publish it, waiting until the transaction ends."""
    db.session.execute(select(Region.id).where(Region.id == region_id).with_for_update())


def name_regions(region_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of these regions, by id."""
    statement = select(Region.id, Region.name).where(Region.id.in_(list(region_ids)))
    return {row.id: row.name for row in db.session.execute(statement)}

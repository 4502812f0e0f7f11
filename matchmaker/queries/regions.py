"""Reads of regions."""

from __future__ import annotations

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

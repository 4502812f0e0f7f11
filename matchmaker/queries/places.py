"""Reads of postcodes."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import PostcodePlace


def list_postcode_places() -> dict[str, PostcodePlace]:
    """Return every known centroid by its four digits."""
    return {place.postcode4: place for place in db.session.scalars(select(PostcodePlace))}

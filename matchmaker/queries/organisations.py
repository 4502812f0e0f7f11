"""Reads of schools and hosts."""

from __future__ import annotations

from matchmaker.extensions import db
from matchmaker.models import Host, School


def find_school(school_id: int) -> School | None:
    """Return the school, or None."""
    return db.session.get(School, school_id)


def find_host(host_id: int) -> Host | None:
    """Return the host, or None."""
    return db.session.get(Host, host_id)

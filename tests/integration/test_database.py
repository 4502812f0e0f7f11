"""The database keeps what the models promise, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from matchmaker.extensions import db
from matchmaker.models import Region
from matchmaker.services import audit
from matchmaker.services.transaction import write_transaction


def test_a_use_case_commits_as_a_whole(app: Flask) -> None:
    with write_transaction() as session:
        session.add(Region(name="Achterhoek", slug="achterhoek"))
        audit.record("import_workbook", "region", None)
    assert db.session.scalars(sa.select(Region.slug)).all() == ["achterhoek"]


def test_a_failing_use_case_leaves_nothing(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), write_transaction() as session:
        session.add(Region(name="Achterhoek", slug="achterhoek"))
        session.flush()
        _ = 1 / 0
    assert db.session.scalars(sa.select(Region.slug)).all() == []


def test_a_use_case_does_not_nest(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="does not nest"), write_transaction(), write_transaction():
        pass


def test_moments_come_back_aware_in_utc(app: Flask) -> None:
    moment = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    with write_transaction() as session:
        session.add(Region(name="Achterhoek", slug="achterhoek", created_at=moment))
        audit.record("import_workbook", "region", None)
    db.session.expire_all()
    assert db.session.scalars(sa.select(Region.created_at)).one() == moment


def test_a_moment_without_zone_is_refused(app: Flask) -> None:
    db.session.add(Region(name="A", slug="a", created_at=datetime(2026, 7, 1)))  # noqa: DTZ001
    with pytest.raises(sa.exc.StatementError, match="time zone"):
        db.session.flush()


def test_the_database_checks_its_constraints_by_name(app: Flask) -> None:
    with pytest.raises(IntegrityError, match="ck_region_detour_at_least_one"), write_transaction() as session:
        session.add(Region(name="A", slug="a", detour_factor=0.5))

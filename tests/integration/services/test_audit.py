"""The audit log: whole, append only, and written by every use case that changes something."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError, IntegrityError

from matchmaker import trace
from matchmaker.domain.kinds import Role
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, Organisation, Region, Slot, User
from matchmaker.services import audit
from matchmaker.services.transaction import UnrecordedChangeError, write_transaction
from matchmaker.services.unrecorded import DELIVERY, DEVICE_USE, EVERY_REASON
from tests.factories import RegionFactory, SchoolFactory, SlotFactory, UserFactory


def record_one(**more: object) -> AuditEntry:
    with write_transaction():
        audit.record("change_phase", "round", 7, **more)  # type: ignore[arg-type]
    return db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).all()[0]


FORGED = (
    "INSERT OR REPLACE INTO audit_entry "
    "(id, acting_as, on_behalf, action, object_type, request_id, created_at) "
    "VALUES (1, '', false, 'forged', 'round', '', '2026-01-01 00:00:00')"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'nothing'",
        "DELETE FROM audit_entry",
        "UPDATE audit_entry SET actor_id = NULL WHERE id = 1",
        FORGED,
        "TRUNCATE audit_entry",
        "TRUNCATE region CASCADE",
    ],
)
def test_the_database_refuses_to_change_an_entry(app: Flask, statement: str) -> None:
    if db.engine.dialect.name == "sqlite" and statement.startswith("TRUNCATE"):
        pytest.skip("SQLite has no TRUNCATE")
    if db.engine.dialect.name == "postgresql":
        statement = statement.replace(" OR REPLACE", "")
        statement += " ON CONFLICT (id) DO UPDATE SET action = 'forged'" if "INSERT" in statement else ""
    entry = record_one()
    db.session.rollback()
    with pytest.raises(DatabaseError, match="append only"):
        db.session.execute(sa.text(statement))
    db.session.rollback()
    kept = db.session.execute(sa.select(AuditEntry.id, AuditEntry.action)).all()
    assert kept == [(entry.id, "change_phase")]


def test_the_session_cannot_change_an_entry_either(app: Flask) -> None:
    entry = record_one()
    entry.action = "nothing"
    with pytest.raises(DatabaseError, match="append only"):
        db.session.commit()
    db.session.rollback()


def test_whatever_an_entry_names_stays(app: Flask) -> None:
    region, user = RegionFactory(), UserFactory()
    school = SchoolFactory(region=region)
    db.session.commit()
    record_one(region_id=region.id, actor_id=user.id, organisation_id=school.id)
    named = [(Region, region.id), (User, user.id), (Organisation, school.id)]
    for model, row_id in named:
        with pytest.raises(IntegrityError):
            db.session.execute(sa.delete(model).where(model.id == row_id))
            db.session.commit()
        db.session.rollback()


def test_an_entry_takes_what_the_caller_does_not_say_from_the_trace(app: Flask) -> None:
    user, region = UserFactory(), RegionFactory()
    school = SchoolFactory(region=region)
    db.session.commit()
    token = trace.begin(trace.VISITOR)
    trace.refine(Role.ORGANISER, user.id, region_id=region.id, organisation_id=school.id, on_behalf=True)
    entry = record_one()
    request_id = trace.current().request_id
    trace.end(token)
    assert re.fullmatch("[0-9a-f]{32}", request_id)
    assert (entry.request_id, entry.acting_as, entry.actor_id) == (request_id, "organiser", user.id)
    assert (entry.region_id, entry.organisation_id, entry.on_behalf) == (region.id, school.id, True)


def test_what_is_done_for_another_organisation_is_not_on_behalf_of_that_of_the_page(app: Flask) -> None:
    user, school, other = UserFactory(), SchoolFactory(), SchoolFactory()
    db.session.commit()
    token = trace.begin(trace.VISITOR)
    trace.refine(Role.ORGANISER, user.id, organisation_id=school.id, on_behalf=True)
    entry = record_one(organisation_id=other.id)
    trace.end(token)
    assert (entry.organisation_id, entry.on_behalf) == (other.id, False)


def test_who_has_just_signed_in_acts_for_their_own_account(app: Flask) -> None:
    user = UserFactory()
    db.session.commit()
    token = trace.begin(trace.VISITOR)
    entry = record_one(actor_id=user.id)
    trace.end(token)
    assert (entry.actor_id, entry.acting_as) == (user.id, trace.SELF)


def test_a_task_acts_under_its_own_name_and_another_time_has_another_id(app: Flask) -> None:
    ids = set()
    for _ in range(2):
        with trace.running("job:publish_runs"):
            entry = record_one()
        assert (entry.acting_as, entry.actor_id) == ("job:publish_runs", None)
        ids.add(entry.request_id)
    assert len(ids) == 2
    assert record_one().request_id == "", "outside, nothing of the task is left"


def test_a_use_case_without_entry_is_refused(app: Flask) -> None:
    with pytest.raises(UnrecordedChangeError, match="region"), write_transaction() as session:
        session.add(Region(name="Achterhoek", slug="achterhoek"))
    assert db.session.scalars(sa.select(Region.id)).all() == []


def test_a_statement_past_the_rows_of_the_session_is_seen_too(app: Flask) -> None:
    slot = SlotFactory()
    db.session.commit()
    with pytest.raises(UnrecordedChangeError, match="slot"), write_transaction() as session:
        session.execute(sa.update(Slot).where(Slot.id == slot.id).values(version=Slot.version + 1))
    with pytest.raises(UnrecordedChangeError, match="slot"), write_transaction() as session:
        session.execute(sa.text("UPDATE slot SET version = version + 1"))


def test_a_use_case_that_changes_nothing_needs_no_entry(app: Flask) -> None:
    with write_transaction() as session:
        session.execute(sa.update(Slot).where(Slot.id == 987_654).values(version=2))
    assert db.session.scalars(sa.select(AuditEntry.id)).all() == []


def test_a_reason_covers_its_own_tables_only(app: Flask) -> None:
    with pytest.raises(UnrecordedChangeError, match="region"), write_transaction(DELIVERY) as session:
        session.add(Region(name="Achterhoek", slug="achterhoek"))


def test_every_reason_names_tables_that_exist_and_why() -> None:
    for reason in (*EVERY_REASON, DEVICE_USE):
        assert len(reason.reason.split()) > 5
        assert reason.tables <= db.metadata.tables.keys()
        assert AuditEntry.__tablename__ not in reason.tables


def test_on_a_site_in_use_the_work_is_kept_and_the_gap_reported(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["TESTING"] = False
    with write_transaction() as session:
        session.add(Region(name="Achterhoek", slug="achterhoek"))
    assert db.session.scalars(sa.select(Region.slug)).all() == ["achterhoek"]
    assert caplog.messages == ["changed without an entry in the audit log: region"]


def test_what_the_labels_of_columns_call_personal_is_masked(app: Flask) -> None:
    with write_transaction():
        audit.record("change_person", "user", 1, before={"name": "W&T", "language": "nl", "active": True})
    with write_transaction():
        audit.record("change_round", "round", 1, after={"name": "Najaar", "phase": "wishing"})
    person, round_ = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
    assert person.before == {"name": "█", "language": "nl", "active": True}
    assert round_.after == {"name": "Najaar", "phase": "wishing"}


def test_a_role_is_a_state_and_stays_even_where_the_whole_row_will_go(app: Flask) -> None:
    with write_transaction():
        after = {"role": "teacher", "name": "Leerkracht", "email": "juf@school.example"}
        audit.record("invite", "invitation", 1, after=after)
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert entry.after == {"role": "teacher", "name": "█", "email": "█"}

"""No table gives its rows to somebody who did not say whose rows are meant, nor those of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import delete, event, exists, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import RelationshipDirection, aliased, joinedload, selectinload

from matchmaker.extensions import Base, db
from matchmaker.models import (
    Activity,
    AllocationRun,
    Analysis,
    BlockedTime,
    ExternalActivity,
    Group,
    Host,
    Membership,
    Organisation,
    Round,
    School,
    SchoolYear,
    Slot,
    User,
    Wish,
    WishList,
    scoping,
)
from matchmaker.models.scoping import list_scoped_classes, list_scoped_tables
from matchmaker.scope import ScopeError, outside, within
from tests.factories import UserFactory
from tests.integration.scope.rows import Planted, plant, plant_region

CLASSES = list_scoped_classes()
# What all schools of a region may find, and all hosts of it: the calendar, the offer and published results.
FOR_ALL_SCHOOLS = {SchoolYear, Round, Activity, Slot, AllocationRun, Analysis, Host}
FOR_ALL_HOSTS = {SchoolYear, Round, School}
FOR_NO_HOST = {WishList, Wish, BlockedTime, ExternalActivity, AllocationRun, Analysis}

Way = Callable[[type[Any], int], Any]


def get(kind: type[Any], id_: int) -> Any:
    found = db.session.get(kind, id_)
    return [] if found is None else [found.id]


def read_on(kind: type[Any], id_: int) -> Any:
    """Read an attribute of a row that was found before and has expired since."""
    row = next(row for row in db.session if isinstance(row, kind) and row.id == id_)
    db.session.expire(row)
    return [row.region_id]


READING: dict[str, Way] = {
    "select": lambda kind, _: [row.id for row in db.session.scalars(select(kind))],
    "columns": lambda kind, _: db.session.scalars(select(kind.id)).all(),
    "alias": lambda kind, _: db.session.scalars(select(aliased(kind).id)).all(),
    "in": lambda kind, _: db.session.scalars(select(kind.id).where(kind.id.in_(select(kind.id)))).all(),
    "query": lambda kind, _: [row.id for row in db.session.query(kind)],
    "union": lambda kind, _: db.session.scalars(select(kind.id).union(select(kind.id))).all(),
    "subquery": lambda kind, _: db.session.scalars(select(select(kind.id).subquery().c.id)).all(),
    "get": get,
    "update": lambda kind, _: db.session.scalars(
        update(kind).values(created_at=kind.created_at).returning(kind.id)
    ).all(),
}
COUNTING: dict[str, Way] = {
    "count": lambda kind, _: db.session.scalar(select(func.count(kind.id))),
    "count of rows": lambda kind, _: db.session.scalar(select(func.count()).select_from(kind)),
    "count where": lambda kind, _: db.session.scalar(select(func.count()).where(kind.id > 0)),
    "count of own": lambda kind, _: db.session.scalar(select(func.count(kind.id)).where(kind.region_id > 0)),
    "subquery": lambda kind, _: db.session.scalar(select(func.count()).select_from(select(kind).subquery())),
    "scalar": lambda kind, _: db.session.scalar(select(select(func.count(kind.id)).scalar_subquery())),
}
OTHER: dict[str, Way] = {
    "exists": lambda kind, id_: db.session.scalar(select(exists().where(kind.id == id_))),
    "delete": lambda kind, id_: db.session.execute(delete(kind).where(kind.id == id_)),
    "read on": read_on,
}
EVERY_WAY = {**READING, **{f"{name} number": way for name, way in COUNTING.items()}, **OTHER}
# Two tables make one row of these: what does not read both of them together is refused.
JOINED = {School, Host}
NOT_OF_JOINED = {"update", "alias", "count where number", "exists"}


@pytest.fixture
def person(app: Flask) -> User:
    """Somebody with roles everywhere."""
    return UserFactory()


@pytest.fixture
def places(person: User) -> tuple[Planted, Planted, Planted]:
    """Two schools with their hosts in one region, and a third in another."""
    _open_the_log()
    here, there = plant_region("hier"), plant_region("daar")
    return plant(here, person), plant(here, person), plant(there, person)


def _open_the_log() -> None:
    """Let the log be changed as any table: here the session must refuse, not the database."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
    else:
        for name in ("no_update", "no_delete", "no_replace"):
            db.session.execute(text(f"DROP TRIGGER audit_entry_{name}"))


@contextmanager
def unwatched() -> Iterator[None]:
    """Have the session not look at statements, to see that the tests would notice."""
    event.remove(db.session, "do_orm_execute", scoping._bound_statement)
    try:
        yield
    finally:
        event.listen(db.session, "do_orm_execute", scoping._bound_statement)


def list_pairs() -> list[tuple[type[Any], str]]:
    """Every table by every way that it has."""
    return [
        (kind, name)
        for kind in CLASSES
        for name in EVERY_WAY
        if not (kind in JOINED and name in NOT_OF_JOINED)
    ]


def list_silent(place: Planted) -> list[str]:
    """Return which ways into which tables answer where nobody gave a scope."""
    silent = []
    for kind, name in list_pairs():
        id_ = min(place.all_ids(kind))
        known = db.session.get_one(kind, id_)
        assert known in db.session
        try:
            # What the database refuses, because the log names the row, the session has let through.
            with outside(), suppress(IntegrityError):
                EVERY_WAY[name](kind, id_)
            silent.append(f"{kind.__name__}: {name}")
        except ScopeError:
            pass
        db.session.rollback()
    return silent


def find_ids(kind: type[Any]) -> set[int]:
    return set(db.session.scalars(select(kind.id)))


def test_every_table_has_a_row_at_every_place(places: tuple[Planted, ...]) -> None:
    without = [kind.__name__ for kind in CLASSES for place in places if not place.all_ids(kind)]
    assert without == [], "plant a row of these in tests/integration/scope/rows.py"


def test_without_a_scope_every_way_into_every_table_raises(places: tuple[Planted, ...]) -> None:
    assert len(list_pairs()) > 300
    assert list_silent(places[0]) == []


def test_it_would_be_noticed_if_one_did_not(places: tuple[Planted, ...]) -> None:
    with unwatched():
        silent = list_silent(places[0])
    # Whole rows are looked at a second time when they have been read.
    parts = ("columns", "count number", "count of rows number", "delete")
    assert {f"{kind.__name__}: {name}" for kind in CLASSES for name in parts} <= set(silent)


def test_in_a_region_nothing_of_another_is_found(places: tuple[Planted, ...]) -> None:
    for kind, name in list_pairs():
        own = places[0].all_ids(kind) | places[1].all_ids(kind)
        with within(places[0].region_id):
            if name in READING:
                found = set(READING[name](kind, min(own)))
                assert found == (own if name != "get" else {min(own)}), f"{kind.__name__}: {name}"
                assert get(kind, min(places[2].all_ids(kind))) == []
        db.session.rollback()


def test_in_a_region_nothing_of_another_is_counted(places: tuple[Planted, ...]) -> None:
    for kind in CLASSES:
        own = places[0].all_ids(kind) | places[1].all_ids(kind)
        foreign = min(places[2].all_ids(kind))
        with within(places[0].region_id):
            ways = {n: way for n, way in COUNTING.items() if kind not in JOINED or n != "count where"}
            counts = {name: way(kind, 0) for name, way in ways.items()}
            assert counts == dict.fromkeys(ways, len(own)), kind.__name__
            if kind not in JOINED:
                assert not OTHER["exists"](kind, foreign)
                OTHER["delete"](kind, foreign)
        assert foreign in find_ids(kind)
        db.session.rollback()


def test_one_statement_serves_every_scope(places: tuple[Planted, ...]) -> None:
    here, _, there = places
    statement = select(Slot.id)
    for place, own in ((here, here), (there, there), (here, here)):
        with within(place.region_id, host_id=place.host_id):
            assert set(db.session.scalars(statement)) == own.of_host[Slot]


def test_a_row_that_was_found_elsewhere_is_not_got_by_its_key(places: tuple[Planted, ...]) -> None:
    foreign = db.session.get_one(School, places[2].school_id)
    with within(places[0].region_id):
        assert db.session.get(School, places[2].school_id) is None
        db.session.expire(foreign)
        with pytest.raises(ScopeError):
            foreign.name  # noqa: B018 - reading is what is tried


@pytest.mark.parametrize("load", [joinedload, selectinload])
def test_relations_lead_to_nothing_of_another_region(
    places: tuple[Planted, ...], person: User, load: Callable[..., Any]
) -> None:
    own = places[0].all_ids(Membership) | places[1].all_ids(Membership)
    statement = select(User).where(User.id == person.id).options(load(User.memberships))
    db.session.expunge_all()
    with within(places[0].region_id):
        user = db.session.scalars(statement).unique().one()
        assert {row.id for row in user.memberships} == own
    db.session.expunge_all()
    with outside(), pytest.raises(ScopeError):
        db.session.scalars(statement).unique().one()


def test_every_relation_to_a_table_of_a_region_asks_for_a_scope(places: tuple[Planted, ...]) -> None:
    tried = 0
    for mapper in Base.registry.mappers:
        for relation in mapper.relationships:
            # What is at hand already asks nothing of the database.
            db.session.expunge_all()
            row = db.session.scalars(select(mapper.class_).limit(1)).first()
            if relation.mapper.class_ not in CLASSES or row is None or is_empty(row, relation):
                continue
            with outside(), pytest.raises(ScopeError):
                getattr(row, relation.key)
            tried += 1
    assert tried > 15


def test_what_no_condition_can_bound_is_refused(places: tuple[Planted, ...]) -> None:
    groups = Group.__table__
    links = Base.metadata.tables["slot_reserved_school"]
    refused = [
        select(groups),
        select(links.c.school_id),
        select(User.id, groups.c.name),
        select(User.id).where(User.id.in_(select(groups.c.id))),
        sa.text("SELECT name FROM organisation"),
        sa.insert(School).values(name="x"),
        groups.delete(),
        select(func.count()).select_from(sa.orm.join(Slot, Activity)),
        select(func.count()).where(School.id > 0),
        select(exists().where(School.id == 1)),
        select(User.id).where(exists().where(School.id == 1)),
    ]
    with within(places[0].region_id):
        for statement in refused:
            with pytest.raises(ScopeError):
                db.session.execute(statement)
        with pytest.raises(ScopeError):
            db.session.execute(update(Slot), [{"id": 1, "code": "x"}])


def test_tables_without_a_region_need_no_scope(app: Flask) -> None:
    with outside():
        assert db.session.scalars(select(User)).all() == []
        assert db.session.execute(sa.text("SELECT 1")).scalar() == 1
        free = set(Base.metadata.tables) - list_scoped_tables()
    assert {"user_account", "region", "signed_in_device"} <= free


def test_rows_of_another_region_are_not_written(places: tuple[Planted, ...]) -> None:
    here, _, there = places
    foreign = db.session.get_one(Slot, min(there.of_host[Slot]))
    for change in (lambda: setattr(foreign, "code", "X"), lambda: db.session.delete(foreign)):
        change()
        with within(here.region_id), pytest.raises(ScopeError):
            db.session.flush()
        db.session.rollback()
    db.session.add(SchoolYear(region_id=there.region_id, name="x", starts_on=_day(1), ends_on=_day(2)))
    with within(here.region_id), pytest.raises(ScopeError):
        db.session.flush()
    db.session.rollback()
    db.session.add(SchoolYear(region_id=there.region_id, name="x", starts_on=_day(1), ends_on=_day(2)))
    with outside(), pytest.raises(ScopeError):
        db.session.flush()


def test_a_school_finds_its_own_and_what_is_for_all_schools(places: tuple[Planted, ...]) -> None:
    own, neighbour, foreign = places
    with within(own.region_id, school_id=own.school_id):
        for kind in CLASSES:
            found = find_ids(kind)
            assert not found & foreign.all_ids(kind), kind.__name__
            if kind in FOR_ALL_SCHOOLS:
                assert found == own.all_ids(kind) | neighbour.all_ids(kind), kind.__name__
            else:
                # Who to call at any host is for all schools.
                shown = Membership, Organisation
                hosts = own.of_host[kind] | neighbour.of_host[kind] if kind in shown else set()
                assert found == own.of_school[kind] | hosts, kind.__name__


def test_a_host_finds_its_own_and_who_comes(places: tuple[Planted, ...]) -> None:
    own, neighbour, foreign = places
    coming = {Membership, Group}
    with within(own.region_id, host_id=own.host_id):
        for kind in CLASSES:
            found = find_ids(kind)
            assert not found & foreign.all_ids(kind), kind.__name__
            if kind in FOR_NO_HOST:
                assert found == set(), kind.__name__
            elif kind in FOR_ALL_HOSTS:
                assert found == own.all_ids(kind) | neighbour.all_ids(kind), kind.__name__
            elif kind is Organisation:
                assert found == own.all_ids(kind) | neighbour.of_school[kind]
            else:
                assert found == own.of_host[kind] | (own.of_school[kind] if kind in coming else set()), kind


def is_empty(row: Any, relation: Any) -> bool:
    """Tell whether a reference to another row is null, so that nothing is asked for."""
    references = relation.local_columns if relation.direction is RelationshipDirection.MANYTOONE else ()
    return any(getattr(row, relation.parent.get_property_by_column(c).key) is None for c in references)


def _day(number: int) -> date:
    return date(2030, 1, number)

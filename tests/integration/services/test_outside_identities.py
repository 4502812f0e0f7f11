"""An account elsewhere belongs to one person here, on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.domain.errors import IdentityTakenError, NotFoundError, UnknownIdentityError
from matchmaker.domain.outside_identities import OutsideIdentity
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, LinkedIdentity
from matchmaker.queries import outside_identities as queries
from matchmaker.services.erasing import erase_person
from matchmaker.services.outside_identities import link_identity, unlink_identity, use_identity
from tests.factories import UserFactory

IDENTITY = OutsideIdentity("https://entree.example", "Person-1", email="w.en.t@eiken.example")


@pytest.fixture
def people(app: Flask) -> tuple[int, int]:
    """Two people; the second has the address that the provider vouches for."""
    first = UserFactory(email="coordinator@eiken.example")
    second = UserFactory(email="w.en.t@eiken.example")
    db.session.commit()
    return first.id, second.id


def test_who_linked_it_signs_in_with_it(people: tuple[int, int]) -> None:
    link_identity(people[0], IDENTITY)
    assert use_identity(IDENTITY) == people[0]
    (row,) = queries.list_linked_identities(people[0])
    assert row.last_used_at is not None


def test_an_address_alone_is_nobody(people: tuple[int, int]) -> None:
    with pytest.raises(UnknownIdentityError):
        use_identity(IDENTITY)


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [
        ("https://entree.example", "person-1"),
        ("https://entree.example", "Person-1 "),
        ("https://entree.example/", "Person-1"),
        ("https://elders.example", "Person-1"),
    ],
)
def test_every_letter_of_issuer_and_subject_counts(
    people: tuple[int, int], issuer: str, subject: str
) -> None:
    link_identity(people[0], IDENTITY)
    with pytest.raises(UnknownIdentityError):
        use_identity(OutsideIdentity(issuer, subject))


def test_it_belongs_to_one_person(people: tuple[int, int]) -> None:
    link_identity(people[0], IDENTITY)
    with pytest.raises(IdentityTakenError):
        link_identity(people[1], IDENTITY)
    assert use_identity(IDENTITY) == people[0]


def test_who_links_it_at_the_same_moment_as_another_is_refused(
    people: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looked before either wrote; the database decides."""
    link_identity(people[0], IDENTITY)
    monkeypatch.setattr(queries, "find_linked_identity", lambda *_: None)
    with pytest.raises(IdentityTakenError):
        link_identity(people[1], IDENTITY)


def test_linking_it_once_more_changes_nothing(people: tuple[int, int]) -> None:
    link_identity(people[0], IDENTITY)
    link_identity(people[0], IDENTITY)
    assert len(queries.list_linked_identities(people[0])) == 1
    actions = db.session.scalars(sa.select(AuditEntry.action)).all()
    assert actions == ["link_identity"]


def test_one_person_may_link_several(people: tuple[int, int]) -> None:
    other = OutsideIdentity(IDENTITY.issuer, "Person-2")
    link_identity(people[0], IDENTITY)
    link_identity(people[0], other)
    assert {use_identity(IDENTITY), use_identity(other)} == {people[0]}


def test_after_unlinking_somebody_else_may_link_it(people: tuple[int, int]) -> None:
    link_identity(people[0], IDENTITY)
    (row,) = queries.list_linked_identities(people[0])
    with pytest.raises(NotFoundError):
        unlink_identity(people[1], row.id, keep_device_id=0)
    unlink_identity(people[0], row.id, keep_device_id=0)
    with pytest.raises(UnknownIdentityError):
        use_identity(IDENTITY)
    link_identity(people[1], IDENTITY)
    assert use_identity(IDENTITY) == people[1]


def test_it_goes_with_the_person_and_neither_name_nor_address_is_kept(people: tuple[int, int]) -> None:
    link_identity(people[0], IDENTITY)
    row = db.session.execute(sa.select(LinkedIdentity.__table__)).one()
    assert IDENTITY.email not in map(str, row)
    db.session.rollback()
    erase_person(people[0])
    assert db.session.scalars(sa.select(LinkedIdentity)).all() == []


def test_nothing_of_the_person_shows_in_its_text() -> None:
    assert "Person-1" not in repr(IDENTITY)
    assert "eiken" not in repr(IDENTITY)

"""Addresses that mail does not reach: noted once, shown to their region, forgotten when they work."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import clock
from matchmaker.domain.errors import NotFoundError
from matchmaker.domain.mail_trouble import MailTrouble
from matchmaker.extensions import db
from matchmaker.models import AuditEntry, User
from matchmaker.queries.mail_trouble import count_people_in_trouble, list_members_in_trouble
from matchmaker.services import mail_trouble
from matchmaker.services.transaction import write_transaction
from matchmaker.services.unrecorded import DELIVERY
from tests.factories import MembershipFactory, RegionFactory, UserFactory

ADDRESS = "coordinator@school.example"


@pytest.fixture
def user(app: Flask) -> User:
    user: User = UserFactory(email=ADDRESS)
    db.session.commit()
    return user


def mark(email: str, trouble: MailTrouble, reason: str = "550 5.1.1 no such user") -> None:
    # Without anybody to mark nothing is written, so the caller's own reason must be enough.
    with write_transaction(DELIVERY):
        mail_trouble.mark_address(email, trouble, reason)


def arrive(email: str) -> None:
    with write_transaction(DELIVERY):
        mail_trouble.note_arrival(email)


def trouble_of(user: User) -> tuple[MailTrouble | None, str]:
    db.session.refresh(user)
    return user.mail_trouble, user.mail_trouble_reason


def entries() -> list[tuple[str, object]]:
    rows = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
    return [(row.action, (row.after or {})["trouble"]) for row in rows]


def test_an_address_is_found_in_any_capitals(user: User) -> None:
    mark("Coordinator@SCHOOL.example ", MailTrouble.BOUNCED, "mailbox\r\nfull")
    assert trouble_of(user) == (MailTrouble.BOUNCED, "mailbox full")
    assert user.mail_trouble_at is not None


def test_an_address_of_nobody_changes_nothing(user: User) -> None:
    mark("ander@school.example", MailTrouble.BOUNCED)
    assert trouble_of(user) == (None, "")
    assert entries() == []


def test_the_entry_tells_what_happened_and_not_to_whom(user: User) -> None:
    mark(ADDRESS, MailTrouble.REFUSED, f"550 {ADDRESS} unknown")
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.object_type, entry.object_id) == ("user", user.id)
    assert (entry.before, entry.after) == ({"trouble": None}, {"trouble": "refused"})


def test_the_same_trouble_again_is_no_news(user: User) -> None:
    mark(ADDRESS, MailTrouble.REFUSED, "first")
    since = user.mail_trouble_at
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        mark(ADDRESS, MailTrouble.REFUSED, "second")
    assert trouble_of(user) == (MailTrouble.REFUSED, "first")
    assert user.mail_trouble_at == since
    assert len(entries()) == 1


def test_worse_trouble_takes_its_place_and_less_does_not(user: User) -> None:
    mark(ADDRESS, MailTrouble.REFUSED, "refused")
    mark(ADDRESS, MailTrouble.COMPLAINED, "complained")
    mark(ADDRESS, MailTrouble.BOUNCED, "bounced")
    assert trouble_of(user) == (MailTrouble.COMPLAINED, "complained")


@pytest.mark.parametrize(
    ("trouble", "after"),
    [
        (MailTrouble.REFUSED, None),
        (MailTrouble.BOUNCED, MailTrouble.BOUNCED),
        (MailTrouble.COMPLAINED, MailTrouble.COMPLAINED),
    ],
)
def test_a_delivery_ends_a_refusal_only(user: User, trouble: MailTrouble, after: MailTrouble | None) -> None:
    mark(ADDRESS, trouble)
    arrive(ADDRESS)
    assert trouble_of(user)[0] is after


def test_a_person_says_that_the_address_works(user: User) -> None:
    mark(ADDRESS, MailTrouble.COMPLAINED)
    mail_trouble.clear_trouble(user.id, actor_id=user.id)
    assert trouble_of(user) == (None, "")
    assert user.mail_trouble_at is None
    assert entries() == [("mark_address", "complained"), ("clear_mail_trouble", None)]


def test_clearing_where_nothing_is_wrong_leaves_no_entry(user: User) -> None:
    mail_trouble.clear_trouble(user.id, actor_id=user.id)
    assert entries() == []


def test_clearing_for_nobody_is_refused(app: Flask) -> None:
    with pytest.raises(NotFoundError):
        mail_trouble.clear_trouble(17)


def test_a_region_sees_its_own_people_newest_trouble_first(app: Flask) -> None:
    region, other = RegionFactory(), RegionFactory()
    here = [MembershipFactory(region=region) for _ in range(3)]
    MembershipFactory(region=region, user=here[0].user)
    gone = MembershipFactory(region=region, until=clock.today() - timedelta(days=1))
    elsewhere = MembershipFactory(region=other)
    db.session.commit()
    for hours, membership in enumerate((here[2], here[0], gone, elsewhere)):
        with time_machine.travel(clock.now() + timedelta(hours=hours)):
            mark(membership.user.email, MailTrouble.BOUNCED)
    found = list_members_in_trouble(region.id)
    assert [row.user_id for row in found.rows] == [here[0].user_id, here[0].user_id, here[2].user_id]
    assert count_people_in_trouble(region.id) == 2

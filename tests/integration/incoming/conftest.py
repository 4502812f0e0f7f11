"""A region with a school and a host that were invited to one visit, while replies are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from matchmaker import scope
from matchmaker.config import Settings
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.reply_addresses import add_token, make_reply_token
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Booking, CalendarReply, IncomingMail, Message, User
from tests.conftest import make_settings
from tests.factories import (
    BookingFactory,
    GroupFactory,
    HostFactory,
    MembershipFactory,
    MessageFactory,
    RegionFactory,
    SchoolFactory,
    UserFactory,
)
from tests.integration.incoming.programs import Invited

NOW = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
STARTS = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)
CONTACT = "bureau@regio.example"


@dataclass(frozen=True)
class Place:
    """The ids of the rows, and the invitations of the coordinator and of the host's contact."""

    region_id: int
    school_id: int
    host_id: int
    booking_id: int
    slot_id: int
    coordinator_id: int
    organiser_id: int
    school: Invited
    host: Invited

    def replies(self) -> list[CalendarReply]:
        """All answers that were written down, oldest first."""
        return rows(sa.select(CalendarReply).order_by(CalendarReply.id))

    def booking(self) -> Booking:
        """The booking as it is now."""
        return rows(sa.select(Booking).where(Booking.id == self.booking_id))[0]

    def user(self, user_id: int) -> User:
        """A person as they are now."""
        return rows(sa.select(User).where(User.id == user_id))[0]


def rows(statement: Any) -> list[Any]:
    """What a statement finds in all regions, read anew."""
    with scope.unscoped("what a test looks at"):
        db.session.rollback()
        return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def mails(kind: MessageKind) -> list[Message]:
    """The mails of a kind that the outbox holds, oldest first."""
    return rows(sa.select(Message).where(Message.kind == kind).order_by(Message.id))


def entries() -> list[IncomingMail]:
    """What is noted about mails that came in, oldest first."""
    return rows(sa.select(IncomingMail).order_by(IncomingMail.id))


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return make_settings(tmp_path / "instance", database_url, read_replies="true")


@pytest.fixture(autouse=True)
def clock_hand() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def place(app: Flask) -> Place:
    region = RegionFactory(name="Regio Eiken", slug="eiken", contact_email=CONTACT)
    school, host = SchoolFactory(region=region, name="De Eiken"), HostFactory(region=region, name="Metaal")
    booking = BookingFactory(
        group=GroupFactory(school=school),
        slot__starts_at=STARTS,
        slot__ends_at=STARTS + timedelta(hours=2),
        slot__activity__host=host,
    )
    coordinator = UserFactory(email="wt@de-eiken.example", name="W&T-coördinator")
    MembershipFactory(user=coordinator, organisation=school)
    contact = UserFactory(email="scholen@metaal.example", name="Contactpersoon")
    MembershipFactory(user=contact, organisation=host, role=Role.HOST_CONTACT)
    organiser = UserFactory(email="organisator@regio.example", name="Regiobureau")
    MembershipFactory(user=organiser, role=Role.ORGANISER, region=region)
    place = Place(
        region_id=region.id,
        school_id=school.id,
        host_id=host.id,
        booking_id=booking.id,
        slot_id=booking.slot_id,
        coordinator_id=coordinator.id,
        organiser_id=organiser.id,
        school=invite(app, booking.calendar_uid, coordinator, "booking", region.id, school.id),
        host=invite(app, booking.slot.calendar_uid, contact, "slot", region.id, host.id),
    )
    db.session.commit()
    return place


def invite(
    app: Flask, uid: str, user: User, noun: str, region_id: int, organisation_id: int, sequence: int = 0
) -> Invited:
    """Put an invitation that was sent into the outbox."""
    settings: Settings = app.config["SETTINGS"]
    token = make_reply_token(settings.secret_key, uid, user.email)
    message = MessageFactory(
        region_id=region_id,
        organisation_id=organisation_id,
        user=user,
        recipient=user.email,
        cause=f"{noun}:{uid}",
        sequence=sequence,
        state=MessageState.SENT,
        sent_at=NOW - timedelta(days=1),
    )
    return Invited(
        uid=uid,
        email=user.email,
        organiser=add_token("boekingen@techniek.example", token),
        sequence=sequence,
        starts_at=STARTS,
        message_id=message.message_id,
    )


def at(invited: Invited, organiser: str) -> Invited:
    """The same invitation, answered to another address."""
    return replace(invited, organiser=organiser)

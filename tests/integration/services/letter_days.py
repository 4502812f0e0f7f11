"""A region in which letters are due: a school, a host, people, and visits on chosen days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
import time_machine

from matchmaker import clock, scope
from matchmaker.domain.kinds import MessageKind, Role
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Booking, Host, Message, Region, School
from matchmaker.services.school_holidays import seed_holidays
from tests.factories import (
    ActivityFactory,
    BookingFactory,
    GroupFactory,
    HostFactory,
    MembershipFactory,
    RegionFactory,
    SchoolFactory,
    SlotFactory,
    UserFactory,
)
from tests.unit.notifications.reading_mail import parse_mail, text_of

LONG_AGO = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
COORDINATOR, CONTACT = "coordinator@school.example", "contact@host.example"


def wall(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment by the clock on the wall."""
    return clock.from_local(datetime.combine(day, time(hour, minute)))


@dataclass
class Field:
    """One region with a school and a host; each has one person to write to."""

    region: Region
    school: School
    host: Host

    def book(
        self, day: date, hour: int = 9, minute: int = 0, *, booked: datetime = LONG_AGO, **more: Any
    ) -> Booking:
        """Add a visit of two hours that was booked at a moment; `more` goes to the booking."""
        starts = wall(day, hour, minute)
        slot = more.pop("slot", None) or SlotFactory(
            activity=more.pop("activity", None) or ActivityFactory(host=more.pop("host", self.host)),
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            capacity_groups=80,
            capacity_pupils=None,
        )
        group = GroupFactory(school=more.pop("school", self.school))
        booking: Booking = BookingFactory(
            group=group, slot=slot, created_at=booked, changed_at=booked, **more
        )
        db.session.commit()
        return booking

    def add_person(self, email: str, organisation: School | Host) -> None:
        """Add somebody who answers for a school or host."""
        role = Role.COORDINATOR if isinstance(organisation, School) else Role.HOST_CONTACT
        MembershipFactory(user=UserFactory(email=email), organisation=organisation, role=role)
        db.session.commit()


def make_field(slug: str = "achterhoek") -> Field:
    """Make the rows, with the school holidays and public holidays of 2026/27."""
    region = RegionFactory(slug=slug, name=slug)
    school, host = SchoolFactory(region=region), HostFactory(region=region)
    field = Field(region, school, host)
    field.add_person(COORDINATOR, school)
    field.add_person(CONTACT, host)
    GroupFactory(school=school)
    db.session.commit()
    seed_holidays(db.session, region.id)
    db.session.commit()
    return field


def letters(kind: MessageKind, recipient: str | None = None) -> list[Message]:
    """Return the letters of a kind that were not replaced, oldest first."""
    statement = sa.select(Message).where(Message.kind == kind, Message.state != MessageState.SUPERSEDED)
    if recipient:
        statement = statement.where(Message.recipient == recipient)
    with scope.unscoped("what a test looks at"):
        db.session.rollback()
        return list(db.session.scalars(statement.order_by(Message.id)))


def send_all() -> None:
    """Let every letter that waits be gone."""
    db.session.execute(
        sa.update(Message).where(Message.state == MessageState.QUEUED).values(state=MessageState.SENT)
    )
    db.session.commit()


def words(message: Message) -> str:
    """Return the plain text of a mail."""
    return text_of(parse_mail(message))


def when_written(write: Callable[[datetime], int], first: date, last: date) -> list[str]:
    """Let days pass, both included; return, by the clock on the wall, when something was written."""
    found = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        for hour, minute in _LOOKS:
            moment = wall(day, hour, minute)
            with time_machine.travel(moment, tick=False):
                if write(moment):
                    found.append(f"{day:%a %d %b} {hour:02}:{minute:02}")
    return found


# Just before and at the hours at which letters are due, and at some in between.
_LOOKS = ((0, 0), (8, 59), (9, 0), (9, 1), (15, 29), (15, 30), (17, 59), (21, 0))

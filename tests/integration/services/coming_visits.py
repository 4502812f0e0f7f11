"""Two groups of two schools that come to one slot of a host, with somebody to mail everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from icalendar import Calendar, Event

from matchmaker import clock
from matchmaker.domain.kinds import Role
from matchmaker.extensions import db
from matchmaker.models import Activity, Booking, Host, Membership, Message, School, Slot, User
from tests.factories import (
    ActivityFactory,
    BookingFactory,
    GroupFactory,
    HostFactory,
    MembershipFactory,
    SchoolFactory,
    SlotFactory,
    UserFactory,
)
from tests.unit.notifications.reading_mail import calendar_of, parse_mail

EIKEN, LINDE = "wt@de-eiken.example", "wt@de-linde.example"
HOST = "scholen@metaal.example"
ORGANISER = "bureau@regio.example"


@dataclass(frozen=True)
class Coming:
    """The rows' ids."""

    region_id: int
    host_id: int
    activity_id: int
    slot_id: int
    schools: tuple[int, int]
    bookings: tuple[int, int]
    people: dict[str, int]

    @property
    def slot(self) -> Slot:
        """The slot as it is now."""
        return db.session.get_one(Slot, self.slot_id)

    def booking(self, number: int = 0) -> Booking:
        """One of the bookings as it is now."""
        return db.session.get_one(Booking, self.bookings[number])


def make_coming(days: int = 20) -> Coming:
    """Make and commit the rows; the visit is at nine, so many days from now."""
    host: Host = HostFactory(name="Metaalwerken")
    activity: Activity = ActivityFactory(host=host, title="Lassen zonder vonken")
    starts_at = nine_in(days)
    slot: Slot = SlotFactory(activity=activity, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    schools: list[School] = [SchoolFactory(name="De Eiken"), SchoolFactory(name="De Linde")]
    bookings: list[Booking] = [
        BookingFactory(group=GroupFactory(school=school, pupils=20 + number), slot=slot)
        for number, school in enumerate(schools)
    ]
    members = [
        person(EIKEN, Role.COORDINATOR, schools[0]),
        person(LINDE, Role.COORDINATOR, schools[1]),
        person(HOST, Role.HOST_CONTACT, host),
        MembershipFactory(role=Role.ORGANISER, user=UserFactory(email=ORGANISER)),
    ]
    db.session.commit()
    return Coming(
        region_id=host.region_id,
        host_id=host.id,
        activity_id=activity.id,
        slot_id=slot.id,
        schools=(schools[0].id, schools[1].id),
        bookings=(bookings[0].id, bookings[1].id),
        people={member.user.email: member.user_id for member in members},
    )


def nine_in(days: int) -> datetime:
    """Nine in the morning so many days from now."""
    day = clock.today() + timedelta(days=days)
    return clock.from_local(datetime(day.year, day.month, day.day, 9))  # noqa: DTZ001 - local


def person(email: str, role: Role, organisation: School | Host) -> Membership:
    """Give somebody new a role."""
    membership: Membership = MembershipFactory(
        role=role, organisation=organisation, user=UserFactory(email=email)
    )
    return membership


def mails_to(*recipients: str) -> list[Message]:
    """The mails to these people, or to everybody, oldest first."""
    statement = sa.select(Message).order_by(Message.id)
    if recipients:
        statement = statement.where(Message.recipient.in_(recipients))
    return list(db.session.scalars(statement))


def kinds_of(messages: Iterable[Message]) -> list[tuple[str, str]]:
    """Who got what."""
    return sorted((message.recipient, message.kind.value) for message in messages)


def event_of(message: Message) -> Event:
    """The one appointment in a mail; its method is that of the part it came in."""
    mail = parse_mail(message)
    content = calendar_of(mail)
    assert content
    calendar = Calendar.from_ical(content)
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == calendar["method"]
    (event,) = calendar.events
    event["x-method"] = calendar["method"]
    return event


def user_named(email: str) -> User:
    """The person with an address."""
    return db.session.scalars(sa.select(User).where(User.email == email)).one()

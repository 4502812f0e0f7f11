"""The rows behind the pages under test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from matchmaker import clock
from matchmaker.domain.kinds import Role
from matchmaker.domain.phases import Phase
from matchmaker.domain.runs import MessageState
from matchmaker.extensions import db
from matchmaker.models import Activity, Booking, Group, Host, Membership, Region, Round, School, Slot
from tests.factories import (
    ActivityFactory,
    AllocationRunFactory,
    BookingFactory,
    CalendarReplyFactory,
    GroupFactory,
    HostFactory,
    InvitationFactory,
    InvitationListFactory,
    JoinRequestFactory,
    MembershipFactory,
    MessageFactory,
    PlacementFactory,
    RegionFactory,
    RoundFactory,
    SchoolFactory,
    SchoolYearFactory,
    SignedQuestionFactory,
    SlotFactory,
    UserFactory,
    WishFactory,
    WishListFactory,
)

# As long as a name can be, and without a place to break it.
LONG = ("Techniekonderwijsontwikkelingsmaatschappij" * 5)[:190]


@dataclass(frozen=True)
class Neighbour:
    """Ids of one region's rows."""

    slug: str
    region_id: int
    school_id: int
    host_id: int
    activity_id: int
    round_id: int
    run_id: int
    booking_id: int
    slot_id: int
    message_id: int
    invitation_id: int
    invitation_token: str
    question_id: int
    question_token: str
    reply_id: int
    list_id: int
    board: str
    join_request_id: int
    # On which a group of the school comes to the host.
    day: str
    membership_id: int = 0
    # The roles of the school's coordinator and of the host's contact.
    member_id: int = 0
    contact_id: int = 0

    def arguments(self) -> dict[str, Any]:
        """Return a value for every parameter that a path of the site can have."""
        return {
            "slug": self.slug,
            "school_id": self.school_id,
            "host_id": self.host_id,
            "activity_id": self.activity_id,
            "round_id": self.round_id,
            "run_id": self.run_id,
            "booking_id": self.booking_id,
            "slot_id": self.slot_id,
            "message_id": self.message_id,
            "membership_id": self.membership_id,
            "organisation_id": self.school_id,
            "join_request_id": self.join_request_id,
            "question_id": self.question_id,
            "question_token": self.question_token,
            "reply_id": self.reply_id,
            "member_id": self.member_id,
            "contact_id": self.contact_id,
            "device_id": 1,
            "invitation_id": self.invitation_id,
            "list_id": self.list_id,
            "token": self.invitation_token,
            "identity_id": 1,
            "provider_key": "bent",
            "feed_id": 1,
            "day": self.day,
            "feed_key": "unknown",
            "mute_token": "unknown",
            "filename": "css/site.css",
        }


@dataclass(frozen=True)
class Site:
    """A region, its neighbour, and the ids of the people of the first one."""

    own: Neighbour
    other: Neighbour
    organiser: int
    viewer: int
    coordinator: int
    host_contact: int
    newcomer: int
    board: int

    def user_for(self, endpoint: str) -> int | None:
        """Return who of the first region the page is for."""
        audience = endpoint.partition(".")[0]
        return {
            "school": self.coordinator,
            "host": self.host_contact,
            "organiser": self.organiser,
            "board": self.board,
        }.get(audience)


def build_site() -> Site:
    """Make and commit the rows of both regions; the neighbour has the longest names there can be."""
    own = _build_region("Techniek Achterhoek", "achterhoek", "De Eiken")
    other = _build_region(LONG, "elders", f"De Buren {LONG}")
    people = {
        "organiser": _member(Role.ORGANISER, own, None),
        "viewer": _member(Role.VIEWER, own, None),
        "coordinator": _member(Role.COORDINATOR, own, own.school_id),
        "host_contact": _member(Role.HOST_CONTACT, own, own.host_id),
        "newcomer": UserFactory(email="nieuw@school.example", name="Nieuweling").id,
    }
    own, people["board"] = _board_member(own)
    other, _ = _board_member(other)
    _member(Role.ORGANISER, other, None)
    _member(Role.COORDINATOR, other, other.school_id)
    _member(Role.HOST_CONTACT, other, other.host_id)
    db.session.commit()
    return Site(own=_note_members(own), other=_note_members(other), **people)


def _member(role: Role, region: Neighbour, organisation_id: int | None) -> int:
    user = UserFactory(email=f"{role.value}@{region.slug}.example", name=f"{role.value} {region.slug}")
    MembershipFactory(
        user=user,
        role=role,
        region=db.session.get(Region, region.region_id),
        organisation_id=organisation_id,
        organisation=None
        if organisation_id is None
        else db.session.get(School, organisation_id) or db.session.get(Host, organisation_id),
    )
    return user.id


def _note_members(region: Neighbour) -> Neighbour:
    """Return the region with the ids of the roles at its school and host."""

    def role_at(role: Role) -> int:
        statement = sa.select(Membership.id).where(
            Membership.role == role, Membership.region_id == region.region_id
        )
        return db.session.scalars(statement).one()

    return replace(region, member_id=role_at(Role.COORDINATOR), contact_id=role_at(Role.HOST_CONTACT))


def _board_member(region: Neighbour) -> tuple[Neighbour, int]:
    """Give the board of the region's school a person; return the region with the id of that role."""
    membership = MembershipFactory(
        user=UserFactory(email=f"board@{region.slug}.example", name=f"board {region.slug}"),
        role=Role.BOARD,
        region=db.session.get(Region, region.region_id),
        board=region.board,
    )
    return replace(region, membership_id=membership.id), membership.user_id


def _build_region(name: str, slug: str, school_name: str) -> Neighbour:
    region = RegionFactory(name=name, slug=slug, is_example=True)
    year = SchoolYearFactory(region_id=region.id, name="2026/27")
    published = _round(region, year, "Najaar", Phase.PUBLISHED, clock.today() - timedelta(days=10))
    reviewing = _round(region, year, "Voorjaar", Phase.REVIEWING, clock.today() + timedelta(days=20))
    school = SchoolFactory(region=region, name=school_name, board=f"Schoolbestuur {name}"[:200])
    host = HostFactory(region=region, name=f"Metaal {slug}")
    activity = ActivityFactory(host=host, title=f"Lassen in {slug}", address=name)
    group = GroupFactory(school=school, school_year=year, name="7/8")
    WishFactory(wish_list=WishListFactory(group=group, round=reviewing), activity=activity)
    booking = _booking(group, activity, published)
    run = _run(group, activity, reviewing, school)
    message = MessageFactory(
        region_id=region.id, organisation_id=school.id, state=MessageState.SENT, sent_at=clock.now()
    )
    token = f"mailed-to-{slug}"
    invitation = InvitationFactory(organisation=school, email=f"genodigd@{slug}.example", token=token)
    question_token = f"vraag-{slug}-".ljust(43, "x")
    people = InvitationListFactory(region=region)
    return Neighbour(
        slug=slug,
        region_id=region.id,
        school_id=school.id,
        host_id=host.id,
        activity_id=activity.id,
        round_id=reviewing.id,
        run_id=run.id,
        booking_id=booking.id,
        slot_id=booking.slot_id,
        message_id=message.id,
        invitation_id=invitation.id,
        invitation_token=token,
        list_id=people.id,
        board=school.board,
        join_request_id=JoinRequestFactory(organisation=school, name=name[:80], remark=name).id,
        question_id=SignedQuestionFactory(booking=booking, token=question_token).id,
        question_token=question_token,
        day=clock.local(booking.starts_at).date().isoformat(),
        reply_id=CalendarReplyFactory(booking=booking, settled_at=clock.now()).id,
    )


def _round(region: Region, year: object, name: str, phase: Phase, visits_from: date) -> Round:
    days = timedelta(days=1)
    return RoundFactory(
        region=region,
        school_year=year,
        name=name,
        phase=phase,
        offering_on=visits_from - 60 * days,
        wishing_on=visits_from - 40 * days,
        wishing_until=visits_from - 25 * days,
        result_on=visits_from - 12 * days,
        visits_from=visits_from,
        visits_until=visits_from + 70 * days,
    )


def slot_in(activity: Activity, round_: Round, days: int) -> Slot:
    """Make a slot so many days after the round's first visits."""
    starts_at = clock.now() + (round_.visits_from - clock.today() + timedelta(days=days))
    return SlotFactory(
        activity=activity, round=round_, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)
    )


def _booking(group: Group, activity: Activity, round_: Round) -> Booking:
    return BookingFactory(group=group, slot=slot_in(activity, round_, 15))


def _run(group: Group, activity: Activity, round_: Round, school: School) -> Any:
    run = AllocationRunFactory(
        round=round_,
        number=1,
        figures={
            "schools": 1,
            "schools_at_guarantee": 0,
            "guarantee": 2,
            "below": {str(school.id): 1},
            "groups": 1,
            "groups_with_list": 1,
            "groups_with_place": 1,
            "placements": 1,
            "first_wishes": 1,
            "kilometres": 12.5,
        },
        objectives=[{"name": "schools_below_1", "sense": "min", "value": 0, "bound": 0}],
        finished_at=clock.now(),
    )
    PlacementFactory(run=run, group=group, slot=slot_in(activity, round_, 3))
    return run

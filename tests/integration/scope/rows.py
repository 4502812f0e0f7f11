"""A row of every table that belongs to a region, for one school and one host each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from matchmaker import clock
from matchmaker.domain.analyses import AnalysisKind, AnalysisState
from matchmaker.domain.kinds import ActivityKind, ClosedDayReason, Role
from matchmaker.extensions import db
from matchmaker.models import (
    Analysis,
    AuditEntry,
    BlockedTime,
    ClosedDay,
    ExternalActivity,
    Host,
    JoinRequest,
    Organisation,
    Region,
    School,
    ToldVisit,
    User,
)
from tests.factories import (
    ActivityFactory,
    AllocationRunFactory,
    BookingFactory,
    CalendarReplyFactory,
    GroupFactory,
    HostFactory,
    InvitationFactory,
    InvitationListFactory,
    MembershipFactory,
    MessageFactory,
    PlacementFactory,
    RegionFactory,
    RoundFactory,
    SchoolFactory,
    SchoolYearFactory,
    SignedQuestionFactory,
    SlotFactory,
    WishFactory,
    WishListFactory,
)

Ids = dict[type[Any], set[int]]


@dataclass
class Planted:
    """Ids of rows by class: those of a school, those of a host, and those of the region alone."""

    region_id: int
    school_id: int
    host_id: int
    of_school: Ids = field(default_factory=lambda: defaultdict(set))
    of_host: Ids = field(default_factory=lambda: defaultdict(set))
    of_region: Ids = field(default_factory=lambda: defaultdict(set))

    def all_ids(self, kind: type[Any]) -> set[int]:
        """Return the ids of all rows of a class."""
        return self.of_school[kind] | self.of_host[kind] | self.of_region[kind]


def plant_region(slug: str) -> Region:
    """Add a region with a year and a round."""
    region = RegionFactory(slug=slug, name=slug)
    RoundFactory(region=region, school_year=SchoolYearFactory(region_id=region.id), name="Voorjaar")
    db.session.flush()
    return region


def plant(region: Region, user: User) -> Planted:
    """Add a school that goes to a host, and for both of them a row of every table."""
    school, host = SchoolFactory(region=region), HostFactory(region=region)
    planted = Planted(region.id, school.id, host.id)
    _plant_visit(planted, school, host)
    _plant_desk(planted, school, planted.of_school, Role.COORDINATOR, user)
    _plant_desk(planted, host, planted.of_host, Role.HOST_CONTACT, user)
    db.session.commit()
    return planted


def _plant_visit(planted: Planted, school: School, host: Host) -> None:
    activity = ActivityFactory(host=host)
    group = GroupFactory(school=school)
    slot = SlotFactory(activity=activity, reserved_schools=[school])
    wish_list = WishListFactory(group=group, round=slot.round)
    wish = WishFactory(wish_list=wish_list, activity=activity)
    number = int(slot.id)
    run = AllocationRunFactory(round=slot.round, number=number)
    blocked = BlockedTime(
        region_id=school.region_id,
        wish_list_id=wish_list.id,
        starts_at=clock.now(),
        ends_at=clock.now() + timedelta(hours=1),
    )
    elsewhere = ExternalActivity(
        region_id=school.region_id,
        school_id=school.id,
        school_year_id=group.school_year_id,
        kind=ActivityKind.COMPETITION,
        title="Toernooi",
        held_on=date(2026, 11, 1),
        evidence="",
    )
    analysis = Analysis(
        region_id=school.region_id,
        round_id=slot.round_id,
        kind=AnalysisKind.SCHOOL_CHANGES,
        subject=f"{number}",
        state=AnalysisState.FINISHED,
        limit_seconds=9,
        progress={},
        error="",
    )
    db.session.add_all([blocked, elsewhere, analysis])
    shared = [BookingFactory(group=group, slot=slot), PlacementFactory(run=run, group=group, slot=slot)]
    asked = SignedQuestionFactory(booking=shared[0])
    letter = MessageFactory(region_id=school.region_id)
    told = ToldVisit(
        region_id=school.region_id,
        message_id=letter.id,
        booking_id=shared[0].id,
        slot_id=slot.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )
    db.session.add(told)
    answered = CalendarReplyFactory(booking=shared[0])
    answered_by_host = CalendarReplyFactory(booking=None, slot=slot)
    _note(planted.of_school, school, group, wish_list, wish, blocked, elsewhere, asked, answered, *shared)
    _note(planted.of_host, host, activity, slot, answered_by_host, *shared)
    people = InvitationListFactory(region=school.region)
    _note(planted.of_region, run, analysis, people, letter, told, slot.round, slot.round.school_year)
    planted.of_school[Organisation].add(school.id)
    planted.of_host[Organisation].add(host.id)


def _plant_desk(planted: Planted, organisation: Organisation, own: Ids, role: Role, user: User) -> None:
    """Add what every organisation has: people, mail, invitations, days off and what was done."""
    place = {"region_id": organisation.region_id, "organisation_id": organisation.id}
    closed = ClosedDay(
        **place,
        first_day=date(2027, 1, 4),
        last_day=date(2027, 1, 4),
        reason=ClosedDayReason.CLOSED,
        source="",
    )
    entry = AuditEntry(**place, action="change", object_type="organisation", object_id=organisation.id)
    asked = JoinRequest(
        **place, email=f"{role.value}@nieuw.example", name="Collega", role=role, remark="", reason=""
    )
    db.session.add_all([closed, entry, asked])
    member = MembershipFactory(user=user, role=role, region=organisation.region, organisation=organisation)
    invitation = InvitationFactory(organisation=organisation, role=role)
    _note(own, closed, entry, asked, member, invitation, MessageFactory(**place))


def _note(ids: Ids, *rows: Any) -> None:
    db.session.flush()
    for row in rows:
        ids[type(row)].add(row.id)

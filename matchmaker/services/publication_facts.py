"""Load what the mails of a publication tell, in one query per table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from matchmaker import clock
from matchmaker.config import Settings
from matchmaker.extensions import db
from matchmaker.models import AllocationRun, Placement, Round, School, User
from matchmaker.notifications.calendar import new_calendar_uid
from matchmaker.notifications.facts import (
    BookingFacts,
    HostFacts,
    RoundFacts,
    SchoolFacts,
)
from matchmaker.notifications.publication import PublicationFacts
from matchmaker.queries.demand import list_submitted_wish_lists
from matchmaker.queries.offer import list_allocatable_slots
from matchmaker.queries.participations import count_participations
from matchmaker.queries.people import list_contacts
from matchmaker.queries.rounds import get_round
from matchmaker.services.region_facts import describe_region
from matchmaker.services.visit_facts import CONTACT_ROLES, address_of, describe_group, describe_slot


@dataclass(frozen=True, slots=True)
class PlannedBooking:
    """A booking that publishing will make; its calendar uid is in the mails already."""

    group_id: int
    school_id: int
    slot_id: int
    pupils: int
    starts_at: datetime
    rank: int | None
    km: float
    calendar_uid: str


def plan_bookings(run: AllocationRun) -> list[PlannedBooking]:
    """Return one planned booking for each placement of the run, in the order of the result."""
    settings: Settings = current_app.config["SETTINGS"]
    statement = (
        select(Placement)
        .join(Placement.group)
        .join(Placement.slot)
        .where(Placement.run_id == run.id)
        .options(contains_eager(Placement.group), contains_eager(Placement.slot))
        .order_by(Placement.id)
    )
    return [
        PlannedBooking(
            group_id=placement.group_id,
            school_id=placement.group.school_id,
            slot_id=placement.slot_id,
            pupils=placement.group.pupils,
            starts_at=placement.slot.starts_at,
            rank=placement.rank,
            km=placement.km,
            calendar_uid=new_calendar_uid(settings.mail_domain),
        )
        for placement in db.session.scalars(statement)
    ]


def load_publication_facts(run: AllocationRun, planned: Sequence[PlannedBooking]) -> PublicationFacts:
    """Load what is told about the planned bookings to all schools and hosts that took part in the round."""
    round_ = get_round(run.round_id)
    groups = [wish_list.group for wish_list in list_submitted_wish_lists(round_.id)]
    slots = list_allocatable_slots(round_.id)
    schools = _list_schools({group.school_id for group in groups})
    hosts = {slot.activity.host.id: slot.activity.host for slot in slots}
    contacts = list_contacts([*schools, *hosts], CONTACT_ROLES)
    refusals = run.figures.get("without_place", {})
    return PublicationFacts(
        region=describe_region(round_.region),
        round=RoundFacts(id=round_.id, name=round_.name, school_year=round_.school_year.name),
        run_id=run.id,
        moment=clock.now(),
        schools=_describe_schools(round_, schools, contacts, planned),
        hosts=tuple(HostFacts(**address_of(host, contacts)) for _, host in sorted(hosts.items())),
        groups=tuple(describe_group(group, refusals.get(str(group.id)) or "") for group in groups),
        slots=tuple(describe_slot(slot) for slot in slots),
        bookings=tuple(
            BookingFacts(
                group_id=booking.group_id,
                slot_id=booking.slot_id,
                calendar_uid=booking.calendar_uid,
                rank=booking.rank,
                km=booking.km,
            )
            for booking in planned
        ),
    )


def has_same_contacts(facts: PublicationFacts) -> bool:
    """Tell whether the schools and hosts of a publication are answered for by the same people still."""
    organisations = (*facts.schools, *facts.hosts)
    now = list_contacts([organisation.id for organisation in organisations], CONTACT_ROLES)
    return all(
        {contact.email for contact in organisation.contacts}
        == {user.email for user in now.get(organisation.id, [])}
        for organisation in organisations
    )


def _list_schools(school_ids: set[int]) -> dict[int, School]:
    statement = select(School).where(School.id.in_(school_ids)).order_by(School.name, School.id)
    return {school.id: school for school in db.session.scalars(statement)}


def _describe_schools(
    round_: Round,
    schools: Mapping[int, School],
    contacts: Mapping[int, list[User]],
    planned: Iterable[PlannedBooking],
) -> tuple[SchoolFacts, ...]:
    before = count_participations(round_.school_year_id, except_round_id=round_.id)
    gained = Counter(school_id for school_id, _ in {(b.school_id, b.slot_id) for b in planned})
    return tuple(
        SchoolFacts(
            **address_of(school, contacts),
            guarantee=round_.region.guarantee_for(school.sector),
            participations=before.get(school.id, 0) + gained[school.id],
        )
        for school in schools.values()
    )

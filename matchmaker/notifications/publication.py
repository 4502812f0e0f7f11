"""All mails of a published round, composed before the transaction that stores them begins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from matchmaker.config import Settings
from matchmaker.models.message import Message
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import (
    BookingFacts,
    Contact,
    GroupFacts,
    HostFacts,
    OrganisationFacts,
    RegionFacts,
    RoundFacts,
    SchoolFacts,
    SlotFacts,
)
from matchmaker.notifications.mime import is_usable_address
from matchmaker.notifications.results import (
    GroupResult,
    HostResult,
    SchoolResult,
    compose_host_result,
    compose_school_result,
    compose_schools_result,
)
from matchmaker.notifications.visits import Occasion, Visit, compose_host_visit, compose_school_visit

# Who answers for more schools than that gets one overview of them all.
MOST_OVERVIEWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFacts:
    """Everything a publication tells, one tuple per table; rows refer to each other by id.

    Parameters
    ----------
    moment
        Date of the mails; aware.
    schools, groups
        All that took part in the round, also those that got nothing.
    hosts, slots
        All that were offered in the round, also those to which nobody comes.
    bookings
        The new bookings, with their calendar UIDs made already; rows need not exist yet.
    """

    region: RegionFacts
    round: RoundFacts
    run_id: int
    moment: datetime
    schools: tuple[SchoolFacts, ...]
    hosts: tuple[HostFacts, ...]
    groups: tuple[GroupFacts, ...]
    slots: tuple[SlotFacts, ...]
    bookings: tuple[BookingFacts, ...]


def compose_publication(facts: PublicationFacts, settings: Settings) -> list[Message]:
    """Return the messages of a publication, in the order in which they should leave.

    Each person of a school gets an overview and one invitation per booking, and who answers for many
    schools one overview of all; each person of a host an overview and one invitation per slot that
    somebody comes to. A person whose address cannot be used gets nothing; `list_unreachable` names the
    organisations that nobody can be told.

    Raises
    ------
    KeyError
        When a booking, group or slot refers to something that is not among the facts.
    """
    letterhead = Letterhead(settings, facts.region, facts.moment)
    visits = _assemble_visits(facts)
    return list(
        chain(
            _tell_schools(facts, visits, letterhead),
            _tell_hosts(facts, visits, letterhead),
        )
    )


def list_unreachable(facts: PublicationFacts) -> list[OrganisationFacts]:
    """Return schools and hosts without anybody who can be mailed, in the order of the facts."""
    everybody: tuple[OrganisationFacts, ...] = (*facts.schools, *facts.hosts)
    return [organisation for organisation in everybody if not list_recipients(organisation)]


def list_recipients(organisation: OrganisationFacts) -> list[Contact]:
    """Return the people of an organisation that can be mailed, each address once."""
    usable = (contact for contact in organisation.contacts if is_usable_address(contact.email))
    return list({contact.email.lower(): contact for contact in usable}.values())


def list_shared_overviews(schools: Iterable[SchoolFacts]) -> dict[str, list[int]]:
    """Return who gets one overview of many schools: address, in small letters, and ids of the schools."""
    own: dict[str, list[int]] = defaultdict(list)
    for school in schools:
        for recipient in list_recipients(school):
            own[recipient.email.lower()].append(school.id)
    return {email: ids for email, ids in own.items() if len(ids) > MOST_OVERVIEWS}


def _assemble_visits(facts: PublicationFacts) -> list[Visit]:
    schools = {school.id: school for school in facts.schools}
    groups = {group.id: group for group in facts.groups}
    hosts = {host.id: host for host in facts.hosts}
    slots = {slot.id: slot for slot in facts.slots}
    visits = [
        Visit(
            school=schools[groups[booking.group_id].school_id],
            group=groups[booking.group_id],
            host=hosts[slots[booking.slot_id].host_id],
            slot=slots[booking.slot_id],
            booking=booking,
        )
        for booking in facts.bookings
    ]
    return sorted(visits, key=lambda visit: (visit.slot.starts_at, visit.school.name, visit.group.name))


def _tell_schools(
    facts: PublicationFacts, visits: Iterable[Visit], letterhead: Letterhead
) -> Iterator[Message]:
    visits_of: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        visits_of[visit.group.id].append(visit)
    groups_of: dict[int, list[GroupFacts]] = defaultdict(list)
    for group in sorted(facts.groups, key=lambda group: (group.level_words, group.name)):
        groups_of[group.school_id].append(group)
    results = {
        school.id: SchoolResult(
            run_id=facts.run_id,
            round=facts.round,
            school=school,
            groups=tuple(GroupResult(group=g, visits=tuple(visits_of[g.id])) for g in groups_of[school.id]),
        )
        for school in facts.schools
    }
    shared = list_shared_overviews(facts.schools)
    for school_id, result in results.items():
        for recipient in list_recipients(result.school):
            together = shared.get(recipient.email.lower())
            if together is None:
                yield compose_school_result(result, recipient, letterhead)
            elif together[0] == school_id:
                yield compose_schools_result([results[each] for each in together], recipient, letterhead)
            for visit in chain.from_iterable(group.visits for group in result.groups):
                yield compose_school_visit(visit, recipient, letterhead)


def _tell_hosts(
    facts: PublicationFacts, visits: Iterable[Visit], letterhead: Letterhead
) -> Iterator[Message]:
    visits_of: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        visits_of[visit.slot.id].append(visit)
    slots_of: dict[int, list[SlotFacts]] = defaultdict(list)
    for slot in sorted(facts.slots, key=lambda slot: (slot.starts_at, slot.id)):
        slots_of[slot.host_id].append(slot)
    for host in facts.hosts:
        occasions = tuple(
            Occasion(host=host, slot=slot, visits=tuple(visits_of[slot.id])) for slot in slots_of[host.id]
        )
        if not occasions:
            continue
        result = HostResult(run_id=facts.run_id, round=facts.round, host=host, occasions=occasions)
        for recipient in list_recipients(host):
            yield compose_host_result(result, recipient, letterhead)
            for occasion in occasions:
                if occasion.visits:
                    yield compose_host_visit(occasion, recipient, letterhead)

"""What publishing a run will do, counted before it is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from matchmaker.models import AllocationRun
from matchmaker.notifications.facts import OrganisationFacts
from matchmaker.notifications.publication import (
    PublicationFacts,
    list_recipients,
    list_shared_overviews,
    list_unreachable,
)
from matchmaker.services.letterheads import find_first_departure
from matchmaker.services.publication_facts import load_publication_facts, plan_bookings


@dataclass(frozen=True)
class PublicationForecast:
    """How many bookings and mails publishing makes, whom no mail can reach, and until when mails wait."""

    bookings: int
    mails: int
    schools: int
    hosts: int
    unreachable: list[OrganisationFacts]
    waits_until: datetime | None


def forecast_publication(run: AllocationRun) -> PublicationForecast:
    """Count the bookings and mails of a publication."""
    facts = load_publication_facts(run, plan_bookings(run))
    leaves_at = find_first_departure(facts.moment)
    hosts_with_slots = {slot.host_id for slot in facts.slots}
    return PublicationForecast(
        bookings=len(facts.bookings),
        mails=_count_school_mails(facts) + _count_host_mails(facts),
        schools=len(facts.schools),
        hosts=len(hosts_with_slots),
        unreachable=list_unreachable(facts),
        waits_until=leaves_at if leaves_at > facts.moment else None,
    )


def _count_school_mails(facts: PublicationFacts) -> int:
    """Count one overview and one invitation per booking for each person of a school; some share overviews."""
    school_of = {group.id: group.school_id for group in facts.groups}
    bookings = Counter(school_of[booking.group_id] for booking in facts.bookings)
    spared = sum(len(ids) - 1 for ids in list_shared_overviews(facts.schools).values())
    return sum(len(list_recipients(school)) * (1 + bookings[school.id]) for school in facts.schools) - spared


def _count_host_mails(facts: PublicationFacts) -> int:
    """Count one overview and one invitation per visited slot for each person of a host with slots."""
    offered = Counter(slot.host_id for slot in facts.slots)
    host_of = {slot.id: slot.host_id for slot in facts.slots}
    visited = Counter(host_of[slot_id] for slot_id in {booking.slot_id for booking in facts.bookings})
    return sum(
        len(list_recipients(host)) * (1 + visited[host.id]) for host in facts.hosts if offered[host.id]
    )

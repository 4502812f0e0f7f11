"""The mails about visits that change: a group less, another time, another place, nobody left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from matchmaker.models import Message
from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import BookingFacts, Contact, GroupFacts, SchoolFacts, SlotFacts
from matchmaker.notifications.visit_changes import (
    ChangeFacts,
    OccasionChange,
    VisitChange,
    compose_host_cancellation,
    compose_host_change,
    compose_office_news,
    compose_school_cancellation,
    compose_school_change,
)
from matchmaker.notifications.visits import Occasion, Visit
from tests.unit.notifications.publication_facts import (
    BOOKINGS,
    EIKEN,
    GROUPS,
    LASSEN,
    LINDE,
    METAAL,
    MOMENT,
    REGION,
    SETTINGS,
)
from tests.unit.notifications.sampling import Sample, sample

LETTERHEAD = Letterhead(SETTINGS, REGION, MOMENT)
BY_SCHOOL = ChangeFacts(by=EIKEN.name, reason="De groep gaat die dag op schoolreis.")
BY_HOST = ChangeFacts(by=METAAL.name, reason="De lasrobot is in onderhoud.\nEen week later kan wel.")
BY_REGION = ChangeFacts(by=REGION.sender_name)
ORGANISER = Contact(name="Regiobureau", email="bureau@techniekpact.example", user_id=7)
CONTACT = METAAL.contacts[0]
COORDINATOR = EIKEN.contacts[0]
LATER = replace(
    LASSEN,
    starts_at=LASSEN.starts_at + timedelta(days=7, hours=5),
    ends_at=LASSEN.ends_at + timedelta(days=7, hours=5),
    calendar_sequence=1,
)
ELSEWHERE = replace(LASSEN, address="Praktijkhal, Slingerlaan 2, Doetinchem", calendar_sequence=1)


def _visit(school: SchoolFacts, group: GroupFacts, booking: BookingFacts, slot: SlotFacts = LASSEN) -> Visit:
    """A visit to the metal company."""
    told = replace(booking, calendar_sequence=slot.calendar_sequence)
    return Visit(school=school, group=group, host=METAAL, slot=slot, booking=told)


def _occasion(slot: SlotFacts = LASSEN, groups: int = 2) -> Occasion:
    """The slot with both groups, the last one, or nobody."""
    both = (_visit(EIKEN, GROUPS[0], BOOKINGS[0], slot), _visit(LINDE, GROUPS[2], BOOKINGS[1], slot))
    return Occasion(host=METAAL, slot=slot, visits=both[2 - groups :])


NEXT = replace(LASSEN, calendar_sequence=1)
FEWER = OccasionChange(before=_occasion(), after=_occasion(NEXT, groups=1))
NOBODY = OccasionChange(before=_occasion(groups=1), after=_occasion(NEXT, groups=0))
MOVED = OccasionChange(before=_occasion(), after=_occasion(LATER))
MOVED_PLACE = OccasionChange(before=_occasion(), after=_occasion(ELSEWHERE))


def _larger() -> OccasionChange:
    """One group has three pupils more."""
    first, second = _occasion(NEXT).visits
    grown = replace(first, group=replace(first.group, pupils=first.group.pupils + 3))
    return OccasionChange(before=_occasion(), after=replace(_occasion(NEXT), visits=(grown, second)))


def _below_minimum() -> OccasionChange:
    """The host wants two groups at least."""
    before, after = (replace(o, slot=replace(o.slot, min_groups=2)) for o in (FEWER.before, FEWER.after))
    return OccasionChange(before=before, after=after)


def samples() -> dict[str, Sample]:
    """Return what people of a school, of a host and of the region get."""
    return _tell_school() | _tell_host() | _tell_office()


def _tell_school() -> dict[str, Sample]:
    own = _occasion(NEXT).visits[0]
    moved = VisitChange(before=MOVED.before.visits[0], after=MOVED.after.visits[0])
    elsewhere = VisitChange(before=MOVED_PLACE.before.visits[0], after=MOVED_PLACE.after.visits[0])
    mails: dict[str, tuple[Callable[..., Message], Any, ChangeFacts | None]] = {
        "visit_cancelled_school-own": (compose_school_cancellation, own, BY_SCHOOL),
        "visit_cancelled_school-host": (compose_school_cancellation, own, BY_HOST),
        "visit_cancelled_school-left": (compose_school_cancellation, own, None),
        "visit_changed_school-moved": (compose_school_change, moved, BY_HOST),
        "visit_changed_school-place": (compose_school_change, elsewhere, BY_REGION),
    }
    return {name: sample(*parts, COORDINATOR, LETTERHEAD) for name, parts in mails.items()}


def _tell_host() -> dict[str, Sample]:
    gone = replace(NOBODY.before, slot=NEXT)
    mails: dict[str, tuple[Callable[..., Message], Any, ChangeFacts | None]] = {
        "visit_cancelled_host-nobody": (compose_host_cancellation, gone, BY_REGION),
        "visit_cancelled_host-left": (compose_host_cancellation, gone, None),
        "visit_changed_host-fewer": (compose_host_change, FEWER, BY_SCHOOL),
        "visit_changed_host-minimum": (compose_host_change, _below_minimum(), BY_REGION),
        "visit_changed_host-moved": (compose_host_change, MOVED, BY_HOST),
        "visit_changed_host-place": (compose_host_change, MOVED_PLACE, BY_REGION),
        "visit_changed_host-pupils": (compose_host_change, _larger(), BY_REGION),
    }
    return {name: sample(*parts, CONTACT, LETTERHEAD) for name, parts in mails.items()}


def _tell_office() -> dict[str, Sample]:
    news = {"cancelled": (FEWER, BY_SCHOOL), "moved": (MOVED, BY_HOST)}
    return {
        f"visit_changed_office-{name}": sample(
            compose_office_news, change, facts, ORGANISER, LETTERHEAD, "/organisator/achterhoek"
        )
        for name, (change, facts) in news.items()
    }

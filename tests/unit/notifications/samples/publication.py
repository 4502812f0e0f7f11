"""The mails of a published round."""

from __future__ import annotations

from dataclasses import replace

from matchmaker.notifications.composing import Letterhead
from matchmaker.notifications.facts import GroupFacts, HostFacts, SchoolFacts, SlotFacts
from matchmaker.notifications.results import (
    GroupResult,
    HostResult,
    SchoolResult,
    compose_host_result,
    compose_school_result,
    compose_schools_result,
)
from matchmaker.notifications.visits import Occasion, Visit, compose_host_visit, compose_school_visit
from tests.unit.notifications.publication_facts import (
    BEUK,
    BOOKINGS,
    EIKEN,
    GROUPS,
    LASSEN,
    LINDE,
    METAAL,
    MOMENT,
    ON_WHEELS,
    REGION,
    ROBOTS,
    ROUND,
    SETTINGS,
    TRAILER,
)
from tests.unit.notifications.sampling import Sample, sample

LETTERHEAD = Letterhead(SETTINGS, REGION, MOMENT)
AWAY, NAMED, MOBILE = (
    Visit(school=school, group=group, host=host, slot=slot, booking=booking)
    for school, group, host, slot, booking in (
        (EIKEN, GROUPS[0], METAAL, LASSEN, BOOKINGS[0]),
        (LINDE, GROUPS[2], METAAL, LASSEN, BOOKINGS[1]),
        (EIKEN, GROUPS[1], TRAILER, ON_WHEELS, BOOKINGS[2]),
    )
)
# Subscribes to a calendar, so mails have no appointment; may do without overviews.
FOLLOWER = replace(EIKEN.contacts[0], user_id=17, wants_calendar=False)
MANY = tuple(
    SchoolResult(
        run_id=5,
        round=ROUND,
        school=school,
        groups=tuple(GroupResult(group=group, visits=visits) for group, *visits in lines),
    )
    for school, *lines in (
        (BEUK, (GROUPS[4],)),
        (EIKEN, (GROUPS[1], MOBILE), (GROUPS[0], AWAY)),
        (LINDE, (GROUPS[3],), (GROUPS[2], NAMED)),
    )
)


def samples() -> dict[str, Sample]:
    """Return the overviews and the invitations."""
    return {
        "result_school-all_placed": _school(EIKEN, (GROUPS[1], MOBILE), (GROUPS[0], AWAY)),
        "result_school-some_placed": _school(LINDE, (GROUPS[3],), (GROUPS[2], NAMED)),
        "result_school-none_placed": _school(BEUK, (GROUPS[4],)),
        "result_schools": sample(compose_schools_result, MANY, FOLLOWER, LETTERHEAD, least=1),
        "result_school-followed": _school(replace(EIKEN, contacts=(FOLLOWER,)), (GROUPS[0], AWAY)),
        "result_host-some_filled": _host(METAAL, (LASSEN, AWAY, NAMED), (ROBOTS,)),
        "result_host-all_filled": _host(TRAILER, (ON_WHEELS, MOBILE)),
        "visit_school-away": sample(compose_school_visit, AWAY, EIKEN.contacts[0], LETTERHEAD),
        "visit_school-named_group": sample(compose_school_visit, NAMED, LINDE.contacts[0], LETTERHEAD),
        "visit_school-mobile": sample(compose_school_visit, MOBILE, EIKEN.contacts[0], LETTERHEAD),
        "visit_school-followed": sample(compose_school_visit, AWAY, FOLLOWER, LETTERHEAD),
        "visit_host-two_schools": sample(
            compose_host_visit, _occasion(LASSEN, AWAY, NAMED), METAAL.contacts[0], LETTERHEAD
        ),
        "visit_host-mobile": sample(
            compose_host_visit, _occasion(ON_WHEELS, MOBILE), TRAILER.contacts[0], LETTERHEAD
        ),
    }


def _school(school: SchoolFacts, *lines: tuple[GroupFacts | Visit, ...]) -> Sample:
    groups = tuple(GroupResult(group=group, visits=visits) for group, *visits in lines)
    result = SchoolResult(run_id=5, round=ROUND, school=school, groups=groups)
    return sample(compose_school_result, result, school.contacts[0], LETTERHEAD)


def _host(host: HostFacts, *lines: tuple[SlotFacts | Visit, ...]) -> Sample:
    occasions = tuple(_occasion(*line) for line in lines)
    result = HostResult(run_id=5, round=ROUND, host=host, occasions=occasions)
    return sample(compose_host_result, result, host.contacts[0], LETTERHEAD)


def _occasion(slot: SlotFacts, *visits: Visit) -> Occasion:
    return Occasion(host=TRAILER if slot.mobile else METAAL, slot=slot, visits=visits)

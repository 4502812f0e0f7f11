"""How the rows of each table hang on one school and on one host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, false, or_, select, true

from matchmaker import scope
from matchmaker.models.allocation import AllocationRun, Placement
from matchmaker.models.analysis import Analysis
from matchmaker.models.audit import AuditEntry
from matchmaker.models.booking import Booking, ExternalActivity
from matchmaker.models.calendar_reply import CalendarReply
from matchmaker.models.demand import BlockedTime, Group, Wish, WishList
from matchmaker.models.invitation import Invitation
from matchmaker.models.invitation_list import InvitationList
from matchmaker.models.join_request import JoinRequest
from matchmaker.models.message import Message
from matchmaker.models.offer import Activity, Slot
from matchmaker.models.organisation import Host, Organisation
from matchmaker.models.person import Membership
from matchmaker.models.question import SignedQuestion
from matchmaker.models.region import ClosedDay, Round, SchoolYear
from matchmaker.models.told_visit import ToldVisit

Condition = Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Owners:
    """Which rows of a table may be found in the scope of one school, and in that of one host.

    Parameters
    ----------
    for_school, for_host
        Given the class, or an alias of it, the condition on its rows, inside the region. What the other
        side sees once there is a booking is part of it; what only organisers see is in neither.
    """

    for_school: Condition
    for_host: Condition


def _school() -> int | None:
    now = scope.find_scope()
    return now.school_id if now else None


def _host() -> int | None:
    now = scope.find_scope()
    return now.host_id if now else None


# Asked at the moment of execution, so that one statement serves all schools and hosts.
SCHOOL = bindparam("scope_school", callable_=_school, type_=Integer)
HOST = bindparam("scope_host", callable_=_host, type_=Integer)

# Conditions speak of the tables themselves: a mapped class would be bounded by a condition in its turn.
_groups, _lists, _bookings = Group.__table__.c, WishList.__table__.c, Booking.__table__.c
_slots, _activities = Slot.__table__.c, Activity.__table__.c


def _own_groups() -> Select[int]:
    return select(_groups.id).where(_groups.school_id == SCHOOL)


def _own_lists() -> Select[int]:
    return select(_lists.id).where(_lists.group_id.in_(_own_groups()))


def _own_bookings() -> Select[int]:
    return select(_bookings.id).where(_bookings.group_id.in_(_own_groups()))


def _own_activities() -> Select[int]:
    return select(_activities.id).where(_activities.host_id == HOST)


def _own_slots() -> Select[int]:
    return select(_slots.id).where(_slots.activity_id.in_(_own_activities()))


def _coming_groups() -> Select[int]:
    return select(_bookings.group_id).where(_bookings.slot_id.in_(_own_slots()))


def _coming_schools() -> Select[int]:
    return select(_groups.school_id).where(_groups.id.in_(_coming_groups()))


def _hosts() -> Select[int]:
    return select(Host.__table__.c.id)


def _everybody(_kind: Any) -> ColumnElement[bool]:
    return true()


def _nobody(_kind: Any) -> ColumnElement[bool]:
    return false()


def _common_or_own(kind: Any, own: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(kind.organisation_id.is_(None), kind.organisation_id == own)


# A role in the region itself, a closed day of all: what belongs to no organisation is everybody's there.
OWNERS: dict[type, Owners] = {
    # A school finds every host and itself, a host every school and itself.
    Organisation: Owners(
        lambda kind: or_(kind.id == SCHOOL, kind.type != "school"),
        lambda kind: or_(kind.id == HOST, kind.type != "host"),
    ),
    SchoolYear: Owners(_everybody, _everybody),
    Round: Owners(_everybody, _everybody),
    ClosedDay: Owners(
        lambda kind: _common_or_own(kind, SCHOOL),
        lambda kind: _common_or_own(kind, HOST),
    ),
    # Whom to call: the people of hosts, and of the schools that come.
    Membership: Owners(
        lambda kind: or_(_common_or_own(kind, SCHOOL), kind.organisation_id.in_(_hosts())),
        lambda kind: or_(_common_or_own(kind, HOST), kind.organisation_id.in_(_coming_schools())),
    ),
    Group: Owners(lambda kind: kind.school_id == SCHOOL, lambda kind: kind.id.in_(_coming_groups())),
    WishList: Owners(lambda kind: kind.group_id.in_(_own_groups()), _nobody),
    Wish: Owners(lambda kind: kind.wish_list_id.in_(_own_lists()), _nobody),
    BlockedTime: Owners(lambda kind: kind.wish_list_id.in_(_own_lists()), _nobody),
    # The catalogue is open to schools; a host finds its own offer, drafts too.
    Activity: Owners(_everybody, lambda kind: kind.host_id == HOST),
    Slot: Owners(_everybody, lambda kind: kind.activity_id.in_(_own_activities())),
    # The published run explains to a school what it got.
    AllocationRun: Owners(_everybody, _nobody),
    Analysis: Owners(_everybody, _nobody),
    Placement: Owners(
        lambda kind: kind.group_id.in_(_own_groups()),
        lambda kind: kind.slot_id.in_(_own_slots()),
    ),
    Booking: Owners(
        lambda kind: kind.group_id.in_(_own_groups()),
        lambda kind: kind.slot_id.in_(_own_slots()),
    ),
    # What a teacher tells the own school is not for the host.
    SignedQuestion: Owners(lambda kind: kind.booking_id.in_(_own_bookings()), _nobody),
    # What a school's calendar answers is about its booking; a host's about its slot.
    CalendarReply: Owners(
        lambda kind: kind.booking_id.in_(_own_bookings()),
        lambda kind: kind.slot_id.in_(_own_slots()),
    ),
    Invitation: Owners(
        lambda kind: kind.organisation_id == SCHOOL,
        lambda kind: kind.organisation_id == HOST,
    ),
    # A list of people to invite is the organisers' own.
    InvitationList: Owners(_nobody, _nobody),
    JoinRequest: Owners(
        lambda kind: kind.organisation_id == SCHOOL,
        lambda kind: kind.organisation_id == HOST,
    ),
    ExternalActivity: Owners(lambda kind: kind.school_id == SCHOOL, _nobody),
    Message: Owners(
        lambda kind: kind.organisation_id == SCHOOL,
        lambda kind: kind.organisation_id == HOST,
    ),
    # Which letters tell of a visit is for who writes and sends them.
    ToldVisit: Owners(_nobody, _nobody),
    AuditEntry: Owners(
        lambda kind: kind.organisation_id == SCHOOL,
        lambda kind: kind.organisation_id == HOST,
    ),
}


def find_owners(kind: type) -> Owners:
    """Return how the rows of a class hang on organisations; of what nobody wrote down nothing is found."""
    found = (OWNERS[parent] for parent in kind.__mro__ if parent in OWNERS)
    return next(found, Owners(_nobody, _nobody))

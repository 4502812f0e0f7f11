"""Rows for tests, each with good defaults: ``BookingFactory(group=group, slot=slot)``.

A factory adds and flushes; the test commits with ``db.session.commit()`` before it calls a service.
Without being told otherwise all rows join the first region, school year and round there is, so that
a group and a slot made apart still belong together. Dates are fixed in the school year 2026/27:
tests that depend on today set the clock.
"""

from tests.factories.allocation import AllocationRunFactory, BookingFactory, PlacementFactory
from tests.factories.calendar_replies import CalendarReplyFactory
from tests.factories.demand import GroupFactory, WishFactory, WishListFactory
from tests.factories.invitations import InvitationFactory, InvitationListFactory
from tests.factories.messages import MessageFactory
from tests.factories.offer import ActivityFactory, SlotFactory
from tests.factories.organisations import HostFactory, SchoolFactory
from tests.factories.people import JoinRequestFactory, MembershipFactory, UserFactory
from tests.factories.questions import SignedQuestionFactory
from tests.factories.regions import RegionFactory, RoundFactory, SchoolYearFactory

__all__ = [
    "ActivityFactory",
    "AllocationRunFactory",
    "BookingFactory",
    "CalendarReplyFactory",
    "GroupFactory",
    "HostFactory",
    "InvitationFactory",
    "InvitationListFactory",
    "JoinRequestFactory",
    "MembershipFactory",
    "MessageFactory",
    "PlacementFactory",
    "RegionFactory",
    "RoundFactory",
    "SchoolFactory",
    "SchoolYearFactory",
    "SignedQuestionFactory",
    "SlotFactory",
    "UserFactory",
    "WishFactory",
    "WishListFactory",
]

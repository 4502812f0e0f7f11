"""People and their roles; names are roles, never persons."""

from __future__ import annotations

from datetime import date

import factory

from matchmaker.domain.kinds import BOARD_ROLES, HOST_ROLES, REGION_ROLES, Role
from matchmaker.models import JoinRequest, Membership, User
from tests.factories.base import RowFactory
from tests.factories.organisations import HostFactory, SchoolFactory
from tests.factories.regions import the_region


class UserFactory(RowFactory):
    """An adult with a work address."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"coordinator{n}@school.example")
    name = "W&T-coördinator"
    phone = "0314 111 111"


class MembershipFactory(RowFactory):
    """A member; the role decides what of: a school, a host, or the region itself."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.COORDINATOR
    since = date(2026, 8, 1)

    @factory.lazy_attribute
    def organisation(self) -> object:
        if self.role in REGION_ROLES | BOARD_ROLES:
            return None
        return HostFactory() if self.role in HOST_ROLES else SchoolFactory()

    @factory.lazy_attribute
    def region(self) -> object:
        return self.organisation.region if self.organisation else the_region()


class JoinRequestFactory(RowFactory):
    """Somebody who asks to join a school as its coordinator."""

    class Meta:
        model = JoinRequest

    name = "W&T-coördinator"
    email = factory.Sequence(lambda n: f"vrager{n}@school.example")
    role = Role.COORDINATOR
    remark = ""
    reason = ""

    @factory.lazy_attribute
    def organisation(self) -> object:
        return SchoolFactory()

    @factory.lazy_attribute
    def region_id(self) -> int:
        return int(self.organisation.region.id if self.organisation else the_region().id)

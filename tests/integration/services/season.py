"""A small season that is ready to allocate: three schools, two hosts, five slots."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.domain.kinds import Role
from matchmaker.domain.phases import Phase
from matchmaker.extensions import db
from matchmaker.models import Round
from tests.factories import (
    ActivityFactory,
    GroupFactory,
    HostFactory,
    MembershipFactory,
    RoundFactory,
    SchoolFactory,
    SlotFactory,
    UserFactory,
    WishFactory,
    WishListFactory,
)


@dataclass(frozen=True)
class Season:
    """The round's id and how many schools and hosts can be mailed."""

    round_id: int
    schools: int = 3
    hosts: int = 2
    slots: int = 5


def make_season() -> Season:
    """Make the rows and commit them."""
    round_: Round = RoundFactory(phase=Phase.ALLOCATING)
    activities = [ActivityFactory(host=host) for host in (_host(1), _host(2))]
    for activity, number in zip([*activities, *activities, activities[0]], range(5), strict=True):
        SlotFactory(activity=activity, round=round_, capacity_groups=1 + number % 2)
    for number in range(3):
        school = SchoolFactory()
        _member(school, Role.COORDINATOR, f"coordinator{number}@school.example")
        wish_list = WishListFactory(group=GroupFactory(school=school), round=round_, wanted=2)
        for rank, activity in enumerate(activities, start=1):
            WishFactory(wish_list=wish_list, rank=rank, activity=activity)
    db.session.commit()
    return Season(round_.id)


def _host(number: int) -> object:
    host = HostFactory()
    _member(host, Role.HOST_CONTACT, f"contact{number}@host.example")
    return host


def _member(organisation: object, role: Role, email: str) -> None:
    MembershipFactory(organisation=organisation, role=role, user=UserFactory(email=email))

"""The factories make rows that belong together and that both databases accept."""

from __future__ import annotations

from flask import Flask

from matchmaker.domain.kinds import ActivityKind, Role
from matchmaker.extensions import db
from matchmaker.models import Host, School
from tests import factories


def test_rows_made_apart_belong_to_one_region_year_and_round(app: Flask) -> None:
    booking = factories.BookingFactory()
    wish = factories.WishFactory(wish_list__group=booking.group)
    placement = factories.PlacementFactory(group=booking.group, slot=booking.slot)
    message = factories.MessageFactory()
    db.session.commit()
    assert {booking.region_id, wish.region_id, placement.region_id, booking.group.region_id} == {
        booking.slot.region_id
    }
    assert wish.wish_list.round is booking.slot.round is placement.run.round
    assert booking.slot.taken_groups == 1
    assert message.id


def test_a_second_region_keeps_its_own_rows(app: Flask) -> None:
    factories.GroupFactory()
    other = factories.RegionFactory()
    group = factories.GroupFactory(school__region=other)
    slot = factories.SlotFactory(activity__host__region=other)
    db.session.commit()
    assert (
        group.region_id == group.school_year.region_id == slot.region_id == slot.round.region_id == other.id
    )


def test_members_of_schools_hosts_and_the_region(app: Flask) -> None:
    school = factories.MembershipFactory()
    host = factories.MembershipFactory(role=Role.HOST_CONTACT)
    region = factories.MembershipFactory(role=Role.ORGANISER)
    db.session.commit()
    assert isinstance(school.organisation, School)
    assert isinstance(host.organisation, Host)
    assert region.organisation is None


def test_wishes_are_ranked_in_the_order_of_making(app: Flask) -> None:
    wish_list = factories.WishListFactory()
    factories.WishFactory(wish_list=wish_list)
    second = factories.WishFactory(wish_list=wish_list, kind=ActivityKind.TECHNIEKLOKAAL)
    db.session.commit()
    assert (second.rank, second.activity) == (2, None)

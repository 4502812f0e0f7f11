"""Groups and their wishes."""

from __future__ import annotations

from datetime import UTC, datetime

import factory

from matchmaker.models import Group, Wish, WishList
from tests.factories.base import RowFactory
from tests.factories.offer import ActivityFactory
from tests.factories.organisations import SchoolFactory
from tests.factories.regions import the_round, the_school_year


class GroupFactory(RowFactory):
    """A combined class 7/8 of 24 pupils."""

    class Meta:
        model = Group

    school = factory.SubFactory(SchoolFactory)
    school_year = factory.LazyAttribute(lambda group: the_school_year(group.school.region_id))
    region_id = factory.SelfAttribute("school.region_id")
    name = factory.Sequence(lambda n: "7/8" if n == 0 else f"7/8 {n}")
    levels = factory.LazyFunction(lambda: ["po7", "po8"])
    pupils = 24


class WishListFactory(RowFactory):
    """A submitted list for one activity; add wishes with `WishFactory`."""

    class Meta:
        model = WishList

    group = factory.SubFactory(GroupFactory)
    region_id = factory.SelfAttribute("group.region_id")
    round = factory.LazyAttribute(lambda wish_list: the_round(wish_list.region_id))
    wanted = 1
    open_to_other = True
    submitted_at = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


class WishFactory(RowFactory):
    """The next wish of a list, for an activity unless a kind is given."""

    class Meta:
        model = Wish

    wish_list = factory.SubFactory(WishListFactory)
    region_id = factory.SelfAttribute("wish_list.region_id")
    rank = factory.LazyAttribute(lambda wish: len(wish.wish_list.wishes) + 1)
    kind = None

    @factory.lazy_attribute
    def activity(self) -> object:
        return None if self.kind else ActivityFactory()

"""Regions, school years and rounds."""

from __future__ import annotations

from datetime import date

import factory

from matchmaker.extensions import db
from matchmaker.models import Region, Round, SchoolYear
from tests.factories.base import RowFactory, first_of


class RegionFactory(RowFactory):
    """A region with a contact."""

    class Meta:
        model = Region

    name = factory.Sequence(lambda n: "Achterhoek" if n == 0 else f"Regio {n}")
    slug = factory.Sequence(lambda n: f"regio-{n}")
    sender_name = factory.SelfAttribute("name")
    contact_email = factory.LazyAttribute(lambda region: f"organisator@{region.slug}.example")
    contact_phone = "0314 000 000"


def the_region() -> Region:
    """Return the first region, made when there is none."""
    return first_of(Region) or RegionFactory()


class SchoolYearFactory(RowFactory):
    """The school year 2026/27."""

    class Meta:
        model = SchoolYear

    class Params:
        region = factory.LazyFunction(the_region)

    region_id = factory.LazyAttribute(lambda year: year.region.id)
    name = factory.Sequence(lambda n: "2026/27" if n == 0 else f"2026/27 ({n})")
    starts_on = date(2026, 8, 1)
    ends_on = date(2027, 7, 31)


def the_school_year(region_id: int) -> SchoolYear:
    """Return the first school year of a region, made when there is none."""
    return first_of(SchoolYear, region_id=region_id) or SchoolYearFactory(region_id=region_id, region=None)


class RoundFactory(RowFactory):
    """A spring round: wishes until 18 December, visits from January to May."""

    class Meta:
        model = Round

    region = factory.LazyFunction(the_region)
    school_year = factory.LazyAttribute(lambda round_: the_school_year(round_.region.id))
    name = factory.Sequence(lambda n: "Voorjaar 2027" if n == 0 else f"Voorjaar 2027 ({n})")
    offering_on = date(2026, 10, 1)
    wishing_on = date(2026, 11, 9)
    wishing_until = date(2026, 12, 18)
    result_on = date(2026, 12, 23)
    visits_from = date(2027, 1, 11)
    visits_until = date(2027, 5, 28)
    lottery_seed = "voorjaar-2027"


def the_round(region_id: int) -> Round:
    """Return the first round of a region, made when there is none."""
    return first_of(Round, region_id=region_id) or RoundFactory(region=db.session.get_one(Region, region_id))

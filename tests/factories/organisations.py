"""Schools and hosts."""

from __future__ import annotations

import factory

from matchmaker.domain.kinds import CoordinateSource, HolidayRegion, HostKind, Sector
from matchmaker.models import Host, School
from tests.factories.base import RowFactory
from tests.factories.regions import the_region


class SchoolFactory(RowFactory):
    """A primary school in Doetinchem."""

    class Meta:
        model = School

    region = factory.LazyFunction(the_region)
    code = factory.Sequence(lambda n: f"{n % 100:02}ZZ{n // 100:02}")
    name = factory.Sequence(lambda n: "De Eiken" if n == 0 else f"De Eiken {n}")
    street = "Lindelaan 1"
    postcode = "7001 AA"
    place = "Doetinchem"
    municipality = "Doetinchem"
    lat = 51.965
    lon = 6.288
    coordinate_source = CoordinateSource.FILE
    sector = Sector.PRIMARY
    holiday_region = HolidayRegion.MIDDLE
    pupils = 180


class HostFactory(RowFactory):
    """A metal company in Ulft."""

    class Meta:
        model = Host

    region = factory.LazyFunction(the_region)
    code = factory.Sequence(lambda n: f"H{n:03}")
    name = factory.Sequence(lambda n: "Metaalwerken IJsselstroom" if n == 0 else f"Metaalwerken {n}")
    street = "Industrieweg 10"
    postcode = "7071 AA"
    place = "Ulft"
    municipality = "Oude IJsselstreek"
    lat = 51.889
    lon = 6.379
    coordinate_source = CoordinateSource.FILE
    kind = HostKind.COMPANY
    branches = factory.LazyFunction(lambda: ["metaal"])

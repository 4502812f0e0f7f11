"""Where an organisation is: from the file, else the postcode's centroid, else the name of the place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from matchmaker.domain.distance import great_circle_km
from matchmaker.domain.dutch_places import fold_place
from matchmaker.domain.kinds import CoordinateSource
from matchmaker.exchange.place_names import NamedPlace, find_places
from matchmaker.exchange.rows import OrganisationRow, SchoolRow
from matchmaker.models import Organisation
from matchmaker.queries.places import list_postcode_places

# The name of a place means the one of that name near the other organisations, if one is this near: the list
# leaves out small places, so even a name that is there once may be that of a place far away.
_NEAR_KM = 60.0


@dataclass(frozen=True, slots=True)
class Location:
    """WGS84 degrees and where they come from."""

    lat: float
    lon: float
    source: CoordinateSource


@dataclass(slots=True)
class Locator:
    """Finds locations, reading the postcode table once and the place names only when needed."""

    centre: tuple[float, float] | None = None
    found: Counter[str] = field(default_factory=Counter)
    _postcodes: dict[str, tuple[float, float, str]] = field(default_factory=dict)

    @classmethod
    def prepare(cls, rows: Iterable[OrganisationRow], known: Iterable[tuple[float, float]] = ()) -> Locator:
        """Return a locator for the organisations of a file.

        `known` are the WGS84 degrees of the region's organisations: they say where the region is when the
        file does not.
        """
        places = list_postcode_places()
        postcodes = {code: (p.lat, p.lon, p.municipality) for code, p in places.items()}
        points = [(row.lat, row.lon) for row in rows if row.lat is not None and row.lon is not None]
        points = points or [postcodes[p][:2] for row in rows if (p := (row.postcode or "")[:4]) in postcodes]
        return cls(_mean(points or list(known)), Counter(), postcodes)

    def find_municipality(self, postcode: str | None) -> str:
        """Return the municipality of a postcode, empty when unknown."""
        return self._postcodes.get((postcode or "")[:4], (0.0, 0.0, ""))[2]

    def locate(self, row: OrganisationRow, existing: Organisation | None) -> Location | None:
        """Return where the organisation of a row is, or None when nothing new is known about it.

        Coordinates that came from a file before are kept while the file is silent. A place name that the
        organisation had already says nothing new without a province: what it meant is known, or unknown.
        """
        location = self._find(row, existing)
        known = existing is not None and existing.lat is not None
        if location is not None:
            self.found[location.source.value] += 1
        else:
            self.found["kept" if known else "unknown"] += 1
        return location

    def _find(self, row: OrganisationRow, existing: Organisation | None) -> Location | None:
        if row.lat is not None and row.lon is not None:
            return Location(row.lat, row.lon, CoordinateSource.FILE)
        if existing is not None and existing.coordinate_source is CoordinateSource.FILE:
            return None
        postcode = row.postcode or (existing.postcode if existing else "")
        if postcode[:4] in self._postcodes:
            lat, lon, _ = self._postcodes[postcode[:4]]
            return Location(lat, lon, CoordinateSource.POSTCODE)
        place = self._find_place(row, existing)
        return Location(place.lat, place.lon, CoordinateSource.PLACE) if place else None

    def _find_place(self, row: OrganisationRow, existing: Organisation | None) -> NamedPlace | None:
        candidates = find_places(row.place) if row.place else ()
        province = fold_place(row.province or "") if isinstance(row, SchoolRow) else ""
        candidates = tuple(p for p in candidates if not province or p.province == province)
        if len(candidates) == 1 and province:
            return candidates[0]
        if existing is not None and fold_place(existing.place) == fold_place(row.place or ""):
            return None
        return self._find_near(candidates)

    def _find_near(self, candidates: tuple[NamedPlace, ...]) -> NamedPlace | None:
        """Return the place that is near the centre; without a centre, the only one."""
        if not candidates or self.centre is None:
            return candidates[0] if len(candidates) == 1 else None
        lat, lon = self.centre
        nearest = min(candidates, key=lambda p: great_circle_km(lat, lon, p.lat, p.lon))
        return nearest if great_circle_km(lat, lon, nearest.lat, nearest.lon) <= _NEAR_KM else None

    def describe(self) -> str:
        """Return one sentence about where the coordinates came from."""
        words = {
            "file": "uit het bestand",
            "postcode": "van de postcode",
            "place": "van de plaatsnaam",
            "kept": "zoals al bekend",
            "unknown": "onbekend",
        }
        parts = [f"{self.found[key]} {text}" for key, text in words.items() if self.found[key]]
        return f"Coördinaten: {', '.join(parts)}."


def _mean(points: list[tuple[float, float]]) -> tuple[float, float] | None:
    if not points:
        return None
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)

"""Distance between two places, in kilometres, one way."""

from math import asin, cos, radians, sin, sqrt
from typing import Protocol

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG, arithmetic mean R1)."""
KM_SLACK = 1e-6
"""What a distance may exceed a limit by: a millimetre, more than rounding does, less than one measures."""


class Place(Protocol):
    """Anything with WGS84 coordinates in degrees; None when the place is unknown."""

    @property
    def lat(self) -> float | None:
        """Degrees north."""

    @property
    def lon(self) -> float | None:
        """Degrees east."""


def great_circle_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance in kilometres between two points in degrees.

    Notes
    -----
    The haversine form, which stays accurate for places that are close together (R. W. Sinnott, 1984,
    "Virtues of the Haversine", Sky and Telescope 68).
    """
    phi, other_phi = radians(lat), radians(other_lat)
    haversine = (
        sin((other_phi - phi) / 2) ** 2 + cos(phi) * cos(other_phi) * sin(radians(other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, haversine)))


def find_distance_km(place: Place, other: Place, detour_factor: float = 1.0) -> float | None:
    """Return the distance that is counted between two places, None when one of them is unknown.

    Parameters
    ----------
    place, other
        The places.
    detour_factor
        How much longer the road is than the great circle; 1.0 or more in practice.
    """
    if place.lat is None or place.lon is None or other.lat is None or other.lon is None:
        return None
    return great_circle_km(place.lat, place.lon, other.lat, other.lon) * detour_factor

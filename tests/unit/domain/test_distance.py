"""Distances on the earth."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.distance import EARTH_RADIUS_KM, find_distance_km, great_circle_km

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


@dataclass
class Somewhere:
    lat: float | None = None
    lon: float | None = None


def test_a_quarter_of_the_equator() -> None:
    assert great_circle_km(0, 0, 0, 90) == pytest.approx(EARTH_RADIUS_KM * 3.141592653589793 / 2)


def test_doetinchem_to_winterswijk_is_about_thirty_kilometres() -> None:
    assert great_circle_km(51.965, 6.289, 51.972, 6.720) == pytest.approx(29.5, abs=0.5)


@given(lat=LATITUDES, lon=LONGITUDES, other_lat=LATITUDES, other_lon=LONGITUDES)
def test_the_way_back_is_as_long(lat: float, lon: float, other_lat: float, other_lon: float) -> None:
    there = great_circle_km(lat, lon, other_lat, other_lon)
    assert there == pytest.approx(great_circle_km(other_lat, other_lon, lat, lon), abs=1e-6)
    assert 0 <= there <= EARTH_RADIUS_KM * 3.1415926535897936


@given(lat=LATITUDES, lon=LONGITUDES)
def test_no_place_is_away_from_itself(lat: float, lon: float) -> None:
    assert great_circle_km(lat, lon, lat, lon) == 0


def test_a_detour_makes_it_longer() -> None:
    one, other = Somewhere(52.0, 6.0), Somewhere(52.1, 6.0)
    assert find_distance_km(one, other, 1.3) == pytest.approx(1.3 * great_circle_km(52.0, 6.0, 52.1, 6.0))


def test_an_unknown_place_has_no_distance() -> None:
    assert find_distance_km(Somewhere(), Somewhere(52.0, 6.0)) is None
    assert find_distance_km(Somewhere(52.0, 6.0), Somewhere()) is None

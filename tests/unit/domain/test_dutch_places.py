"""Dutch places are written as people write them and have the right school holidays."""

from __future__ import annotations

import csv

import pytest

from matchmaker.domain.dutch_places import find_holiday_region, format_place
from matchmaker.domain.kinds import HolidayRegion
from tests.conftest import SHARED_DATA

MIDDLE, SOUTH, NORTH = HolidayRegion.MIDDLE, HolidayRegion.SOUTH, HolidayRegion.NORTH


@pytest.mark.parametrize(
    ("place", "municipality", "province", "expected"),
    [
        ("Didam", "Montferland", "", SOUTH),
        ("DIDAM", "MONTFERLAND", "Gelderland", SOUTH),
        ("Zeddam", "Montferland", "", MIDDLE),
        ("'s-Heerenberg", "Montferland", "", MIDDLE),
        ("Doesburg", "Doesburg", "", SOUTH),
        ("Duiven", "Duiven", "", SOUTH),
        ("Westervoort", "Westervoort", "", SOUTH),
        ("Lobith", "Zevenaar", "", SOUTH),
        ("Ulft", "Oude IJsselstreek", "", MIDDLE),
        ("Hattem", "Hattem", "Gelderland", NORTH),
        ("Zeewolde", "Zeewolde", "Flevoland", MIDDLE),
        ("Urk", "Urk", "Flevoland", NORTH),
        ("Sneek", "Súdwest-Fryslân", "Fryslân", NORTH),
        ("Hank", "Altena", "Noord-Brabant", SOUTH),
    ],
)
def test_the_holiday_region_follows_from_town_and_municipality(
    place: str, municipality: str, province: str, expected: HolidayRegion
) -> None:
    assert find_holiday_region(place, municipality, province) is expected


def test_a_town_without_municipality_or_province_decides_nothing() -> None:
    assert find_holiday_region("Hengelo") is None


@pytest.mark.parametrize(
    ("capitals", "expected"),
    [
        ("'S-HEERENBERG", "'s-Heerenberg"),
        ("HENGELO GLD", "Hengelo (Gld)"),
        ("BEEK GEM MONTFERLAND", "Beek"),
        ("OUDE IJSSELSTREEK", "Oude IJsselstreek"),
        ("BERGEN OP ZOOM", "Bergen op Zoom"),
        ("S GRAVENHAGE", "'s-Gravenhage"),
        ("DE HEURNE", "De Heurne"),
        ("2E EXLOERMOND", "2e Exloermond"),
        ("Wijk bij Duurstede", "Wijk bij Duurstede"),
    ],
)
def test_names_in_capitals_are_written_as_people_do(capitals: str, expected: str) -> None:
    assert format_place(capitals) == expected


def test_every_town_with_a_primary_school_gets_its_official_holiday_region() -> None:
    path = SHARED_DATA / "holidays" / "town_holiday_region.csv"
    if not path.exists():
        pytest.skip(f"the list of towns is not here ({path})")
    with path.open(encoding="utf-8") as file:
        towns = [row for row in csv.DictReader(file) if row["gemeente"].strip()]
    wrong = [
        row["plaats"]
        for row in towns
        if find_holiday_region(row["plaats"], row["gemeente"], row["provincie"]) != row["vakantieregio"]
    ]
    assert wrong == []
    assert len(towns) > 1700

"""The authorities' lists of schools and our own, recognised by their header."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchmaker.domain.kinds import HolidayRegion, Sector
from matchmaker.exchange.postcode_files import read_postcodes
from matchmaker.exchange.problems import InputError
from matchmaker.exchange.school_files import (
    SchoolFormat,
    examine_pupil_counts,
    examine_schools,
    find_sector,
)
from tests.conftest import SHARED_DATA

DUO = (
    "PROVINCIE;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;STRAATNAAM;HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;"
    "GEMEENTENAAM;DENOMINATIE;INTERNETADRES;VAKANTIEREGIO\r\n"
    "Gelderland;99AA;99AA00;De Es;Dorpsstraat;3-A;7121 KZ;'S-HEERENBERG;MONTFERLAND;Openbaar; ;Midden\r\n"
).encode("cp1252")


def _real(name: str) -> bytes:
    path: Path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"the real data are not here ({path})")
    return path.read_bytes()


def test_duos_list_has_one_space_for_an_empty_field() -> None:
    found = examine_schools("duo.csv", DUO)
    assert found.format is SchoolFormat.DUO_PRIMARY
    (school,) = found.schools
    assert school.website is None
    assert (school.code, school.sector, school.place) == ("99AA00", Sector.PRIMARY, "'s-Heerenberg")
    assert (school.street, school.house_number) == ("Dorpsstraat", "3-A")
    assert school.holiday_region is HolidayRegion.MIDDLE


def test_our_own_list_accepts_a_decimal_comma_and_a_short_sector() -> None:
    data = b"Code;Naam;Sector;Plaats;Lat;Lon\n99AB00;Slinge Lyceum;VO;Winterswijk;51,97;6,72\n"
    (school,) = examine_schools("eigen.csv", data).schools
    assert (school.sector, school.lat, school.lon) == (Sector.SECONDARY, 51.97, 6.72)


def test_a_brin_column_alone_is_the_code() -> None:
    (school,) = examine_schools("eigen.csv", b"BRIN,Naam,Sector\n99AB,De Eiken,bo\n").schools
    assert school.code == "99AB00"


def test_the_national_list_names_some_locations_twice() -> None:
    data = (
        b"vestigingscode,brin,naam,type,onderwijsgebied,leerlingen,lon,lat\n"
        b"99AA00,99AA,De Eiken,SBAO,x,0,6.1,51.9\n99AA00,99AA,De Eiken,(V)SO,x,12,6.1,51.9\n"
    )
    found = examine_schools("nl.csv", data)
    assert found.format is SchoolFormat.GEOCODED
    assert [(s.sector, s.pupils) for s in found.schools] == [(Sector.SPECIAL, None)]
    assert "1 rijen" in found.notes[0]


@pytest.mark.parametrize(
    ("school_type", "sector"),
    [
        ("basisschool", Sector.PRIMARY),
        ("VBO/MAVO/HAVO/VWO", Sector.SECONDARY),
        ("PRO", Sector.SECONDARY),
        ("BRUGJAAR", Sector.SECONDARY),
        ("SBAO", Sector.SPECIAL),
        ("(V)SO", Sector.SPECIAL),
        ("dansschool", None),
    ],
)
def test_the_sector_follows_from_the_type(school_type: str, sector: Sector | None) -> None:
    assert find_sector(school_type) is sector


def test_every_problem_is_reported_with_row_and_column() -> None:
    data = b"Code;Naam;Sector;Postcode;Lat;Lon\n12;A;bo;;;\n99AA00;;zwem;71;51;\n99AA00;B;bo;;99;6\n"
    places = {(problem.row, problem.column) for problem in examine_schools("eigen.csv", data).problems}
    assert places == {
        (2, "Code"),
        *((3, column) for column in ("Naam", "Sector", "Postcode", "Breedtegraad")),
        (4, "Code"),
        (4, "Breedtegraad"),
    }


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"Naam;Sector\nA;bo\n", "kolom Code: Deze kolom ontbreekt"),
        (b"Code;Naam;naam\n99AA00;A;B\n", "twee keer"),
        (b"Code;Naam\n", "geen scholen"),
        (b"Code;Naam\n99AA00;A\n99AA;B\n", "ook al in rij 2"),
        (b"VESTIGINGSCODE;LEERLINGEN_2025\n99AA00;12\n", "leerlingaantallen"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        raise InputError(examine_schools("eigen.csv", data).problems)


def test_the_newest_pupil_count_is_taken_and_a_masked_one_is_four() -> None:
    data = "\ufeffVESTIGINGSCODE;LEERLINGEN_2024;LEERLINGEN_2025\r\n99AA00;10;<5\r\n99AB00;7;120\r\n".encode()
    assert examine_pupil_counts("aantallen.csv", data) == ({"99AA00": 4, "99AB00": 120}, [])


def test_postcodes_are_four_digits_with_a_middle() -> None:
    data = b"pc4,woonplaats,gemeente,provincie,lat,lon\n7121,Aalten,Aalten,Gelderland,51.92,6.58\n"
    (row,) = read_postcodes("pc4.csv", data)
    assert (row.postcode4, row.lat, row.lon) == ("7121", 51.92, 6.58)


def test_the_real_primary_list_is_read_whole() -> None:
    found = examine_schools("duo.csv", _real("schools/duo_primary_locations_2026.csv"))
    assert found.format is SchoolFormat.DUO_PRIMARY
    assert len(found.schools) == 6122
    assert all(school.holiday_region for school in found.schools)


def test_the_real_national_list_is_read_whole() -> None:
    found = examine_schools("nl.csv", _real("schools/geocoded_locations_nl_2024.csv"))
    assert len(found.schools) == 8622
    assert all(school.lat and school.sector for school in found.schools)


def test_the_real_list_of_the_region_is_read_whole() -> None:
    found = examine_schools("regio.csv", _real("schools/region_locations.csv"))
    assert len(found.schools) == 225
    assert all(school.lat and school.sector and school.holiday_region for school in found.schools)


def test_the_real_pupil_counts_are_read_whole() -> None:
    counts, problems = examine_pupil_counts("aantallen.csv", _real("schools/duo_primary_pupils_by_year.csv"))
    assert (len(counts), problems) == (9737, [])


def test_the_real_postcodes_are_read_whole() -> None:
    assert len(read_postcodes("pc4.csv", _real("places/postcode4_centroids.csv"))) == 4747

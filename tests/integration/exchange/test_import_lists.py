"""Lists of schools, hosts and postcodes: what arrives, where it is, and what happens the second time."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.domain.kinds import CoordinateSource, HolidayRegion, HostKind, Sector
from matchmaker.exchange.problems import InputError
from matchmaker.extensions import db
from matchmaker.models import Host, PostcodePlace, Region, School
from matchmaker.services.exports import export_workbook
from matchmaker.services.import_report import ImportReport
from matchmaker.services.imports import (
    InputFile,
    import_hosts,
    import_postcodes,
    import_schools,
    import_workbook,
)
from tests.conftest import SHARED_DATA

POSTCODES = (
    b"pc4,woonplaats,gemeente,provincie,lat,lon\n"
    b"7081,Gendringen,Oude IJsselstreek,Gelderland,51.87,6.38\n6942,Didam,Montferland,Gelderland,51.94,6.13\n"
)


def _schools(text: str, **more: InputFile) -> ImportReport:
    file = InputFile("scholen.csv", text.encode())
    report = import_schools(file, "oost", region_name="Oost", **more)
    db.session.expire_all()
    return report


def _school(code: str) -> School:
    return db.session.scalars(sa.select(School).where(School.code == code)).one()


def _real(name: str) -> InputFile:
    path: Path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"the real data are not here ({path})")
    return InputFile(path.name, path.read_bytes())


def test_a_region_is_made_when_it_is_named(app: Flask) -> None:
    _schools("Code;Naam;Sector;Vakantieregio\n99AA00;A;bo;Zuid\n")
    assert db.session.scalars(sa.select(Region.name)).one() == "Oost"


def test_a_region_that_is_not_named_must_exist(app: Flask) -> None:
    file = InputFile("scholen.csv", b"Code;Naam;Sector;Vakantieregio\n99AA00;A;bo;Zuid\n")
    with pytest.raises(InputError, match="De regio “oost” bestaat niet"):
        import_schools(file, "oost")


def test_coordinates_come_from_file_then_postcode_then_place_and_the_report_says_so(app: Flask) -> None:
    import_postcodes(InputFile("pc4.csv", POSTCODES))
    report = _schools(
        "Code;Naam;Sector;Postcode;Plaats;Gemeente;Lat;Lon\n"
        "99AA00;A;bo;7081 AB;Gendringen;Oude IJsselstreek;51,9;6,4\n"
        "99AB00;B;bo;7081 AB;Gendringen;Oude IJsselstreek;;\n"
        "99AC00;C;bo;7001 AB;Doetinchem;Doetinchem;;\n"
        "99AD00;D;bo;;Nergenshuizen;Aalten;;\n"
    )
    sources = [_school(code).coordinate_source for code in ("99AA00", "99AB00", "99AC00", "99AD00")]
    assert sources == [CoordinateSource.FILE, CoordinateSource.POSTCODE, CoordinateSource.PLACE, None]
    assert (_school("99AB00").lat, _school("99AB00").lon) == (51.87, 6.38)
    assert _school("99AC00").lat == pytest.approx(51.965, abs=0.02)
    assert any(
        "1 uit het bestand, 1 van de postcode, 1 van de plaatsnaam, 1 onbekend" in note
        for note in report.notes
    )


def test_of_places_with_one_name_the_near_one_is_meant(app: Flask) -> None:
    _schools(
        "Code;Naam;Sector;Plaats;Gemeente;Lat;Lon\n"
        "99AA00;A;bo;Vorden;Bronckhorst;52,10;6,31\n99AB00;B;bo;Hengelo;Bronckhorst;;\n"
    )
    # Hengelo in Gelderland, not the city in Overijssel.
    assert _school("99AB00").lat == pytest.approx(52.05, abs=0.01)


def test_a_place_far_from_the_others_is_not_meant_even_when_it_is_the_only_one_of_its_name(
    app: Flask,
) -> None:
    _schools(
        "Code;Naam;Sector;Plaats;Gemeente;Lat;Lon\n"
        "99AA00;A;bo;Vorden;Bronckhorst;52,10;6,31\n99AB00;B;bo;Vlissingen;Bronckhorst;;\n"
    )
    assert (_school("99AB00").lat, _school("99AB00").coordinate_source) == (None, None)


def test_a_place_in_the_province_that_the_file_names_may_be_far_away(app: Flask) -> None:
    _schools(
        "Code;Naam;Sector;Plaats;Gemeente;Provincie;Vakantieregio;Lat;Lon\n"
        "99AA00;A;bo;Vorden;Bronckhorst;Gelderland;Noord;52,10;6,31\n"
        "99AB00;B;bo;Vlissingen;Vlissingen;Zeeland;Zuid;;\n"
    )
    assert _school("99AB00").lat == pytest.approx(51.44, abs=0.02)


def test_the_organisations_known_already_say_where_the_region_is(app: Flask) -> None:
    _schools("Code;Naam;Sector;Plaats;Gemeente;Lat;Lon\n99AA00;A;bo;Vorden;Bronckhorst;52,10;6,31\n")
    hosts = "Code;Naam;Plaats\nB1;Lasbedrijf;Hengelo\nB2;Werf;Vlissingen\n"
    import_hosts(InputFile("aanbieders.csv", hosts.encode()), "oost")
    found = {host.code: host.lat for host in db.session.scalars(sa.select(Host))}
    assert found == {"B1": pytest.approx(52.05, abs=0.01), "B2": None}


def test_an_export_taken_in_again_leaves_an_unknown_place_unknown(app: Flask) -> None:
    # The list knows Vlissingen in Zeeland only; the export does not say the province.
    _schools(
        "Code;Naam;Sector;Plaats;Gemeente;Provincie;Vakantieregio\n99AA00;A;bo;Vlissingen;X;Gelderland;Noord\n"
    )
    region = db.session.scalars(sa.select(Region)).one()
    import_workbook(InputFile("oost.xlsx", export_workbook(region)))
    db.session.expire_all()
    assert _school("99AA00").lat is None


def test_coordinates_from_a_file_stay_when_a_later_file_is_silent(app: Flask) -> None:
    header = "Code;Naam;Sector;Postcode;Plaats;Gemeente;Lat;Lon\n"
    _schools(header + "99AA00;A;bo;7081 AB;Gendringen;Oude IJsselstreek;51,9;6,4\n")
    import_postcodes(InputFile("pc4.csv", POSTCODES))
    report = _schools(header + "99AA00;A;bo;7081 AB;Gendringen;Oude IJsselstreek;;\n")
    assert not report.changed_anything
    assert _school("99AA00").coordinate_source is CoordinateSource.FILE


def test_a_postcode_improves_on_a_place_name_later(app: Flask) -> None:
    text = "Code;Naam;Sector;Postcode;Plaats;Gemeente\n99AA00;A;bo;7081 AB;Gendringen;Oude IJsselstreek\n"
    _schools(text)
    assert _school("99AA00").coordinate_source is CoordinateSource.PLACE
    import_postcodes(InputFile("pc4.csv", POSTCODES))
    assert _schools(text).changed_anything
    assert _school("99AA00").coordinate_source is CoordinateSource.POSTCODE


def test_the_holiday_region_comes_from_the_file_or_from_town_and_municipality(app: Flask) -> None:
    import_postcodes(InputFile("pc4.csv", POSTCODES))
    report = _schools(
        "Code;Naam;Sector;Postcode;Plaats;Gemeente;Vakantieregio\n"
        "99AA00;A;bo;;Didam;Montferland;\n"
        "99AB00;B;bo;;Zeddam;Montferland;\n"
        "99AC00;C;bo;;Zeddam;Montferland;Zuid\n"
        "99AD00;D;bo;6942 AB;Didam;;\n"
    )
    found = [_school(code).holiday_region for code in ("99AA00", "99AB00", "99AC00", "99AD00")]
    south, middle = HolidayRegion.SOUTH, HolidayRegion.MIDDLE
    assert found == [south, middle, south, south]
    assert any("1 uit het bestand, 3 afgeleid" in note for note in report.notes)


def test_a_holiday_region_set_by_hand_stays_when_the_file_is_silent(app: Flask) -> None:
    text = "Code;Naam;Sector;Plaats;Gemeente\n99AA00;A;bo;Didam;Montferland\n"
    _schools(text)
    _school("99AA00").holiday_region = HolidayRegion.MIDDLE
    db.session.commit()
    assert not _schools(text).changed_anything
    assert _school("99AA00").holiday_region is HolidayRegion.MIDDLE


def test_a_school_without_sector_or_holiday_region_is_refused_and_nothing_happens(app: Flask) -> None:
    with pytest.raises(InputError) as caught:
        _schools("Code;Naam;Plaats\n99AA00;A;Ergens\n99AB00;B;Elders\n")
    assert [(p.row, p.column) for p in caught.value.problems] == [
        (2, "Sector"),
        (2, "Vakantieregio"),
        (3, "Sector"),
        (3, "Vakantieregio"),
    ]
    assert db.session.scalars(sa.select(Region)).all() == []


def test_pupil_counts_come_from_their_own_file(app: Flask) -> None:
    counts = InputFile("aantallen.csv", b"VESTIGINGSCODE;LEERLINGEN_2025\n99AA00;<5\n")
    _schools(
        "Code;Naam;Sector;Vakantieregio;Leerlingen\n99AA00;A;bo;Zuid;90\n99AB00;B;bo;Zuid;80\n", pupils=counts
    )
    assert [_school(code).pupils for code in ("99AA00", "99AB00")] == [4, 80]


def test_hosts_are_companies_unless_the_file_says_otherwise(app: Flask) -> None:
    text = (
        "Code,Naam,Soort,Branche,Plaats,E-mail\n"
        "B1,Lasbedrijf,,metaal; bouw,Ulft,a@b.example\nT1,De Vonk,technieklokaal,,Ulft,\n"
    )
    report = import_hosts(InputFile("aanbieders.csv", text.encode()), "oost", region_name="Oost")
    assert report.counts["Hosts"].new == 2
    hosts = {host.code: host for host in db.session.scalars(sa.select(Host))}
    assert (hosts["B1"].kind, hosts["B1"].branches) == (HostKind.COMPANY, ["metaal", "bouw"])
    assert hosts["T1"].kind is HostKind.TECHNIEKLOKAAL
    again = import_hosts(InputFile("aanbieders.csv", text.encode()), "oost")
    assert not again.changed_anything


def test_postcodes_again_change_nothing(app: Flask) -> None:
    assert import_postcodes(InputFile("pc4.csv", POSTCODES)).changed_anything
    assert not import_postcodes(InputFile("pc4.csv", POSTCODES)).changed_anything
    moved = import_postcodes(InputFile("pc4.csv", POSTCODES.replace(b"51.87", b"51.88")))
    assert moved.counts["Postcodes"].changed == 1
    assert db.session.get(PostcodePlace, "7081").lat == 51.88  # type: ignore[union-attr] # it is there


def test_all_real_primary_locations_arrive_with_their_holiday_regions(app: Flask) -> None:
    file = _real("schools/duo_primary_locations_2026.csv")
    report = import_schools(
        file, "nl", region_name="Nederland", pupils=_real("schools/duo_primary_pupils_by_year.csv")
    )
    assert report.counts["Schools"].new == 6122
    statement = sa.select(School.holiday_region, sa.func.count()).group_by(School.holiday_region)
    counts = {region: number for region, number in db.session.execute(statement)}  # noqa: C416
    assert counts == {HolidayRegion.NORTH: 2368, HolidayRegion.MIDDLE: 2174, HolidayRegion.SOUTH: 1580}
    assert not import_schools(
        file, "nl", pupils=_real("schools/duo_primary_pupils_by_year.csv")
    ).changed_anything


def test_all_real_locations_of_the_region_arrive_with_coordinates(app: Flask) -> None:
    report = import_schools(
        _real("schools/region_locations.csv"), "al", region_name="Achterhoek en De Liemers"
    )
    assert report.counts["Schools"].new == 225
    located = sa.select(sa.func.count()).where(School.lat.is_not(None), School.coordinate_source == "file")
    assert db.session.scalars(located).one() == 225
    statement = sa.select(School.sector, sa.func.count()).group_by(School.sector)
    sectors = {sector: number for sector, number in db.session.execute(statement)}  # noqa: C416
    assert sectors == {Sector.PRIMARY: 163, Sector.SECONDARY: 38, Sector.SPECIAL: 24}

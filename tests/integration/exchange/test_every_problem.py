"""Whatever is wrong with a file is told at once, each thing at its own cell, and nothing besides."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matchmaker.config import ROOT
from matchmaker.exchange.problems import InputError
from matchmaker.exchange.spreadsheet import read_grids
from matchmaker.extensions import db
from matchmaker.models import Region
from matchmaker.services.imports import InputFile, import_hosts, import_schools, import_workbook
from tests.integration.exchange import small_region as small
from tests.unit.exchange.sheets_by_hand import make_workbook

Sheets = dict[str, list[list[Any]]]
Place = tuple[str, int, str]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is wrong with a file does not depend on the database."""
    return sqlite_url


def _problems(sheets: Sheets, region: str | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        import_workbook(InputFile("regio.xlsx", make_workbook(sheets)), region)
    return [str(problem) for problem in caught.value.problems]


def _places(sheets: Sheets) -> list[Place]:
    with pytest.raises(InputError) as caught:
        import_workbook(InputFile("regio.xlsx", make_workbook(sheets)))
    return [(problem.sheet, problem.row, problem.column) for problem in caught.value.problems]


def _small_sheets() -> Sheets:
    return {
        "Instellingen": [
            ["Instelling", "Waarde"],
            ["Naam van de regio", "Oost"],
            ["Webnaam", "oost"],
            ["Schooljaar", "2026-2027"],
        ],
        "Rondes": [
            [
                "Naam",
                "Aanbod vanaf",
                "Wensen vanaf",
                "Wensen tot en met",
                "Uitslag op",
                "Bezoeken vanaf",
                "Bezoeken tot en met",
            ],
            ["Najaar", "1-8-2026", "20-8-2026", "1-9-2026", "5-9-2026", "14-9-2026", "18-12-2026"],
        ],
        "Scholen": [
            ["Code", "Naam", "Sector", "Vakantieregio", "Postcode"],
            ["99AA00", "De Wilgenkamp", "bo", "Midden", "7081 AB"],
            ["99AB00", "Lyceum De Waard", "vo", "Zuid", ""],
        ],
        "Groepen": [
            ["School", "Groep", "Niveaus", "Leerlingen"],
            ["99AA00", "7/8", "7/8", 25],
            ["99AB00", "2B", "2", 28],
        ],
        "Aanbieders": [["Code", "Naam"], ["B1", "Lasbedrijf"]],
        "Activiteiten": [
            ["Code", "Aanbieder", "Soort", "Titel", "Niveaus"],
            ["A1", "B1", "workshop", "Lassen", "7/8"],
            ["A2", "B1", "bedrijfsbezoek", "Kijken", "klas 2"],
        ],
        "Tijdvakken": [
            ["Activiteit", "Datum", "Begin", "Einde", "Groepen", "Minimaal groepen", "Ronde"],
            ["A1", "6-10-2026", "9.00", "10.30", 2, "", "Najaar"],
            ["A2", "7-10-2026", "9.00", "10.30", 1, "", ""],
        ],
        "Wensen": [
            ["School", "Groep", "Wens 1", "Wens 2", "Ronde"],
            ["99AA00", "7/8", "A1", "workshop", "Najaar"],
            ["99AB00", "2B", "A2", "", ""],
        ],
        "Vrije dagen": [["Eerste dag", "Laatste dag", "Organisatie"], ["5-11-2026", "", "99AA00"]],
    }


def test_the_small_region_by_hand_is_good(app: Flask) -> None:
    report = import_workbook(InputFile("regio.xlsx", make_workbook(_small_sheets())))
    assert report.counts["Wishes"].new == 2


def test_a_workbook_with_every_kind_of_mistake_is_told_all_of_them_in_one_pass(app: Flask) -> None:
    sheets = _small_sheets()
    sheets["Instellingen"] += [["Garantie basisonderwijs", "twee"], ["Kleur", "blauw"]]
    sheets["Rondes"].append(
        ["Voorjaar", "1-8-2026", "1-7-2026", "1-9-2026", "5-9-2026", "14-9-2026", "18-12-2026"]
    )
    sheets["Scholen"] += [
        ["99AC00", "", "zwemles", "Midden", "71 AB"],
        ["99AD00", "Zonder sector", "", "Midden", ""],
        ["99AA00", "Nog eens", "bo", "Midden", ""],
    ]
    sheets["Groepen"] += [
        ["99AB00", "3C", "7", "veel"],
        ["99ZZ00", "8", "klas 9", 25],
        ["99AC00", "5", "groep 9", ""],
    ]
    sheets["Activiteiten"] += [["A3", "B9", "dansles", "Dansen", "groep 12"]]
    sheets["Tijdvakken"] += [
        ["A9", "31-2-2027", "11.00", "9.00", "veel", 3, "Najaar"],
        ["A1", "6-10-2026", "9.00", "11.00", 1, 3, "Zomer"],
    ]
    sheets["Wensen"] += [
        ["99AA00", "6", "zwemles", "A3", "Najaar"],
        ["99ZY00", "7", "A1", "A1", "Voorjaar"],
    ]
    sheets["Vrije dagen"] += [["5-11-2026", "4-11-2026", "B8"]]
    sheets["Tijdvakken"][2][-1] = sheets["Wensen"][2][-1] = "Najaar"
    del sheets["Aanbieders"][0][1]
    kinds = "bedrijfsbezoek, technieklokaal, science center, techniekdag, les op school, workshop, wedstrijd"
    sectors = "basisonderwijs, voortgezet onderwijs, speciaal onderwijs"
    assert _problems(sheets) == [
        "Instellingen, rij 5, kolom Waarde: “twee” is geen heel getal.",
        "Instellingen, rij 6, kolom Waarde: Deze instelling kennen wij niet.",
        "Rondes, rij 3, kolom Wensen vanaf: Deze datum ligt voor “Aanbod vanaf”.",
        "Scholen, rij 4, kolom Naam: Vul deze cel in.",
        f"Scholen, rij 4, kolom Sector: “zwemles” is onbekend. Kies uit: {sectors}.",
        "Scholen, rij 4, kolom Postcode: “71AB” is geen postcode. Schrijf bijvoorbeeld 7121 KZ.",
        "Scholen, rij 5, kolom Sector: Vul de sector in; wij konden hem niet afleiden.",
        "Scholen, rij 6, kolom Code: Dit staat ook al in rij 2.",
        "Groepen, rij 4, kolom Leerlingen: “veel” is geen heel getal.",
        "Groepen, rij 4, kolom Niveaus: “7” bestaat niet: er zijn groep 1 t/m 8 en klas 1 t/m 6.",
        "Groepen, rij 5, kolom School: Er is geen school met de code 99ZZ00.",
        "Groepen, rij 5, kolom Niveaus: “klas 9” bestaat niet: er zijn groep 1 t/m 8 en klas 1 t/m 6.",
        "Groepen, rij 6, kolom Leerlingen: Vul het aantal leerlingen in.",
        "Groepen, rij 6, kolom Niveaus: “groep 9” bestaat niet: er zijn groep 1 t/m 8 en klas 1 t/m 6.",
        "Aanbieders, kolom Naam: Deze kolom ontbreekt.",
        f"Activiteiten, rij 4, kolom Soort: “dansles” is onbekend. Kies uit: {kinds}.",
        (
            "Activiteiten, rij 4, kolom Niveaus: “groep 12” is geen niveau."
            " Schrijf bijvoorbeeld 7/8, groep 7 of klas 2."
        ),
        "Activiteiten, rij 4, kolom Aanbieder: Er is geen aanbieder met de code B9.",
        "Tijdvakken, rij 4, kolom Datum: “31-2-2027” is geen datum. Schrijf bijvoorbeeld 12-3-2027.",
        "Tijdvakken, rij 4, kolom Groepen: “veel” is geen heel getal.",
        "Tijdvakken, rij 4, kolom Einde: De eindtijd moet na de begintijd liggen.",
        "Tijdvakken, rij 4, kolom Activiteit: Er is geen activiteit met de code A9.",
        "Tijdvakken, rij 5, kolom Minimaal groepen: Het minimum is groter dan het aantal groepen.",
        "Tijdvakken, rij 5, kolom Ronde: Er is geen ronde “Zomer”.",
        "Tijdvakken, rij 5, kolom Code: Dit tijdvak staat ook al in rij 2.",
        "Wensen, rij 4, kolom Groep: De Wilgenkamp heeft dat jaar geen groep “6”.",
        "Wensen, rij 4, kolom Wens 1: “zwemles” is geen activiteit en geen soort.",
        "Wensen, rij 5, kolom School: Er is geen school met de code 99ZY00.",
        "Wensen, rij 5, kolom Wens 2: Deze wens staat er al.",
        "Vrije dagen, rij 3, kolom Laatste dag: De laatste dag ligt voor de eerste.",
        "Vrije dagen, rij 3, kolom Organisatie: Er is geen school of aanbieder met de code B8.",
    ]
    assert db.session.scalars(sa.select(Region)).all() == []


@pytest.mark.parametrize(
    ("sheet", "row", "column", "cell"),
    [
        ("Instellingen", 4, "Waarde", "volgend jaar"),
        ("Instellingen", 4, "Waarde", "#N/A"),
        ("Instellingen", 2, "Waarde", "#N/A"),
        ("Instellingen", 3, "Waarde", "#N/A"),
        ("Rondes", 2, "Aanbod vanaf", "gisteren"),
        ("Rondes", 2, "Uitslag op", "1-8-2026"),
        ("Scholen", 2, "Naam", None),
        ("Scholen", 2, "Vakantieregio", "Oost"),
        ("Scholen", 3, "Sector", "zwemles"),
        ("Groepen", 2, "Leerlingen", "veel"),
        ("Groepen", 2, "Leerlingen", None),
        ("Groepen", 2, "School", "99ZZ00"),
        ("Groepen", 3, "Niveaus", "klas 9"),
        ("Aanbieders", 2, "Naam", None),
        ("Activiteiten", 2, "Aanbieder", "B9"),
        ("Activiteiten", 2, "Soort", "dansles"),
        ("Tijdvakken", 2, "Datum", "31-2-2027"),
        ("Tijdvakken", 2, "Begin", "laat"),
        ("Tijdvakken", 2, "Groepen", "veel"),
        ("Wensen", 2, "Wens 1", "zwemles"),
        ("Wensen", 2, "School", "99ZZ00"),
        ("Vrije dagen", 2, "Eerste dag", "gisteren"),
    ],
)
def test_one_mistake_is_one_sentence_whatever_refers_to_its_row(
    app: Flask, sheet: str, row: int, column: str, cell: Any
) -> None:
    sheets = _small_sheets()
    _change(sheets, (sheet, row, column), cell)
    if column == "Begin":
        sheets[sheet][row - 1][3] = "10.30"
    assert _places(sheets) == [(sheet, row, column)]


def _change(sheets: Sheets, place: Place, cell: Any) -> None:
    sheet, row, column = place
    line = sheets[sheet][row - 1]
    index = sheets[sheet][0].index(column)
    line.extend([None] * (index + 1 - len(line)))
    line[index] = cell


@pytest.mark.parametrize(
    ("sheet", "column"),
    [
        ("Scholen", "Code"),
        ("Groepen", "Groep"),
        ("Rondes", "Naam"),
        ("Activiteiten", "Code"),
        ("Aanbieders", "Code"),
    ],
)
def test_a_column_that_is_missing_is_one_sentence(app: Flask, sheet: str, column: str) -> None:
    sheets = _small_sheets()
    sheets[sheet][0][sheets[sheet][0].index(column)] = "Kleur"
    assert _problems(sheets) == [f"{sheet}, kolom {column}: Deze kolom ontbreekt."]


@pytest.mark.parametrize("sheet", ["Scholen", "Groepen", "Rondes", "Activiteiten", "Instellingen"])
def test_a_sheet_that_is_there_twice_is_one_sentence(app: Flask, sheet: str) -> None:
    sheets = _small_sheets()
    english = {"Scholen": "Schools", "Groepen": "Groups", "Rondes": "Rounds", "Activiteiten": "Activities"}
    double = english.get(sheet, "Settings")
    sheets[double] = [list(line) for line in sheets[sheet]]
    assert _problems(sheets) == [f"{double}: Dit blad komt twee keer voor."]


def test_a_sheet_whose_header_cannot_be_read_does_not_hide_the_others(app: Flask) -> None:
    sheets = _small_sheets()
    sheets["Scholen"][0][0] = "#N/A"
    _change(sheets, ("Wensen", 2, "Wens 1"), "zwemles")
    problems = _problems(sheets)
    assert [problem.split(":")[0] for problem in problems] == ["Scholen", "Wensen, rij 2, kolom Wens 1"]


def test_a_year_that_is_needed_and_missing_is_told_where_it_is_needed(app: Flask) -> None:
    sheets = _small_sheets()
    del sheets["Instellingen"][3]
    sheets["Rondes"][0].append("Schooljaar")
    sheets["Rondes"][1].append("ooit")
    assert _problems(sheets) == [
        (
            "Rondes, rij 2, kolom Schooljaar: “ooit”: schrijf het als 2026-2027,"
            " of vul begin en einde in bij de instellingen."
        ),
        *(
            f"Groepen, rij {row}, kolom Schooljaar: Vul het schooljaar in, hier of bij de instellingen."
            for row in (2, 3)
        ),
    ]


def test_a_workbook_that_does_not_say_its_region_is_told_what_else_is_wrong(app: Flask) -> None:
    sheets = _small_sheets()
    del sheets["Instellingen"][2]
    _change(sheets, ("Groepen", 2, "Leerlingen"), "veel")
    _change(sheets, ("Groepen", 3, "Niveaus"), "klas 9")
    assert _problems(sheets) == [
        "Instellingen, kolom Webnaam: Vul de webnaam van de regio in.",
        "Groepen, rij 2, kolom Leerlingen: “veel” is geen heel getal.",
        "Groepen, rij 3, kolom Niveaus: “klas 9” bestaat niet: er zijn groep 1 t/m 8 en klas 1 t/m 6.",
    ]


def test_rows_about_what_is_known_already_are_not_called_wrong_when_the_region_is_not_named(
    app: Flask,
) -> None:
    import_workbook(small.workbook_file())
    slots = {"Tijdvakken": [["Activiteit", "Datum", "Tijd"], ["A1", "6-10-2026", "9-10"], ["A1", "ooit", ""]]}
    assert _problems(slots) == [
        "Settings, kolom Webnaam: Vul de webnaam van de regio in.",
        "Tijdvakken, rij 3, kolom Datum: “ooit” is geen datum. Schrijf bijvoorbeeld 12-3-2027.",
        "Tijdvakken, rij 3, kolom Begin: Vul begin en einde in, of een tijd zoals 9.00–11.00.",
    ]


def test_a_workbook_of_another_region_tells_nothing_about_that_region(app: Flask) -> None:
    import_workbook(small.workbook_file())
    sheets = {
        "Instellingen": [["Instelling", "Waarde"], ["Webnaam", "klein"]],
        "Wensen": [["School", "Groep", "Ronde"], ["99AA00", "geen", "Najaar"]],
    }
    assert _problems(sheets, "ander") == [
        "Instellingen, rij 2, kolom Waarde: Deze werkmap is van de regio “klein”, niet van “ander”."
    ]


def test_a_list_of_schools_and_its_pupil_counts_are_judged_together(app: Flask) -> None:
    schools = InputFile(
        "scholen.csv",
        b"Code;Naam;Sector;Vakantieregio;Postcode\n99AA00;A;bo;;\n99AB00;;bo;Zuid;\n99AC00;C;;Zuid;71\n",
    )
    pupils = InputFile("aantallen.csv", b"VESTIGINGSCODE;LEERLINGEN_2025\n12;veel\n")
    with pytest.raises(InputError) as caught:
        import_schools(schools, "oost", region_name="Oost", pupils=pupils)
    assert [(p.sheet, p.row, p.column) for p in caught.value.problems] == [
        ("aantallen.csv", 2, "VESTIGINGSCODE"),
        ("aantallen.csv", 2, "LEERLINGEN_2025"),
        ("scholen.csv", 2, "Vakantieregio"),
        ("scholen.csv", 3, "Naam"),
        ("scholen.csv", 4, "Postcode"),
        ("scholen.csv", 4, "Sector"),
    ]


def test_a_list_of_hosts_is_judged_on_cells_and_on_what_is_there_already(app: Flask) -> None:
    import_workbook(small.workbook_file())
    hosts = InputFile("aanbieders.csv", b"Code;Naam;Soort\nB7;;bedrijf\n99AA00;Botsing;bedrijf\n")
    with pytest.raises(InputError) as caught:
        import_hosts(hosts, "klein")
    assert [(p.sheet, p.row, p.column) for p in caught.value.problems] == [
        ("aanbieders.csv", 2, "Naam"),
        ("aanbieders.csv", 3, "Code"),
    ]


# What does damage to a cell of the example, whatever stands in its row: a sheet, a column and bad content.
DAMAGE: Sequence[tuple[str, str, Any]] = (
    ("Schools", "Naam*", None),
    ("Schools", "Sector", "zwemles"),
    ("Schools", "Vakantieregio", "Oost"),
    ("Schools", "E-mail contactpersoon", "geen"),
    ("Groups", "School*", "99ZZ99"),
    ("Groups", "Niveaus", "klas 9"),
    ("Groups", "Leerlingen", "veel"),
    ("Wishes", "School*", "99ZZ98"),
    ("Wishes", "Ronde", "Zomer"),
    ("Wishes", "Wens 1", "zwemles"),
    ("Wishes", "Kan niet op", "soms"),
    ("Hosts", "Naam*", None),
    ("Hosts", "Soort", "hobby"),
    ("Activities", "Aanbieder*", "ZZZ"),
    ("Activities", "Soort*", None),
    ("Activities", "Niveaus*", "groep 9"),
    ("Slots", "Activiteit*", "ZZZ"),
    ("Slots", "Datum*", "31-2-2027"),
    ("Slots", "Einde", None),
    ("Slots", "Ronde", "Zomer"),
)


@pytest.mark.parametrize("seed", range(4))
def test_of_many_damaged_cells_each_is_told_once_and_no_other(app: Flask, seed: int) -> None:
    path = ROOT / "examples" / "achterhoek-liemers.xlsx"
    sheets = {title: [list(line) for line in grid] for title, grid in read_grids("x", path.read_bytes())}
    chance = random.Random(seed)
    damaged = set()
    for sheet, column, cell in DAMAGE:
        row = chance.choice([n for n in range(2, len(sheets[sheet]) + 1) if (sheet, n) not in damaged])
        _change(sheets, (sheet, row, column), cell)
        damaged.add((sheet, row))
        damaged.add((sheet, row, "Begin" if column == "Einde" else column.rstrip("*")))  # type: ignore[arg-type] # places and rows
    assert sorted(_places(sheets)) == sorted(place for place in damaged if len(place) == 3)
